import * as z from 'zod';
import { absent, decimal, flag, inert, kind, names, stableId, whole } from './kind.ts';

const NO_CACHE = 'nothing is cached here: every answer is fresh';
const TLS = 'the address is plain HTTP on loopback';
const TAGS = 'tags are for bills and owners';

const behavior = {
  TargetOriginId: z.string(),
  AllowedMethods: names.default(['GET', 'HEAD']),
  CachedMethods: inert(NO_CACHE),
  CachePolicyId: inert(NO_CACHE),
  OriginRequestPolicyId: inert(
    'an origin sees the whole request; a policy that hides parts of it must not be relied on by its code',
  ),
  ResponseHeadersPolicyId: z.string().optional(),
  Compress: flag.default(false),
  FunctionAssociations: z
    .array(
      z.strictObject({
        EventType: z.literal('viewer-request', {
          error: 'must be viewer-request: functions on responses are not run locally',
        }),
        FunctionARN: z.string(),
      }),
    )
    .max(1)
    .default([]),
  LambdaFunctionAssociations: absent,
  TrustedKeyGroups: absent,
  TrustedSigners: absent,
  ViewerProtocolPolicy: inert(TLS),
  SmoothStreaming: inert('it is for video'),
};

/** Chooses, by path, between buckets and the HTTP API of the template. */
export const distribution = kind({
  type: 'AWS::CloudFront::Distribution',
  properties: z.strictObject({
    DistributionConfig: z.strictObject({
      Enabled: z.literal([true, 'true'], { error: 'must be true' }),
      DefaultCacheBehavior: z.strictObject(behavior),
      CacheBehaviors: z.array(z.strictObject({ PathPattern: z.string(), ...behavior })).default([]),
      Origins: z.array(
        z.strictObject({
          Id: z.string(),
          DomainName: z.string(),
          OriginPath: z.literal('', { error: 'must be empty' }).optional(),
          OriginAccessControlId: inert('a bucket of the template is read in any case'),
          S3OriginConfig: z.strictObject({ OriginAccessIdentity: z.literal('') }).optional(),
          CustomOriginConfig: inert(TLS),
          OriginCustomHeaders: z.array(z.strictObject({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
          OriginShield: inert(NO_CACHE),
          ConnectionAttempts: inert('an origin is called within the process'),
          ConnectionTimeout: inert('an origin is called within the process'),
        }),
      ),
      OriginGroups: absent,
      // A time to keep one is nothing here; a page in its place would be.
      CustomErrorResponses: z
        .array(
          z.strictObject({
            ErrorCode: inert(NO_CACHE),
            ErrorCachingMinTTL: inert(NO_CACHE),
          }),
        )
        .default([]),
      DefaultRootObject: z.literal('', { error: 'must be empty: a function on the request does the same' }).optional(),
      Aliases: inert('there is one address'),
      ViewerCertificate: inert(TLS),
      HttpVersion: inert('Node.js answers HTTP/1.1'),
      IPV6Enabled: inert('the address is loopback'),
      PriceClass: inert('there is one place'),
      Restrictions: inert('the only viewer is this machine'),
      WebACLId: inert('guards the public address'),
      Logging: inert('it only observes'),
      Comment: inert('words'),
    }),
    Tags: inert(TAGS),
  }),
  ref: (identity) => stableId(identity, 13).toUpperCase(),
  attributes: (identity) => ({
    Id: stableId(identity, 13).toUpperCase(),
    DomainName: `${stableId(identity, 13)}.cloudfront.net`,
  }),
});

/** Code that looks at a request before anything else does. */
export const edgeFunction = kind({
  type: 'AWS::CloudFront::Function',
  nameProperty: 'Name',
  longestName: 64,
  properties: z.strictObject({
    Name: z.string(),
    FunctionCode: z.string(),
    FunctionConfig: z.strictObject({
      Runtime: z.literal('cloudfront-js-2.0', { error: 'must be cloudfront-js-2.0' }),
      KeyValueStoreAssociations: absent,
      Comment: inert('words'),
    }),
    AutoPublish: z.literal([true, 'true'], { error: 'must be true: only published code runs' }),
    FunctionMetadata: inert('words'),
    Tags: inert(TAGS),
  }),
  ref: ({ name, environment }) => `arn:${environment.partition}:cloudfront::${environment.accountId}:function/${name}`,
  attributes: ({ name, environment }) => {
    const arn = `arn:${environment.partition}:cloudfront::${environment.accountId}:function/${name}`;
    return { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn };
  },
});

const override = { Override: flag };

/** Headers that every answer carries. They are sent as the template says, whether the origin sent some of its own or not. */
export const responseHeadersPolicy = kind({
  type: 'AWS::CloudFront::ResponseHeadersPolicy',
  properties: z.strictObject({
    ResponseHeadersPolicyConfig: z.strictObject({
      Name: z.string(),
      Comment: inert('words'),
      SecurityHeadersConfig: z
        .strictObject({
          ContentSecurityPolicy: z.strictObject({ ContentSecurityPolicy: z.string(), ...override }).optional(),
          ContentTypeOptions: z.strictObject(override).optional(),
          FrameOptions: z.strictObject({ FrameOption: z.string(), ...override }).optional(),
          ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), ...override }).optional(),
          StrictTransportSecurity: z
            .strictObject({
              AccessControlMaxAgeSec: whole,
              IncludeSubdomains: flag.default(false),
              Preload: flag.default(false),
              ...override,
            })
            .optional(),
          XSSProtection: absent,
        })
        .default({}),
      CustomHeadersConfig: z
        .strictObject({ Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), ...override })) })
        .default({ Items: [] }),
      CorsConfig: absent,
      RemoveHeadersConfig: absent,
      ServerTimingHeadersConfig: z.strictObject({ Enabled: flag, SamplingRate: decimal.optional() }).optional(),
    }),
  }),
  ref: (identity) => stableId(identity, 36),
  attributes: (identity) => ({ Id: stableId(identity, 36) }),
});

/** CDK's own resource that fills a bucket from assets. What its function would do at deployment is done when the stack starts. */
export const bucketDeployment = kind({
  type: 'Custom::CDKBucketDeployment',
  properties: z.strictObject({
    ServiceToken: z.string(),
    SourceBucketNames: names,
    SourceObjectKeys: names,
    /** Texts that stand for values only deployment knows, one record for each source. */
    SourceMarkers: z.array(z.record(z.string(), z.coerce.string())).default([]),
    SourceMarkersConfig: z.array(z.strictObject({ jsonEscape: flag.optional() })).default([]),
    DestinationBucketName: z.string(),
    DestinationBucketKeyPrefix: z.string().default(''),
    SystemMetadata: z
      .strictObject({
        'cache-control': z.string().optional(),
        'content-type': z.string().optional(),
        'content-language': z.string().optional(),
      })
      .default({}),
    Exclude: absent,
    Include: absent,
    UserMetadata: absent,
    Prune: inert('every start begins with an empty bucket'),
    RetainOnDelete: inert('nothing is deleted'),
    WaitForDistributionInvalidation: inert(NO_CACHE),
    DistributionId: inert(NO_CACHE),
    DistributionPaths: inert(NO_CACHE),
    OutputObjectKeys: inert('nothing reads them'),
  }),
  ref: (identity) => stableId(identity, 20),
  attributes: () => ({}),
});
