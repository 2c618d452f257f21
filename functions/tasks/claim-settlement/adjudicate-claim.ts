import { claimTurnInput } from '../../contracts/tasks/claim-settlement.ts';
import { adjudicate } from '../../domain/insurance/adjudicate.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readStanding } from '../../store/insurance/accounts.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import { readInContext } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Computes a surveyed claim by its product, with every step of the arithmetic. Approval computes it again before anything is promised.
 * Ceiling: none that grows with the district or its roster: one claim of at most 400 KB, its household's changes, and its accounts, read and written by their keys.
 */
export const handler = taskHandler(
  claimTurnInput,
  async ({ claim: id, turn }, now): Promise<{ adjudicated: boolean }> => {
    const found = await readInContext(id);
    if (found === undefined || found.claim.turn !== turn || found.claim.survey === null) return { adjudicated: false };
    const { claim, policy, product } = found;
    const standing = await readStanding(claim, policy);
    const moved = moveClaim(
      claim,
      { move: 'adjudicated', adjudication: adjudicate(product, found.claim.survey.facts, standing) },
      now,
    );
    if (moved.after === undefined) return { adjudicated: false };
    try {
      await changeClaim(claim, moved, { policy, product, now });
      return { adjudicated: true };
    } catch (error) {
      if (error instanceof ConditionFailed) return { adjudicated: false };
      throw error;
    }
  },
);
