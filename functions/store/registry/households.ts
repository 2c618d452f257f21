import type { Household } from '../../contracts/registry/household.ts';
import { villageOf } from '../../contracts/values.ts';
import type { Version } from '../../domain/registry/household-changes.ts';
import { endsAsNeverWas } from '../../domain/registry/replay.ts';
import { jsonText } from '../json-text.ts';
import { keys, villageKey } from '../keys.ts';
import { type Change, EVER } from '../reports/changes.ts';
import { batchGet, get, type Item, queryAll, queryPage, type TransactItem, tableName } from '../table.ts';

const householdText = jsonText<Document>();
const versionText = jsonText<Version>();

type Document = Omit<Household, 'status' | 'version' | 'activeCase' | 'ownPayouts'>;

/** Where a person is, or was until a day. */
export interface Guard {
  household?: string;
  diedOn?: string;
  leftOn?: string;
}

/** `activeCase` and `ownPayouts` are attributes of their own: cases and claims set them in their transactions, on conditions. */
export function toHousehold(item: Item): Household {
  const activeCase = item['activeCase'];
  const ownPayouts = item['ownPayouts'];
  return {
    ...householdText.read(item),
    status: item['status'] === 'cancelled' ? 'cancelled' : 'registered',
    version: Number(item['version']),
    ...(typeof activeCase === 'string' ? { activeCase: JSON.parse(activeCase) } : {}),
    ownPayouts: typeof ownPayouts === 'string' ? JSON.parse(ownPayouts) : [],
  };
}

function fromHousehold(household: Household): Item {
  const { status, version, activeCase, ownPayouts, ...document } = household;
  return {
    ...keys.household(household.id),
    status,
    version,
    ...(activeCase === undefined ? {} : { activeCase: JSON.stringify(activeCase) }),
    ...(ownPayouts.length === 0 ? {} : { ownPayouts: JSON.stringify(ownPayouts) }),
    ...householdText.put(document),
  };
}

export async function readHousehold(id: string): Promise<Household | undefined> {
  const item = await get(keys.household(id), { consistent: true });
  return item === undefined ? undefined : toHousehold(item);
}

/** Where a household's people are now: one that moved or merged within the district is followed to its successor. */
export async function presentHousehold(id: string): Promise<Household | undefined> {
  let household = await readHousehold(id);
  while (household?.successor !== undefined) household = await readHousehold(household.successor);
  return household;
}

/** As which a household began: one that has moved within the district is another number, and the same family. */
export async function firstHousehold(id: string): Promise<string> {
  const household = await readHousehold(id);
  const before = household === undefined ? undefined : await movedFrom(household);
  return before === undefined ? id : await firstHousehold(before.id);
}

async function movedFrom({ id, predecessor }: Household): Promise<Household | undefined> {
  const before = predecessor === undefined ? undefined : await readHousehold(predecessor);
  return before?.cancelReason === 'moved-within-district' && before.successor === id ? before : undefined;
}

/** Every number that a household of now had: its own, those it had before it moved, and those of all that were merged into it. */
export async function numbersOf(household: Household): Promise<string[]> {
  const versions = await readVersions(household.id);
  const merged = versions.flatMap(({ change }) => (change.kind === 'merge-in' ? [change.from] : []));
  const earlier = await Promise.all([movedFrom(household), ...merged.map(readHousehold)]);
  const theirs = await Promise.all(earlier.map((one) => (one === undefined ? [] : numbersOf(one))));
  return [household.id, ...theirs.flat()];
}

/** The households with these ids that are registered or were, by id. */
export async function readHouseholds(ids: readonly string[]): Promise<Map<string, Household>> {
  const items = await batchGet(ids.map(keys.household), { consistent: true });
  return new Map(items.map((item) => [toHousehold(item).id, toHousehold(item)]));
}

/** Every household of a village, cancelled ones included, by id. */
export async function readVillage(
  village: string,
  { consistent }: { consistent: boolean } = { consistent: true },
): Promise<Household[]> {
  return (await queryAll(villageKey(village), 'HOUSEHOLD#', { consistent })).map(toHousehold);
}

/** Up to `limit` households of a village after the household `after`. */
export async function pageVillage(
  village: string,
  limit: number,
  after?: string,
): Promise<{ households: Household[]; more: boolean }> {
  const start = after === undefined ? undefined : keys.household(after).sk;
  const page = await queryPage(villageKey(village), 'HOUSEHOLD#', limit, start);
  return { households: page.items.map(toHousehold), more: page.more };
}

/** Every recorded change of a household, oldest first. */
export async function readVersions(household: string): Promise<Version[]> {
  const { pk, sk } = keys.version(household, 0);
  const items = await queryAll(pk, sk.slice(0, -6), { consistent: true });
  return items.map((item) => versionText.read(item));
}

/** Every recorded change of every household of a village, by household. */
export async function readVillageVersions(
  village: string,
  { consistent }: { consistent: boolean } = { consistent: true },
): Promise<Map<string, Version[]>> {
  const items = await queryAll(villageKey(village), 'VERSION#', { consistent });
  const versions = new Map<string, Version[]>();
  for (const item of items) {
    const household = String(item['sk']).split('#')[1] ?? '';
    const known = versions.get(household);
    if (known === undefined) versions.set(household, [versionText.read(item)]);
    else known.push(versionText.read(item));
  }
  return versions;
}

/** What changes in briefs when a household's version is written: from its day on, or ever when there never was such a household. */
export function versionChange(household: string, { on, change }: Version): Change {
  const from = endsAsNeverWas(change) ? EVER : on;
  return { kind: 'household', id: household, places: [villageOf(household)], from };
}

/** Puts a household that must not exist yet. */
export function putNew(household: Household): TransactItem {
  return {
    Put: { TableName: tableName(), Item: fromHousehold(household), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/** Replaces a household on the condition that it is still the version the change was made from, with the same case and payouts. */
export function replace(before: Household, after: Household): TransactItem {
  const { activeCase, ownPayouts } = fromHousehold(before);
  return {
    Put: {
      TableName: tableName(),
      Item: fromHousehold(after),
      ConditionExpression: `version = :version AND ${unchanged('activeCase', activeCase)} AND ${unchanged('ownPayouts', ownPayouts)}`,
      ExpressionAttributeValues: {
        ':version': before.version,
        ...(activeCase === undefined ? {} : { ':activeCase': activeCase }),
        ...(ownPayouts === undefined ? {} : { ':ownPayouts': ownPayouts }),
      },
    },
  };
}

function unchanged(name: string, value: unknown): string {
  return value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`;
}

export function putVersion(household: string, version: Version): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.version(household, version.version), ...versionText.put(version) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/**
 * Takes a person into a household, on the condition that no other household has them, or had them on that day, and that they live.
 * @param on from when, Asia/Shanghai
 */
export function claimPerson(hash: string, person: string, household: string, on: string): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.person(hash), person, household },
      ConditionExpression:
        'attribute_not_exists(pk) OR (household = :household AND attribute_not_exists(diedOn)) OR leftOn <= :on',
      ExpressionAttributeValues: { ':household': household, ':on': on },
    },
  };
}

/** Whether `claimPerson` would take a person in: its condition, asked of what is stored of them. */
export function isClaimable(guard: Guard | undefined, household: string, on: string): boolean {
  if (guard === undefined) return true;
  const { household: has, diedOn, leftOn } = guard;
  return (has === household && diedOn === undefined) || (leftOn !== undefined && leftOn <= on);
}

/** Whether somebody whose data were erased may be in a household from this day on: not before they had left their last one, and not after their death. */
export function isFreeAgain({ leftOn = '', diedOn }: Guard = {}, on: string): boolean {
  return diedOn === undefined && leftOn <= on;
}

/** Moves a person from one household to another, on the condition that the first still has them. */
export function movePerson(hash: string, person: string, from: string, to: string): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.person(hash), person, household: to },
      ConditionExpression: 'household = :from',
      ExpressionAttributeValues: { ':from': from },
    },
  };
}

/** Keeps the guard of a person who has died, so that no household takes them in again. @param diedOn Asia/Shanghai */
export function buryPerson(hash: string, person: string, household: string, diedOn: string): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.person(hash), person, household, diedOn },
      ConditionExpression: 'household = :household',
      ExpressionAttributeValues: { ':household': household },
    },
  };
}

/**
 * Lets a person go who has moved out. The guard keeps the day: taken in elsewhere from an earlier one, they would be counted twice on every day between.
 * @param leftOn Asia/Shanghai
 */
export function leavePerson(hash: string, person: string, household: string, leftOn: string): TransactItem {
  return {
    Put: {
      TableName: tableName(),
      Item: { ...keys.person(hash), person, leftOn },
      ConditionExpression: 'household = :household',
      ExpressionAttributeValues: { ':household': household },
    },
  };
}

/** Lets a person go whose household should never have been registered; the guard is free for another household, whatever the day. */
export function releasePerson(hash: string, household: string): TransactItem {
  return {
    Delete: {
      TableName: tableName(),
      Key: keys.person(hash),
      ConditionExpression: 'household = :household',
      ExpressionAttributeValues: { ':household': household },
    },
  };
}

/**
 * Lets a person go whose data are erased: their guard goes with the hash of their number. Registered again in this instant, they are not forgotten. What never was in a
 * household has no guard.
 */
export function forgetPerson(hash: string, person: string): TransactItem {
  return {
    Delete: {
      TableName: tableName(),
      Key: keys.person(hash),
      ConditionExpression:
        'attribute_not_exists(pk) OR (person = :person AND (attribute_exists(leftOn) OR attribute_exists(diedOn)))',
      ExpressionAttributeValues: { ':person': person },
    },
  };
}
