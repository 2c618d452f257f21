import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { GivenReason, Previous, Roster, VillageProgress } from '../../contracts/screening/round.ts';
import { numberOf } from '../../contracts/values.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import {
  ConditionFailed,
  conditional,
  get,
  type Item,
  queryAll,
  queryBetween,
  setEach,
  type TransactItem,
  tableName,
  transact,
} from '../table.ts';

const expectedText = jsonText<Record<string, Previous | null>>();

type Missed = GivenReason | 'cancelled';

export function toProgress(item: Item): VillageProgress {
  const accepted = item['accepted'] instanceof Set ? item['accepted'] : new Set<string>();
  const visited = new Set<string>();
  const sampled = new Set<string>();
  for (const entry of accepted) {
    // A household number is letters and digits; the first other character after it tells the purpose of the visit.
    const end = entry.search(/[:~]/);
    if (end > 0) (entry[end] === ':' ? visited : sampled).add(entry.slice(0, end));
  }
  const missed: Record<string, Missed> = Object(item['missed']);
  return {
    village: String(item['village']),
    status: item['status'] === 'sealing' ? 'sealing' : 'collecting',
    expected: Number(item['expected']),
    visited,
    sampled,
    accepted,
    missed: new Map(Object.entries(missed)),
    reminders: Array.isArray(item['reminders']) ? item['reminders'].map(String) : [],
  };
}

export function toRoster(item: Item): Roster {
  return {
    village: String(item['village']),
    expected: new Map(Object.entries(expectedText.read(item))),
  };
}

/** 72 bits tell the visits of one household apart, and keep the item a thousand bytes small: each accepted batch writes it whole. */
const ENTRY_ID = 12;

/** How an accepted visit stands in the village's set: `:` before the id of a screening visit, `~` before a sample's. */
export function acceptedEntry(visit: { household: string; purpose: 'screening' | 'sample' }, id: string): string {
  return `${numberOf(visit.household)}${visit.purpose === 'sample' ? '~' : ':'}${id.slice(0, ENTRY_ID)}`;
}

/**
 * Freezes a village's roster and opens its door: the roster first, so that no door is open without one. Puts are conditional:
 * a retried opening neither changes a frozen roster nor forgets accepted visits.
 */
export async function openVillage(round: string, roster: Roster): Promise<void> {
  const items: Item[] = [
    {
      ...keys.roster(round, roster.village),
      village: roster.village,
      ...expectedText.put(Object.fromEntries(roster.expected)),
    },
    {
      ...keys.progress(round, roster.village),
      village: roster.village,
      status: 'collecting',
      expected: roster.expected.size,
      missed: {},
    },
  ];
  try {
    await transact(
      items.map((item) => ({
        Put: { TableName: tableName(), Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
      })),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

export async function readProgress(round: string, village: string): Promise<VillageProgress | undefined> {
  const item = await get(keys.progress(round, village), { consistent: true });
  return item === undefined ? undefined : toProgress(item);
}

/** Progress of every village of a region, by code. */
export async function listProgress(round: string, region: string): Promise<VillageProgress[]> {
  const { pk, sk } = keys.progress(round, region);
  return (await queryAll(pk, sk, { consistent: true })).map(toProgress);
}

export async function readRoster(round: string, village: string): Promise<Roster | undefined> {
  const item = await get(keys.roster(round, village), { consistent: true });
  return item === undefined ? undefined : toRoster(item);
}

export async function listRosters(round: string, region: string): Promise<Roster[]> {
  const { pk, sk } = keys.roster(round, region);
  return (await queryAll(pk, sk, { consistent: true })).map(toRoster);
}

/**
 * The fence: adds stored visits to what the village accepted, on the condition that it is still collecting. Only what stands
 * here counts; a visit that was stored but did not pass is never read at sealing.
 * @returns the entries that are accepted: all of them, or after the door closed those that had passed before
 */
export async function acceptVisits(round: string, village: string, entries: readonly string[]): Promise<Set<string>> {
  try {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.progress(round, village),
        UpdateExpression: 'ADD accepted :entries',
        ConditionExpression: '#status = :collecting',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':collecting': 'collecting', ':entries': new Set(entries) },
      }),
    );
    return new Set(entries);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const now = await readProgress(round, village);
    return new Set(entries.filter((entry) => now?.accepted.has(entry)));
  }
}

/** Records why households could not be visited. @throws ConditionFailed when the door is closed */
export async function recordMissed(
  round: string,
  village: string,
  reasons: ReadonlyMap<string, Missed>,
): Promise<void> {
  await conditional(new UpdateCommand(missedUpdate(round, village, reasons)));
}

/** The same as part of a transaction: a household cancelled while the round collects is covered as `cancelled`. */
export function missedItem(round: string, village: string, number: string): TransactItem {
  return { Update: missedUpdate(round, village, new Map([[number, 'cancelled']])) };
}

function missedUpdate(round: string, village: string, reasons: ReadonlyMap<string, Missed>) {
  const entries = [...reasons];
  return {
    TableName: tableName(),
    Key: keys.progress(round, village),
    UpdateExpression: `SET ${entries.map((_, n) => `missed.#n${n} = :r${n}`).join(', ')}`,
    ConditionExpression: '#status = :collecting',
    ExpressionAttributeNames: {
      '#status': 'status',
      ...Object.fromEntries(entries.map(([number], n) => [`#n${n}`, number])),
    },
    ExpressionAttributeValues: {
      ':collecting': 'collecting',
      ...Object.fromEntries(entries.map(([, reason], n) => [`:r${n}`, reason])),
    },
  };
}

/** Records that a lagging village was reminded on a day; the same day twice is one reminder. */
export async function recordReminder(round: string, village: string, day: string): Promise<void> {
  try {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.progress(round, village),
        UpdateExpression: 'SET reminders = list_append(if_not_exists(reminders, :none), :days)',
        ConditionExpression: '#status = :collecting AND NOT contains(reminders, :day)',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':collecting': 'collecting', ':none': [], ':days': [day], ':day': day },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/**
 * Closes the doors of villages, each by itself. After this returns nothing more is accepted there, so that what is read next is final. A retry finds doors
 * closed and closes the rest.
 * @throws ConditionFailed when a village is not in the round; TableThrottled
 */
export async function closeDoors(round: string, villages: readonly string[]): Promise<void> {
  await setEach(
    villages.map((village) => keys.progress(round, village)),
    'status',
    'sealing',
  );
}

/**
 * The final state of closed villages: who was expected, what was accepted, and the reasons. Neighbours in the round's partition are read together: a Query
 * rounds their sum up to 4 KB where BatchGetItem rounds each.
 */
export async function readBehindDoors(
  round: string,
  villages: readonly string[],
): Promise<Map<string, { progress: VillageProgress; roster: Roster }>> {
  const wanted = new Set(villages);
  const sorted = villages.toSorted();
  const [first = '', last = ''] = [sorted.at(0), sorted.at(-1)];
  const between = async (key: typeof keys.progress): Promise<Item[]> => {
    const [{ pk, sk: from }, { sk: to }] = [key(round, first), key(round, last)];
    const items = await queryBetween(pk, from, to, { consistent: true });
    return items.filter((item) => wanted.has(String(item['village'])));
  };
  const [doors, rosters] = await Promise.all([between(keys.progress), between(keys.roster)]);
  const expected = new Map(rosters.map(toRoster).map((roster) => [roster.village, roster]));
  const behind = new Map<string, { progress: VillageProgress; roster: Roster }>();
  for (const progress of doors.map(toProgress)) {
    const roster = expected.get(progress.village);
    if (roster !== undefined) behind.set(progress.village, { progress, roster });
  }
  return behind;
}
