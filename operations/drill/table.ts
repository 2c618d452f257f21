import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** What is compared before and after: how many items, and one hash over all of them in the order of their keys. */
export interface Contents {
  items: number;
  digest: string;
}

async function* everyItem(client: DynamoDBClient, TableName: string): AsyncGenerator<Item> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }));
    yield* page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

/** Writes every item into a file as AWS's own export does: a line of JSON each, compressed. */
export async function exportTable(client: DynamoDBClient, table: string, file: string): Promise<void> {
  async function* lines() {
    for await (const item of everyItem(client, table)) yield `${JSON.stringify({ Item: item }, binaryAsText)}\n`;
  }
  await pipeline(lines(), createGzip(), createWriteStream(file, { mode: 0o600 }));
}

/** Makes a table of the same keys and index, and writes every item of an export into it. */
export async function importTable(
  client: DynamoDBClient,
  like: TableDescription | undefined,
  table: string,
  file: string,
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: like?.KeySchema,
      AttributeDefinitions: like?.AttributeDefinitions,
      GlobalSecondaryIndexes: like?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })),
    }),
  );
  let batch: Item[] = [];
  for await (const line of createInterface(createReadStream(file).pipe(createGunzip()))) {
    const { Item: item }: { Item: Item } = JSON.parse(line, binaryFromText);
    batch.push(item);
    if (batch.length === 25) {
      await put(client, table, batch);
      batch = [];
    }
  }
  if (batch.length > 0) await put(client, table, batch);
}

async function put(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let rest = items.map((item) => ({ PutRequest: { Item: item } }));
  while (rest.length > 0) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: rest } }));
    rest = (UnprocessedItems?.[table] ?? []).flatMap(({ PutRequest }) =>
      PutRequest?.Item === undefined ? [] : [{ PutRequest: { Item: PutRequest.Item } }],
    );
  }
}

export async function contentsOf(client: DynamoDBClient, table: string): Promise<Contents> {
  const hashes: string[] = [];
  for await (const item of everyItem(client, table)) {
    const entries = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
    hashes.push(createHash('sha256').update(JSON.stringify(entries, binaryAsText)).digest('hex'));
  }
  return { items: hashes.length, digest: createHash('sha256').update(hashes.sort().join()).digest('hex').slice(0, 16) };
}

/** Bytes as base64 with a mark. Sets have no order: theirs is made one. */
function binaryAsText(name: string, value: unknown): unknown {
  if (name === 'SS' && Array.isArray(value)) return [...value].sort();
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  return value;
}

function binaryFromText(_: string, value: unknown): unknown {
  const text: unknown = Object(value)['base64'];
  return typeof text === 'string' && Object.keys(Object(value)).length === 1 ? Buffer.from(text, 'base64') : value;
}
