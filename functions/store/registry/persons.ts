import { randomBytes } from 'node:crypto';
import { keys } from '../keys.ts';
import { batchGet, get, type Item, type TransactItem, tableName } from '../table.ts';
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

/**
 * Names the id, drawn at random, under which somebody whose data are erased would be known anew: the first of two who do so at once. It keeps the day until which they
 * were in a household, or on which they died: registered anew from an earlier one, one person would be counted twice on the days between, or after their death.
 */
export function markErased(person: string, { leftOn, diedOn }: Guard = {}): TransactItem {
  const until = { ...(leftOn === undefined ? {} : { leftOn }), ...(diedOn === undefined ? {} : { diedOn }) };
  const Item = { ...keys.erased(person), next: `p-${randomBytes(8).toString('hex')}`, ...until };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Whether somebody's data were erased under this id. */
export async function isErased(person: string): Promise<boolean> {
  return (await get(keys.erased(person), { consistent: true })) !== undefined;
}

/** Who somebody is known as now, and of whose data were erased what bars them from a household before that day: as a guard does. */
export interface Present {
  person: string;
  erased?: Guard;
}

/**
 * Under which ids these people are known now, by the id that is made of their number: somebody whose data were erased is somebody new, who has nothing in common with
 * what figures still know of the id from before, but for the days on which they cannot be in a household again.
 */
export async function presentPeople(persons: readonly string[]): Promise<Map<string, Present>> {
  const present = new Map<string, Present>(persons.map((person) => [person, { person }]));
  for (let asked = [...present.keys()]; asked.length > 0; ) {
    const marks = await batchGet(asked.map(keys.erased), { consistent: true });
    const next = new Map(marks.map((item) => [String(item['pk']).slice('ERASED#'.length), item]));
    for (const [first, { person, erased }] of present) {
      const mark = next.get(person);
      if (mark !== undefined)
        present.set(first, { person: String(mark['next']), erased: { ...erased, ...untilOf(mark) } });
    }
    asked = [...next.values()].map((mark) => String(mark['next']));
  }
  return present;
}

/** Marks of an earlier release name no day. */
function untilOf({ leftOn, diedOn }: Item): Guard {
  return {
    ...(typeof leftOn === 'string' ? { leftOn } : {}),
    ...(typeof diedOn === 'string' ? { diedOn } : {}),
  };
}

/** The ids alone. */
export async function presentIds(persons: readonly string[]): Promise<Map<string, string>> {
  return new Map([...(await presentPeople(persons))].map(([first, { person }]) => [first, person]));
}
