import type { Clue } from '../../contracts/cases/case.ts';
import type { Case, CaseSummary } from '../../contracts/cases/case-record.ts';
import { districtOf } from '../../contracts/regions.ts';
import type { Household } from '../../contracts/registry/household.ts';
import { villageOf } from '../../contracts/values.ts';
import { activeCaseOf, type CaseMoved, summaryOf } from '../../domain/cases/case.ts';
import { idOf } from '../ids.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { type Change, EVER, noteOf } from '../reports/changes.ts';
import {
  batchGet,
  get,
  type Item,
  queryAll,
  queryBetween,
  queryKept,
  type TransactItem,
  tableName,
  transact,
} from '../table.ts';
import { append } from '../timeline.ts';
import { takenDown } from './notices.ts';

const caseText = jsonText<Document>();
const summaryText = jsonText<CaseSummary>();
const joinedText = jsonText<JoinedDeclaration>();

/** The id of a household's case: one for its whole life, made of the household's id so that two clues at once meet in one case. */
export async function caseIdOf(household: Pick<Household, 'id' | 'activeCase'>): Promise<string> {
  return household.activeCase?.id ?? (await idOf('case', household.id));
}

/** The partition of a case's own items. */
export function casePartition(id: string): { id: string; pk: string } {
  return { id, pk: keys.case(id).pk };
}

export async function readCase(id: string): Promise<Case | undefined> {
  const item = await get(keys.case(id), { consistent: true });
  return item === undefined ? undefined : toCase(item);
}

export async function readCases(ids: readonly string[]): Promise<Map<string, Case>> {
  const items = await batchGet(ids.map(keys.case), { consistent: true });
  return new Map(items.map((item) => [toCase(item).id, toCase(item)]));
}

type Document = Omit<Case, 'version'>;

function toCase(item: Item): Case {
  return { ...caseText.read(item), version: Number(item['version']) };
}

/** A declaration that joined a running episode, with the episode's number. */
export interface JoinedDeclaration {
  episode: number;
  clue: Clue;
}

/** The item of a declaration that joins a case, for the transaction that counts it. */
export function joinedClueItems(after: Case, clue: Clue): TransactItem[] {
  if (clue.source !== 'declaration') return [];
  const joined: JoinedDeclaration = { episode: after.episodes.length, clue };
  const Item = { ...keys.joinedClue(after.id, clue.id), ...joinedText.put(joined) };
  return [{ Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } }];
}

export async function hasJoined(id: string, clue: string): Promise<boolean> {
  return (await get(keys.joinedClue(id, clue), { consistent: true })) !== undefined;
}

/** Of these declarations, by their clue, those that joined the case beside it. */
export async function whichJoined(declared: readonly { id: string; clue: string }[]): Promise<Set<string>> {
  const items = await batchGet(
    declared.map(({ id, clue }) => keys.joinedClue(id, clue)),
    { consistent: true },
  );
  return new Set(items.map((item) => joinedText.read(item).clue.id));
}

/** Declarations that joined a case's running episodes. */
export async function listJoined(id: string): Promise<JoinedDeclaration[]> {
  return (await queryAll(keys.case(id).pk, 'CLUE#')).map((item) => joinedText.read(item));
}

/** The register of a region's cases, by village: one Query for the district. @param region a prefix of villages in the district */
export async function listSummaries(region: string): Promise<CaseSummary[]> {
  const items = await queryAll(`CASES#${districtOf(region)}`, region, { consistent: true });
  return items.map((item) => summaryText.read(item));
}

/** Up to `limit` of them after the key `<village>#<case>` that `keep` lets through. */
export function listSummariesAfter(
  region: string,
  after: string,
  limit: number,
  keep?: (found: CaseSummary) => boolean,
): Promise<CaseSummary[]> {
  return queryKept(`CASES#${districtOf(region)}`, region, {
    limit,
    after,
    read: (item) => summaryText.read(item),
    keep,
  });
}

/** The same of the villages from `first` to `last`, in the order of their codes. */
export async function listSummariesBetween(first: string, last: string): Promise<CaseSummary[]> {
  const items = await queryBetween(`CASES#${districtOf(first)}`, `${first}#`, `${last}#~`, { consistent: true });
  return items.map((item) => summaryText.read(item));
}

/**
 * Writes a change of a case: its state, its line in the register, the links of its timeline, what the household carries, notices that a
 * send-back made void, and what else belongs to it, all or nothing.
 * @param before the case the change was made from; undefined for a new one
 * @throws ConditionFailed when somebody else changed the case, or gave the household another, in the meantime
 */
export async function changeCase(
  before: Case | undefined,
  { after, events }: CaseMoved,
  now: number,
  also: readonly TransactItem[] = [],
): Promise<Case> {
  const chain = append(casePartition(after.id), before?.head ?? null, new Date(now).toISOString(), events);
  const written: Case = { ...after, version: (before?.version ?? 0) + 1, head: chain.head };
  await transact([
    putCase(before, written),
    {
      Put: {
        TableName: tableName(),
        Item: { ...keys.caseSummary(written.household, written.id), ...summaryText.put(summaryOf(written)) },
      },
    },
    ...chain.items,
    ...carried(before, written),
    ...takenDown(before?.review ?? null, written.review),
    ...noteOf(districtOf(written.household), new Date(now).toISOString(), countedChange(before, written)),
    ...also,
  ]);
  return written;
}

/** An admission or a closure, which briefs count; nothing for what happens in between. */
function countedChange(before: Case | undefined, { id, household, episodes }: Case): Change[] {
  const counts = (all: Case['episodes']) =>
    JSON.stringify(all.map(({ admittedOn, people, closed, imported }) => [admittedOn, people, closed?.on, imported]));
  const had = counts(before?.episodes ?? []);
  const never = episodes.every(({ admittedOn }) => admittedOn === undefined);
  return never || had === counts(episodes) ? [] : [{ kind: 'case', id, places: [villageOf(household)], from: EVER }];
}

/** The note of a case that is taken along, for the transaction that does so. */
export function movedCaseChange(id: string, from: string, to: string): Change {
  return { kind: 'case', id, places: [villageOf(from), villageOf(to)], from: EVER };
}

/**
 * Takes an open case along when its household moves or merges, for the transaction that does so: the case and its line in the register name the
 * successor from then on.
 */
export function movedCase(before: Case, household: string, now: number): TransactItem[] {
  const events = [{ kind: 'household-moved', body: { from: before.household, to: household } }];
  const chain = append(casePartition(before.id), before.head, new Date(now).toISOString(), events);
  const moves = [...(before.moves ?? []), { at: new Date(now).toISOString(), from: before.household }];
  const after: Case = { ...before, household, moves, version: before.version + 1, head: chain.head };
  return [
    putCase(before, after),
    // Within a village it is the same line, and one transaction writes an item once.
    ...(villageOf(before.household) === villageOf(household)
      ? []
      : [{ Delete: { TableName: tableName(), Key: keys.caseSummary(before.household, before.id) } }]),
    {
      Put: {
        TableName: tableName(),
        Item: { ...keys.caseSummary(household, after.id), ...summaryText.put(summaryOf(after)) },
      },
    },
    ...chain.items,
  ];
}

function putCase(before: Case | undefined, { version, ...document }: Case): TransactItem {
  const Item = { ...keys.case(document.id), version, ...caseText.put(document) };
  if (before === undefined)
    return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
  return {
    Put: {
      TableName: tableName(),
      Item,
      ConditionExpression: 'version = :before',
      ExpressionAttributeValues: { ':before': before.version },
    },
  };
}

/** What the household carries changes with the case, on the condition that it carries what this case left there, and lives. */
function carried(before: Case | undefined, after: Case): TransactItem[] {
  const had = JSON.stringify(activeCaseOf(before));
  const has = JSON.stringify(activeCaseOf(after));
  if (had === has) return [];
  const Key = keys.household(after.household);
  const unchanged = had === undefined ? 'attribute_not_exists(activeCase)' : 'activeCase = :had';
  const values = { ...(had === undefined ? {} : { ':had': had }), ...(has === undefined ? {} : { ':has': has }) };
  // A household that is gone can still be closed; it cannot be admitted.
  const lives = had === undefined ? ' AND #status = :registered' : '';
  return [
    {
      Update: {
        TableName: tableName(),
        Key,
        UpdateExpression: has === undefined ? 'REMOVE activeCase' : 'SET activeCase = :has',
        ConditionExpression: `attribute_exists(pk) AND ${unchanged}${lives}`,
        ...(had === undefined ? { ExpressionAttributeNames: { '#status': 'status' } } : {}),
        ExpressionAttributeValues: had === undefined ? { ...values, ':registered': 'registered' } : values,
      },
    },
  ];
}
