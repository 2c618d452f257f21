import { stepId } from '../../../contracts/cases/case.ts';
import type { DecisionView } from '../../../contracts/cases/decisions-http.ts';
import type { Decision } from '../../../contracts/decision.ts';
import { isOver } from '../../../domain/calendar.ts';
import { stepNames } from '../../../domain/cases/case-labels.ts';
import { waitingNames } from '../../../domain/insurance/claim-labels.ts';
import { waitingStep } from '../../../domain/insurance/claim-stages.ts';

/** A decision as an inbox shows it; what is late at this instant is marked. */
export function viewOf(decision: Decision, now: number): DecisionView {
  const { id, procedure, subject, household, step, roles, enteredAt, dueAt, reminded, escalatedAt } = decision;
  const stepName = nameOf(step);
  return {
    id,
    procedure,
    subject,
    household,
    step,
    stepName,
    roles,
    enteredAt,
    dueAt,
    ...(dueAt === null ? { clock: 'awaiting-calendar' as const } : {}),
    overdue: isOver(dueAt, now),
    reminded,
    escalatedAt,
  };
}

function nameOf(step: string): string {
  const known = stepId.safeParse(step);
  if (known.success) return known.data === 'public-notice' ? '答复公示异议' : stepNames[known.data];
  const ofClaim = waitingStep.find((one) => one === step);
  return ofClaim === undefined ? step : waitingNames[ofClaim];
}
