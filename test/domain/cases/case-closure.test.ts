import { describe, expect, it } from 'vitest';
import type { CaseMeasure } from '../../../functions/contracts/cases/case-record.ts';
import {
  activeCaseOf,
  beginClosure,
  CaseWithoutEpisode,
  episodeOf,
  MOST_MEASURES,
  moveReview,
  summaryOf,
  withMeasure,
} from '../../../functions/domain/cases/case.ts';
import {
  AT,
  admission,
  closure,
  decide,
  GUARANTEES,
  HOUSEHOLD,
  ID,
  LATER,
  moved,
  OPENED_ON,
  open,
  upTo,
} from './one-case.ts';
import { approval, rejection } from './reviewers.ts';

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
    expect(() => episodeOf({ id: ID, episodes: [] })).toThrow(expect.objectContaining({ name: 'CaseWithoutEpisode' }));
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
    // One taken over from a former register was reviewed there, if at all.
    expect(summaryOf({ ...open, review: null }).review).toBeNull();
    // A closure that was refused is over: the open case has no review under way.
    expect(summaryOf({ ...closure().after, stage: 'open' }).review).toBeNull();
  });
});
