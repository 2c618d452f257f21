import { claimTurnInput } from '../../contracts/tasks/claim-settlement.ts';
import { dayOf } from '../../domain/calendar.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { clockMarksOf } from '../../domain/insurance/claim-stages.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readDecision, remark } from '../../store/decisions.ts';
import { escalationOf, publish } from '../../store/events.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import { readInContext, settlementOf } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Called when a wait has run out: reminds the step's inbox or, when its clock has ended, adds the next tier's.
 * Ceiling: none that grows with the district or its roster: one claim of at most 400 KB and its accounts, read and written by their keys.
 */
export const handler = taskHandler(
  claimTurnInput,
  async ({ claim: id, turn }, now): Promise<{ reminded: boolean; escalated: boolean }> => {
    const found = await readInContext(id);
    if (found === undefined || found.claim.turn !== turn) return { reminded: false, escalated: false };
    const { policy, product } = found;
    let { claim } = found;
    const { remind, escalate } = clockMarksOf(claim, product, now);
    if (escalate) {
      const moved = moveClaim(claim, { move: 'escalate' }, now);
      if (moved.after === undefined) return { reminded: false, escalated: false };
      try {
        claim = await changeClaim(claim, moved, { policy, product, now });
      } catch (error) {
        if (error instanceof ConditionFailed) return { reminded: false, escalated: false };
        throw error;
      }
    }
    const wait = settlementOf(claim, product, now);
    const stored = wait === undefined ? undefined : await readDecision(wait.id);
    if (wait !== undefined && stored !== undefined) {
      // The calendar its clock awaited has come: lists show the due time too.
      if (stored.decision.dueAt === null && wait.dueAt !== null)
        await changeClaim(claim, { after: claim, events: [] }, { policy, product, now });
      const escalatedAt = stored.decision.escalatedAt ?? (claim.escalated ? new Date(now).toISOString() : null);
      // Told before it is kept: a retry tells it again, under the same id.
      if (escalatedAt !== null && stored.decision.escalatedAt === null)
        await publish([escalationOf(wait, escalatedAt)]);
      await remark({
        ...wait,
        reminded: remind ? [...new Set([...stored.decision.reminded, dayOf(now)])] : stored.decision.reminded,
        escalatedAt,
      });
    }
    return { reminded: remind, escalated: claim.escalated };
  },
);
