import { isDeepStrictEqual } from 'node:util';
import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { client, type Item, tableName } from '../../functions/store/table.ts';

/** Every item of the table, by its key. */
export type Contents = ReadonlyMap<string, Item>;

export async function contents(): Promise<Contents> {
  const found = new Map<string, Item>();
  let start: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName(), ExclusiveStartKey: start }));
    for (const item of page.Items ?? []) found.set(`${item['pk']} ${item['sk']}`, item);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return found;
}

/** Makes the table what it was. */
export async function restore(wanted: Contents): Promise<void> {
  const there = await contents();
  const requests = [
    ...[...wanted].flatMap(([key, Item]) =>
      isDeepStrictEqual(there.get(key), Item) ? [] : [{ PutRequest: { Item } }],
    ),
    ...[...there].flatMap(([key, { pk, sk }]) => (wanted.has(key) ? [] : [{ DeleteRequest: { Key: { pk, sk } } }])),
  ];
  for (let at = 0; at < requests.length; at += 25) {
    await client.send(new BatchWriteCommand({ RequestItems: { [tableName()]: requests.slice(at, at + 25) } }));
  }
}

/** What the table says, without the salts of the audit chains and the hashes made with them, the nonces of notes and the seal of a brief, which are never the same twice. */
export function said(of: Contents): string[] {
  return [...of]
    .map(([key, item]) =>
      `${key} ${JSON.stringify(item, plain)}`
        .replaceAll(/[0-9a-f]{64}|(?<=salt\W+)[0-9a-f]{32}|(?<=seal\W+)[\w.-]+/g, '#')
        .replaceAll(/(?<=Z#)[0-9a-f]{16}\b/g, '#'),
    )
    .sort();
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Set) return [...value].sort();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
