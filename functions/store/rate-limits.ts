import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from './keys.ts';
import { client, tableName } from './table.ts';

/**
 * Counts a caller of a public route: an HTTP API throttles by route, not by caller (DESIGN section 8). The address is hashed with its hour,
 * so that nothing kept names a caller; the count is gone a day later by its time to live.
 * @param most calls an hour
 * @returns whether this call is still within the limit
 */
export async function withinLimit(route: string, address: string, now: number, most: number): Promise<boolean> {
  const hour = new Date(now).toISOString().slice(0, 13);
  const caller = createHash('sha256')
    .update(JSON.stringify([address, hour]))
    .digest('hex')
    .slice(0, 32);
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keys.calls(route, caller, hour),
      UpdateExpression: 'ADD calls :one SET expiresAt = if_not_exists(expiresAt, :expires)',
      ExpressionAttributeValues: { ':one': 1, ':expires': Math.floor(now / 1000) + 86_400 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.['calls']) <= most;
}
