import { describe, expect, it } from 'vitest';
import type { Clue, Verdict } from '../../../functions/contracts/cases/case.ts';
import type { Case, CaseMeasure } from '../../../functions/contracts/cases/case-record.ts';
import {
  activeCaseOf,
  beginClosure,
  CaseWithoutEpisode,
  episodeOf,
  MOST_MEASURES,
  moveReview,
  rejectionOf,
  summaryOf,
  takeClue,
  withMeasure,
} from '../../../functions/domain/cases/case.ts';
import { currentStep, ladders, pinnedLadder, roleOf } from '../../../functions/domain/cases/ladder.ts';
import type { ReviewAction } from '../../../functions/domain/cases/review.ts';
import { validNotice } from '../../../functions/domain/cases/review.ts';
import { approval, back, plain, rejection, start } from './reviewers.ts';

const ID = 'case-0000000000000001';
const HOUSEHOLD = '440904001001-0001';
const AT = new Date(start).toISOString();
const GUARANTEES = {
  food: true,
  clothing: true,
  compulsoryEducation: true,
  basicMedicalInsurance: true,
  housing: false,
  drinkingWater: true,
};

const SCREENING = { source: 'screening', round: '2023Q3', signals: ['HOUSING_UNSAFE'] };
const clue = (id: string, changes: object = {}): Clue =>
  ({ id, household: HOUSEHOLD, at: AT, ...SCREENING, ...changes }) as Clue;

type Taken = Parameters<typeof takeClue>[1];
const take = (found: Case | undefined, changes: Partial<Taken> = {}) =>
  takeClue(found, {
    id: ID,
    household: HOUSEHOLD,
    clue: clue('clue-1'),
    people: 4,
    caseType: 'marginal',
    now: start,
    ...changes,
  });

function moved(step: ReturnType<typeof take> | ReturnType<typeof moveReview>) {
  if (step.after === undefined) throw new Error(`refused: ${step.refusal}`);
  return step;
}

/** The review's next action by whoever is due: a notice is published and concluded. */
function decide(found: Case, verdict: Verdict, account = `turn-${found.review?.turn}`): ReviewAction {
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

function onward(found: Case): Case {
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

function upTo(step: string, found: Case): Case {
  let reached = found;
  while (reached.review !== null && reached.review.ended === null && reached.review.step !== step)
    reached = onward(reached);
  return reached;
}

const admission = moved(take(undefined)).after;
const open = upTo('never', admission);
const OPENED_ON = open.episodes[0]?.admittedOn ?? '';
const LATER = Date.parse('2024-05-20T10:00:00+08:00');
const closure = (found = open) =>
  moved(beginClosure(found, { method: 'assisted', proposer: 'proposer', gatesHold: true, now: LATER }));

describe('a clue', () => {
  it('of a household without a case begins an admission at its first step, with what the sealed row knew', () => {
    expect(take(undefined)).toEqual({
      after: {
        id: ID,
        household: HOUSEHOLD,
        stage: 'admission',
        version: 0,
        head: null,
        episodes: [
          {
            number: 1,
            startedAt: AT,
            clues: [clue('clue-1')],
            declarations: 0,
            people: 4,
            caseType: 'marginal',
            risks: [],
          },
        ],
        review: {
          ladder: { procedure: 'admission', effectiveFrom: '2021-01-01' },
          step: 'home-verification',
          turn: 1,
          startedAt: AT,
          enteredAt: AT,
          proposer: null,
          known: ['caseType'],
          escalated: false,
          decisions: [],
          notices: [],
          ended: null,
        },
        closing: null,
        measures: [],
        rejected: null,
      },
      events: [
        { kind: 'episode-started', body: { episode: 1, clue: 'clue-1', source: 'screening' } },
        { kind: 'review-started', body: { procedure: 'admission', ladder: '2021-01-01' } },
      ],
    });
  });

  it('of an officer makes that officer the proposer, who decides no step; an unknown type is left to the comparison', () => {
    const { after } = moved(
      take(undefined, {
        clue: clue('clue-2', { source: 'officer', by: 'officer-7', reason: '走访发现住院' }),
        caseType: null,
      }),
    );
    expect(after.review).toMatchObject({ proposer: 'officer-7', known: [] });
    expect(moveReview(after, decide(after, approval, 'officer-7'))).toMatchObject({ refusal: 'own-proposal' });
  });

  it('joins the running admission, and nothing when it is there already', () => {
    const second = moved(take(admission, { clue: clue('clue-2', { source: 'alert', kind: 'dropout' }), people: 9 }));
    expect(second.after.episodes[0]?.clues.map(({ id }) => id)).toEqual(['clue-1', 'clue-2']);
    expect(second.after).toMatchObject({ stage: 'admission', episodes: [{ people: 4 }] });
    expect(second.events).toEqual([{ kind: 'clue-joined', body: { clue: 'clue-2', source: 'alert' } }]);
    expect(take(second.after, { clue: clue('clue-2') })).toEqual({ after: second.after, events: [] });
    const declared = clue('clue-3', { source: 'declaration', trouble: 'illness', declaredBy: 'self' });
    expect(moved(take(admission, { clue: declared })).after.episodes[0]?.declarations).toBe(1);
    expect(moved(take(admission, { clue: declared, known: true })).after).toBe(admission);
  });

  it('that is one too many is refused', () => {
    let full = admission;
    for (let n = 2; n <= 60; n += 1) full = moved(take(full, { clue: clue(`clue-${n}`) })).after;
    expect(take(full, { clue: clue('clue-61') })).toEqual({ refusal: 'clues-full' });
  });

  it('after a rejection begins a new episode of the same case; the old one and the measures stay', () => {
    const rejected = moved(moveReview(admission, decide(admission, rejection))).after;
    const kept = {
      ...rejected,
      version: 7,
      head: { sequence: 7, hash: 'abc' },
      measures: [{ id: 'm-1' } as CaseMeasure],
    };
    const { after, events } = moved(take(kept, { clue: clue('clue-9'), people: 3, now: LATER }));
    expect(after).toMatchObject({
      stage: 'admission',
      version: 7,
      head: { sequence: 7, hash: 'abc' },
      rejected: null,
      closing: null,
    });
    expect(after.measures).toEqual(kept.measures);
    expect(after.episodes.map(({ number }) => number)).toEqual([1, 2]);
    expect(after.episodes[0]).toEqual(rejected.episodes[0]);
    expect(events[0]).toEqual({
      kind: 'episode-started',
      body: { episode: 2, clue: 'clue-9', source: 'screening' },
    });
  });
});

describe('an admission', () => {
  it('takes risks and type from whoever approves them, and opens the case with its helper on the day of the district', () => {
    const verified = onward(admission);
    expect(verified.episodes[0]).toMatchObject({ risks: [{ code: 'illness' }], caseType: 'marginal' });
    const compared = moved(
      moveReview(verified, decide(verified, { verdict: 'approve', caseType: 'unstable-lifted', risks: ['housing'] })),
    ).after;
    expect(compared.episodes[0]).toMatchObject({ risks: [{ code: 'housing' }], caseType: 'unstable-lifted' });
    const last = upTo('district-approval', admission);
    const opened = moved(moveReview(last, decide(last, approval)));
    const { helper } = approval;
    expect(opened.after).toMatchObject({ stage: 'open', rejected: null, review: { ended: { outcome: 'approved' } } });
    expect(opened.after.episodes[0]).toMatchObject({
      admittedOn: '2023-10-17',
      helper: { ...helper, since: '2023-10-17' },
    });
    expect(opened.events.slice(1)).toEqual([
      { kind: 'case-opened', body: { on: '2023-10-17', caseType: 'marginal', risks: ['illness'] } },
      { kind: 'helper-assigned', body: { on: '2023-10-17', helper: 'h' } },
    ]);
  });

  it('that is rejected says on which day, with which code and reason, and carries no case', () => {
    const at = new Date(start + 60_000).toISOString();
    const { after, events } = moved(moveReview(admission, decide(admission, rejection)));
    expect(after).toMatchObject({
      stage: 'rejected',
      rejected: { at, code: 'not-at-risk', reason: '核实后没有风险' },
    });
    expect(after.episodes[0]).not.toHaveProperty('admittedOn');
    expect(events).toEqual([
      {
        kind: 'step-decided',
        body: {
          step: 'home-verification',
          turn: 1,
          by: 'turn-1',
          role: 'village-worker',
          verdict: rejection,
        },
      },
      { kind: 'case-rejected', body: { on: '2023-10-11', code: 'not-at-risk', reason: '核实后没有风险' } },
    ]);
    expect(activeCaseOf(after)).toBeUndefined();
    expect(rejectionOf(after)).toEqual({ on: '2023-10-11', signals: ['HOUSING_UNSAFE'] });
    expect(rejectionOf({ ...after, rejected: null })).toBeUndefined();
    expect(rejectionOf(admission)).toBeUndefined();
    expect(rejectionOf(undefined)).toBeUndefined();
  });

  it('counts the 90 days by the signals of all its screenings, and by no other clue', () => {
    const alert = moved(take(admission, { clue: clue('clue-2', { source: 'alert', kind: 'dropout' }) })).after;
    const both = moved(take(alert, { clue: clue('clue-3', { signals: ['WATER_UNSAFE', 'NO_LABOUR'] }) })).after;
    const rejected = moved(moveReview(both, decide(both, rejection))).after;
    expect(rejectionOf(rejected)?.signals).toEqual(['HOUSING_UNSAFE', 'WATER_UNSAFE', 'NO_LABOUR']);
  });

  it('sent back stays an admission, and a refused step changes nothing', () => {
    const compared = upTo('village-appraisal', admission);
    const again = moved(moveReview(compared, decide(compared, back('data-comparison'))));
    expect(again.after).toMatchObject({ stage: 'admission', review: { step: 'data-comparison', turn: 4 } });
    expect(again.events).toEqual([
      {
        kind: 'step-decided',
        body: {
          step: 'village-appraisal',
          turn: 3,
          by: 'turn-3',
          role: 'village-worker',
          verdict: back('data-comparison'),
        },
      },
    ]);
    expect(moveReview(admission, decide(admission, plain))).toEqual({
      refusal: 'not-given',
      missing: ['authorisation', 'risks'],
    });
    expect(moveReview({ ...admission, review: null }, decide(admission, approval))).toEqual({
      refusal: 'review-ended',
    });
    expect(moveReview(open, decide(admission, approval))).toEqual({ refusal: 'review-ended' });
  });

  it('tells of its notice, objections and escalation by ids, and of a repetition nothing', () => {
    const waiting = upTo('public-notice', admission);
    const turn = waiting.review?.turn ?? 0;
    const now = Date.parse(waiting.review?.enteredAt ?? '');
    const publish: ReviewAction = { type: 'publish-notice', turn, notice: 'n-1', now };
    const published = moved(moveReview(waiting, publish));
    expect(published.events).toEqual([{ kind: 'notice-published', body: { notice: 'n-1', turn } }]);
    expect(moveReview(published.after, publish)).toEqual({ after: published.after, events: [] });
    const objected = moved(
      moveReview(published.after, { type: 'object', notice: 'n-1', objection: 'o-1', now: now + 1 }),
    );
    expect(objected.events).toEqual([{ kind: 'objection-lodged', body: { notice: 'n-1', objection: 'o-1' } }]);
    const answered = moved(
      moveReview(objected.after, {
        type: 'answer-objection',
        notice: 'n-1',
        objection: 'o-1',
        by: 'town-1',
        now: now + 2,
      }),
    );
    expect(answered.events).toEqual([{ kind: 'objection-answered', body: { objection: 'o-1', by: 'town-1' } }]);
    const ends = Date.parse(answered.after.review === null ? '' : (validNotice(answered.after.review)?.endsAt ?? ''));
    const concluded = moved(moveReview(answered.after, { type: 'conclude-notice', turn, now: ends }));
    expect(concluded.events).toEqual([{ kind: 'notice-concluded', body: { turn } }]);
    const due = Date.parse(summaryOf(admission).review?.stepDueAt ?? '');
    const escalated = moved(moveReview(admission, { type: 'escalate', turn: 1, now: due }));
    expect(escalated.events).toEqual([{ kind: 'step-escalated', body: { step: 'home-verification', turn: 1 } }]);
  });
});

describe('a closure', () => {
  it('begins on an open case whose gates hold, with its method and who asked for it', () => {
    const begun = closure();
    expect(begun.after).toMatchObject({
      stage: 'closing',
      closing: { method: 'assisted' },
      review: { ladder: { procedure: 'closure' }, step: 'home-verification', turn: 1, proposer: 'proposer' },
    });
    expect(begun.events).toEqual([
      {
        kind: 'review-started',
        body: { procedure: 'closure', ladder: '2021-01-01', method: 'assisted', by: 'proposer' },
      },
    ]);
    expect(beginClosure(open, { method: 'natural', proposer: 'p', gatesHold: false, now: LATER })).toEqual({
      refusal: 'gates-not-met',
    });
  });

  it('ends with what the newest visit found and a contact who goes on looking after the household', () => {
    const last = upTo('district-approval', closure().after);
    const closed = moved(moveReview(last, decide(last, approval), { perCapita: 1_234_500, guarantees: GUARANTEES }));
    expect(closed.after.stage).toBe('closed');
    expect(closed.after.episodes[0]?.closed).toEqual({
      on: '2024-05-26',
      method: 'assisted',
      perCapita: 1_234_500,
      guarantees: GUARANTEES,
      monitoringContact: approval.monitoringContact,
    });
    expect(closed.events[1]).toEqual({
      kind: 'case-closed',
      body: { on: '2024-05-26', method: 'assisted', perCapita: 1_234_500, contact: 'h' },
    });
    const bare = moved(moveReview(last, decide(last, approval))).after.episodes[0]?.closed;
    expect(bare?.perCapita).toBe(0);
    expect(bare).not.toHaveProperty('guarantees');
    const { monitoringContact, ...without } = approval;
    expect(moveReview(last, decide(last, without))).toMatchObject({
      refusal: 'not-given',
      missing: ['monitoringContact'],
    });
    expect(() => moveReview({ ...last, closing: null }, decide(last, approval))).toThrow(
      'A closure ended without its method or contact.',
    );
  });

  it('that is refused leaves the case open, and it is no rejection of the admission', () => {
    const { after, events } = moved(moveReview(closure().after, decide(closure().after, rejection)));
    expect(after).toMatchObject({ stage: 'open', rejected: null });
    expect(after.episodes[0]).not.toHaveProperty('closed');
    expect(events[1]).toEqual({
      kind: 'closure-refused',
      body: { on: '2024-05-20', code: 'not-at-risk', reason: '核实后没有风险' },
    });
  });
});

describe('a case', () => {
  it('is carried by its household from the admission to its end', () => {
    expect(activeCaseOf(undefined)).toBeUndefined();
    expect(activeCaseOf(admission)).toEqual({ id: ID, stage: 'admission' });
    expect(activeCaseOf(open)).toEqual({ id: ID, stage: 'open' });
    expect(activeCaseOf(closure().after)).toEqual({ id: ID, stage: 'open' });
    expect(activeCaseOf({ ...open, stage: 'closed' })).toBeUndefined();
  });

  it('takes two hundred measures and no more, and cannot be without an episode', () => {
    const measure = (n: number) => ({ id: `m-${n}` }) as CaseMeasure;
    const nearly = { ...open, measures: Array.from({ length: MOST_MEASURES - 1 }, (_, n) => measure(n)) };
    const full = withMeasure(nearly, measure(999));
    expect(full?.measures).toHaveLength(200);
    expect(full?.measures.at(-1)).toEqual(measure(999));
    expect(full && withMeasure(full, measure(1))).toBeUndefined();
    expect(() => episodeOf({ id: ID, episodes: [] })).toThrow(CaseWithoutEpisode);
    expect(() => episodeOf({ id: ID, episodes: [] })).toThrow(`Case ${ID} has no episode.`);
  });

  it('sums itself up for lists: where its review stands and when step and whole are due, or that none runs', () => {
    expect(summaryOf(admission)).toEqual({
      id: ID,
      household: HOUSEHOLD,
      stage: 'admission',
      episode: 1,
      people: 4,
      caseType: 'marginal',
      risks: [],
      startedAt: AT,
      admittedOn: null,
      closed: null,
      review: {
        procedure: 'admission',
        step: 'home-verification',
        stepDueAt: '2023-10-14T16:00:00.000Z',
        totalDueAt: '2023-10-26T16:00:00.000Z',
        awaitingCalendar: false,
      },
      helper: null,
    });
    // While a notice stands, its own period counts and no step is due.
    expect(summaryOf(upTo('public-notice', admission)).review).toMatchObject({
      step: 'public-notice',
      stepDueAt: null,
      awaitingCalendar: false,
    });
    expect(summaryOf(open)).toMatchObject({
      stage: 'open',
      risks: ['illness'],
      admittedOn: OPENED_ON,
      review: null,
      helper: 'h',
    });
    expect(summaryOf(closure().after).review).toMatchObject({ procedure: 'closure', step: 'home-verification' });
    const closed = upTo('never', closure().after);
    expect(summaryOf(closed)).toMatchObject({
      stage: 'closed',
      closed: { on: '2024-05-26', method: 'assisted' },
      review: null,
    });
    // A closure that was refused is over: the open case has no review under way.
    expect(summaryOf({ ...closure().after, stage: 'open' }).review).toBeNull();
  });
});
