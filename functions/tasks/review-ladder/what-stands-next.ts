import { type NextOutput, reviewInput } from '../../contracts/tasks/review-ladder.ts';
import { ladders, pinnedLadder } from '../../domain/cases/ladder.ts';
import { whatStandsNext } from '../../domain/cases/review-progress.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readReview } from '../../store/cases/reviews.ts';

/**
 * Reads the review and returns what comes next. A review that is no longer the case's current one ends its execution.
 * Ceiling: none that grows with the district: one case of at most 400 KB, as its caps keep it, read and written by its key.
 */
export const handler = taskHandler(reviewInput, async (input, now): Promise<NextOutput> => {
  const found = await readReview(input);
  const review = found?.review;
  if (review === undefined || review === null)
    return { next: 'ended', step: 'home-verification', turn: 0, waitSeconds: 1, outcome: 'superseded' };
  const next = whatStandsNext(pinnedLadder(ladders, review), review, now);
  return review.ended === null ? next : { ...next, outcome: review.ended.outcome };
});
