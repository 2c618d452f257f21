import { waitInput } from '../../contracts/tasks/review-ladder.ts';
import { ladders, pinnedLadder } from '../../domain/cases/ladder.ts';
import { whatStandsNext } from '../../domain/cases/review-progress.ts';
import { logger } from '../../runtime/logger.ts';
import { taskHandler } from '../../runtime/task.ts';
import { decisionOf, readReview } from '../../store/cases/reviews.ts';
import { ask } from '../../store/decisions.ts';
import { deliver } from '../../store/workflows.ts';

/**
 * Puts the step into its inboxes with the task token. The token is stored first and the case read afterwards; whoever decides writes the case first
 * and then looks for a token, so one of the two sees the other, and an answer that is already there ends the wait at once.
 * Ceiling: none that grows with the district: one case of at most 400 KB, as its caps keep it, read and written by its key.
 */
export const handler = taskHandler(waitInput, async ({ token, turn, ...review }, now): Promise<void> => {
  const before = await readReview(review);
  const decision = before === undefined ? undefined : decisionOf(before);
  if (decision === undefined || decision.turn !== turn) throw new StepOver(`Turn ${turn} of ${review.case} is over.`);
  logger.appendKeys({ decision: decision.id });
  const asked = await ask(decision, token);
  if (asked.answer !== undefined) return await deliver(decision.id, token);
  const after = await readReview(review);
  if (after === undefined || after.review === null) return;
  const { next } = whatStandsNext(pinnedLadder(ladders, after.review), after.review, now);
  const waits = after.review.turn === turn && (next === 'decide' || next === 'answer');
  if (!waits) await deliver(decision.id, token);
});

/** The step was decided before its task asked: the workflow looks again at what stands next. */
export class StepOver extends Error {
  override readonly name = 'StepOver';
}
