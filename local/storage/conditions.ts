import { StorageError } from './error.ts';
import type { StorageInput } from './request.ts';
import type { StoredObject } from './store.ts';

/** Whether a list of entity tags names this one. */
export function names(list: string, etag: string | undefined): boolean {
  return (
    etag !== undefined &&
    list.split(',').some((each) => each.trim() === '*' || each.trim().replaceAll('"', '') === etag.replaceAll('"', ''))
  );
}

/** @throws StorageError PreconditionFailed, NotModified */
export function judgeConditions({ etag, modified }: StoredObject, request: StorageInput): void {
  const second = Math.floor(modified / 1000) * 1000;
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = request;
  const failed = (condition: string): StorageError =>
    new StorageError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
      Condition: condition,
    });
  if (IfMatch !== undefined && !names(IfMatch, etag)) throw failed('If-Match');
  // A time is only looked at where no tag was given.
  if (IfMatch === undefined && IfUnmodifiedSince !== undefined && second > Date.parse(IfUnmodifiedSince))
    throw failed('If-Unmodified-Since');
  const unchanged =
    IfNoneMatch !== undefined
      ? names(IfNoneMatch, etag)
      : IfModifiedSince !== undefined && second <= Date.parse(IfModifiedSince);
  if (unchanged) throw new StorageError('NotModified', 'Not Modified', 304, { ETag: etag });
}

/**
 * First and last byte of one range; undefined for none, also for several and malformed ones, which S3 does not look at.
 * @throws StorageError InvalidRange when it begins behind the end
 */
export function rangeOf(range: string | undefined, size: number): [number, number] | undefined {
  const [whole, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (whole === undefined || (from === '' && to === '')) return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first >= size || (from === '' && Number(to) === 0))
    throw new StorageError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: whole,
      ActualObjectSize: String(size),
    });
  return [first, last];
}
