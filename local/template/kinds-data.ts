import * as z from 'zod';
import { arn, flag, inert, kind, names, stableId } from './kind.ts';
import { policyDocument } from './policy-document.ts';

const BACKUP = 'the data folder is the only copy; copy it to back it up';
const TAGS = 'tags are for bills and owners';
const EXPIRY = 'AWS deletes expired items some days late, so nothing may rely on it; here they stay';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: names.optional(),
});
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: projection,
  ContributorInsightsSpecification: inert('it only observes'),
  WarmThroughput: inert('one machine has no partitions to warm'),
});
const attributes = z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }));
const onDemand = z.literal('PAY_PER_REQUEST', {
  error: 'must be PAY_PER_REQUEST: provisioned throughput is not enforced locally',
});

const shape = {
  TableName: z.string().optional(),
  KeySchema: keySchema,
  AttributeDefinitions: attributes,
  BillingMode: onDemand,
  GlobalSecondaryIndexes: z.array(index).default([]),
  LocalSecondaryIndexes: z.array(index).default([]),
  TimeToLiveSpecification: inert(EXPIRY),
  WarmThroughput: inert('one machine has no partitions to warm'),
};

/** What DynamoDB keeps of a table, whichever of the two resource types made it. */
export type TableProperties = z.output<typeof table.properties>;

export const table = kind({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  properties: z.strictObject({
    ...shape,
    SSESpecification: z
      .strictObject({ SSEEnabled: flag, SSEType: z.literal('KMS').optional(), KMSMasterKeyId: z.string().optional() })
      .optional(),
    PointInTimeRecoverySpecification: inert(BACKUP),
    DeletionProtectionEnabled: inert(BACKUP),
    ContributorInsightsSpecification: inert('it only observes'),
    TableClass: inert('it only sets the price of storage'),
    Tags: inert(TAGS),
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ Arn: arn(environment, 'dynamodb', `table/${name}`) }),
});

export const globalTable = kind({
  type: 'AWS::DynamoDB::GlobalTable',
  nameProperty: 'TableName',
  properties: z.strictObject({
    ...shape,
    SSESpecification: z.strictObject({ SSEEnabled: flag, SSEType: z.literal('KMS').optional() }).optional(),
    Replicas: z
      .array(
        z.strictObject({
          Region: z.string(),
          SSESpecification: z.strictObject({ KMSMasterKeyId: z.string() }).optional(),
          PointInTimeRecoverySpecification: inert(BACKUP),
          DeletionProtectionEnabled: inert(BACKUP),
          ContributorInsightsSpecification: inert('it only observes'),
          GlobalSecondaryIndexes: inert('settings of a replica repeat capacity and observation only'),
          TableClass: inert('it only sets the price of storage'),
          Tags: inert(TAGS),
        }),
      )
      .length(1, 'must hold one region: copies in other regions are not run locally'),
  }),
  ref: ({ name }) => name,
  attributes: (identity) => ({
    Arn: arn(identity.environment, 'dynamodb', `table/${identity.name}`),
    TableId: stableId(identity, 32),
  }),
});

export const key = kind({
  type: 'AWS::KMS::Key',
  properties: z.strictObject({
    KeyPolicy: policyDocument.optional(),
    KeySpec: z
      .enum(['SYMMETRIC_DEFAULT', 'HMAC_256', 'HMAC_384', 'HMAC_512', 'ECC_NIST_P256'])
      .default('SYMMETRIC_DEFAULT'),
    KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'SIGN_VERIFY']).default('ENCRYPT_DECRYPT'),
    Enabled: z.literal(true).optional(),
    EnableKeyRotation: inert('a rotated key still opens what the older one closed'),
    RotationPeriodInDays: inert('a rotated key still opens what the older one closed'),
    PendingWindowInDays: inert('nothing is deleted locally'),
    MultiRegion: inert('there is one region'),
    Description: inert('words'),
    Tags: inert(TAGS),
  }),
  ref: keyId,
  attributes: (identity) => ({
    Arn: arn(identity.environment, 'kms', `key/${keyId(identity)}`),
    KeyId: keyId(identity),
  }),
});

function keyId(identity: { stack: string; logicalId: string }): string {
  return stableId(identity, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const keyAlias = kind({
  type: 'AWS::KMS::Alias',
  nameProperty: 'AliasName',
  properties: z.strictObject({ AliasName: z.string().startsWith('alias/'), TargetKeyId: z.string() }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ AliasArn: arn(environment, 'kms', name) }),
});

export const logGroup = kind({
  type: 'AWS::Logs::LogGroup',
  nameProperty: 'LogGroupName',
  properties: z.strictObject({
    LogGroupName: z.string().optional(),
    LogGroupClass: inert('it only sets the price'),
    RetentionInDays: inert('lines stay in the logs folder until somebody deletes them'),
    KmsKeyId: inert('the logs folder is as safe as the disk it is on'),
    DataProtectionPolicy: inert('lines are written as the function wrote them'),
    FieldIndexPolicies: inert('nothing searches the lines'),
    DeletionProtectionEnabled: inert(BACKUP),
    Tags: inert(TAGS),
  }),
  ref: ({ name }) => name,
  attributes: ({ environment, name }) => ({ Arn: arn(environment, 'logs', `log-group:${name}:*`) }),
});
