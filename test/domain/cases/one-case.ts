import type { Clue, Verdict } from '../../../functions/contracts/cases/case.ts';
import type { Case } from '../../../functions/contracts/cases/case-record.ts';
import { beginClosure, moveReview, takeClue } from '../../../functions/domain/cases/case.ts';
import { currentStep, ladders, pinnedLadder, roleOf } from '../../../functions/domain/cases/ladder.ts';
import { type ReviewAction, validNotice } from '../../../functions/domain/cases/review.ts';
import { approval, start } from './reviewers.ts';

export const ID = 'case-0000000000000001';
export const HOUSEHOLD = '440904001001-0001';
export const AT = new Date(start).toISOString();
export const GUARANTEES = {
  food: true,
  clothing: true,
  compulsoryEducation: true,
  basicMedicalInsurance: true,
  housing: false,
  drinkingWater: true,
};

const SCREENING = { source: 'screening', round: '2023Q3', signals: ['HOUSING_UNSAFE'] };
export const clue = (id: string, changes: object = {}): Clue =>
  ({ id, household: HOUSEHOLD, at: AT, ...SCREENING, ...changes }) as Clue;

type Taken = Parameters<typeof takeClue>[1];
export const take = (found: Case | undefined, changes: Partial<Taken> = {}) =>
  takeClue(found, {
    id: ID,
    household: HOUSEHOLD,
    clue: clue('clue-1'),
    people: 4,
    caseType: 'marginal',
    now: start,
    ...changes,
  });

export function moved(step: ReturnType<typeof take> | ReturnType<typeof moveReview>) {
  if (step.after === undefined) throw new Error(`refused: ${step.refusal}`);
  return step;
}

/** The review's next action by whoever is due: a notice is published and concluded. */
export function decide(found: Case, verdict: Verdict, account = `turn-${found.review?.turn}`): ReviewAction {
  const { review } = found;
  if (review === null) throw new Error('No review runs.');
  const step = currentStep(pinnedLadder(ladders, review), review);
  const role = step.kind === 'decision' ? roleOf(step.tier) : 'town-officer';
  const now = Date.parse(review.enteredAt) + 60_000;
  return {
    type: 'decide',
    step: review.step,
    turn: review.turn,
    by: { account, role },
    verdict,
    now,
    gatesHold: true,
  };
}

export function onward(found: Case): Case {
  const { review } = found;
  if (review === null) throw new Error('No review runs.');
  if (review.step !== 'public-notice') return moved(moveReview(found, decide(found, approval))).after;
  const now = Date.parse(review.enteredAt);
  const standing = moved(
    moveReview(found, { type: 'publish-notice', turn: review.turn, notice: `n-${review.turn}`, now }),
  ).after;
  const ends = Date.parse(standing.review === null ? '' : (validNotice(standing.review)?.endsAt ?? ''));
  return moved(moveReview(standing, { type: 'conclude-notice', turn: review.turn, now: ends })).after;
}

export function upTo(step: string, found: Case): Case {
  let reached = found;
  while (reached.review !== null && reached.review.ended === null && reached.review.step !== step)
    reached = onward(reached);
  return reached;
}

export const admission = moved(take(undefined)).after;
export const open = upTo('never', admission);
export const OPENED_ON = open.episodes[0]?.admittedOn ?? '';
export const LATER = Date.parse('2024-05-20T10:00:00+08:00');
export const closure = (found = open) =>
  moved(beginClosure(found, { method: 'assisted', proposer: 'proposer', gatesHold: true, now: LATER }));
