import { describe, expect, it } from 'vitest';
import type { Ladder } from '../../../functions/contracts/cases/review.ts';
import { nextReview, validNotice } from '../../../functions/domain/cases/review.ts';
import { clockMarks, whatStandsNext } from '../../../functions/domain/cases/review-progress.ts';
import { admission, decision, must, onward, rejection, start, started, upTo } from './reviewers.ts';

const HOUR = 3_600_000;
/** Three days after the eleventh: 24:00 of the fourteenth, reminded at 09:00 of the thirteenth. */
const DUE = Date.parse('2023-10-15T00:00:00+08:00');
const REMIND = Date.parse('2023-10-13T09:00:00+08:00');
const next = (now: number, state = started()) => whatStandsNext(admission, state, now);

describe('a review waits', () => {
  it('for a decision, until the reminder, then until its clock ends', () => {
    expect(next(start)).toEqual({
      next: 'decide',
      step: 'home-verification',
      turn: 1,
      waitSeconds: (REMIND - start) / 1000,
    });
    expect(next(REMIND).waitSeconds).toBe((DUE - REMIND) / 1000);
    expect(next(REMIND - 1).waitSeconds).toBe(1);
    expect(next(REMIND + 500).waitSeconds).toBe(Math.ceil((DUE - REMIND - 500) / 1000));
    // It is escalated at once, and afterwards looked at once in thirty days.
    expect(next(DUE).waitSeconds).toBe(1);
    expect(next(DUE + 40 * 24 * HOUR).waitSeconds).toBe(1);
    expect(next(DUE, { ...started(), escalated: true }).waitSeconds).toBe(30 * 86_400);
  });

  it('for its notice to be published, to stand its days, for each objection to be answered, and to be concluded', () => {
    const waiting = upTo('public-notice');
    const { turn } = waiting;
    const now = Date.parse(waiting.enteredAt);
    expect(next(now, waiting)).toEqual({ next: 'publish', step: 'public-notice', turn, waitSeconds: 1 });
    const standing = must(nextReview(admission, waiting, { type: 'publish-notice', turn, notice: 'n', now }));
    const ends = Date.parse(validNotice(standing)?.endsAt ?? '');
    expect(next(ends - 90_500, standing)).toMatchObject({ next: 'stand', waitSeconds: 91 });
    expect(next(ends - 1, standing)).toMatchObject({ next: 'stand', waitSeconds: 1 });
    expect(next(ends, standing)).toMatchObject({ next: 'conclude', waitSeconds: 1 });
    const objected = must(
      nextReview(admission, standing, { type: 'object', notice: 'n', objection: 'o', now: now + 1 }),
    );
    expect(next(ends, objected)).toMatchObject({ next: 'answer', waitSeconds: 6 * 3600 });
  });

  it('for nothing once it has ended', () => {
    const ended = must(nextReview(admission, started(), decision(started(), 'v-1', rejection)));
    expect(next(start, ended)).toEqual({ next: 'ended', step: 'home-verification', turn: 1, waitSeconds: 1 });
    expect(onward(admission, started()).step).toBe('data-comparison');
  });

  it('a day at a time for a calendar that is not published', () => {
    const working: Ladder = {
      ...admission,
      steps: admission.steps.map((step) =>
        step.kind === 'decision' ? { ...step, clock: { ...step.clock, kind: 'working' as const } } : step,
      ),
    };
    const far = Date.parse('2199-12-31T09:00:00+08:00');
    const state = { ...started(working), enteredAt: new Date(far).toISOString() };
    expect(whatStandsNext(working, state, far).waitSeconds).toBe(86_400);
    expect(clockMarks(working, state, far)).toEqual({ reminders: [], escalate: false });
  });
});

describe('the clock of a step', () => {
  it('tells the reminders that are due and whether it has run out, once', () => {
    const marks = (now: number, state = started()) => clockMarks(admission, state, now);
    expect(marks(REMIND - 1)).toEqual({ reminders: [], escalate: false });
    expect(marks(REMIND)).toEqual({ reminders: [REMIND], escalate: false });
    expect(marks(DUE - 1)).toEqual({ reminders: [REMIND], escalate: false });
    expect(marks(DUE)).toEqual({ reminders: [REMIND], escalate: true });
    expect(marks(DUE, { ...started(), escalated: true })).toEqual({ reminders: [REMIND], escalate: false });
    expect(marks(DUE, upTo('public-notice'))).toEqual({ reminders: [], escalate: false });
  });
});
