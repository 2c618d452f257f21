import { stepId } from '../../../contracts/cases/case.ts';
import type { CaseSummary } from '../../../contracts/cases/case-record.ts';
import { isOver } from '../../../domain/calendar.ts';
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
            procedure: review.procedure,
            step: review.step,
            stepName: stepNames[stepId.parse(review.step)],
            stepDueAt: review.stepDueAt,
            totalDueAt: review.totalDueAt,
            ...(review.awaitingCalendar ? { clock: 'awaiting-calendar' as const } : {}),
            mark: isOver(review.totalDueAt, now) ? ('orange' as const) : ('none' as const),
            overdue: isOverdue(summary, now),
          },
  };
}

/** Whether the running review, or its current step, is overdue. */
export function isOverdue({ review }: Pick<CaseSummary, 'review'>, now: number): boolean {
  if (review === null) return false;
  return isOver(review.totalDueAt, now) || isOver(review.stepDueAt, now);
}
