import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { villageOf } from '../../contracts/values.ts';
import { keys, villageKey } from '../keys.ts';
import { client, queryAll, tableName, text } from '../table.ts';

/** Records a call at a household on a day. The same day again is the same call. */
export async function putCall(call: { household: string; on: string; by: string; note?: string }): Promise<void> {
  await client.send(
    new PutCommand({
      TableName: tableName(),
      Item: { ...keys.call(call.household, call.on), doc: JSON.stringify(call) },
    }),
  );
}

/** The days of every call in a village, by household. */
export async function readCalls(village: string): Promise<Map<string, string[]>> {
  const calls = new Map<string, string[]>();
  for (const item of await queryAll(villageKey(village), 'CALL#')) {
    const [, household = '', on = ''] = text(item, 'sk').split('#');
    if (villageOf(household) === village) calls.set(household, [...(calls.get(household) ?? []), on]);
  }
  return calls;
}
