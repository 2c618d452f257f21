import { keys } from '../keys.ts';
import { batchGet, get } from '../table.ts';
import type { Guard } from './households.ts';

/** The households in which living people are registered, by the keyed hash of their ID numbers. */
export async function personsHouseholds(hashes: readonly string[]): Promise<Map<string, string>> {
  const items = await batchGet([...new Set(hashes)].map(keys.person), { consistent: true });
  return new Map(
    items
      .filter(({ diedOn, leftOn }) => diedOn === undefined && leftOn === undefined)
      .map((item) => [String(item['pk']).slice('PERSON#'.length), String(item['household'])]),
  );
}

/** The household in which somebody's death is recorded, by the keyed hash of the ID number; undefined for the living and unknown. */
export async function householdOfDeath(hash: string): Promise<string | undefined> {
  const item = await get(keys.person(hash), { consistent: true });
  return item?.['diedOn'] === undefined ? undefined : String(item['household']);
}

/** What is stored of people, by the keyed hash of their ID numbers. */
export async function readGuards(hashes: readonly string[]): Promise<Map<string, Guard>> {
  const items = await batchGet([...new Set(hashes)].map(keys.person), { consistent: true });
  return new Map(items.map((item) => [String(item['pk']).slice('PERSON#'.length), item]));
}
