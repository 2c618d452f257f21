import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalStack, StartError } from '../../local/index.ts';
import { type FixtureTemplate, writeAssembly } from './fixture/assembly.ts';
import { start } from './fixture/stack.ts';

const VIEWS = `var seen = 0;
function handler(event) {
  var request = event.request;
  seen += 1;
  // Nothing of an earlier request is there.
  if (seen > 1) return { statusCode: 500, headers: {} };
  if (request.uri === '/') return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/pages/' } } };
  if (request.uri.indexOf('.') === -1) request.uri = '/pages/index.mjs';
  return request;
}`;

/** A bucket filled from an asset, and a distribution in front of it and of the fixture's API. */
function withDistribution(template: FixtureTemplate, more: Record<string, unknown> = {}): void {
  const behavior = { ViewerProtocolPolicy: 'redirect-to-https', ResponseHeadersPolicyId: { Ref: 'Headers' } };
  Object.assign(template.Resources, {
    Files: { Type: 'AWS::S3::Bucket', Properties: {} },
    Copy: {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['Copier', 'Arn'] },
        SourceBucketNames: ['assets'],
        SourceObjectKeys: ['notes.zip'],
        SourceMarkers: [{ handler: 'written-at-deployment' }],
        DestinationBucketName: { Ref: 'Files' },
        DestinationBucketKeyPrefix: 'pages',
        SystemMetadata: { 'cache-control': 'no-cache' },
      },
    },
    // As CDK writes it: Python with a layer, called by the resource above alone.
    Copier: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13', Layers: [{ Ref: 'Layer' }] } },
    Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: {} },
    Headers: {
      Type: 'AWS::CloudFront::ResponseHeadersPolicy',
      Properties: {
        ResponseHeadersPolicyConfig: {
          Name: 'headers',
          SecurityHeadersConfig: {
            ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
            FrameOptions: { FrameOption: 'DENY', Override: true },
          },
        },
      },
    },
    Views: {
      Type: 'AWS::CloudFront::Function',
      Properties: {
        Name: 'views',
        FunctionCode: VIEWS,
        AutoPublish: true,
        FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          DefaultCacheBehavior: {
            ...behavior,
            TargetOriginId: 'files',
            Compress: true,
            FunctionAssociations: [
              { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Views', 'FunctionARN'] } },
            ],
          },
          CacheBehaviors: [
            { ...behavior, PathPattern: '/notes*', TargetOriginId: 'api', AllowedMethods: ['GET', 'HEAD', 'POST'] },
          ],
          Origins: [
            {
              Id: 'files',
              DomainName: { 'Fn::GetAtt': ['Files', 'RegionalDomainName'] },
              S3OriginConfig: { OriginAccessIdentity: '' },
            },
            {
              Id: 'api',
              DomainName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }] }] },
              CustomOriginConfig: {},
            },
          ],
          ...more,
        },
      },
    },
  });
}

let stack: LocalStack;
beforeAll(async () => {
  stack = await start({ assembly: writeAssembly((template) => withDistribution(template)) });
});
afterAll(() => stack?.close());
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${stack.endpoints.api}${path}`, { headers, redirect: 'manual' });

describe('the distribution', () => {
  test('serves the files of the deployment, filled in as at deployment, with the policy’s headers', async () => {
    const answer = await get('/pages/index.mjs', { 'accept-encoding': 'br' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'self'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(await answer.text()).toContain('written-at-deployment');
  });

  test('asks the function on the request first', async () => {
    expect((await get('/')).headers.get('location')).toBe('/pages/');
    expect(await (await get('/pages/any/view')).text()).toContain('written-at-deployment');
  });

  test('answers what is not there as a private bucket does, and takes no other method', async () => {
    expect((await get('/pages/nothing.js')).status).toBe(403);
    expect((await get('/pages/%zz.js')).status).toBe(403);
    expect((await fetch(`${stack.endpoints.api}/pages/index.mjs`, { method: 'POST' })).status).toBe(403);
  });

  test('leads to the API under the same origin, with the same headers', async () => {
    const answer = await get('/notes/1');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('stops the start when it asks for what is not run', async () => {
    const assembly = writeAssembly((template) =>
      withDistribution(template, { CustomErrorResponses: [{ ErrorCode: 404, ResponseCode: 200 }] }),
    );
    await expect(start({ assembly })).rejects.toThrow(StartError);
    await expect(start({ assembly })).rejects.toThrow(/CustomErrorResponses\.0\.ResponseCode is not run locally/);
  });
});
