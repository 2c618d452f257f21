import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { eachOf } from '../functions/domain/concurrency.ts';
import { keys, villageKey } from '../functions/store/keys.ts';
import { client, get, type Item, queryAll, tableName } from '../functions/store/table.ts';

/** The two Queries of sealing a village, and nothing else. */
export async function readVillageItems(village: string, round: string): Promise<void> {
  await Promise.all([
    queryAll(villageKey(village), 'HOUSEHOLD#', { consistent: true }),
    queryAll(villageKey(village), `VISIT#${round}#`, { consistent: true }),
  ]);
}

export async function putBare(sheet: Item): Promise<void> {
  await client.send(new PutCommand({ TableName: tableName(), Item: sheet }));
}

/** The sheets as sealing wrote them, by village. */
export async function sheetItems(villages: readonly string[], round: string): Promise<Map<string, Item>> {
  const found = await eachOf(villages, 8, (village) => get(keys.sheet(round, village)));
  return new Map(villages.flatMap((village, place) => (found[place] === undefined ? [] : [[village, found[place]]])));
}

export async function deleteSheets(villages: readonly string[], round: string): Promise<void> {
  const batches = Array.from({ length: Math.ceil(villages.length / 25) }, (_, n) =>
    villages.slice(n * 25, (n + 1) * 25),
  );
  await eachOf(batches, 4, async (batch) => {
    const RequestItems = {
      [tableName()]: batch.map((village) => ({ DeleteRequest: { Key: keys.sheet(round, village) } })),
    };
    await client.send(new BatchWriteCommand({ RequestItems }));
  });
}
