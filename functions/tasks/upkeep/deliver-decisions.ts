import * as z from 'zod';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { listUndelivered } from '../../store/decisions.ts';
import { listDueStarts } from '../../store/due-starts.ts';
import { eachOf } from '../../store/table.ts';
import { deliver, startDue } from '../../store/workflows.ts';

/**
 * Every five minutes: starts executions whose start was lost, and tells workflows of decisions whose success was never delivered.
 * Both are harmless when they were done meanwhile.
 */
export const handler = taskHandler(z.strictObject({}), async (): Promise<{ started: number; delivered: number }> => {
  const [starts, decisions] = await Promise.all([listDueStarts(config.district()), listUndelivered(config.district())]);
  await eachOf(starts, 4, startDue);
  await eachOf(decisions, 4, ({ decision, token }) => deliver(decision.id, token));
  return { started: starts.length, delivered: decisions.length };
});
