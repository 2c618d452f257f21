import { describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../demo/claims/product.ts';
import type { Ladder } from '../../functions/contracts/cases/review.ts';
import { totalDueAt, totalMark } from '../../functions/domain/cases/clocks.ts';
import { ladders } from '../../functions/domain/cases/ladder.ts';
import { nextReview, startReview } from '../../functions/domain/cases/review.ts';
import { clockMarks, whatStandsNext } from '../../functions/domain/cases/review-progress.ts';
import { claimNext, clockMarksOf, summaryOfClaim, waitingOf } from '../../functions/domain/insurance/claim-stages.ts';
import { takeStep } from '../../functions/domain/insurance/claim-steps.ts';
import { emptyClaim } from './insurance/claims.ts';

const at = (instant: string) => Date.parse(`${instant}+08:00`);
const working = { days: 3, kind: 'working' as const };
const terms = {
  ...illustrativeProduct,
  clocks: {
    ...illustrativeProduct.clocks,
    survey: working,
    decision: working,
    payment: { days: 10, kind: 'calendar' as const },
  },
};

describe('a step that is entered after its time', () => {
  it('of a claim is looked at in a second and escalated, once', () => {
    // Approved on the first, returned, and its account corrected on the fifteenth: ten days have passed.
    const late = emptyClaim({
      stage: 'approved',
      approved: { amount: 100, at: '2023-11-01T02:00:00.000Z' },
      approvals: [{ by: 'a', at: '2023-11-01T02:00:00.000Z' }],
      enteredAt: '2023-11-15T02:00:00.000Z',
    });
    const now = at('2023-11-15T10:00:00');
    expect(claimNext(late, terms, now)).toMatchObject({ next: 'wait', waitSeconds: 1 });
    expect(clockMarksOf(late, terms, now)).toMatchObject({ escalate: true });
    expect(claimNext({ ...late, escalated: true }, terms, now).waitSeconds).toBe(30 * 86_400);
  });

  it('of a case is, too', () => {
    const ladder = admission({ days: 3, kind: 'calendar', start: 'procedure' });
    const now = at('2023-11-15T10:00:00');
    const state = { ...begun(ladder, at('2023-11-01T10:00:00')), enteredAt: new Date(now).toISOString() };
    expect(whatStandsNext(ladder, state, now)).toMatchObject({ next: 'decide', waitSeconds: 1 });
    expect(clockMarks(ladder, state, now)).toMatchObject({ escalate: true });
    expect(whatStandsNext(ladder, { ...state, escalated: true }, now).waitSeconds).toBe(30 * 86_400);
  });
});

describe('a clock that runs into a year without a published calendar', () => {
  const now = at('2026-12-29T10:00:00');

  it('of a claim has no due time yet: it can be worked, and is looked at every day', () => {
    const claim = emptyClaim({
      stage: 'registered',
      registeredAt: new Date(now).toISOString(),
      reportedAt: new Date(now).toISOString(),
    });
    expect(waitingOf(claim, terms, now)).toMatchObject({ step: 'survey', dueAt: null });
    expect(summaryOfClaim(claim, terms, now).waiting).toMatchObject({ dueAt: null });
    expect(claimNext(claim, terms, now)).toMatchObject({ next: 'wait', waitSeconds: 86_400 });
    expect(clockMarksOf(claim, terms, now)).toEqual({ remind: false, escalate: false });
    const step = {
      step: 'propose-refusal' as const,
      turn: claim.turn,
      code: 'investigation-negative' as const,
      reason: '不属实',
    };
    const context = {
      by: { account: 'adjuster', role: 'insurer-adjuster' as const },
      product: product(),
      standing: { household: 0, line: 0, person: 0, usedDeductible: 0 },
      now,
    };
    expect(takeStep(claim, step, Object(context))).toMatchObject({ after: { stage: 'adjudicated' } });
  });

  it('of a claim whose clock stood still into it neither fails', () => {
    const claim = emptyClaim({
      stage: 'registered',
      registeredAt: '2026-12-20T02:00:00.000Z',
      pauses: [{ from: '2026-12-21T02:00:00.000Z', to: '2027-01-10T02:00:00.000Z' }],
    });
    expect(waitingOf(claim, terms, at('2027-01-11T10:00:00'))).toMatchObject({ dueAt: null });
  });

  it('of a case, or of its whole procedure, has none either, is not orange, and is not escalated', () => {
    const ladder = admission({ days: 3, kind: 'working', start: 'step' });
    const state = begun(ladder, now);
    expect(whatStandsNext(ladder, state, now)).toMatchObject({ next: 'decide', waitSeconds: 86_400 });
    expect(clockMarks(ladder, state, now)).toEqual({ reminders: [], escalate: false });
    expect(nextReview(ladder, state, { type: 'escalate', turn: state.turn, now })).toEqual({
      refusal: 'clock-not-ended',
    });
    const total = { total: { days: 15 as const, kind: 'working' as const } };
    expect(totalDueAt(total, state.startedAt)).toBeNull();
    expect(totalMark(total, state, at('2027-06-01T10:00:00'))).toBe('none');
  });
});

function product() {
  return { ...terms, id: 'product-0123456789ab', status: 'approved', proposedBy: 'a', proposedAt: '' };
}

function admission(clock: Extract<Ladder['steps'][number], { kind: 'decision' }>['clock']): Ladder {
  const [shipped] = ladders;
  if (shipped === undefined) throw new Error('There is no ladder.');
  return { ...shipped, steps: shipped.steps.map((step) => (step.kind === 'decision' ? { ...step, clock } : step)) };
}

function begun(ladder: Ladder, now: number) {
  const { state } = startReview(ladder, { proposer: null, now });
  if (state === undefined) throw new Error('The review does not start.');
  return state;
}
