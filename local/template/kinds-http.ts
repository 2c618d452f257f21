import * as z from 'zod';
import { decimal, flag, inert, kind, names, stableId, whole } from './kind.ts';

const TAGS = 'tags are for bills and owners';

export const api = kind({
  type: 'AWS::ApiGatewayV2::Api',
  properties: z.strictObject({
    Name: z.string(),
    ProtocolType: z.literal('HTTP', { error: 'must be HTTP: web sockets are not run locally' }),
    CorsConfiguration: z
      .strictObject({
        AllowCredentials: flag.default(false),
        AllowHeaders: names.default([]),
        AllowMethods: names.default([]),
        AllowOrigins: names.default([]),
        ExposeHeaders: names.default([]),
        MaxAge: whole.optional(),
      })
      .optional(),
    RouteSelectionExpression: z
      .literal(['$request.method $request.path', `\${request.method} \${request.path}`])
      .optional(),
    DisableExecuteApiEndpoint: inert('there is one address'),
    IpAddressType: inert('the address is loopback'),
    Description: inert('words'),
    Version: inert('words'),
    Tags: inert(TAGS),
  }),
  ref: (identity) => stableId(identity, 10),
  attributes: (identity) => ({
    ApiId: stableId(identity, 10),
    ApiEndpoint: `https://${stableId(identity, 10)}.execute-api.${identity.environment.region}.amazonaws.com`,
  }),
});

const throttle = {
  ThrottlingRateLimit: decimal.optional(),
  ThrottlingBurstLimit: whole.optional(),
  DetailedMetricsEnabled: inert('the meter counts every route'),
  DataTraceEnabled: inert('it is for web sockets'),
  LoggingLevel: inert('it is for web sockets'),
};

export const stage = kind({
  type: 'AWS::ApiGatewayV2::Stage',
  nameProperty: 'StageName',
  properties: z.strictObject({
    ApiId: z.string(),
    StageName: z.string(),
    AutoDeploy: z.literal([true, 'true'], {
      error: 'must be true: a stage of an older deployment is not in the template',
    }),
    DefaultRouteSettings: z.strictObject(throttle).default({}),
    RouteSettings: z.record(z.string(), z.strictObject(throttle)).default({}),
    StageVariables: z.record(z.string(), z.coerce.string()).optional(),
    AccessLogSettings: inert('requests are not logged; functions log what they answer'),
    Description: inert('words'),
    Tags: inert(TAGS),
  }),
  ref: ({ name }) => name,
  attributes: () => ({}),
});

export const route = kind({
  type: 'AWS::ApiGatewayV2::Route',
  properties: z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().startsWith('integrations/'),
    AuthorizationType: z.enum(['NONE', 'JWT'], { error: 'must be NONE or JWT' }).default('NONE'),
    AuthorizerId: z.string().optional(),
    AuthorizationScopes: names.default([]),
    OperationName: inert('words'),
  }),
  ref: (identity) => stableId(identity, 7),
  attributes: (identity) => ({ RouteId: stableId(identity, 7) }),
});

export const integration = kind({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY', { error: 'must be AWS_PROXY to a function' }),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0', { error: 'must be 2.0' }),
    TimeoutInMillis: whole.default(30_000),
    IntegrationMethod: inert('a function is always called with POST'),
    ConnectionType: z.literal('INTERNET').optional(),
    Description: inert('words'),
  }),
  ref: (identity) => stableId(identity, 7),
  attributes: (identity) => ({ IntegrationId: stableId(identity, 7) }),
});

export const authorizer = kind({
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: z.strictObject({
    ApiId: z.string(),
    Name: z.string(),
    AuthorizerType: z.literal('JWT', { error: 'must be JWT' }),
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.strictObject({ Audience: names, Issuer: z.url() }),
  }),
  ref: (identity) => stableId(identity, 6),
  attributes: (identity) => ({ AuthorizerId: stableId(identity, 6) }),
});
