import type { Case } from '../../contracts/cases/case-record.ts';
import type { Procedure } from '../../contracts/cases/review.ts';
import type { Decision } from '../../contracts/decision.ts';
import { isoOrNull } from '../../domain/calendar.ts';
import { stepTimes } from '../../domain/cases/clocks.ts';
import { currentStep, inboxesOf, ladders, pinnedLadder, roleOf } from '../../domain/cases/ladder.ts';
import { decisionIdOf } from '../decisions.ts';
import { readCase } from './cases.ts';

/** An execution names a case that is not in the table: it was started by somebody else than this code. */
export class CaseMissing extends Error {
  override readonly name = 'CaseMissing';
}

/** A case with the very review an execution carries; undefined once another review has begun. @throws CaseMissing */
export async function readReview(input: {
  case: string;
  procedure: Procedure;
  startedAt: string;
}): Promise<Case | undefined> {
  const found = await readCase(input.case);
  if (found === undefined) throw new CaseMissing(`There is no case ${input.case}.`);
  const ours = found.review?.ladder.procedure === input.procedure && found.review.startedAt === input.startedAt;
  return ours ? found : undefined;
}

/** The decision the running review asks for now: a step's, or, behind a notice, the answering of its objections. */
export function decisionOf(found: Case): Decision | undefined {
  const { review } = found;
  if (review === null || review.ended !== null) return undefined;
  const ladder = pinnedLadder(ladders, review);
  const step = currentStep(ladder, review);
  const procedure = ladder.procedure;
  const standing = review.notices.find((notice) => !notice.void);
  // Objections are answered in the village, or by its town; they have no clock of their own, so they are due when the notice ends.
  const roles = step.kind === 'notice' ? [roleOf('village'), roleOf('town')] : inboxesOf(ladder, review).map(roleOf);
  const times = stepTimes(ladder, review);
  return {
    id: decisionIdOf(found.id, procedure, review.startedAt, review.turn),
    procedure,
    subject: found.id,
    household: found.household,
    step: review.step,
    turn: review.turn,
    roles,
    enteredAt: review.enteredAt,
    dueAt: times === undefined ? (standing?.endsAt ?? review.enteredAt) : isoOrNull(times.dueAt),
    reminded: [],
    escalatedAt: null,
  };
}
