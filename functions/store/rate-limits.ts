import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keyedHash } from './ids.ts';
import { keys } from './keys.ts';
import { client, tableName } from './table.ts';

/** What people without login may leave about one village in a day, all of them together: more is a flood, and nobody could look at it. */
export const MOST_PER_VILLAGE_A_DAY = 500;

/** The same for what names no village: all strangers of a district together. */
export const MOST_OF_STRANGERS_A_DAY = 2_000;

const WINDOWS = { hour: 13, day: 10 } as const;

/**
 * Counts a caller of a public route: an HTTP API throttles by route, not by caller. The caller is hashed with its window under the cell's key, so that
 * nothing kept names an address and nobody can try out all addresses; the count is gone two days later by its time to live.
 * @param caller an address, or whatever else is counted by
 * @param most calls in the window
 * @returns whether this call is still within the limit
 */
export async function withinLimit(
  route: string,
  caller: string,
  now: number,
  most: number,
  window: keyof typeof WINDOWS = 'hour',
): Promise<boolean> {
  const since = new Date(now).toISOString().slice(0, WINDOWS[window]);
  const counted = (await keyedHash('caller', caller, since)).slice(0, 32);
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.calls(route, counted, since),
      UpdateExpression: 'ADD calls :one SET expiresAt = if_not_exists(expiresAt, :expires)',
      ExpressionAttributeValues: { ':one': 1, ':expires': Math.floor(now / 1000) + 2 * 86_400 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.['calls']) <= most;
}
