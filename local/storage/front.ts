import { hash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import { type Gateway, Raw } from '../gateway/gateway.ts';
import type { Principal } from '../gateway/principals.ts';
import { tagOf } from '../gateway/wire.ts';
import { readBody } from '../server.ts';
import type { Environment } from '../template/kind.ts';
import { type Answer, answerOf } from './answer.ts';
import { unchunked } from './chunked.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { StorageError } from './error.ts';
import { operationOf, placeOf } from './operation.ts';
import { readPost } from './post.ts';
import { type Signed, verifyStorage } from './signature.ts';
import type { Storage } from './storage.ts';
import { document } from './xml.ts';

/** Bodies are held in memory: larger ones, which S3 takes up to 5 GB, are refused. */
const LARGEST_OBJECT = 128 * 1024 * 1024;

interface Parts {
  gateway: Gateway;
  storage: Storage;
  clock: Clock;
  environment: Environment;
}

/** S3's REST API with paths that begin with the bucket. */
export class StorageFront {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether a request speaks to S3: it is signed for it, in its header or address, or is a form sent to a bucket. */
  takes({ method, url = '', headers }: IncomingMessage): boolean {
    const { storage } = this.#parts;
    if (!storage.exists) return false;
    if (/^AWS4-HMAC-SHA256 .*\/s3\/aws4_request/.test(headers.authorization ?? '') || /[?&]X-Amz-Algorithm=/.test(url))
      return true;
    const [, bucket = ''] = /^\/([^/?]+)\/?(\?|$)/.exec(url) ?? [];
    return method === 'POST' && isForm(headers['content-type']) && storage.cors(bucket) !== undefined;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = randomBytes(8).toString('hex').toUpperCase();
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    let answer: Answer;
    let cors: Record<string, string> = {};
    try {
      const rules = this.#parts.storage.cors(placeOf(path).bucket) ?? [];
      if (isPreflight(request))
        answer = { status: 200, headers: preflightHeaders(rules, request), body: Buffer.alloc(0) };
      else {
        cors = corsHeaders(rules, request);
        answer = await this.#answer(request, path);
      }
    } catch (error) {
      answer = refusal(error, path, id);
    }
    response.writeHead(answer.status, {
      'x-amz-request-id': id,
      'x-amz-id-2': id,
      server: 'AmazonS3',
      ...cors,
      ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': answer.body.length }),
      ...answer.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  async #answer(incoming: IncomingMessage, path: string): Promise<Answer> {
    const { gateway, clock, environment } = this.#parts;
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await readBody(incoming, LARGEST_OBJECT);
    if (body === undefined) {
      const details = { MaxSizeAllowed: String(LARGEST_OBJECT) };
      throw new StorageError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, details);
    }
    const by = { find: (key: string) => gateway.principals.byKey(key), region: environment.region, now: clock.now() };
    if (method === 'POST' && isForm(headers['content-type']))
      return this.#post(path, body, headers['content-type'], by);
    if (method === 'PUT' && (headers['content-length'] ?? headers['x-amz-decoded-content-length']) === undefined)
      throw new StorageError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
    const request = { method, path, query: url.slice(path.length + 1), headers };
    const signed: Signed<Principal> = verifyStorage(request, by);
    const { action, input, query } = operationOf(request, environment.accountId);
    const sent = action === 'PutObject' ? received(body, signed.payload, headers, input) : {};
    const { principal } = signed;
    const outcome = await gateway.perform({
      principal,
      service: 's3',
      action,
      input: { ...input, ...sent, AuthType: signed.how },
      tag: tagOf(incoming),
    });
    return answerOf(action, outcome instanceof Raw ? {} : outcome, query, headers);
  }

  async #post(
    path: string,
    body: Buffer,
    contentType: string,
    by: Parameters<typeof readPost<Principal>>[1],
  ): Promise<Answer> {
    const posted = await readPost({ bucket: placeOf(path).bucket, body, contentType }, by);
    const { principal, input, status, redirect } = posted;
    const outcome = await this.#parts.gateway.perform({ principal, service: 's3', action: 'PutObject', input });
    const etag = outcome instanceof Raw ? '' : String(outcome['ETag']);
    const [bucket, key] = [String(input['Bucket']), String(input['Key'])];
    const location = `${path.replace(/\/$/, '')}/${encodeURIComponent(key)}`;
    if (redirect !== undefined && URL.canParse(redirect)) {
      const target = new URL(redirect);
      for (const [name, value] of Object.entries({ bucket, key, etag })) target.searchParams.set(name, value);
      return { status: 303, headers: { location: target.href, etag }, body: Buffer.alloc(0) };
    }
    const told =
      status === 201
        ? document('PostResponse', { Location: location, Bucket: bucket, Key: key, ETag: etag }, false)
        : Buffer.alloc(0);
    return {
      status,
      headers: { etag, location, ...(status === 201 ? { 'content-type': 'application/xml' } : {}) },
      body: told,
    };
  }
}

function isForm(type: string | undefined): type is string {
  return type?.startsWith('multipart/form-data') === true;
}

/** The bytes of an object, taken out of their wrapping and compared with what was said of them. @throws StorageError */
function received(
  body: Buffer,
  payload: string,
  headers: IncomingMessage['headers'],
  input: Record<string, unknown>,
): Record<string, unknown> {
  const chunked = payload === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const { bytes, trailers } = chunked ? unchunked(body) : { bytes: body, trailers: {} };
  if (chunked && headers['x-amz-decoded-content-length'] !== String(bytes.length))
    throw new StorageError(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  const sum = hash('sha256', bytes, 'hex');
  if (/^[0-9a-f]{64}$/.test(payload) && payload !== sum) {
    const details = { ClientComputedContentSHA256: payload, S3ComputedContentSHA256: sum };
    throw new StorageError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      details,
    );
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== hash('md5', bytes, 'base64')) {
    throw new StorageError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400, {
      ExpectedDigest: String(md5),
    });
  }
  const trailing = Object.entries(trailers).flatMap(([name, value]) =>
    name.startsWith('x-amz-checksum-') ? [[name.slice(15), value] as const] : [],
  );
  return { Body: bytes, Checksums: { ...Object(input['Checksums']), ...Object.fromEntries(trailing) } };
}

/** Codes that the gateway uses for all services, as S3 has them. */
const CODES: Readonly<Record<string, readonly [string, number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  UnknownOperationException: ['NotImplemented', 501],
  InternalServerError: ['InternalError', 500],
};

function refusal(error: unknown, path: string, id: string): Answer {
  if (!(error instanceof AwsError)) throw error;
  if (error.statusCode === 304)
    return {
      status: 304,
      headers: error instanceof StorageError ? { etag: error.details['ETag'] ?? '' } : {},
      body: Buffer.alloc(0),
    };
  const [code, status] = CODES[error.code] ?? [error.code, error.statusCode];
  const details = error instanceof StorageError ? error.details : {};
  const body = document(
    'Error',
    { Code: code, Message: error.message, ...details, Resource: path, RequestId: id, HostId: id },
    false,
  );
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
