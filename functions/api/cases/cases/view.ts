import { stepId } from '../../../contracts/cases/case.ts';
import type { CaseSummary } from '../../../contracts/cases/case-record.ts';
import { stageNames, stepNames } from '../../../domain/cases/case-labels.ts';

/** A line of the register as it is shown: what is late at this instant is marked. */
export function lineOf(summary: CaseSummary, now: number) {
  const { review, ...rest } = summary;
  return {
    ...rest,
    stageName: stageNames[summary.stage],
    review:
      review === null
        ? null
        : {
            ...review,
            stepName: stepNames[stepId.parse(review.step)],
            mark: Date.parse(review.totalDueAt) <= now ? ('orange' as const) : ('none' as const),
            overdue: isOverdue(summary, now),
          },
  };
}

/** The running review, or the step it stands at, is over its time. */
export function isOverdue({ review }: Pick<CaseSummary, 'review'>, now: number): boolean {
  if (review === null) return false;
  return Date.parse(review.totalDueAt) <= now || (review.stepDueAt !== null && Date.parse(review.stepDueAt) <= now);
}
