import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchExecuteStatementCommand,
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  type UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { eachOf } from '../domain/concurrency.ts';
import { isThrottle, TableThrottled } from './throttling.ts';

export { eachOf };

/** An item as the table holds it. Documents inside are JSON text in `doc` (ADR 1): half the size and a fifth of the time of maps. */
export type Item = Record<string, unknown>;
export interface Key {
  pk: string;
  sk: string;
}

/** One client for the life of the function: three attempts with full jitter are the SDK's default, throttling included. */
const dynamodb = new DynamoDBClient({});
// The default would walk through every item of every answer to build a log entry, and items are personal data that must not be logged.
dynamodb.middlewareStack.remove('loggerMiddleware');
// Outside the SDK's own attempts: whatever is still throttled after them is thrown under one name.
dynamodb.middlewareStack.add(
  (next) => async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw error instanceof Error && isThrottle(error.name) ? new TableThrottled(error) : error;
    }
  },
  { step: 'initialize', priority: 'high', name: 'oneNameForThrottling' },
);
export const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });

export function tableName(): string {
  const name = process.env['TABLE_NAME'];
  if (name === undefined) throw new Error('TABLE_NAME is not set.');
  return name;
}

/** A condition did not hold because another writer was first. `indices` are the items of the transaction whose condition failed. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
  readonly indices: readonly number[];

  constructor(indices: readonly number[]) {
    super('A condition of the write did not hold.');
    this.indices = indices;
  }
}

export async function get(key: Key, options: { consistent?: boolean } = {}): Promise<Item | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName(), Key: key, ConsistentRead: options.consistent ?? false }),
  );
  return Item;
}

/** Every item of a partition whose sort key begins with `prefix`, page by page until there are no more. */
export function queryAll(pk: string, prefix: string, options: { consistent?: boolean } = {}): Promise<Item[]> {
  return everyPage(prefixQuery(pk, prefix), options);
}

/** The same items with these attributes only: what is not asked for is neither sent nor taken apart. */
export function queryParts(
  pk: string,
  prefix: string,
  names: readonly string[],
  options: { consistent?: boolean } = {},
): Promise<Item[]> {
  return everyPage({ ...prefixQuery(pk, prefix), ProjectionExpression: names.join(', ') }, options);
}

/** Every item of a partition whose sort key lies from `first` to `last`, both included. */
export function queryBetween(
  pk: string,
  first: string,
  last: string,
  options: { consistent?: boolean } = {},
): Promise<Item[]> {
  return everyPage(
    {
      TableName: tableName(),
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
    },
    options,
  );
}

/** The last item of a partition whose sort key lies from `first` to `last`, both included. */
export async function lastBetween(pk: string, first: string, last: string): Promise<Item | undefined> {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: tableName(),
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  return Items?.[0];
}

/** Everything of one kind that somebody must still act on, or a part of a roster, from the sparse index; `prefix` of its sort key answers a village, town or district. */
export function queryOpen(open: string, prefix = ''): Promise<Item[]> {
  return everyPage(
    {
      TableName: tableName(),
      IndexName: 'open',
      KeyConditionExpression: prefix === '' ? '#open = :open' : '#open = :open AND begins_with(openSort, :prefix)',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: prefix === '' ? { ':open': open } : { ':open': open, ':prefix': prefix },
    },
    {},
  );
}

async function everyPage(query: QueryCommandInput, options: { consistent?: boolean }): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({ ...query, ConsistentRead: options.consistent ?? false, ExclusiveStartKey: start }),
    );
    for (const item of page.Items ?? []) items.push(item);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** Up to `limit` items after the sort key `after`, in the order of sort keys. */
export async function queryPage(
  pk: string,
  prefix: string,
  limit: number,
  after?: string,
): Promise<{ items: Item[]; more: boolean }> {
  const page = await client.send(
    new QueryCommand({
      ...prefixQuery(pk, prefix),
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
    }),
  );
  return { items: page.Items ?? [], more: page.LastEvaluatedKey !== undefined };
}

/**
 * Up to `limit` items after the sort key `after` that `keep` lets through, in the order of sort keys: reads on only until there are so many. Where
 * everything is kept, that is one page of `limit` items; where little is, up to 1 MB at a time.
 * @param after begins with `prefix`, or is empty: from the first on
 */
export async function queryKept<T>(
  pk: string,
  prefix: string,
  {
    limit,
    after,
    read,
    keep,
  }: { limit: number; after: string; read: (item: Item) => T; keep: ((found: T) => boolean) | undefined },
): Promise<T[]> {
  const kept: T[] = [];
  // DynamoDB refuses a start outside of what is asked, the empty key among them.
  let start: Item | undefined = after === '' ? undefined : { pk, sk: after };
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        ...prefixQuery(pk, prefix),
        ConsistentRead: true,
        ExclusiveStartKey: start,
        ...(keep === undefined ? { Limit: limit - kept.length } : {}),
      }),
    );
    kept.push(...(page.Items ?? []).map(read).filter((found) => keep?.(found) ?? true));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && kept.length < limit);
  return kept.slice(0, limit);
}

/** An empty prefix is the whole partition: DynamoDB takes no empty text in a key condition. */
function prefixQuery(pk: string, prefix: string): QueryCommandInput {
  return {
    TableName: tableName(),
    KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: prefix === '' ? { ':pk': pk } : { ':pk': pk, ':prefix': prefix },
  };
}

/** BatchGetItem takes 100 keys at a time. */
const GET_CHUNK = 100;

/** The items of these keys, in no order; keys DynamoDB leaves unprocessed are asked for again. */
export async function batchGet(keys: readonly Key[], options: { consistent?: boolean } = {}): Promise<Item[]> {
  const chunks = chunked(keys, GET_CHUNK);
  const found = await eachOf(chunks, chunks.length, async (chunk) => {
    const items: Item[] = [];
    let rest: Record<string, unknown>[] = [...chunk].map(({ pk, sk }) => ({ pk, sk }));
    for (let attempt = 0; rest.length > 0; attempt += 1) {
      await pause(attempt);
      const answer = await client.send(
        new BatchGetCommand({
          RequestItems: { [tableName()]: { Keys: rest, ConsistentRead: options.consistent ?? false } },
        }),
      );
      for (const item of answer.Responses?.[tableName()] ?? []) items.push(item);
      rest = answer.UnprocessedKeys?.[tableName()]?.Keys ?? [];
    }
    return items;
  });
  return found.flat();
}

/** BatchWriteItem takes 25 items at a time. */
const PUT_CHUNK = 25;

/** Puts items without a condition (they are content-addressed or written by one writer); what is left unprocessed is put again. */
export async function batchPut(items: readonly Item[]): Promise<void> {
  const chunks = chunked(items, PUT_CHUNK);
  await eachOf(chunks, chunks.length, async (chunk) => {
    let rest = chunk.map((item) => ({ PutRequest: { Item: item } }));
    for (let attempt = 0; rest.length > 0; attempt += 1) {
      await pause(attempt);
      const answer = await client.send(new BatchWriteCommand({ RequestItems: { [tableName()]: rest } }));
      rest = (answer.UnprocessedItems?.[tableName()] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item === undefined ? [] : [{ PutRequest: { Item: PutRequest.Item } }],
      );
    }
  });
}

/** BatchExecuteStatement takes 25 statements at a time. */
const STATEMENT_CHUNK = 25;

/**
 * Sets one attribute of existing items: each by itself, not all or none, so that it costs half of what a transaction does, in one request for 25. What was
 * throttled is set again. Only PartiQL updates several items in a request (ADR 26); the statement is this one, and values stand apart from it.
 * @throws ConditionFailed with the indices of the items that do not exist; TableThrottled
 */
export async function setEach(keys: readonly Key[], name: string, value: string): Promise<void> {
  const Statement = `UPDATE "${tableName()}" SET "${name}"=? WHERE "pk"=? AND "sk"=?`;
  const missing: number[] = [];
  const chunks = chunked([...keys.entries()], STATEMENT_CHUNK);
  await eachOf(chunks, chunks.length, async (chunk) => {
    let rest = chunk;
    for (let attempt = 0; rest.length > 0; attempt += 1) {
      await pause(attempt);
      const { Responses = [] } = await client.send(
        new BatchExecuteStatementCommand({
          Statements: rest.map(([, { pk, sk }]) => ({ Statement, Parameters: [value, pk, sk] })),
        }),
      );
      const codes = rest.map((_, n) => Responses[n]?.Error?.Code);
      missing.push(...rest.flatMap(([index], n) => (codes[n] === 'ConditionalCheckFailed' ? [index] : [])));
      const other = codes.find((code) => code !== undefined && code !== 'ConditionalCheckFailed' && !passes(code));
      if (other !== undefined) throw new Error(`A statement was answered ${other}.`);
      rest = rest.filter((_, n) => passes(codes[n]));
    }
  });
  if (missing.length > 0) throw new ConditionFailed(missing);
}

/** Whether a statement's error passes by itself. */
function passes(code: string | undefined): boolean {
  return code === 'TransactionConflict' || code === 'InternalServerError' || isThrottle(code);
}

/** After so many tries, unprocessed or conflicting writes are left to the caller's retry policy. */
const TRIES = 8;

/** Waits before a repeated attempt: 25 ms doubled each time, full jitter, 1.6 s at most (3.2 s in all). @throws TableThrottled after the last */
async function pause(attempt: number): Promise<void> {
  if (attempt === 0) return;
  if (attempt >= TRIES) throw new TableThrottled();
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1_600, 25 * 2 ** attempt)));
}

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Writes up to 100 items at once or none. A conflict with another transaction is tried again; a failed condition is not.
 * @throws ConditionFailed with the indices of the items whose condition did not hold; TableThrottled
 */
export async function transact(items: readonly TransactItem[]): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await pause(attempt);
      await client.send(new TransactWriteCommand({ TransactItems: [...items] }));
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
      const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
      if (failed.length > 0) throw new ConditionFailed(failed);
      if (!codes.some((code) => code === 'TransactionConflict' || isThrottle(code))) throw error;
    }
  }
}

/**
 * Sends one conditional write. A transaction that holds the item for an instant (a door being closed) is waited for.
 * @throws ConditionFailed
 */
export async function conditional(write: PutCommand | UpdateCommand): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await pause(attempt);
      await (write instanceof PutCommand ? client.send(write) : client.send(write));
      return;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new ConditionFailed([0]);
      if (!(error instanceof TransactionConflictException)) throw error;
    }
  }
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** An item has another shape: the table was written by something else. */
export class NoText extends Error {
  override readonly name = 'NoText';
}

/** Reads a text attribute this code wrote. @throws NoText */
export function text(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw new NoText(`Attribute ${name} of a stored item is no text.`);
  return value;
}
