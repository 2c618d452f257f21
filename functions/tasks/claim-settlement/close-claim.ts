import { claimTurnInput } from '../../contracts/tasks/claim-settlement.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { taskHandler } from '../../runtime/task.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import { readInContext } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Closes a claim whose money has arrived.
 * Ceiling: none that grows with the district or its roster: one claim of at most 400 KB and its accounts, read and written by their keys.
 */
export const handler = taskHandler(claimTurnInput, async ({ claim: id, turn }, now): Promise<{ closed: boolean }> => {
  const found = await readInContext(id);
  if (found === undefined || found.claim.turn !== turn) return { closed: false };
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'close' }, now);
  if (moved.after === undefined) return { closed: false };
  try {
    await changeClaim(claim, moved, { policy, product, now });
    return { closed: true };
  } catch (error) {
    if (error instanceof ConditionFailed) return { closed: false };
    throw error;
  }
});
