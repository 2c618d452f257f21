import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditional, type Item, tableName } from '../../table.ts';

/** What becomes of one JSON text of an item. */
export type Rewrite = (held: unknown) => unknown;

/** The JSON texts of an item that a rewrite changes, as they are and as they become. */
function changesOf(item: Item, rewrite: Rewrite): { name: string; before: string; after: string }[] {
  return Object.entries(item).flatMap(([name, before]) => {
    if (typeof before !== 'string' || !/^[[{]/.test(before)) return [];
    const held: unknown = JSON.parse(before);
    const after = JSON.stringify(rewrite(held));
    return after === JSON.stringify(held) ? [] : [{ name, before, after }];
  });
}

/**
 * Rewrites the JSON texts of an item, each on the condition that it is what was read; what does not change is not written.
 * @throws ConditionFailed when somebody else wrote meanwhile
 */
export async function rewriteItem(item: Item, rewrite: Rewrite): Promise<void> {
  for (const { name, before, after } of changesOf(item, rewrite)) {
    await conditional(
      new UpdateCommand({
        TableName: tableName(),
        Key: { pk: item['pk'], sk: item['sk'] },
        UpdateExpression: 'SET #name = :after',
        ConditionExpression: '#name = :before',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':before': before, ':after': after },
      }),
    );
  }
}

/**
 * The same of a state that others change under its version, as one more change: who read it before does not write over it. By a put, because roles may not
 * update anything beside the links of a timeline.
 * @throws ConditionFailed
 */
export async function rewriteState(item: Item, rewrite: Rewrite): Promise<void> {
  for (const { name, before, after } of changesOf(item, rewrite)) {
    const { version } = item;
    const next = typeof version === 'number' ? { version: version + 1 } : {};
    await conditional(
      new PutCommand({
        TableName: tableName(),
        Item: { ...item, ...next, [name]: after },
        ConditionExpression: '#name = :before',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':before': before },
      }),
    );
  }
}
