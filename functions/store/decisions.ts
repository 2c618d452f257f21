import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Decision, DecisionAnswer } from '../contracts/decision.ts';
import { districtOf } from '../contracts/regions.ts';
import type { Role } from '../contracts/roles.ts';
import { villageOf } from '../contracts/values.ts';
import { contentIdOf } from './ids.ts';
import { openAfter, placedInIndex } from './in-time.ts';
import { jsonText } from './json-text.ts';
import { keys } from './keys.ts';
import { ConditionFailed, conditional, get, type Item, queryOpen, type TransactItem, tableName } from './table.ts';

const decisionText = jsonText<Decision>();
const answerText = jsonText<DecisionAnswer>('answer');

/** A decision as it is kept: what is asked, the answer once there is one, and the token of the task that waits. */
export interface StoredDecision {
  decision: Decision;
  answer: DecisionAnswer | undefined;
  token: string | undefined;
}

/** Names the turn of a procedure: the same turn asked again is the same decision. Its subject's id is made under a key, so this cannot be computed by others either. */
export function decisionIdOf(subject: string, procedure: string, startedAt: string, turn: number): string {
  return contentIdOf('decision', [subject, procedure, startedAt, turn]);
}

export async function readDecision(id: string): Promise<StoredDecision | undefined> {
  const item = await get(keys.decision(id), { consistent: true });
  return item === undefined ? undefined : toStored(item);
}

function toStored(item: Item): StoredDecision {
  const token = item['token'];
  return {
    decision: decisionText.read(item),
    answer: item['answer'] === undefined ? undefined : answerText.read(item),
    token: typeof token === 'string' ? token : undefined,
  };
}

/** Every pending decision of a region, in no order of time. @param region a prefix of villages in the district */
export async function listPending(region: string): Promise<Decision[]> {
  return (await queryOpen(partitionOf(region), region)).map((item) => decisionText.read(item));
}

/** The same for the first page of a list: those that an earlier release asked for get their place in the order of time. */
export async function listInbox(region: string): Promise<Decision[]> {
  const items = await queryOpen(partitionOf(region), region);
  await placedInIndex(items, 'openAt', (item) => placeInTime(decisionText.read(item)));
  return items.map((item) => decisionText.read(item));
}

/** Up to `limit` pending decisions of a district or village behind the place `after`, the one due first before the others. @param until ends with those due then */
export function listPendingAfter(
  region: string,
  { after, limit, keep, until }: { after: string; limit: number; keep: (one: Decision) => boolean; until?: string },
): Promise<Decision[]> {
  return openAfter({ partition: partitionOf(region), region, read: decisionText.read, keep, until }, after, limit);
}

function partitionOf(region: string): string {
  return `DECISION#${districtOf(region)}`;
}

/** Decisions whose answer the workflow may not have heard. */
export async function listUndelivered(district: string): Promise<StoredDecision[]> {
  return (await queryOpen(`UNDELIVERED#${district}`)).map(toStored);
}

/**
 * Creates a pending decision, or replaces its token (a retried task brings a new one).
 * @returns the answer, when somebody has already given it; the workflow then need not wait
 */
export async function ask(decision: Decision, token: string): Promise<StoredDecision> {
  const { open, openSort, openAt } = pendingIndex(decision);
  try {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.decision(decision.id),
        UpdateExpression:
          'SET doc = if_not_exists(doc, :doc), #open = :open, openSort = if_not_exists(openSort, :openSort), openAt = if_not_exists(openAt, :openAt), #token = :token',
        ConditionExpression: 'attribute_not_exists(answer)',
        ExpressionAttributeNames: { '#open': 'open', '#token': 'token' },
        ExpressionAttributeValues: {
          ':doc': decisionText.of(decision),
          ':open': open,
          ':openSort': openSort,
          ':openAt': openAt,
          ':token': token,
        },
      }),
    );
    return { decision, answer: undefined, token };
  } catch (error) {
    // An answer is never taken back: what is read now is what the condition met.
    const stored = error instanceof ConditionFailed ? await readDecision(decision.id) : undefined;
    if (stored === undefined) throw error;
    return { ...stored, token };
  }
}

/** Adds a tier to the inboxes, or a day to the reminders. Harmless when repeated; a decision already answered stays as it is. */
export async function remark(decision: Decision): Promise<void> {
  try {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: keys.decision(decision.id),
        UpdateExpression: 'SET doc = :doc',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
        ExpressionAttributeValues: { ':doc': decisionText.of(decision) },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

/**
 * PENDING → DECIDED, for the transaction that moves the subject. It leaves the inbox, and lies with the undelivered ones until
 * the workflow has been told.
 */
export function answered(decision: Decision, answer: DecisionAnswer): TransactItem {
  return {
    Update: {
      TableName: tableName(),
      Key: keys.decision(decision.id),
      UpdateExpression: 'SET answer = :answer, #open = :open, openSort = :id REMOVE openAt',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: {
        ':answer': answerText.of(answer),
        ':open': `UNDELIVERED#${districtOf(decision.household)}`,
        ':id': decision.id,
      },
    },
  };
}

/** Sorts after every due time: decisions that wait for a calendar. */
const AWAITING = 'awaiting-calendar';

/** Where it stands among all, the one due first before the others. */
export function placeInTime({ id, dueAt }: Decision): string {
  return `${dueAt ?? AWAITING}#${id}`;
}

function pendingIndex(decision: Decision): { open: string; openSort: string; openAt: string } {
  const openAt = placeInTime(decision);
  return { open: partitionOf(decision.household), openSort: `${villageOf(decision.household)}#${openAt}`, openAt };
}

/** Whether a caller of this role may decide it now. */
export function mayDecide({ roles }: Decision, role: Role | 'public'): boolean {
  return role !== 'public' && roles.includes(role);
}
