import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AlertKind, RiskCode } from '../../contracts/cases/case.ts';
import { districtOf } from '../../contracts/regions.ts';
import { openAfter, placedInIndex } from '../in-time.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import {
  batchGet,
  ConditionFailed,
  client,
  conditional,
  get,
  type Item,
  queryAll,
  queryBetween,
  queryOpen,
  type TransactItem,
  tableName,
  text,
  transact,
} from '../table.ts';

const declarationText = jsonText<Declaration>();
const clueText = jsonText<UnmatchedClue>();
const alertText = jsonText<Alert>();

/** A declaration as it is kept: what the household can ask after, and whom it could be matched with. Numbers and name are ciphertext. */
export interface Declaration {
  receipt: string;
  receivedAt: string;
  village: string;
  trouble: RiskCode;
  declaredBy: 'self' | 'proxy';
  clue: string;
  household: string | null;
  nameCipher: string;
  idMasked: string;
  phoneMasked: string;
  /** Name and telephone were those on file. */
  verified: boolean;
  /** When an official confirmed that the family holds the receipt. */
  handedOver?: { by: string; at: string };
}

/** A declaration or alert about somebody on no register: kept until a person has resolved it. */
export interface UnmatchedClue {
  id: string;
  source: 'declaration' | 'alert';
  district: string;
  village: string | null;
  at: string;
  trouble: RiskCode | null;
  kind: AlertKind | null;
  declaredBy: 'self' | 'proxy' | null;
  receipt: string | null;
  idMasked: string;
  nameCipher: string | null;
  phoneCipher: string | null;
  idCipher: string;
}

/** A department's alert, kept to count how many became cases. */
export interface Alert {
  clue: string;
  on: string;
  kind: AlertKind;
  department: string;
  village: string | null;
  household: string | null;
}

export async function readDeclaration(receipt: string): Promise<Declaration | undefined> {
  const item = await get(keys.declaration(receipt), { consistent: true });
  return item === undefined ? undefined : toDeclaration(item);
}

function toDeclaration(item: Item): Declaration {
  const handedOver = item['handedOver'];
  return {
    ...declarationText.read(item),
    ...(typeof handedOver === 'string' ? { handedOver: JSON.parse(handedOver) } : {}),
  };
}

/** Where a region's declarations lie, in the order they came. @param region a prefix of villages in the district */
export async function listDeclared(region: string): Promise<{ receipt: string; receivedAt: string }[]> {
  const items = await queryAll(`DECLARATIONS#${districtOf(region)}`, region);
  return items.map((item) => {
    const [, receivedAt = '', receipt = ''] = text(item, 'sk').split('#');
    return { receipt, receivedAt };
  });
}

export async function readDeclarations(receipts: readonly string[]): Promise<Map<string, Declaration>> {
  const items = await batchGet(receipts.map(keys.declaration), { consistent: true });
  return new Map(items.map(toDeclaration).map((one) => [one.receipt, one]));
}

/** Records that the family holds the receipt; the first official who confirmed it stays recorded. */
export async function handOver(receipt: string, seen: { by: string; at: string }): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.declaration(receipt),
      UpdateExpression: 'SET handedOver = if_not_exists(handedOver, :seen)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':seen': JSON.stringify(seen) },
    }),
  );
}

/** The household a living person with this keyed hash is registered in. */
export async function householdOfPerson(hash: string): Promise<string | undefined> {
  const item = await get(keys.person(hash), { consistent: true });
  return typeof item?.['household'] === 'string' && item['diedOn'] === undefined ? item['household'] : undefined;
}

/** Keeps a declaration or alert, with what a person must resolve when it could not be matched. @returns whether it is new */
export async function keep(
  record: { declaration: Declaration } | { alert: Alert; district: string },
  unmatched: UnmatchedClue | undefined,
): Promise<boolean> {
  const Item =
    'declaration' in record
      ? { ...keys.declaration(record.declaration.receipt), ...declarationText.put(record.declaration) }
      : { ...keys.alert(record.district, record.alert.on, record.alert.clue), ...alertText.put(record.alert) };
  try {
    await transact([
      { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } },
      ...('declaration' in record ? [putListed(record.declaration)] : []),
      ...(unmatched === undefined ? [] : [putUnmatched(unmatched)]),
    ]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

function putListed({ village, receivedAt, receipt }: Declaration): TransactItem {
  return { Put: { TableName: tableName(), Item: keys.declarationListed(village, receivedAt, receipt) } };
}

function putUnmatched(clue: UnmatchedClue): TransactItem {
  const Item = {
    ...keys.clue(clue.id),
    open: `UNMATCHED#${clue.district}`,
    openSort: `${clue.village ?? clue.district}#${placeOfClue(clue)}`,
    openAt: placeOfClue(clue),
    ...clueText.put(clue),
  };
  return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
}

/** Every clue of a region that nobody has resolved, for the first page of a list: those that an earlier release kept get their place in the order of time. */
export async function listUnmatched(region: string): Promise<UnmatchedClue[]> {
  const items = await queryOpen(`UNMATCHED#${districtOf(region)}`, region);
  await placedInIndex(items, 'openAt', (item) => placeOfClue(clueText.read(item)));
  return items.map((item) => clueText.read(item));
}

/** Up to `limit` of a district's or village's behind the place `after`, the oldest first. */
export function listUnmatchedAfter(region: string, after: string, limit: number): Promise<UnmatchedClue[]> {
  const partition = `UNMATCHED#${districtOf(region)}`;
  return openAfter({ partition, region, read: clueText.read, keep: undefined }, after, limit);
}

/** Where an unmatched clue stands among all. */
export function placeOfClue({ at, id }: UnmatchedClue): string {
  return `${at}#${id}`;
}

/** The clue and how it was resolved: a household's id, or null when it was dismissed; undefined while nobody has. */
export async function readUnmatched(
  id: string,
): Promise<{ clue: UnmatchedClue; resolved: string | null | undefined } | undefined> {
  const item = await get(keys.clue(id), { consistent: true });
  return item === undefined ? undefined : toUnmatched(item);
}

/** The same of many at once, by id; what was matched at once is not among them. */
export async function readManyUnmatched(ids: readonly string[]): Promise<Map<string, string | null | undefined>> {
  const items = (await batchGet(ids.map(keys.clue), { consistent: true })).map(toUnmatched);
  return new Map(items.map(({ clue, resolved }) => [clue.id, resolved]));
}

function toUnmatched(item: Item): { clue: UnmatchedClue; resolved: string | null | undefined } {
  const resolution = item['resolution'];
  return {
    clue: clueText.read(item),
    resolved: typeof resolution === 'string' ? Object(JSON.parse(resolution)).household : undefined,
  };
}

/** Removes a clue from the list with its outcome. @throws ConditionFailed when somebody else has */
export async function resolve(
  clue: UnmatchedClue,
  resolution: { household: string | null; by: string; at: string; reason?: string },
): Promise<void> {
  await conditional(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.clue(clue.id),
      UpdateExpression: 'SET resolution = :resolution REMOVE #open, openSort',
      ConditionExpression: 'attribute_not_exists(resolution)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':resolution': JSON.stringify(resolution) },
    }),
  );
}

/** Alerts of a district that tell of days from `from` to `to`, both included. */
export async function listAlerts(district: string, from: string, to: string): Promise<Alert[]> {
  return (await queryBetween(`ALERTS#${district}`, `${from}#`, `${to}#~`)).map((item) => alertText.read(item));
}
