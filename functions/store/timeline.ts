import { randomBytes } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ChainLink } from '../contracts/timeline.ts';
import { isReadByFigures } from '../domain/reports/claim-totals.ts';
import { anchorOf, type BrokenLink, digestOf, type EventBody, nextLink, verifyChain } from '../domain/timeline.ts';
import { sha256 } from './ids.ts';
import { jsonText } from './json-text.ts';
import { conditional, type Item, type Key, queryAll, type TransactItem, tableName } from './table.ts';

const linkText = jsonText<ChainLink>('link');
const bodyText = jsonText<EventBody>('body');

/** The newest link of a chain, kept with the state it belongs to. */
export interface Head {
  sequence: number;
  hash: string;
}

export interface NewEvent {
  kind: string;
  body: unknown;
}

/** An event as it is told: its link, and its body unless a person's data was erased. */
export interface TimelineEvent {
  link: ChainLink;
  body: EventBody | undefined;
}

/**
 * The writes that append events to a subject's chain, for the transaction that changes its state, and the head to keep with it.
 * @param subject the case or claim; its partition holds the events
 */
export function append(
  subject: { id: string; pk: string },
  head: Head | null,
  at: string,
  events: readonly NewEvent[],
): { items: TransactItem[]; head: Head | null } {
  const anchor = anchorOf(subject.id, sha256);
  let last = head;
  const items = events.map(({ kind, body }): TransactItem => {
    const salted = { salt: randomBytes(16).toString('hex'), body };
    const link = nextLink(last ?? undefined, { anchor, at, kind, digest: digestOf(salted, sha256) }, sha256);
    last = { sequence: link.sequence, hash: link.hash };
    const Item = { ...eventKey(subject.pk, link.sequence), ...linkText.put(link), ...bodyText.put(salted) };
    return { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } };
  });
  return { items, head: last };
}

/** Every event of a subject, oldest first. */
export async function readTimeline(pk: string): Promise<TimelineEvent[]> {
  return (await queryAll(pk, 'EVENT#', { consistent: true })).map(toEvent);
}

/** What happened to a subject, oldest first: instants, kinds, and what the bodies say; undefined where a person's data was erased. */
export async function readTold(
  pk: string,
): Promise<{ at: string; kind: string; body: Readonly<Record<string, unknown>> | undefined }[]> {
  return (await readTimeline(pk)).map(({ link: { at, kind }, body }) => ({
    at,
    kind,
    body: isRecord(body?.body) ? body.body : undefined,
  }));
}

function isRecord(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null;
}

/** The first broken link of a subject's chain against the head its state remembers, and those of daily roots; undefined when it holds. */
export async function verifyTimeline(
  subject: { id: string; pk: string },
  head: Head | null,
  witnesses: readonly Head[] = [],
): Promise<BrokenLink | undefined> {
  const events = await readTimeline(subject.pk);
  const bodies = new Map(
    events.flatMap(({ link, body }) => (body === undefined ? [] : [[link.sequence, body] as const])),
  );
  const links = events.map(({ link }) => link);
  const anchor = anchorOf(subject.id, sha256);
  // A state that remembers no link has none: each is written in one transaction with it.
  const newest = head ?? { sequence: 0, hash: anchor };
  return verifyChain(links, { anchor, bodies, head: newest, mustStay: isReadByFigures, witnesses }, sha256);
}

/**
 * Takes the bodies of a subject's events away, each by a put of the very link without it: the digest stays, and the chain holds. Bodies that figures are read from stay.
 * @param goes whether a body has to go
 */
export async function eraseBodies(pk: string, goes: (body: unknown) => boolean): Promise<void> {
  for (const { link, body } of await readTimeline(pk)) {
    if (body === undefined || isReadByFigures(link.kind) || !goes(body.body)) continue;
    const kept = linkText.put(link);
    await conditional(
      new PutCommand({
        TableName: tableName(),
        Item: { ...eventKey(pk, link.sequence), ...kept },
        ConditionExpression: 'link = :link',
        ExpressionAttributeValues: { ':link': kept['link'] },
      }),
    );
  }
}

function toEvent(item: Item): TimelineEvent {
  return {
    link: linkText.read(item),
    body: item['body'] === undefined ? undefined : bodyText.read(item),
  };
}

function eventKey(pk: string, sequence: number): Key {
  return { pk, sk: `EVENT#${String(sequence).padStart(6, '0')}` };
}
