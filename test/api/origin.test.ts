import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { httpHandler, type Route } from '../../functions/runtime/http.ts';

const routes = {
  where: { method: 'GET', path: '/where', function: 'where', roles: 'public', answers: z.unknown(), summary: '' },
  file: { method: 'GET', path: '/file', function: 'where', roles: 'public', answers: z.unknown(), summary: '' },
} satisfies Record<string, Route>;

const handler = httpHandler(routes, {
  where: async ({ origin }) => ({ status: 200, body: origin }),
  file: async () => ({
    status: 200,
    body: new Uint8Array([0, 255]),
    contentType: 'application/octet-stream',
    fileName: "村 '一'.xlsx",
  }),
});

function event(
  path: string,
  domainName: string,
  headers: Record<string, string> = {},
): APIGatewayProxyEventV2WithJWTAuthorizer {
  const routeKey = `GET ${path}`;
  const authorizer = { jwt: { claims: {}, scopes: [] }, principalId: '', integrationLatency: 0 };
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers,
    isBase64Encoded: false,
    requestContext: {
      accountId: '1',
      apiId: 'abc123',
      authorizer,
      domainName,
      domainPrefix: '',
      requestId: 'r',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
    },
  };
}

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: '',
  functionVersion: '',
  invokedFunctionArn: '',
  memoryLimitInMB: '',
  awsRequestId: '',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 1,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
const origin = async (domainName: string, headers: Record<string, string> = {}) =>
  JSON.parse((await handler(event('/where', domainName, headers), context)).body ?? '');

beforeAll(() => {
  process.env['AWS_REGION'] = 'cn-north-1';
  process.env['DISTRICT'] = '440904';
});

describe('where the API answers', () => {
  it.each([
    'abc123.execute-api.cn-north-1.amazonaws.com.cn',
    'shouwang.example',
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
  ])('is made from its id, whatever name it was called by: %s', async (name) => {
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-port': '8080' };
    expect(await origin(name, headers)).toBe('https://abc123.execute-api.cn-north-1.amazonaws.com.cn');
  });

  it('is on one machine the port the request came to, whatever port it names', async () => {
    expect(await origin('127.0.0.1:9', { 'x-forwarded-port': '8080' })).toBe('http://127.0.0.1:8080');
    expect(await origin('localhost', { 'x-forwarded-port': '8080' })).toBe('http://127.0.0.1:8080');
  });
});

it('a file goes out as base64, under a name in UTF-8', async () => {
  expect(await handler(event('/file', 'x'), context)).toMatchObject({
    isBase64Encoded: true,
    body: 'AP8=',
    headers: {
      'content-disposition': `attachment; filename="download.xlsx"; filename*=UTF-8''%E6%9D%91%20%27%E4%B8%80%27.xlsx`,
    },
  });
});
