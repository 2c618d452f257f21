import { StorageError } from './error.ts';
import type { StorageInput } from './request.ts';
import type { ObjectStore } from './store.ts';

const MOST_KEYS = 1_000;

interface Mark {
  /** The last key or common prefix that was told. */
  after: string;
  /** Whether everything that begins so was told. */
  whole: boolean;
}

/** A page of a listing: keys by prefix; with a delimiter, what they have in common up to it. */
export function page(store: ObjectStore, bucket: string, request: StorageInput): Record<string, unknown> {
  const {
    Prefix: prefix = '',
    Delimiter: delimiter = '',
    MaxKeys: asked = MOST_KEYS,
    StartAfter: start,
    ContinuationToken: token,
  } = request;
  if (asked < 0)
    throw new StorageError('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647');
  const most = Math.min(asked, MOST_KEYS);
  let mark: Mark = token === undefined ? { after: start ?? '', whole: false } : markOf(token);
  const contents: Record<string, unknown>[] = [];
  const prefixes: string[] = [];
  let next: string | undefined;
  for (const { key, etag, size, modified, storageClass } of most === 0 ? [] : store.list(bucket, prefix, mark.after)) {
    if (mark.whole && key.startsWith(mark.after)) continue;
    if (contents.length + prefixes.length === most) {
      next = tokenOf(mark);
      break;
    }
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (at === -1) {
      contents.push({
        Key: key,
        LastModified: new Date(modified).toISOString(),
        ETag: etag,
        Size: size,
        StorageClass: storageClass,
      });
      mark = { after: key, whole: false };
    } else {
      const common = key.slice(0, at + delimiter.length);
      prefixes.push(common);
      mark = { after: common, whole: true };
    }
  }
  return {
    Name: bucket,
    Prefix: prefix,
    ...(delimiter === '' ? {} : { Delimiter: delimiter }),
    ...(start === undefined ? {} : { StartAfter: start }),
    ...(token === undefined ? {} : { ContinuationToken: token }),
    MaxKeys: most,
    KeyCount: contents.length + prefixes.length,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextContinuationToken: next }),
    ...(contents.length > 0 ? { Contents: contents } : {}),
    ...(prefixes.length > 0 ? { CommonPrefixes: prefixes.map((each) => ({ Prefix: each })) } : {}),
  };
}

function tokenOf({ after, whole }: Mark): string {
  return Buffer.from(`${whole ? 'p' : 'k'}${after}`).toString('base64url');
}

function markOf(token: string): Mark {
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^[pk]/.test(text) || Buffer.from(text).toString('base64url') !== token)
    throw new StorageError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
      ArgumentName: 'continuation-token',
    });
  return { after: text.slice(1), whole: text.startsWith('p') };
}
