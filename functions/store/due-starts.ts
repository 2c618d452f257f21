import { type WorkflowName, workflowNames } from '../contracts/workflows.ts';
import { jsonText } from './json-text.ts';
import { keys } from './keys.ts';
import { type Item, queryOpen, type TransactItem, tableName } from './table.ts';

const startText = jsonText<Start & { machine?: string }>();

/** An execution that must run. Its name is derived from its purpose, so that starting it twice starts it once. */
export interface Start {
  /** By name: which machine carries it is known where it is started, also when that machine was replaced in between. */
  workflow: WorkflowName;
  name: string;
  /** Ids only. */
  input: Readonly<Record<string, string | number>>;
}

/**
 * The mark of an execution that is still to be started, for the transaction that makes it due. It lies in the index `open`, so
 * that a crash before the start is healed by the five-minute sweep.
 * @param now ms since 1970
 */
export function dueStart(district: string, start: Start, now: number): TransactItem {
  const Item = {
    ...keys.start(start.name),
    open: `UNSTARTED#${district}`,
    openSort: start.name,
    since: new Date(now).toISOString(),
    ...startText.put(start),
  };
  return { Put: { TableName: tableName(), Item } };
}

/** Executions that are still to be started, and since when: ISO 8601, null for marks of older releases. */
export async function listDueStarts(district: string): Promise<{ start: Start; since: string | null }[]> {
  return (await queryOpen(`UNSTARTED#${district}`)).map((item) => ({
    start: startOf(item),
    since: typeof item['since'] === 'string' ? item['since'] : null,
  }));
}

/** Older releases stored the ARN, which ends with the workflow's name. */
function startOf(item: Item): Start {
  const { machine = '', ...start } = startText.read(item);
  return { ...start, workflow: start.workflow ?? workflowNames.find((name) => machine.endsWith(name)) };
}
