import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Household } from '../../contracts/registry/household.ts';
import { householdIdOf, numberOf, villageOf } from '../../contracts/values.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { partsOfName } from '../../domain/registry/name-parts.ts';
import { keys } from '../keys.ts';
import { client, get, type Item, queryAll, tableName } from '../table.ts';
import { readVillage } from './households.ts';
import type { PersonalData } from './personal-data.ts';

/** An expression may be 4 KB long: so many households are added in one update. */
const HOUSEHOLDS_AN_UPDATE = 100;
/** Towns or villages read at once. */
const AT_ONCE = 24;
/** An index that was completed longer ago, milliseconds, is completed once more by whoever searches: a release from before the index may have written since. */
const TRUSTED_MS = 7 * 86_400_000;
/** Before a household's number, so that it is no other attribute's name. */
const NUMBER = 'h';

/**
 * Adds what these households can be found by, their numbers and keyed hashes of parts of their members' names, to the items of their villages. To be called
 * before the households are written: what is in the index and not in the register is found out by whoever searches, the other way round it would never be
 * found. Only ever adds, so that writers at the same moment do not undo each other. An item holds 400 KB, at 40 bytes a household 10,000 of one village.
 */
export async function indexNames(households: readonly Household[], data: PersonalData): Promise<void> {
  const byVillage = Map.groupBy(households, ({ id }) => villageOf(id));
  await eachOf([...byVillage], AT_ONCE, ([village, those]) => add(village, those, data));
}

async function add(village: string, households: readonly Household[], data: PersonalData): Promise<void> {
  // Two rows of one file may be about the same household, and an update names an attribute once.
  const byNumber = Map.groupBy(households, ({ id }) => numberOf(id));
  const all = [...byNumber].map(([number, those]) => ({ number, members: those.flatMap(({ members }) => members) }));
  for (let start = 0; start < all.length; start += HOUSEHOLDS_AN_UPDATE) {
    const some = all.slice(start, start + HOUSEHOLDS_AN_UPDATE);
    await client.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.names(village),
        UpdateExpression: `ADD ${some.map((_, n) => `#${n} :${n}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(some.map(({ number }, n) => [`#${n}`, NUMBER + number])),
        ExpressionAttributeValues: Object.fromEntries(
          some.map(({ members }, n) => [`:${n}`, hashesOf(members, village, data)]),
        ),
      }),
    );
  }
}

function hashesOf(members: Household['members'], village: string, data: PersonalData): Set<string> {
  const parts = new Set(members.flatMap(({ name }) => partsOfName(name)));
  // A set in the table is never empty: a household nobody lives in any more is found by its number.
  return new Set(parts.size === 0 ? ['-'] : [...parts].map((part) => data.namePart(village, part)));
}

/**
 * Takes the parts of somebody's names out of what a household is found by, but for those that others of it share. The household stays found by its number.
 * @param others names of who is left in it
 */
export async function unindexNames(
  household: string,
  names: readonly string[],
  others: readonly string[],
  data: PersonalData,
): Promise<void> {
  const shared = new Set(others.flatMap(partsOfName));
  const village = villageOf(household);
  const gone = names.flatMap(partsOfName).filter((part) => !shared.has(part));
  if (gone.length === 0) return;
  const update = async (verb: 'ADD' | 'DELETE', hashes: ReadonlySet<string>) =>
    await client.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.names(village),
        UpdateExpression: `${verb} #number :hashes`,
        ExpressionAttributeNames: { '#number': NUMBER + numberOf(household) },
        ExpressionAttributeValues: { ':hashes': hashes },
      }),
    );
  // A set that loses its last part would be gone, and the household not found by its number.
  await update('ADD', new Set(['-']));
  await update('DELETE', new Set(gone.map((part) => data.namePart(village, part))));
}

/** What is looked for: the number in the register of a village, or parts of one name. */
export type Wanted = { number: string } | { parts: readonly string[] };

/**
 * The ids of households that may be what is looked for, in their order: those to be read and looked at. Reads the items of the region's villages, 40 bytes a
 * household (of 10,000 households 50 read units, of 100,000 500, 28 towns beside one another), and none of the households themselves, save of villages whose
 * index is not complete: these it reads, and completes it.
 * @param villages those of one region, all
 * @param now ms since 1970
 */
export async function candidatesFor(
  wanted: Wanted,
  villages: readonly string[],
  data: PersonalData,
  now: number,
): Promise<string[]> {
  const towns = [...new Set(villages.map((village) => village.slice(0, 9)))];
  const [only] = villages;
  const items =
    villages.length === 1 && only !== undefined
      ? await get(keys.names(only)).then((item) => (item === undefined ? [] : [item]))
      : (await eachOf(towns, AT_ONCE, (town) => queryAll(keys.names(town).pk, ''))).flat();
  const indexed = new Map(items.map((item) => [String(item['sk']), item]));
  const found = await eachOf(villages, AT_ONCE, async (village) => {
    const item = indexed.get(village);
    const whole = Number(item?.['whole'] ?? Number.NaN);
    const known = now - whole < TRUSTED_MS ? item : await completed(village, data, now);
    return known === undefined ? [] : matching(known, village, wanted, data);
  });
  return found.flat().sort();
}

function matching(item: Item, village: string, wanted: Wanted, data: PersonalData): string[] {
  if ('number' in wanted)
    return item[NUMBER + wanted.number] === undefined ? [] : [householdIdOf(village, wanted.number)];
  if (wanted.parts.length === 0) return [];
  const hashes = wanted.parts.map((part) => data.namePart(village, part));
  return Object.entries(item).flatMap(([name, value]) =>
    value instanceof Set && hashes.every((hash) => value.has(hash))
      ? [householdIdOf(village, name.slice(NUMBER.length))]
      : [],
  );
}

/** Adds every household of a village, and then says so. */
async function completed(village: string, data: PersonalData, now: number): Promise<Item | undefined> {
  await add(village, await readVillage(village), data);
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.names(village),
      UpdateExpression: 'SET whole = :now',
      ExpressionAttributeValues: { ':now': now },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes;
}
