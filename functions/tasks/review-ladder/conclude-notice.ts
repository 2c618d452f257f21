import { turnInput } from '../../contracts/tasks/review-ladder.ts';
import { moveReview } from '../../domain/cases/case.ts';
import { taskHandler } from '../../runtime/task.ts';
import { changeCase } from '../../store/cases/cases.ts';
import { readReview } from '../../store/cases/reviews.ts';
import { ConditionFailed } from '../../store/table.ts';

/**
 * Takes a notice down that has stood its full days, and goes on to the next step. An objection in the last instant keeps it from going on.
 * Ceiling: none that grows with the district: one case of at most 400 KB, as its caps keep it, read and written by its key.
 */
export const handler = taskHandler(turnInput, async ({ turn, ...input }, now): Promise<{ concluded: boolean }> => {
  const found = await readReview(input);
  if (found === undefined) return { concluded: false };
  const moved = moveReview(found, { type: 'conclude-notice', turn, now });
  if (moved.after === undefined) return { concluded: false };
  try {
    await changeCase(found, moved, now);
    return { concluded: true };
  } catch (error) {
    if (error instanceof ConditionFailed) return { concluded: false };
    throw error;
  }
});
