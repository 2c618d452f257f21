import { claimWaitInput } from '../../contracts/tasks/claim-settlement.ts';
import { logger } from '../../runtime/logger.ts';
import { taskHandler } from '../../runtime/task.ts';
import { ask } from '../../store/decisions.ts';
import { readInContext, settlementOf } from '../../store/insurance/settlements.ts';
import { deliver } from '../../store/workflows.ts';

/**
 * Puts the claim's step into its inboxes with the task token. The token is stored first and the claim read afterwards, as for cases.
 * Ceiling: none that grows with the district or its roster: one claim of at most 400 KB and its accounts, read and written by their keys.
 */
export const handler = taskHandler(claimWaitInput, async ({ claim: id, turn, token }, now): Promise<void> => {
  const before = await readInContext(id);
  const wait = before === undefined ? undefined : settlementOf(before.claim, before.product, now);
  if (wait === undefined || wait.turn !== turn) throw new StepOver(`Turn ${turn} of ${id} is over.`);
  logger.appendKeys({ decision: wait.id });
  const asked = await ask(wait, token);
  if (asked.answer !== undefined) return await deliver(wait.id, token);
  const after = await readInContext(id);
  if (after !== undefined && after.claim.turn !== turn) await deliver(wait.id, token);
});

/** The step was taken before its task asked: the workflow looks again at what comes next. */
export class StepOver extends Error {
  override readonly name = 'StepOver';
}
