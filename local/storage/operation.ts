import type { IncomingHttpHeaders } from 'node:http';
import { decoded, queryPairs } from '../gateway/signature.ts';
import { denied, notImplemented, StorageError } from './error.ts';
import type { StorageRequest } from './signature.ts';

/** What a request over the wire asks for, in the words of S3's API. */
export interface Operation {
  action: string;
  input: Record<string, unknown>;
  /** Of the address, for what is about the answer: `response-content-type`, `encoding-type`. */
  query: ReadonlyMap<string, string>;
}

/** Parameters and headers that belong to signing or to a tool's own bookkeeping. */
const SIGNING =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|user-agent|sdk-.*|trailer|decoded-content-length)$/;
const LISTING: Readonly<Record<string, string>> = {
  prefix: 'Prefix',
  delimiter: 'Delimiter',
  'start-after': 'StartAfter',
  'continuation-token': 'ContinuationToken',
  'max-keys': 'MaxKeys',
};
/** Kept with the object, and given back. */
export const KEPT_HEADERS: readonly string[] = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const CONDITIONS: Readonly<Record<string, string>> = {
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
  'if-modified-since': 'IfModifiedSince',
  'if-unmodified-since': 'IfUnmodifiedSince',
  range: 'Range',
};

/** Bucket and key of a path-style address; either may be empty. @throws AwsError when it cannot be decoded */
export function placeOf(path: string): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: decoded(bucket), key: decoded(key) };
}

/** @throws StorageError NotImplemented for everything that does not run here, by name */
export function operationOf({ method, path, query: text, headers }: StorageRequest, accountId: string): Operation {
  const { bucket: Bucket, key: Key } = placeOf(path);
  const query = new Map(queryPairs(text));
  const asked = settings(query, headers);
  const owner = asked['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== accountId) throw denied();
  const names = [...query.keys()].filter((name) => name !== 'x-id' && !name.toLowerCase().startsWith('x-amz-'));
  const only = (...allowed: string[]): void => {
    const other = names.find((name) => !allowed.includes(name));
    if (other !== undefined) throw notImplemented(`The parameter ${other}`);
  };
  const operation = (action: string, more: Record<string, unknown> = {}): Operation => ({
    action,
    input: { ...(Bucket === '' ? {} : { Bucket }), ...(Key === '' ? {} : { Key }), ...more },
    query,
  });
  if (Key === '') {
    if (method === 'HEAD' && Bucket !== '') return operation('HeadBucket');
    if (method === 'GET' && Bucket === '') return operation('ListBuckets');
    if (method === 'GET' && query.has('location')) return operation('GetBucketLocation');
    if (method !== 'GET' || query.get('list-type') !== '2')
      throw notImplemented(`${method} of a bucket${names.length === 0 ? '' : ` (${names.join(', ')})`}`);
    only('list-type', 'encoding-type', 'fetch-owner', ...Object.keys(LISTING));
    return operation(
      'ListObjectsV2',
      renamed(LISTING, (name) => query.get(name)),
    );
  }
  const conditions = renamed(CONDITIONS, (name) => textOf(headers[name]));
  switch (method) {
    case 'GET':
    case 'HEAD':
      only(...[...query.keys()].filter((name) => name.startsWith('response-')));
      return operation(method === 'GET' ? 'GetObject' : 'HeadObject', conditions);
    case 'PUT':
      only();
      return operation('PutObject', {
        ...conditions,
        ...written(asked, headers),
        ...renamed({ 'content-md5': 'ContentMD5' }, (name) => textOf(headers[name])),
      });
    case 'DELETE':
      only('versionId');
      return operation(
        'DeleteObject',
        renamed({ versionId: 'VersionId' }, (name) => query.get(name)),
      );
    default:
      throw new StorageError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
        Method: method,
      });
  }
}

/** What is to be written beside the bytes. */
export function written(
  asked: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const Metadata: Record<string, string> = {};
  const Checksums: Record<string, string> = {};
  const more: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) {
    if (name.startsWith('x-amz-meta-')) Metadata[name.slice('x-amz-meta-'.length)] = value;
    else if (name.startsWith('x-amz-checksum-')) Checksums[name.slice('x-amz-checksum-'.length)] = value;
    else if (name === 'x-amz-storage-class') more['StorageClass'] = value;
    else if (name === 'x-amz-server-side-encryption') more['ServerSideEncryption'] = value;
    else if (name === 'x-amz-server-side-encryption-aws-kms-key-id') more['SSEKMSKeyId'] = value;
    else if (name === 'x-amz-acl') {
      if (value !== 'private' && value !== 'bucket-owner-full-control')
        throw new StorageError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
    } else if (name !== 'x-amz-expected-bucket-owner') throw notImplemented(`The header ${name}`);
  }
  const type = textOf(headers['content-type']);
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = textOf(headers[name])?.replace(/^aws-chunked(, ?)?/, '');
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return {
    ...(type === undefined ? {} : { ContentType: type }),
    Headers: Object.fromEntries(kept),
    Metadata,
    Checksums,
    ...more,
  };
}

/**
 * The `x-amz-` settings of a request. A presigned address may hold them as parameters; as on AWS its checksums are not looked
 * at there: the SDK puts in that of an empty body.
 */
function settings(query: ReadonlyMap<string, string>, headers: IncomingHttpHeaders): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [given, value] of query) {
    const name = given.toLowerCase();
    if (name.startsWith('x-amz-') && !name.startsWith('x-amz-checksum-') && !SIGNING.test(name)) all[name] = value;
  }
  for (const [name, value] of Object.entries(headers)) {
    const plain = !SIGNING.test(name) && !/^x-amz-checksum-(mode|algorithm|type)$/.test(name);
    if (name.startsWith('x-amz-') && plain) all[name] = textOf(value) ?? '';
  }
  return all;
}

function renamed(
  words: Readonly<Record<string, string>>,
  value: (name: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([name, word]) => {
      const found = value(name);
      return found === undefined ? [] : [[word, found] as const];
    }),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
