import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Erasure } from '../../functions/contracts/registry/erasure.ts';
import { keys } from '../../functions/store/keys.ts';
import { erase } from '../../functions/store/registry/erasing/erase.ts';
import { keptOf } from '../../functions/store/registry/erasing/kept-records.ts';

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

type Item = Record<string, unknown>;

/**
 * Erases in a restored table whomever the table it was restored from had erased, and keeps there that it was so. Made again it changes nothing.
 * @param from the table before @param to the restored one, which the store works on (`TABLE_NAME`) @param now of the system, ms since 1970
 * @returns how many were erased, and how many the restored table does not know
 */
export async function eraseAgain(
  from: string,
  to: string,
  district: string,
  now: () => number,
): Promise<{ erased: number; unknown: number }> {
  const done = { erased: 0, unknown: 0 };
  for (const item of await erasuresIn(from, district)) {
    const one: Erasure = JSON.parse(String(item['doc']));
    if (one.status === 'proposed') continue;
    const { person, household } = one;
    // Approved, and nothing was taken yet: whether it may be is asked again when the approval is sent again.
    if (!(await wasMarked(from, person))) {
      await table.send(new PutCommand({ TableName: to, Item: item }));
      continue;
    }
    const kept = await keptOf(district, person, [household], now());
    if (kept.households.size === 0) done.unknown += 1;
    else {
      await erase(kept, household, now());
      done.erased += 1;
    }
    await table.send(new PutCommand({ TableName: to, Item: item }));
  }
  return done;
}

async function wasMarked(TableName: string, person: string): Promise<boolean> {
  const { Item } = await table.send(new GetCommand({ TableName, Key: keys.erased(person), ConsistentRead: true }));
  return Item !== undefined;
}

async function erasuresIn(TableName: string, district: string): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await table.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keys.erasure(district, '').pk },
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
