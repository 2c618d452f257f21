import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { retryOnConflict } from '../../conflicts.ts';
import { conditional, get, type Item, type Key, tableName } from '../../table.ts';

/** What becomes of one JSON text of an item. */
export type Rewrite = (held: unknown) => unknown;

interface Changed {
  name: string;
  before: string;
  after: string;
}

/** The JSON texts of an item that a rewrite changes, as they are and as they become. */
function changesOf(item: Item, rewrite: Rewrite): Changed[] {
  return Object.entries(item).flatMap(([name, before]) => {
    if (typeof before !== 'string' || !/^[[{]/.test(before)) return [];
    const held: unknown = JSON.parse(before);
    const after = JSON.stringify(rewrite(held));
    return after === JSON.stringify(held) ? [] : [{ name, before, after }];
  });
}

/**
 * Rewrites the JSON texts of an item, each on the condition that it is what was read; what does not change is not written.
 * @throws ConditionFailed when others go on writing
 */
export async function rewriteItem(item: Item, rewrite: Rewrite): Promise<void> {
  await rewritten(item, rewrite, ({ name, before, after }) => {
    return new UpdateCommand({
      TableName: tableName(),
      Key: keyOf(item),
      UpdateExpression: 'SET #name = :after',
      ConditionExpression: '#name = :before',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':before': before, ':after': after },
    });
  });
}

/**
 * The same of a state that others change under its version, as one more change: who read it before does not write over it. By a put, because roles may not
 * update anything beside the links of a timeline.
 * @throws ConditionFailed
 */
export async function rewriteState(item: Item, rewrite: Rewrite): Promise<void> {
  await rewritten(item, rewrite, ({ name, before, after }, now) => {
    const { version } = now;
    const next = typeof version === 'number' ? { version: version + 1 } : {};
    return new PutCommand({
      TableName: tableName(),
      Item: { ...now, ...next, [name]: after },
      ConditionExpression: '#name = :before',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':before': before },
    });
  });
}

/** One text after the other, each of the item as it is then: somebody else, or the same erasure twice, may write meanwhile. */
async function rewritten(
  item: Item,
  rewrite: Rewrite,
  writeOf: (change: Changed, now: Item) => PutCommand | UpdateCommand,
): Promise<void> {
  let now: Item | undefined = item;
  while (now !== undefined) {
    now = await retryOnConflict(async (attempt) => {
      const current = attempt === 1 ? now : await get(keyOf(item), { consistent: true });
      const [change] = current === undefined ? [] : changesOf(current, rewrite);
      if (current === undefined || change === undefined) return undefined;
      await conditional(writeOf(change, current));
      return await get(keyOf(item), { consistent: true });
    });
  }
}

function keyOf({ pk, sk }: Item): Key {
  return { pk: String(pk), sk: String(sk) };
}
