import type { StepId, Verdict } from '../../../functions/contracts/cases/case.ts';
import type { Ladder, ReviewState } from '../../../functions/contracts/cases/review.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import { currentStep, ladderInForce, ladders, roleOf } from '../../../functions/domain/cases/ladder.ts';
import { nextReview, type ReviewAction, startReview, validNotice } from '../../../functions/domain/cases/review.ts';

export const start = Date.parse('2023-10-11T09:00:00+08:00');
export const admission = ladderInForce(ladders, 'admission', '2023-10-11');
export const closure = ladderInForce(ladders, 'closure', '2023-10-11');

const official = { account: 'h', name: '测试干部', unit: '测试镇政府' };
/** An approval that brings everything any step could ask for. */
export const approval: Extract<Verdict, { verdict: 'approve' }> = {
  verdict: 'approve',
  authorisation: { signedOn: '2023-10-11', signedBy: 'p-0000000000000001', document: 'doc' },
  risks: ['illness'],
  caseType: 'marginal',
  votes: { heldOn: '2023-10-11', for: 20, against: 2, abstaining: 3 },
  helper: official,
  monitoringContact: official,
};
export const plain: Verdict = { verdict: 'approve' };
export const back = (to: StepId): Verdict => ({ verdict: 'send-back', to, reason: '材料需要补充' });
export const rejection: Verdict = { verdict: 'reject', code: 'not-at-risk', reason: '核实后没有风险' };

export function started(
  ladder: Ladder = admission,
  options: Partial<Parameters<typeof startReview>[1]> = {},
): ReviewState {
  return must(startReview(ladder, { proposer: null, now: start, gatesHold: true, ...options }));
}
export function must(outcome: ReturnType<typeof nextReview>): ReviewState {
  if (outcome.state === undefined) throw new Error(`refused: ${outcome.refusal}`);
  return outcome.state;
}
export function decision(
  state: ReviewState,
  account: string,
  said: Verdict,
  changes: Partial<Extract<ReviewAction, { type: 'decide' }>> = {},
): ReviewAction {
  const step = currentStep(admission, state);
  const role: Role = step.kind === 'decision' ? roleOf(step.tier) : 'town-officer';
  const now = Date.parse(state.enteredAt) + 60_000;
  return {
    type: 'decide',
    step: state.step,
    turn: state.turn,
    by: { account, role },
    verdict: said,
    now,
    gatesHold: true,
    ...changes,
  };
}
/** Through the ladder as the right people would, each step a person of its own, up to a step. */
export function upTo(step: StepId, ladder: Ladder = admission, state = started(ladder)): ReviewState {
  let reached = state;
  while (reached.ended === null && reached.step !== step) reached = onward(ladder, reached);
  return reached;
}
export function onward(ladder: Ladder, state: ReviewState, account = `turn-${state.turn}`): ReviewState {
  if (currentStep(ladder, state).kind === 'decision')
    return must(nextReview(ladder, state, decision(state, account, approval)));
  const now = Date.parse(state.enteredAt);
  const standing = must(
    nextReview(ladder, state, { type: 'publish-notice', turn: state.turn, notice: `n-${state.turn}`, now }),
  );
  return must(
    nextReview(ladder, standing, {
      type: 'conclude-notice',
      turn: state.turn,
      now: Date.parse(validNotice(standing)?.endsAt ?? ''),
    }),
  );
}
