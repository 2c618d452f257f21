import { randomBytes } from 'node:crypto';
import { keys } from '../keys.ts';
import { batchGet, get, type TransactItem, tableName } from '../table.ts';
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

/** Names the id, drawn at random, under which somebody whose data are erased would be known anew: the first of two who do so at once. */
export function markErased(person: string): TransactItem {
  const Item = { ...keys.erased(person), next: `p-${randomBytes(8).toString('hex')}` };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Whether somebody's data were erased under this id. */
export async function isErased(person: string): Promise<boolean> {
  return (await get(keys.erased(person), { consistent: true })) !== undefined;
}

/**
 * Under which ids these people are known now, by the id that is made of their number: somebody whose data were erased is somebody new, who has nothing in common with
 * what figures still know of the id from before.
 */
export async function presentIds(persons: readonly string[]): Promise<Map<string, string>> {
  const present = new Map(persons.map((person) => [person, person]));
  for (let asked = [...present.keys()]; asked.length > 0; ) {
    const marks = await batchGet(asked.map(keys.erased), { consistent: true });
    const next = new Map(marks.map((item) => [String(item['pk']).slice('ERASED#'.length), String(item['next'])]));
    for (const [first, now] of present) present.set(first, next.get(now) ?? now);
    asked = [...next.values()];
  }
  return present;
}
