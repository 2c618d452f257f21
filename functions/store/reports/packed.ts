import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { keys } from '../keys.ts';
import { batchGet, type Item } from '../table.ts';

/** An item holds 400 KB. */
const BYTES_AN_ITEM = 350_000;

/** What is stored of a place for an instant: packed, in as many items as it needs. It is written once, and never changes. */
export function packedItems(place: string, at: string, told: unknown): Item[] {
  const bytes = deflateRawSync(JSON.stringify(told));
  const parts = Math.ceil(bytes.length / BYTES_AN_ITEM);
  return Array.from({ length: parts }, (_, part) => ({
    ...keys.summary(place, at, part),
    parts,
    counted: bytes.subarray(part * BYTES_AN_ITEM, (part + 1) * BYTES_AN_ITEM),
  }));
}

/** What is stored of these places for an instant, in their order; undefined where nothing is, or not all of it. */
export async function readPacked<T>(at: string, places: readonly string[]): Promise<(T | undefined)[]> {
  const first = await readParts(
    places.map((place) => ({ place, part: 0 })),
    at,
  );
  const more = places.flatMap((place) => {
    const count = Number(first.get(nameOf(place, 0))?.['parts'] ?? 1);
    return Array.from({ length: count - 1 }, (_, n) => ({ place, part: n + 1 }));
  });
  const parts = new Map([...first, ...(more.length === 0 ? [] : await readParts(more, at))]);
  return places.map((place) => {
    const count = Number(parts.get(nameOf(place, 0))?.['parts'] ?? 1);
    const bytes = Array.from({ length: count }, (_, part) => parts.get(nameOf(place, part))?.['counted']);
    const whole = bytes.filter((own) => own instanceof Uint8Array);
    const told: T | undefined =
      whole.length < count ? undefined : JSON.parse(inflateRawSync(Buffer.concat(whole)).toString('utf8'));
    return told;
  });
}

interface Part {
  place: string;
  part: number;
}

/** What was written once is read at half the price; what has only just been written, and is not seen yet, once more. */
async function readParts(wanted: readonly Part[], at: string): Promise<Map<string, Item>> {
  const keyOf = ({ place, part }: Part) => keys.summary(place, at, part);
  const nameOfItem = (item: Item) => `${item['pk']} ${Number(String(item['sk']).slice(at.length + 1))}`;
  const found = new Map((await batchGet(wanted.map(keyOf))).map((item) => [nameOfItem(item), item]));
  const missing = wanted.filter(({ place, part }) => !found.has(nameOf(place, part)));
  if (missing.length === 0) return found;
  for (const item of await batchGet(missing.map(keyOf), { consistent: true })) found.set(nameOfItem(item), item);
  return found;
}

function nameOf(place: string, part: number): string {
  return `${keys.summary(place, '', 0).pk} ${part}`;
}
