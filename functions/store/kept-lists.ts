import { randomBytes } from 'node:crypto';
import { jsonText } from './json-text.ts';
import { keys } from './keys.ts';
import { batchGet, batchPut } from './table.ts';

/** Rows of an item: as many as a page has, unless another size is asked for. */
const ROWS_A_PART = 50;
/** How long somebody may read on, milliseconds; after that the list is reckoned again. */
const KEPT_MS = 3_600_000;

/**
 * Keeps what is left of a list that takes a whole region to reckon, so that each of its further pages reads only its own rows. 2,500 rows of 150 bytes are 50
 * items of 8 KB: 400 write units once, for somebody who reads beyond the second page.
 * @param of what the list is of, region and filter: it opens under no other
 * @param now ms since 1970
 * @returns its name, which nobody can guess
 */
export async function keepList<T>(of: string, rows: readonly T[], now: number): Promise<string> {
  const id = randomBytes(12).toString('base64url');
  const listText = jsonText<readonly T[]>();
  const expiresAt = Math.ceil((now + KEPT_MS) / 1000);
  const parts = Math.ceil(rows.length / ROWS_A_PART);
  await batchPut(
    Array.from({ length: parts }, (_, part) => ({
      ...keys.keptList(id, part),
      of,
      count: rows.length,
      expiresAt,
      ...listText.put(rows.slice(part * ROWS_A_PART, (part + 1) * ROWS_A_PART)),
    })),
  );
  return id;
}

/** Its rows from the place `from` on, 0 for the first; undefined when it is no longer kept, or is of something else. */
export async function readKept<T>(
  id: string,
  of: string,
  { from, limit, now }: { from: number; limit: number; now: number },
): Promise<{ rows: T[]; more: boolean } | undefined> {
  const [first, last] = [from, from + limit - 1].map((place) => Math.floor(place / ROWS_A_PART));
  if (first === undefined || last === undefined) return undefined;
  const wanted = Array.from({ length: last - first + 1 }, (_, n) => keys.keptList(id, first + n));
  const found = await batchGet(wanted, { consistent: true });
  // A list is gone in the table some time after it has ended.
  const items = found
    .filter((item) => item['of'] === of && Number(item['expiresAt']) * 1000 > now)
    .sort((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1));
  const [head] = items;
  if (head === undefined || head['sk'] !== keys.keptList(id, first).sk) return undefined;
  const listText = jsonText<T[]>();
  const start = from - first * ROWS_A_PART;
  const rows = items.flatMap((item) => listText.read(item)).slice(start, start + limit);
  return { rows, more: from + limit < Number(head['count']) };
}
