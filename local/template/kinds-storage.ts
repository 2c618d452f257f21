import * as z from 'zod';
import { absent, flag, inert, kind, names, whole } from './kind.ts';
import { policyDocument } from './policy-document.ts';

const OBSERVES = 'it only observes';
const UNSIGNED = 'nobody is answered without a signature, and the only account is the owner of everything';
const VERSIONS = 'the newest version is the only one that can be asked for';

const corsRule = z.strictObject({
  Id: inert('words'),
  AllowedOrigins: names,
  AllowedMethods: z.array(z.enum(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])),
  AllowedHeaders: names.default([]),
  ExposedHeaders: names.default([]),
  MaxAge: whole.optional(),
});

export type CorsRule = z.output<typeof corsRule>;

const encryption = z.strictObject({
  ServerSideEncryptionConfiguration: z
    .array(
      z.strictObject({
        ServerSideEncryptionByDefault: z
          .strictObject({ SSEAlgorithm: z.enum(['AES256', 'aws:kms']), KMSMasterKeyID: z.string().optional() })
          .optional(),
        BucketKeyEnabled: flag.optional(),
        BlockedEncryptionTypes: inert('keys of callers (SSE-C) are refused in any case'),
      }),
    )
    .max(1),
});

/** Compliance only: whoever may bypass governance would have to be asked for at each deletion. */
const lock = z.strictObject({
  ObjectLockEnabled: z.literal('Enabled'),
  Rule: z.strictObject({
    DefaultRetention: z
      .strictObject({ Mode: z.literal('COMPLIANCE'), Days: whole.optional(), Years: whole.optional() })
      .refine(({ Days, Years }) => (Days === undefined) !== (Years === undefined), 'needs Days or Years'),
  }),
});

export const bucket = kind({
  type: 'AWS::S3::Bucket',
  nameProperty: 'BucketName',
  longestName: 63,
  properties: z.strictObject({
    BucketName: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket')
      .optional(),
    BucketEncryption: encryption.optional(),
    CorsConfiguration: z.strictObject({ CorsRules: z.array(corsRule) }).optional(),
    PublicAccessBlockConfiguration: inert(UNSIGNED),
    OwnershipControls: inert(UNSIGNED),
    AccessControl: inert(UNSIGNED),
    VersioningConfiguration: inert(VERSIONS),
    ObjectLockEnabled: flag.optional(),
    ObjectLockConfiguration: lock.optional(),
    LifecycleConfiguration: inert(
      'AWS moves and deletes what expired some days late, so nothing may rely on it; here it stays',
    ),
    IntelligentTieringConfigurations: inert('it only sets the price of storage'),
    LoggingConfiguration: inert(OBSERVES),
    MetricsConfigurations: inert(OBSERVES),
    InventoryConfigurations: inert(OBSERVES),
    AnalyticsConfigurations: inert(OBSERVES),
    Tags: inert('tags are for bills and owners'),
    NotificationConfiguration: absent,
    ReplicationConfiguration: absent,
    WebsiteConfiguration: absent,
  }),
  ref: ({ name }) => name.toLowerCase(),
  attributes: ({ environment, name }) => ({
    Arn: `arn:${environment.partition}:s3:::${name.toLowerCase()}`,
    DomainName: `${name.toLowerCase()}.s3.amazonaws.com`,
    RegionalDomainName: `${name.toLowerCase()}.s3.${environment.region}.amazonaws.com`,
  }),
});

export const bucketPolicy = kind({
  type: 'AWS::S3::BucketPolicy',
  properties: z.strictObject({ Bucket: z.string(), PolicyDocument: policyDocument }),
  ref: ({ name }) => name,
  attributes: () => ({}),
});
