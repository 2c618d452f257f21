import { describe, expect, it } from 'vitest';
import type { CaseMeasure } from '../../../functions/contracts/cases/case-record.ts';
import { activeCaseOf, moveReview, rejectionOf, summaryOf } from '../../../functions/domain/cases/case.ts';
import { type ReviewAction, validNotice } from '../../../functions/domain/cases/review.ts';
import { AT, admission, clue, decide, HOUSEHOLD, ID, LATER, moved, onward, open, take, upTo } from './one-case.ts';
import { approval, back, plain, rejection, start } from './reviewers.ts';

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
    // What an earlier episode holds is no new risk.
    expect(take(kept, { clue: clue('clue-1'), now: LATER })).toEqual({ after: kept, events: [] });
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
    const again = upTo('never', after);
    expect(again.episodes.map(({ number, admittedOn }) => [number, admittedOn])).toEqual([
      [1, undefined],
      [2, '2024-05-26'],
    ]);
    expect(again.episodes[0]).toEqual(rejected.episodes[0]);
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
    // Whoever says nothing of them leaves them as they were found.
    const reviewed = moved(moveReview(upTo('town-review', compared), decide(upTo('town-review', compared), plain)));
    expect(reviewed.after.episodes[0]).toMatchObject({ risks: [{ code: 'illness' }], caseType: 'marginal' });
    expect(reviewed.events).toMatchObject([{ kind: 'step-decided', body: { step: 'town-review', verdict: plain } }]);
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
