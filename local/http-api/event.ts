import type { IncomingMessage } from 'node:http';
import { isRecord } from '../template/stack.ts';
import type { Claims } from './authorizer.ts';

export interface EventParts {
  request: IncomingMessage;
  /** Decoded. */
  path: string;
  query: string;
  body: Buffer;
  routeKey: string;
  parameters: Record<string, string>;
  stage: string;
  stageVariables: Record<string, string> | undefined;
  apiId: string;
  accountId: string;
  requestId: string;
  now: number;
  claims: Claims | undefined;
}

/** The event of payload format 2.0. */
export function eventOf(parts: EventParts): Record<string, unknown> {
  const { request, body, now, query } = parts;
  const { cookie, ...headers } = request.headers;
  const host = headers.host ?? '';
  const isText =
    body.length > 0 && headers['content-encoding'] === undefined && TEXT.test(headers['content-type'] ?? 'text/plain');
  const parameters = queryParameters(query);
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  return {
    version: '2.0',
    routeKey: parts.routeKey,
    rawPath: parts.path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; ?/) }),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')])),
      'x-forwarded-for': sourceIp,
      'x-forwarded-port': String(request.socket.localPort),
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(parameters).length > 0 ? { queryStringParameters: parameters } : {}),
    requestContext: {
      accountId: parts.accountId,
      apiId: parts.apiId,
      ...(parts.claims === undefined ? {} : { authorizer: { jwt: parts.claims } }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path: parts.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: parts.requestId,
      routeKey: parts.routeKey,
      stage: parts.stage,
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(Object.keys(parts.parameters).length > 0 ? { pathParameters: parts.parameters } : {}),
    ...(parts.stageVariables === undefined ? {} : { stageVariables: parts.stageVariables }),
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Bodies of other types reach the function in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b|application\/[\w.-]+\+(json|xml)\b)/i;

function queryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return parameters;
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/**
 * The HTTP answer for what a function gave: with a `statusCode` it is the answer itself, anything else is its JSON body.
 * @param payload JSON text
 * @returns undefined when it is neither
 */
export function replyOf(payload: string): Reply | undefined {
  const value: unknown = JSON.parse(payload);
  if (!isRecord(value) || !('statusCode' in value)) {
    if (value === null) return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.alloc(0) };
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof value === 'string' ? value : payload),
    };
  }
  const status = Number(value['statusCode']);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, header] of Object.entries(isRecord(value['headers']) ? value['headers'] : {}))
    headers[name.toLowerCase()] = String(header);
  const cookies = value['cookies'];
  if (Array.isArray(cookies)) headers['set-cookie'] = cookies.map(String);
  const body = value['body'];
  const text = body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text, value['isBase64Encoded'] === true ? 'base64' : 'utf8') };
}
