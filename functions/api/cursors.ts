import * as z from 'zod';
import { Problem } from '../contracts/problems.ts';
import { contains } from '../contracts/regions.ts';
import { householdId, villageOf } from '../contracts/values.ts';

/** Where a page of households ended. Opaque to clients; bound to the region it was asked for, so that it opens no other. */
export function cursorAfter(region: string, household: string): string {
  return Buffer.from(JSON.stringify([region, household])).toString('base64url');
}

const position = z.tuple([z.string(), householdId]);

/** @throws Problem invalid-cursor, also for a cursor of another region */
export function householdAfter(cursor: string, region: string): string {
  try {
    const [of, household] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (of === region && contains(region, villageOf(household))) return household;
  } catch {
    // Anything that is no cursor of ours is the same problem.
  }
  throw new Problem('invalid-cursor');
}

/** Half a character can be no part of a key. */
const wellFormed = z
  .string()
  .max(200)
  .refine((at) => at.isWellFormed());
const place = z.tuple([z.string(), wellFormed]);

/**
 * A page of a list that is in memory, in the order of `key`, with its cursor. Items that were inserted before the cursor meanwhile
 * neither repeat nor hide others.
 * @throws Problem invalid-cursor
 */
export function pageOf<T>(
  all: readonly T[],
  key: (item: T) => string,
  region: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): { items: T[]; next: { next?: string } } {
  const after = cursor === undefined ? '' : placeAfter(cursor, region);
  const rest = all
    .map((item) => ({ item, at: key(item) }))
    .filter(({ at }) => at > after)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length > limit && last !== undefined;
  return {
    items: page.map(({ item }) => item),
    next: more ? { next: cursorAt(region, last.at) } : {},
  };
}

/**
 * A later page of a list that lies in the table in the order of `key`: read from the cursor on, and no further than the page goes. What the
 * whole list counts and sums is told with its first page only.
 * @param read up to `limit` items after a key
 * @param begins what every key of the list begins with: the region, unless it is ordered by something else
 * @throws Problem invalid-cursor
 */
export async function pageFrom<T>(
  cursor: string,
  limit: number,
  region: string,
  key: (item: T) => string,
  read: (after: string, limit: number) => Promise<T[]>,
  begins = region,
): Promise<{ items: T[]; next: { next?: string } }> {
  const after = placeAfter(cursor, region);
  if (!after.startsWith(begins)) throw new Problem('invalid-cursor');
  const found = await read(after, limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: found.length > limit && last !== undefined ? { next: cursorAt(region, key(last)) } : {},
  };
}

/** Where a page ended, opaque to clients and bound to its region. */
export function cursorAt(region: string, at: string): string {
  return Buffer.from(JSON.stringify([region, at])).toString('base64url');
}

/** @throws Problem invalid-cursor, also for a cursor of another region */
export function placeAfter(cursor: string, region: string): string {
  try {
    const [of, at] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (of === region) return at;
  } catch {
    // As above.
  }
  throw new Problem('invalid-cursor');
}
