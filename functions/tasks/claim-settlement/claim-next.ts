import { type ClaimNextOutput, claimInput } from '../../contracts/tasks/claim-settlement.ts';
import { claimNext } from '../../domain/insurance/claim-stages.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readInContext } from '../../store/insurance/settlements.ts';

/**
 * Reads the claim and returns what comes next. A run that is over ends its execution.
 * Ceiling: none that grows with the district or its roster: one claim of at most 400 KB and its accounts, read and written by their keys.
 */
export const handler = taskHandler(claimInput, async ({ claim: id, run }, now): Promise<ClaimNextOutput> => {
  const found = await readInContext(id);
  if (found === undefined || found.claim.run !== run)
    return { next: 'ended', turn: 0, waitSeconds: 1, stage: 'superseded' };
  return { ...claimNext(found.claim, found.product, now), stage: found.claim.stage };
});
