import { keys } from './keys.ts';
import { doc, type Item, queryOpen, type TransactItem, tableName } from './table.ts';

/** An execution that must run. Its name is made of what it is for, so that starting it twice is starting it once. */
export interface Start {
  /** ARN of the state machine. */
  machine: string;
  name: string;
  /** Ids only. */
  input: Readonly<Record<string, string | number>>;
}

/**
 * The mark of an execution that is still to be started, for the transaction that makes it due. It lies in the index `open`, so
 * that a crash before the start is healed by the five-minute sweep.
 */
export function dueStart(district: string, start: Start): TransactItem {
  const Item = {
    ...keys.start(start.name),
    open: `UNSTARTED#${district}`,
    openSort: start.name,
    doc: JSON.stringify(start),
  };
  return { Put: { TableName: tableName(), Item } };
}

/** Executions whose start was not seen through. */
export async function listDueStarts(district: string): Promise<Start[]> {
  return (await queryOpen(`UNSTARTED#${district}`)).map((item: Item) => doc<Start>(item));
}
