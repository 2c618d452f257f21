import { turnInput } from '../../contracts/tasks/review-ladder.ts';
import { dayOf } from '../../domain/calendar.ts';
import { moveReview } from '../../domain/cases/case.ts';
import { ladders, pinnedLadder } from '../../domain/cases/ladder.ts';
import { clockMarks } from '../../domain/cases/review-progress.ts';
import { taskHandler } from '../../runtime/task.ts';
import { changeCase } from '../../store/cases/cases.ts';
import { decisionOf, readReview } from '../../store/cases/reviews.ts';
import { readDecision, remark } from '../../store/decisions.ts';
import { escalationOf, publish } from '../../store/events.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Called when a wait has run out undecided: reminds the step's inbox or, when its clock has ended, adds the next tier's.
 * Whoever decides in this very instant wins: the case is then another version, and the workflow looks again.
 * Ceiling: none that grows with the district: one case of at most 400 KB, as its caps keep it, read and written by its key.
 */
export const handler = taskHandler(
  turnInput,
  async ({ turn, ...input }, now): Promise<{ reminded: number; escalated: boolean }> => {
    const found = await readReview(input);
    const review = found?.review;
    if (found === undefined || review === null || review === undefined || review.turn !== turn || review.ended !== null)
      return { reminded: 0, escalated: false };
    const { reminders, escalate } = clockMarks(pinnedLadder(ladders, review), review, now);
    let current = found;
    if (escalate) {
      const moved = moveReview(found, { type: 'escalate', turn, now });
      if (moved.after !== undefined) {
        try {
          current = await changeCase(found, moved, now);
        } catch (error) {
          if (error instanceof ConditionFailed) return { reminded: 0, escalated: false };
          throw error;
        }
      }
    }
    const decision = decisionOf(current);
    const stored = decision === undefined ? undefined : await readDecision(decision.id);
    if (decision !== undefined && stored !== undefined && stored.answer === undefined) {
      // The calendar its clock awaited has come: lists show the due time too.
      if (stored.decision.dueAt === null && decision.dueAt !== null)
        await changeCase(current, { after: current, events: [] }, now);
      const reminded = reminders.map((instant) => dayOf(instant));
      const escalatedAt =
        stored.decision.escalatedAt ?? (current.review?.escalated ? new Date(now).toISOString() : null);
      // Told before it is kept: a retry tells it again, under the same id.
      if (escalatedAt !== null && stored.decision.escalatedAt === null)
        await publish([escalationOf(decision, escalatedAt)]);
      await remark({ ...decision, reminded, escalatedAt });
    }
    return { reminded: reminders.length, escalated: current.review?.escalated === true };
  },
);
