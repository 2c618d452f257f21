import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ReviewState } from '../../contracts/cases/review.ts';
import { districtOf } from '../../contracts/regions.ts';
import { endOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { openAfter } from '../in-time.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { batchGet, client, get, type Item, queryAll, queryOpen, type TransactItem, tableName } from '../table.ts';

const noticeText = jsonText<StoredNotice>();
const objectionText = jsonText<StoredObjection>();

/** Writes under way at once. */
const AT_ONCE = 8;

/** A public notice as it is kept: what anybody may read, and the case it belongs to, which nobody without login is told. */
export interface StoredNotice {
  id: string;
  village: string;
  procedure: 'admission' | 'closure';
  text: string;
  publishedOn: string;
  lastDay: string;
  case: string;
}

/** An objection as it is kept. The contact is ciphertext. */
export interface StoredObjection {
  id: string;
  notice: string;
  lodgedAt: string;
  text: string;
  contactCipher?: string;
  answer?: { text: string; by: string; at: string };
}

/** Puts a notice up, for the transaction that moves the review. The same notice again changes nothing. */
export function putUp(notice: StoredNotice): TransactItem[] {
  const { id, village, publishedOn, lastDay } = notice;
  const index = { open: `NOTICE#${districtOf(village)}`, openSort: `${village}#${lastDay}#${id}` };
  return [
    { Put: { TableName: tableName(), Item: { ...keys.notice(id), ...index, ...noticeText.put(notice) } } },
    {
      Put: {
        TableName: tableName(),
        Item: { ...keys.noticeListed(village, publishedOn, id), ...byDay(village, { publishedOn, id }) },
      },
    },
  ];
}

/** A notice whenever it stood; `voided` when a send-back took it down. */
type ListedNotice = StoredNotice & { voided: boolean };

/** A line of the register of notices. */
interface Published {
  id: string;
  publishedOn: string;
}

/** Where it stands in the register, the newest first: days in the reverse of their order. */
export function placeOfNotice({ publishedOn, id }: Published): string {
  return `${99_999_999 - Number(publishedOn.replaceAll('-', ''))}#${id}`;
}

function byDay(village: string, published: Published): { open: string; openAt: string } {
  return { open: `NOTICES#${districtOf(village)}`, openAt: placeOfNotice(published) };
}

/** Every notice that was put up in a region: lines of a hundred bytes. Those of an earlier release get their place in the order of days. */
export async function listPublished(region: string): Promise<Published[]> {
  const items = await queryAll(keys.noticeListed(region, '', '').pk, region, { consistent: true });
  const strays = items.filter(({ open }) => open === undefined);
  await eachOf(strays, AT_ONCE, async ({ pk, sk }) => {
    const Item = { pk, sk, ...byDay(region, publishedOf(sk)) };
    await client.send(new PutCommand({ TableName: tableName(), Item }));
  });
  return items.map(({ sk }) => publishedOf(sk));
}

/** Up to `limit` of the whole district's behind a place, the newest first. */
export function listPublishedAfter(district: string, after: string, limit: number): Promise<Published[]> {
  const read = ({ sk }: Item) => publishedOf(sk);
  return openAfter({ partition: `NOTICES#${district}`, region: district, read, keep: undefined }, after, limit);
}

function publishedOf(sk: unknown): Published {
  const [, publishedOn = '', id = ''] = String(sk).split('#');
  return { id, publishedOn };
}

export async function readNotices(ids: readonly string[]): Promise<Map<string, ListedNotice>> {
  const items = await batchGet(ids.map(keys.notice), { consistent: true });
  return new Map(
    items.map((item) => {
      const stored = noticeText.read(item);
      return [stored.id, { ...stored, voided: item['voided'] === true }];
    }),
  );
}

/** Takes down notices that a send-back voided, and those whose period has ended. */
export function takenDown(before: ReviewState | null, after: ReviewState | null): TransactItem[] {
  // Another review: the one before has ended, and its notices came down with its steps.
  if (before === null || after === null || before.startedAt !== after.startedAt) return [];
  return before.notices.flatMap((notice) => {
    const voided = after.notices.some(({ id, void: gone }) => id === notice.id && gone);
    const over = notice.turn === before.turn && after.turn !== notice.turn;
    if (notice.void || !(voided || over)) return [];
    return [
      {
        Update: {
          TableName: tableName(),
          Key: keys.notice(notice.id),
          UpdateExpression: `${voided ? 'SET voided = :voided ' : ''}REMOVE #open, openSort`,
          ExpressionAttributeNames: { '#open': 'open' },
          ...(voided ? { ExpressionAttributeValues: { ':voided': true } } : {}),
        },
      },
    ];
  });
}

/** Notices that stand in a region at an instant, by village and last day. One whose period has ended is gone, whether or not it was taken down yet. */
export async function listStanding(region: string, now: number): Promise<StoredNotice[]> {
  const items = await queryOpen(`NOTICE#${districtOf(region)}`, region);
  return items.map((item) => noticeText.read(item)).filter(({ lastDay }) => now < endOf(lastDay));
}

export async function readNotice(id: string): Promise<StoredNotice | undefined> {
  const item = await get(keys.notice(id), { consistent: true });
  return item === undefined ? undefined : noticeText.read(item);
}

export async function listObjections(notice: string): Promise<StoredObjection[]> {
  return (await queryAll(keys.notice(notice).pk, 'OBJECTION#', { consistent: true })).map((item: Item) =>
    objectionText.read(item),
  );
}

export async function readObjection(notice: string, id: string): Promise<StoredObjection | undefined> {
  const item = await get(keys.objection(notice, id), { consistent: true });
  return item === undefined ? undefined : objectionText.read(item);
}

/** Keeps an objection, for the transaction that counts it in the review; the same one twice is one. */
export function putObjection(objection: StoredObjection): TransactItem {
  return objectionItem(objection, 'attribute_not_exists(pk)');
}

/** Keeps its answer, once, for the transaction that counts it. */
export function answeredObjection(
  objection: StoredObjection,
  answer: NonNullable<StoredObjection['answer']>,
): TransactItem {
  return objectionItem({ ...objection, answer }, 'attribute_exists(pk) AND attribute_not_exists(answered)');
}

function objectionItem(objection: StoredObjection, ConditionExpression: string): TransactItem {
  const Item = {
    ...keys.objection(objection.notice, objection.id),
    ...(objection.answer === undefined ? {} : { answered: true }),
    ...objectionText.put(objection),
  };
  return { Put: { TableName: tableName(), Item, ConditionExpression } };
}
