import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../keys.ts';
import { client, queryParts, tableName, text } from '../table.ts';

/** Records a call at a household on a day. The same day again is the same call. */
export async function putCall(call: { household: string; on: string; by: string; note?: string }): Promise<void> {
  await client.send(
    new PutCommand({
      TableName: tableName(),
      Item: { ...keys.call(call.household, call.on), doc: JSON.stringify(call) },
    }),
  );
}

/** The days of every call in a region, by household. @param region a prefix of households in the district */
export async function readCalls(region: string): Promise<Map<string, string[]>> {
  const calls = new Map<string, string[]>();
  for (const item of await queryParts(keys.call(region, '').pk, region, ['sk'])) {
    const [household = '', on = ''] = text(item, 'sk').split('#');
    calls.set(household, [...(calls.get(household) ?? []), on]);
  }
  return calls;
}
