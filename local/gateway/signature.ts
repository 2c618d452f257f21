import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../errors.ts';

export interface SignedRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The parts of an Authorization header: access key, day, region, service, signed headers, signature. */
export const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Signing keys by secret, day, region and service: deriving one takes four HMACs, and a function signs thousands of requests with the same. */
const signingKeys = new Map<string, KeyObject>();

/**
 * Checks a Signature Version 4 and tells whose it is. The age of a signature is not judged: the stack's clock may be virtual, a tool's never is.
 * @param find the owner and secret of an access key
 * @throws AwsError as AWS answers unsigned, unknown and wrongly signed requests
 */
export function verify<T>(
  request: SignedRequest,
  find: (accessKeyId: string) => { principal: T; secret: string } | undefined,
): T {
  const { authorization } = request.headers;
  if (authorization === undefined)
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);
  const [, accessKeyId, day, region, service, signedHeaders, signature] = AUTHORIZATION.exec(authorization) ?? [];
  if (
    accessKeyId === undefined ||
    day === undefined ||
    region === undefined ||
    service === undefined ||
    signedHeaders === undefined ||
    signature === undefined
  ) {
    throw new AwsError(
      'IncompleteSignatureException',
      'Authorization header does not have the parts of a Signature Version 4.',
      400,
    );
  }
  const owner = find(accessKeyId);
  if (owner === undefined)
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 400);
  const names = signedHeaders.split(';');
  const date = request.headers['x-amz-date'];
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(queryPairs(request.query)),
    ...names.map((name) => `${name}:${headerValue(request.headers[name])}`),
    '',
    signedHeaders,
    hash('sha256', request.body, 'hex'),
  ].join('\n');
  const toSign = [
    'AWS4-HMAC-SHA256',
    typeof date === 'string' ? date : '',
    `${day}/${region}/${service}/aws4_request`,
    hash('sha256', canonical, 'hex'),
  ].join('\n');
  const expected = hmac(signingKey(owner.secret, day, region, service), toSign);
  if (!names.includes('host') || !timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    throw new AwsError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      400,
    );
  }
  return owner.principal;
}

/** The key that signs for one day, region and service. */
export function signingKey(secret: string, day: string, region: string, service: string): KeyObject {
  const id = `${secret}/${day}/${region}/${service}`;
  let key = signingKeys.get(id);
  if (key === undefined) {
    // A key object is asked for its kind far faster than a buffer, and this one signs every call of a day.
    key = createSecretKey(
      [day, region, service, 'aws4_request'].reduce(
        (previous: Buffer, part) => hmac(previous, part),
        Buffer.from(`AWS4${secret}`),
      ),
    );
    signingKeys.set(id, key);
  }
  return key;
}

export function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** A header as it is signed: trimmed, runs of blanks made one. */
export function headerValue(value: string | string[] | undefined): string {
  return [value ?? '']
    .flat()
    .map((each) => each.trim().replace(/ +/g, ' '))
    .join(',');
}

/** Every service but S3 signs the path encoded a second time. */
function canonicalPath(path: string): string {
  return path === '/' ? path : path.split('/').map(encode).join('/');
}

/** Decodes a part of an address. @throws AwsError when it cannot be decoded */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** Names and values of a query, decoded. @throws AwsError when it cannot be decoded */
export function queryPairs(query: string): [string, string][] {
  if (query === '') return [];
  return query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    const decode = (text: string): string => decoded(text.replaceAll('+', ' '));
    return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

export function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

/** Encodes all but letters, digits and `-._~`, as signatures want it. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
