import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import {
  client,
  get,
  type Item,
  type Key,
  type TransactItem,
  tableName,
  transact,
} from '../../../functions/store/table.ts';

/** What must be seen of one condition of a write. Run again, it plays with other items. */
export type Case = () => Promise<void>;

let made = 0;

/** A name nothing has had before. */
export function fresh(kind = 'x'): string {
  made += 1;
  return `${kind}-${made}`;
}

/** A household's id that nothing has had before, in a village of its own. */
export function freshHousehold(): string {
  made += 1;
  return `4409049${String(made).padStart(5, '0')}-0001`;
}

export async function refused(write: Promise<unknown>): Promise<void> {
  await expect(write).rejects.toMatchObject({ name: 'ConditionFailed' });
}

export async function refusedItem(item: TransactItem): Promise<void> {
  await refused(transact([item]));
}

/** Once it is written, and a second time it is refused. */
export async function once(item: TransactItem): Promise<void> {
  await transact([item]);
  await refusedItem(item);
}

/** As it lies in the table, or undefined. */
export async function lying(key: Key): Promise<Item | undefined> {
  return await get(key, { consistent: true });
}

export async function lay(item: Item): Promise<void> {
  await client.send(new PutCommand({ TableName: tableName(), Item: item }));
}

export async function takeAway(key: Key): Promise<void> {
  await client.send(new DeleteCommand({ TableName: tableName(), Key: key }));
}

/** Runs something, and just before its first write what somebody else does. */
export async function meanwhile(act: () => Promise<unknown>, run: () => Promise<unknown>): Promise<void> {
  let isBefore = true;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (isBefore && /^(Put|Update|Delete|TransactWrite)/.test(context['commandName'] ?? '')) {
        isBefore = false;
        await act();
      }
      return await next(args);
    },
    { step: 'initialize', name: 'meanwhile' },
  );
  try {
    await run();
  } finally {
    client.middlewareStack.remove('meanwhile');
  }
}

/** The same of a write that goes to the table as it is. */
export async function refusedAsSent(write: Promise<unknown>): Promise<void> {
  await expect(write).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
}
