import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepId, type Verdict } from '../../../functions/contracts/cases/case.ts';
import type { ReviewState } from '../../../functions/contracts/cases/review.ts';
import type { Role } from '../../../functions/contracts/roles.ts';
import { currentStep, placeOf } from '../../../functions/domain/cases/ladder.ts';
import {
  nextReview,
  type ReviewAction,
  startReview,
  unansweredObjections,
  validNotice,
} from '../../../functions/domain/cases/review.ts';
import { admission, approval, back, closure, must, plain, rejection, start } from './reviewers.ts';

const DAY = 86_400_000;
const people = fc.constantFrom('v1', 'v2', 'v3', 't1', 't2', 't3', 'd1', 'd2', 'd3');
const roles: Record<string, Role> = { v: 'village-worker', t: 'town-officer', d: 'district-officer' };
const verdicts: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(approval) },
  { weight: 3, arbitrary: fc.constantFrom(...stepId.options).map(back) },
  { weight: 1, arbitrary: fc.constantFrom(rejection, plain) },
);
/** What anybody might try next: mostly at the right step and turn, sometimes not. */
const moves = fc.record({
  // `next` is what should be done; the others are what might be tried.
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('next') },
    { weight: 6, arbitrary: fc.constantFrom('decide', 'publish', 'conclude', 'escalate', 'object', 'answer') },
  ),
  who: people,
  verdict: verdicts,
  step: fc.option(fc.constantFrom(...stepId.options), { freq: 5 }),
  off: fc.constantFrom(0, 0, 0, 0, 0, -1, 1),
  wait: fc.constantFrom(0, 60_000, 4 * DAY, 7 * DAY),
});

describe('whatever is tried on a review', () => {
  const played = fc.record({
    ladder: fc.constantFrom(admission, closure, { ...admission, sameStepAgain: true }),
    proposer: fc.constantFrom(null, 'v1', 'd1'),
    tried: fc.array(moves, { minLength: 20, maxLength: 60 }),
  });
  type Move = typeof moves extends fc.Arbitrary<infer M> ? M : never;

  function nextKind(state: ReviewState): string {
    if (state.step !== 'public-notice') return 'decide';
    if (validNotice(state) === undefined) return 'publish';
    return unansweredObjections(state) > 0 ? 'answer' : 'conclude';
  }

  function actionOf(move: Move, state: ReviewState, now: number, n: number): ReviewAction {
    const turn = state.turn + move.off;
    switch (move.kind === 'next' ? nextKind(state) : move.kind) {
      case 'publish':
        return { type: 'publish-notice', turn, notice: `n${n}`, now };
      case 'conclude':
        return { type: 'conclude-notice', turn, now };
      case 'escalate':
        return { type: 'escalate', turn, now };
      case 'object':
        return { type: 'object', notice: state.notices.at(-1)?.id ?? 'none', objection: `o${n}`, now };
      case 'answer':
        return {
          type: 'answer-objection',
          notice: state.notices.find(({ lodged, answered }) => answered < lodged)?.id ?? 'none',
          objection: `o${n}`,
          by: move.who,
          now,
        };
      default:
        return {
          type: 'decide',
          step: move.step ?? state.step,
          turn,
          by: personOf(move, state),
          verdict: move.verdict,
          gatesHold: true,
          now,
        };
    }
  }

  function personOf(move: Move, state: ReviewState): { account: string; role: Role } {
    const step = currentStep(state.ladder.procedure === 'closure' ? closure : admission, state);
    const tier = move.kind === 'next' && step.kind === 'decision' ? step.tier.slice(0, 1) : move.who.slice(0, 1);
    return { account: `${tier}${move.who.slice(1)}`, role: roles[tier] ?? 'auditor' };
  }

  it('no step is skipped, nobody decides twice or what they proposed, an end is an end', () => {
    let ends = 0;
    fc.assert(
      fc.property(played, ({ ladder, proposer, tried }) => {
        let state = must(startReview(ladder, { proposer, gatesHold: true, now: start }));
        let now = start;
        for (const [n, move] of tried.entries()) {
          now += move.wait;
          const action = actionOf(move, state, now, n);
          const { state: next } = nextReview(ladder, state, action);
          if (next === undefined || next === state) continue;
          expect(state.ended).toBeNull();
          const [from, to] = [placeOf(ladder, state.step), placeOf(ladder, next.step)];
          const sentBack = action.type === 'decide' && action.verdict.verdict === 'send-back';
          if (sentBack) expect(to).toBeLessThan(from);
          else expect([from, from + 1]).toContain(to);
          expect(next.turn - state.turn).toBe(to === from ? 0 : 1);
          if (to > from && currentStep(ladder, state).kind === 'notice') {
            const notice = validNotice(state);
            expect(now).toBeGreaterThanOrEqual(Date.parse(notice?.endsAt ?? '9999-01-01'));
            // Given anew each time the step is entered: none stands in for the one after a send-back.
            expect(notice?.turn).toBe(state.turn);
            expect(unansweredObjections(state)).toBe(0);
          }
          // What was recorded stays recorded.
          expect(next.decisions.slice(0, state.decisions.length)).toEqual(state.decisions);
          state = next;
        }
        const decided = state.decisions.map(({ by, step }) => (ladder.sameStepAgain ? `${by} ${step}` : by));
        const deciders = ladder.sameStepAgain ? [...new Set(decided)].map((pair) => pair.split(' ')[0]) : decided;
        expect(new Set(deciders).size).toBe(deciders.length);
        expect(state.decisions.some(({ by }) => by === proposer)).toBe(false);
        expect(state.notices.filter((notice) => !notice.void).length).toBeLessThanOrEqual(1);
        if (state.ended?.outcome === 'approved') {
          ends += 1;
          const steps = ladder.steps.filter(({ kind }) => kind === 'decision').map(({ id }) => id);
          expect(
            new Set(state.decisions.filter(({ verdict: said }) => said === 'approve').map(({ step }) => step)),
          ).toEqual(new Set(steps));
          expect(validNotice(state)).toBeDefined();
        }
      }),
      { numRuns: 2000 },
    );

    expect(ends).toBeGreaterThan(50);
  });
});
