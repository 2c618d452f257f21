import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  AUTHORIZATION,
  canonicalQuery,
  decoded,
  encode,
  headerValue,
  hmac,
  queryPairs,
  signingKey,
} from '../gateway/signature.ts';
import { denied, notImplemented, StorageError } from './error.ts';

export interface StorageRequest {
  method: string;
  /** As it was sent. */
  path: string;
  /** As it was sent, without the question mark. */
  query: string;
  headers: IncomingHttpHeaders;
}

export interface Signer<T> {
  principal: T;
  secret: string;
}

/** What a signature says: who signed, how, and what the body was said to be. */
export interface Signed<T> {
  principal: T;
  /** As the condition key `s3:authType` tells it. */
  how: 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST';
  /** SHA-256 of the body in hex; `UNSIGNED-PAYLOAD`; or how it is cut into chunks. */
  payload: string;
}

interface Verifier<T> {
  find: (accessKeyId: string) => Signer<T> | undefined;
  region: string;
  /** Milliseconds since 1970 by the stack's clock, which judges presigned addresses. */
  now: number;
}

/** A presigned address lives a week at most, in seconds. */
const LONGEST_LIFE = 604_800;
/** Clocks may differ by so much, in milliseconds. */
const SKEW = 15 * 60_000;
const PARTS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-Date',
  'X-Amz-SignedHeaders',
  'X-Amz-Expires',
];

/**
 * Checks the signature of a request to S3, in its header or in its address. Only an address ages: a tool's own clock and a
 * virtual one never agree, but an address was signed by a function, which reads the stack's clock.
 * @throws StorageError as S3 answers requests that are unsigned, unknown, altered, too late or too early
 */
export function verifyStorage<T>(request: StorageRequest, by: Verifier<T>): Signed<T> {
  const pairs = queryPairs(request.query);
  const query = new Map(pairs);
  return query.has('X-Amz-Algorithm') ? verifyAddress(request, pairs, query, by) : verifyHeader(request, pairs, by);
}

function verifyHeader<T>(request: StorageRequest, pairs: [string, string][], by: Verifier<T>): Signed<T> {
  const { headers } = request;
  const [, accessKeyId = '', day = '', region = '', service = '', signedHeaders = '', signature] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (signature === undefined)
    throw new StorageError('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  judgeScope({ region, service }, by.region, 'AuthorizationHeaderMalformed', 'The authorization header is malformed');
  const payload = header(headers, 'x-amz-content-sha256');
  if (payload === undefined)
    throw new StorageError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  const date = header(headers, 'x-amz-date') ?? '';
  const principal = judge(request, pairs, { accessKeyId, day, region, signedHeaders, signature, date, payload }, by);
  return { principal, how: 'REST-HEADER', payload: known(payload) };
}

function verifyAddress<T>(
  request: StorageRequest,
  pairs: [string, string][],
  query: ReadonlyMap<string, string>,
  by: Verifier<T>,
): Signed<T> {
  const code = 'AuthorizationQueryParametersError';
  const part = (name: string): string => query.get(name) ?? '';
  if (PARTS.some((name) => part(name) === '')) {
    throw new StorageError(
      code,
      `Query-string authentication version 4 requires the ${PARTS.join(', ').replace(/, (?=[^,]*$)/, ', and ')} parameters.`,
    );
  }
  if (part('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    throw new StorageError(code, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const [accessKeyId = '', day = '', region = '', service = '', end, ...more] = part('X-Amz-Credential').split('/');
  if (end !== 'aws4_request' || more.length > 0)
    throw new StorageError(
      code,
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  judgeScope({ region, service }, by.region, code, 'Error parsing the X-Amz-Credential parameter');
  const date = part('X-Amz-Date');
  const signedAt = instant(date);
  if (signedAt === undefined || !date.startsWith(day))
    throw new StorageError(code, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const life = /^-?\d+$/.test(part('X-Amz-Expires')) ? Number(part('X-Amz-Expires')) : Number.NaN;
  if (Number.isNaN(life)) throw new StorageError(code, 'X-Amz-Expires should be a number');
  if (life < 0) throw new StorageError(code, 'X-Amz-Expires must be non-negative');
  if (life > LONGEST_LIFE)
    throw new StorageError(
      code,
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${LONGEST_LIFE} seconds`,
    );
  const server = new Date(by.now).toISOString().replace(/\.\d+/, '');
  if (signedAt > by.now + SKEW) throw denied('Request is not valid yet', { ServerTime: server });
  const expires = signedAt + life * 1000;
  if (by.now > expires)
    throw denied('Request has expired', {
      'X-Amz-Expires': String(life),
      Expires: new Date(expires).toISOString().replace(/\.\d+/, ''),
      ServerTime: server,
    });
  const payload =
    header(request.headers, 'x-amz-content-sha256') ?? query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
  const principal = judge(
    request,
    pairs.filter(([name]) => name !== 'X-Amz-Signature'),
    {
      accessKeyId,
      day,
      region,
      signedHeaders: part('X-Amz-SignedHeaders'),
      signature: part('X-Amz-Signature'),
      date,
      payload,
    },
    by,
  );
  return { principal, how: 'REST-QUERY-STRING', payload: known(payload) };
}

interface Claim {
  accessKeyId: string;
  day: string;
  region: string;
  signedHeaders: string;
  signature: string;
  date: string;
  payload: string;
}

function judge<T>(request: StorageRequest, pairs: readonly [string, string][], claim: Claim, by: Verifier<T>): T {
  const { headers } = request;
  const names = claim.signedHeaders.split(';');
  // What S3 acts upon must be what was signed; else an address could be used for more than it was made for.
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name));
  if (!names.includes('host') || unsigned.length > 0)
    throw denied('There were headers present in the request which were not signed', {
      HeadersNotSigned: unsigned.join(', ') || 'host',
    });
  const canonical = [
    request.method,
    request.path
      .split('/')
      .map((part) => encode(decoded(part)))
      .join('/'),
    canonicalQuery(pairs),
    ...names.map((name) => `${name}:${headerValue(headers[name])}`),
    '',
    claim.signedHeaders,
    claim.payload,
  ].join('\n');
  const scope = `${claim.day}/${claim.region}/s3/aws4_request`;
  return judgeSignature(
    `AWS4-HMAC-SHA256\n${claim.date}\n${scope}\n${hash('sha256', canonical, 'hex')}`,
    claim,
    by.find,
  );
}

/**
 * Compares a signature with the one its owner would have made of the same text.
 * @throws StorageError InvalidAccessKeyId, SignatureDoesNotMatch
 */
export function judgeSignature<T>(
  text: string,
  { accessKeyId, day, region, signature }: Pick<Claim, 'accessKeyId' | 'day' | 'region' | 'signature'>,
  find: Verifier<T>['find'],
): T {
  const owner = find(accessKeyId);
  if (owner === undefined) {
    throw new StorageError(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
      {
        AWSAccessKeyId: accessKeyId,
      },
    );
  }
  const expected = hmac(signingKey(owner.secret, day, region, 's3'), text);
  const given = Buffer.from(signature, 'hex');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return owner.principal;
  throw new StorageError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
    { AWSAccessKeyId: accessKeyId, StringToSign: text, SignatureProvided: signature },
  );
}

/** @throws StorageError when the signature is for another region or service */
export function judgeScope(
  { region, service }: { region: string; service: string },
  expected: string,
  code: string,
  prefix: string,
): void {
  if (region !== expected)
    throw new StorageError(code, `${prefix}; the region '${region}' is wrong; expecting '${expected}'`, 400, {
      Region: expected,
    });
  if (service !== 's3')
    throw new StorageError(code, `${prefix}; incorrect service "${service}". This endpoint belongs to "s3".`);
}

/** The instant of `20231011T010000Z`, or undefined. */
export function instant(date: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function known(payload: string): string {
  if (
    /^[0-9a-f]{64}$/.test(payload) ||
    payload === 'UNSIGNED-PAYLOAD' ||
    payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  )
    return payload;
  if (payload.startsWith('STREAMING-')) throw notImplemented(`x-amz-content-sha256 ${payload}`);
  throw new StorageError(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, or a valid sha256 value.',
  );
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
