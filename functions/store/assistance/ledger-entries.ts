import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Entry, HelpRequest, LedgerItem, NewEntry, Reversal } from '../../contracts/assistance/ledger-entry.ts';
import { districtOf } from '../../contracts/regions.ts';
import { villageOf } from '../../contracts/values.ts';
import { contentIdOf } from '../ids.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { type Change, noteOf } from '../reports/changes.ts';
import {
  batchGet,
  ConditionFailed,
  conditional,
  get,
  type Item,
  type Key,
  queryAll,
  queryBetween,
  queryKept,
  queryOpen,
  type TransactItem,
  tableName,
  transact,
} from '../table.ts';
import {
  awardRefusal,
  changedBy,
  type EntryRefusal,
  effectsOf,
  type UndoingRefusal,
  undoingOf,
} from './ledger-effects.ts';

const entryText = jsonText<LedgerItem>();
const helpText = jsonText<HelpRequest>();

export type Recorded = 'recorded' | 'unchanged';

/** The id of an entry: its content's hash, so that the same entry again is the same. */
export function entryIdOf(entry: NewEntry): string {
  const { evidence: _, note: __, ...content } = entry;
  const sorted = Object.fromEntries(
    Object.entries(content)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return contentIdOf('entry', sorted);
}

/**
 * Records an entry with what it changes: a fund's balance, a post, an award's next step; all or nothing, once.
 * @returns `recorded`, `unchanged` for an entry that is there already and counts, or why it cannot be
 */
export async function record(entry: Entry): Promise<Recorded | EntryRefusal> {
  const district = districtOf(entry.region);
  const moved = effectsOf(entry);
  try {
    await transact([putItem(district, entry), ...moved.map(({ item }) => item)]);
    return 'recorded';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.indices.includes(0)) return standing(await get(ownKey(entry), { consistent: true }));
    return await explained(entry, moved[(error.indices[0] ?? 1) - 1]?.refusal ?? 'reference-unknown');
  }
}

/** What is said of an entry that is there: one that was taken out does not come back by being sent again. */
function standing(item: Item | undefined): 'unchanged' | 'entry-reversed' {
  return item?.['reversedBy'] === undefined ? 'unchanged' : 'entry-reversed';
}

/** A step of an award is refused by one condition: which of its parts did not hold is told by what is stored. */
async function explained(entry: Entry, refusal: EntryRefusal): Promise<EntryRefusal> {
  if (entry.kind !== 'award-acceptance' && entry.kind !== 'award-payment') return refusal;
  return awardRefusal(entry, await get(keys.award(entry.award), { consistent: true })) ?? refusal;
}

/** The writes of an entry: the entry, and what it changes. */
export function itemsOf(entry: Entry): TransactItem[] {
  return [putItem(districtOf(entry.region), entry), ...effectsOf(entry).map(({ item }) => item)];
}

/** What an entry changes in briefs: from its day on. */
export function entryChange(entry: Entry): Change {
  const { region, occurredOn, id } = entry;
  return { kind: 'entry', id: `${region}#${occurredOn}#${id}`, places: [region], from: occurredOn };
}

/** The items an entry is, and what it changes or asks for. */
export function keysOf(entry: Entry): Key[] {
  return [ownKey(entry), ...effectsOf(entry).map(({ key }) => key)];
}

/** What recording an entry would come to beside these items, which are changed as if it were recorded. @param found by partition and sort key */
export function foreseen(entry: Entry, found: Map<string, Item>): Recorded | EntryRefusal {
  const own = named(ownKey(entry));
  const there = found.get(own);
  if (there !== undefined) return standing(there);
  const changed = changedBy(entry, (key) => found.get(named(key)));
  if (typeof changed === 'string') return changed;
  for (const { key, item } of changed) found.set(named(key), item);
  found.set(own, {});
  return 'recorded';
}

/** A key as one word. */
export function named({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}

function ownKey({ region, occurredOn, id }: LedgerItem): Key {
  return keys.ledger(districtOf(region), region, occurredOn, id);
}

function putItem(district: string, item: LedgerItem): TransactItem {
  const Item = { ...keys.ledger(district, item.region, item.occurredOn, item.id), ...entryText.put(item) };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Reverses an entry, once: the reversal, the mark on the entry and what it had changed are one transaction. @returns why it cannot be */
export async function reverse(
  entry: Entry,
  reversal: Reversal,
): Promise<'reversed' | 'unchanged' | 'already-reversed' | UndoingRefusal> {
  const district = districtOf(entry.region);
  const undone = undoingOf(entry);
  const mark: TransactItem = {
    Update: {
      TableName: tableName(),
      Key: ownKey(entry),
      UpdateExpression: 'SET reversedBy = :reversal, reversedOn = :on, reversedAt = :at',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(reversedBy)',
      ExpressionAttributeValues: {
        ':reversal': reversal.id,
        ':on': reversal.occurredOn,
        ':at': reversal.recordedAt,
      },
    },
  };
  try {
    await transact([
      putItem(district, reversal),
      mark,
      ...(undone === undefined ? [] : [undone.item]),
      ...noteOf(district, reversal.recordedAt, [{ ...entryChange(entry), from: reversal.occurredOn }]),
    ]);
    return 'reversed';
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if (error.indices.includes(0)) return 'unchanged';
    return error.indices.includes(1) ? 'already-reversed' : (undone?.refusal ?? 'already-reversed');
  }
}

/** An act of help; undefined for a reversal, which cannot be reversed itself. */
export async function readEntry(region: string, occurredOn: string, id: string): Promise<Entry | undefined> {
  const item = await get(keys.ledger(districtOf(region), region, occurredOn, id), { consistent: true });
  const entry = item === undefined ? undefined : entryText.read(item);
  return entry?.kind === 'reversal' ? undefined : entry;
}

/** The entries with these keys, `<region>#<day>#<entry>`, each with its reversal if it has one; reversals themselves are left out. */
export async function readEntries(
  district: string,
  places: readonly string[],
): Promise<{ entry: Entry; reversed: { on: string; at: string } | undefined }[]> {
  const items = await batchGet(
    places.map((sk) => ({ pk: `LEDGER#${district}`, sk })),
    { consistent: true },
  );
  return items.flatMap((item) => {
    const entry = entryText.read(item);
    if (entry.kind === 'reversal') return [];
    const { reversedOn: on, reversedAt: at } = item;
    return [{ entry, reversed: typeof on === 'string' && typeof at === 'string' ? { on, at } : undefined }];
  });
}

/** Everything recorded for a region and what lies in it, by region and day. */
export async function listLedger(region: string): Promise<LedgerItem[]> {
  return (await queryAll(`LEDGER#${districtOf(region)}`, region, { consistent: true })).map((item) =>
    entryText.read(item),
  );
}

/** Up to `limit` of them after the key `<region>#<day>#<entry>` that `keep` lets through. */
export function listLedgerAfter(
  region: string,
  after: string,
  limit: number,
  keep?: (found: LedgerItem) => boolean,
): Promise<LedgerItem[]> {
  return queryKept(`LEDGER#${districtOf(region)}`, region, {
    limit,
    after,
    read: (item) => entryText.read(item),
    keep,
  });
}

/** The same of the villages from `first` to `last`, in the order of their codes. */
export async function listLedgerBetween(first: string, last: string): Promise<LedgerItem[]> {
  const items = await queryBetween(`LEDGER#${districtOf(first)}`, `${first}#`, `${last}#~`, { consistent: true });
  return items.map((item) => entryText.read(item));
}

export async function listFunds(district: string): Promise<{ fund: string; balance: number }[]> {
  return (await queryAll(`FUNDS#${district}`, '')).map((item: Item) => ({
    fund: String(item['sk']),
    balance: Number(item['balance']),
  }));
}

/** Stores a request for help; a repetition changes nothing. @returns the stored one */
export async function putHelp(help: HelpRequest): Promise<HelpRequest> {
  const index = {
    open: `HELP#${districtOf(help.household)}`,
    openSort: `${villageOf(help.household)}#${help.dueOn}#${help.id}`,
  };
  try {
    await transact([
      {
        Put: {
          TableName: tableName(),
          Item: { ...keys.help(help.id), ...index, ...helpText.put(help) },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ]);
    return help;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return (await readHelp(help.id)) ?? help;
  }
}

export async function readHelp(id: string): Promise<HelpRequest | undefined> {
  const item = await get(keys.help(id), { consistent: true });
  return item === undefined ? undefined : helpText.read(item);
}

/** Requests nobody has brought to an outcome yet. */
export async function listHelp(region: string): Promise<HelpRequest[]> {
  return (await queryOpen(`HELP#${districtOf(region)}`, region)).map((item) => helpText.read(item));
}

/** Requests of a household that have ended. */
export async function listEndedHelp(household: string): Promise<HelpRequest[]> {
  return (await queryOpen(endedHelp(household), `${household}#`)).map((item) => helpText.read(item));
}

function endedHelp(household: string): string {
  return `HELP-ENDED#${districtOf(household)}`;
}

/** Records a request's outcome, once. @throws ConditionFailed when it has one */
export async function endHelp(help: HelpRequest): Promise<void> {
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.help(help.id),
      UpdateExpression: 'SET doc = :doc, ended = :yes, #open = :open, openSort = :sort',
      ConditionExpression: 'attribute_not_exists(ended)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: {
        ':doc': helpText.of(help),
        ':yes': true,
        // By household, so that what is kept of somebody can be found.
        ':open': endedHelp(help.household),
        ':sort': `${help.household}#${help.id}`,
      },
    }),
  );
}
