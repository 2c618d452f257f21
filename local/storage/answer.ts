import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../template/stack.ts';
import { KEPT_HEADERS } from './operation.ts';
import { document, type Element } from './xml.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | number>;
  body: Buffer;
}

const EMPTY = Buffer.alloc(0);
/** Headers of an answer that a reader may replace by parameters of the (signed) address. */
const REPLACEABLE = ['content-type', ...KEPT_HEADERS];

/** What S3 answers over the wire for what an action gave. */
export function answerOf(
  action: string,
  outcome: Record<string, unknown>,
  query: ReadonlyMap<string, string>,
  asked: IncomingHttpHeaders,
): Answer {
  const xml = { 'content-type': 'application/xml' };
  switch (action) {
    case 'GetObject':
    case 'HeadObject':
      return objectAnswer(outcome, query, asked);
    case 'PutObject':
      return {
        status: 200,
        headers: { etag: String(outcome['ETag']), ...version(outcome), ...encryption(outcome), ...checksums(outcome) },
        body: EMPTY,
      };
    case 'DeleteObject':
      return { status: 204, headers: {}, body: EMPTY };
    case 'HeadBucket':
      return { status: 200, headers: { ...xml, 'x-amz-bucket-region': String(outcome['BucketRegion']) }, body: EMPTY };
    case 'GetBucketLocation':
      return { status: 200, headers: xml, body: document('LocationConstraint', String(outcome['LocationConstraint'])) };
    case 'ListBuckets':
      return {
        status: 200,
        headers: xml,
        body: document('ListAllMyBucketsResult', { Buckets: { Bucket: elements(outcome['Buckets']) } }),
      };
    default:
      return {
        status: 200,
        headers: xml,
        body: document('ListBucketResult', listing(outcome, query.get('encoding-type') === 'url')),
      };
  }
}

function objectAnswer(
  outcome: Record<string, unknown>,
  query: ReadonlyMap<string, string>,
  asked: IncomingHttpHeaders,
): Answer {
  const replaced = REPLACEABLE.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  const range = outcome['ContentRange'];
  const storageClass = outcome['StorageClass'];
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...texts(outcome['Headers']),
      ...Object.fromEntries(replaced),
      ...Object.fromEntries(
        Object.entries(texts(outcome['Metadata'])).map(([name, value]) => [`x-amz-meta-${name}`, value]),
      ),
      'accept-ranges': 'bytes',
      'content-length': Number(outcome['ContentLength']),
      etag: String(outcome['ETag']),
      'last-modified': new Date(String(outcome['LastModified'])).toUTCString(),
      ...(range === undefined ? {} : { 'content-range': String(range) }),
      ...(storageClass === undefined ? {} : { 'x-amz-storage-class': String(storageClass) }),
      ...version(outcome),
      ...encryption(outcome),
      ...(asked['x-amz-checksum-mode'] === 'ENABLED' ? checksums(outcome) : {}),
    },
    body: outcome['Body'] instanceof Buffer ? outcome['Body'] : EMPTY,
  };
}

/** Told where versions are kept apart: in a bucket that locks them. */
function version({ VersionId: id }: Record<string, unknown>): Record<string, string> {
  return id === undefined ? {} : { 'x-amz-version-id': String(id) };
}

function encryption(outcome: Record<string, unknown>): Record<string, string> {
  const key = outcome['SSEKMSKeyId'];
  return {
    'x-amz-server-side-encryption': String(outcome['ServerSideEncryption']),
    ...(key === undefined ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': String(key) }),
    ...(outcome['BucketKeyEnabled'] === true ? { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' } : {}),
  };
}

function checksums(outcome: Record<string, unknown>): Record<string, string> {
  const all = Object.entries(texts(outcome['Checksums'])).map(
    ([name, value]) => [`x-amz-checksum-${name}`, value] as const,
  );
  return all.length === 0 ? {} : { ...Object.fromEntries(all), 'x-amz-checksum-type': 'FULL_OBJECT' };
}

/** A listing in the order of S3's own document, its keys encoded when that was asked for: XML cannot hold every character. */
function listing(outcome: Record<string, unknown>, encoded: boolean): Element {
  const { Contents: contents, CommonPrefixes: prefixes, ...rest } = outcome;
  const write = (name: string, value: unknown): string =>
    encoded && ENCODED.has(name) ? encodeURIComponent(String(value)).replaceAll('%2F', '/') : String(value);
  const plain = (record: Record<string, unknown>): Element =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, write(name, value)]));
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, write(name, value)])),
    ...(encoded ? { EncodingType: 'url' } : {}),
    Contents: records(contents).map(plain),
    CommonPrefixes: records(prefixes).map(plain),
  };
}

const ENCODED: ReadonlySet<string> = new Set(['Key', 'Prefix', 'Delimiter', 'StartAfter']);

function elements(value: unknown): Element[] {
  return records(value).map(texts);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texts(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)])) : {};
}
