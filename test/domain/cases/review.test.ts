import { describe, expect, it } from 'vitest';
import { type StepId, stepId, type Verdict } from '../../../functions/contracts/cases/case.ts';
import {
  type Ladder,
  ladder as ladderSchema,
  MOST_OBJECTIONS,
  requirement,
} from '../../../functions/contracts/cases/review.ts';
import { endOf } from '../../../functions/domain/calendar.ts';
import { stepTimes } from '../../../functions/domain/cases/clocks.ts';
import {
  inboxesOf,
  ladderInForce,
  ladders,
  NoLadder,
  pinnedLadder,
  regionOf,
  tierOf,
} from '../../../functions/domain/cases/ladder.ts';
import {
  isCarried,
  nextReview,
  stands,
  startReview,
  unansweredObjections,
  validNotice,
} from '../../../functions/domain/cases/review.ts';
import {
  admission,
  approval,
  back,
  closure,
  decision,
  must,
  onward,
  plain,
  rejection,
  start,
  started,
  upTo,
} from './reviewers.ts';

describe('the ladders', () => {
  it('as shipped hold by their own schema, in the order of the procedure', () => {
    for (const ladder of ladders) expect(ladderSchema.parse(ladder)).toEqual(ladder);
    expect(admission.steps.map(({ id }) => id)).toEqual(stepId.options);
    expect(closure.steps.map(({ id }) => id)).toEqual([
      'home-verification',
      'village-appraisal',
      'public-notice',
      'town-review',
      'district-approval',
    ]);
  });

  it.each([
    [
      'a notice of four days',
      { steps: admission.steps.map((step) => (step.kind === 'notice' ? { ...step, days: 4 } : step)) },
    ],
    ['a step twice', { steps: [...admission.steps, ...admission.steps] }],
    ['a notice at the end', { steps: admission.steps.slice(0, 4) }],
    ['a total of sixteen days', { total: { days: 16, kind: 'calendar' } }],
    ['an unknown field', { quota: 3 }],
  ])('%s is no ladder', (_, changes) => {
    expect(ladderSchema.safeParse({ ...admission, ...changes }).success).toBe(false);
  });

  it('take effect on their date, and a running review keeps its own', () => {
    const later: Ladder = { ...admission, effectiveFrom: '2023-11-01', total: { days: 20, kind: 'working' } };
    const all = [later, ...ladders];
    expect(ladderInForce(all, 'admission', '2023-10-31')).toBe(admission);
    expect(ladderInForce(all, 'admission', '2023-11-01')).toBe(later);
    expect(pinnedLadder(all, started())).toBe(admission);
    expect(() => ladderInForce(ladders, 'admission', '2020-12-31')).toThrow(NoLadder);
    expect(() => pinnedLadder([later], started())).toThrow(NoLadder);
    expect(() => nextReview(later, started(), { type: 'escalate', turn: 1, now: start })).toThrow(NoLadder);
  });

  it('know each tier’s role and region', () => {
    expect([tierOf('village-worker'), tierOf('town-officer'), tierOf('district-officer'), tierOf('surveyor')]).toEqual([
      'village',
      'town',
      'district',
      undefined,
    ]);
    expect([
      regionOf('village', '440904001001'),
      regionOf('town', '440904001001'),
      regionOf('district', '440904001001'),
    ]).toEqual(['440904001001', '440904001', '440904']);
  });
});

describe('a review', () => {
  it.each([
    ['admission', admission],
    ['closure', closure],
  ] as const)('%s goes through every step in order and ends approved', (_, ladder) => {
    const entered: StepId[] = [];
    let state = started(ladder);
    while (state.ended === null) {
      entered.push(state.step);
      state = onward(ladder, state);
    }
    expect(entered).toEqual(ladder.steps.map(({ id }) => id));
    expect(state.ended.outcome).toBe('approved');
    expect(nextReview(ladder, state, decision(state, 'x', plain))).toEqual({ refusal: 'review-ended' });
  });

  it('needs what the step asks for, and says what is missing', () => {
    expect(nextReview(admission, started(), decision(started(), 'a', plain))).toEqual({
      refusal: 'not-given',
      missing: ['authorisation', 'risks'],
    });
    const known = started(admission, { known: ['caseType'] });
    const comparison = upTo('data-comparison', admission, known);
    expect(must(nextReview(admission, comparison, decision(comparison, 'd', plain))).step).toBe('village-appraisal');
    const unknown = upTo('data-comparison');
    expect(nextReview(admission, unknown, decision(unknown, 'd', plain))).toEqual({
      refusal: 'not-given',
      missing: ['caseType'],
    });
    expect(requirement.options.every((name) => name in approval)).toBe(true);
  });

  it('takes neither a signature of tomorrow nor a vote that was lost', () => {
    const state = started();
    const tomorrow: Verdict = {
      ...approval,
      authorisation: { signedOn: '2023-10-12', signedBy: 'p-0000000000000001', document: 'doc' },
    };
    expect(nextReview(admission, state, decision(state, 'a', tomorrow)).refusal).toBe('dated-in-future');
    const appraisal = upTo('village-appraisal');
    const lost: Verdict = { ...approval, votes: { heldOn: '2023-10-11', for: 5, against: 3, abstaining: 2 } };
    expect(nextReview(admission, appraisal, decision(appraisal, 'b', lost)).refusal).toBe('vote-not-carried');
    expect(isCarried({ heldOn: '2023-10-11', for: 6, against: 3, abstaining: 2 })).toBe(true);
  });

  it('refuses a proposer, a person who decided before, a role of another tier and a step that is not current', () => {
    const proposed = started(admission, { proposer: 'a' });
    expect(nextReview(admission, proposed, decision(proposed, 'a', approval)).refusal).toBe('own-proposal');
    const second = upTo('village-appraisal');
    expect(nextReview(admission, second, decision(second, 'turn-1', approval)).refusal).toBe('decided-before');
    const state = started();
    expect(
      nextReview(admission, state, decision(state, 'a', approval, { by: { account: 'a', role: 'town-officer' } }))
        .refusal,
    ).toBe('role-not-allowed');
    expect(
      nextReview(admission, state, decision(state, 'a', approval, { by: { account: 'a', role: 'auditor' } })).refusal,
    ).toBe('role-not-allowed');
    expect(nextReview(admission, state, decision(state, 'a', approval, { step: 'town-review' })).refusal).toBe(
      'wrong-step',
    );
    expect(nextReview(admission, state, decision(state, 'a', approval, { turn: 2 })).refusal).toBe('stale-decision');
    expect(
      nextReview(admission, second, decision(second, 'b', approval, { turn: 1, step: 'home-verification' })).refusal,
    ).toBe('stale-decision');
  });

  it('waits for the notice to end and for its objections to be answered', () => {
    const before = upTo('public-notice');
    const early = decision(before, 't', approval, { step: 'town-review', by: { account: 't', role: 'town-officer' } });
    expect(nextReview(admission, before, early).refusal).toBe('notice-missing');
    expect(nextReview(admission, before, { type: 'conclude-notice', turn: before.turn, now: start }).refusal).toBe(
      'notice-missing',
    );
    const now = Date.parse(before.enteredAt);
    const publish = { type: 'publish-notice', turn: before.turn, notice: 'n1', now } as const;
    expect(nextReview(admission, before, { ...publish, lastDay: '2023-10-15' }).refusal).toBe('notice-shortened');
    const standing = must(nextReview(admission, before, { ...publish, lastDay: '2023-10-16' }));
    expect(validNotice(standing)?.endsAt).toBe(new Date(endOf('2023-10-16')).toISOString());
    expect(must(nextReview(admission, standing, publish))).toBe(standing);
    expect(nextReview(admission, standing, { ...publish, notice: 'n2' }).refusal).toBe('notice-already-given');
    expect(nextReview(admission, standing, early).refusal).toBe('notice-not-ended');
    expect(nextReview(admission, standing, decision(standing, 'v', approval)).refusal).toBe('wrong-step');
    const ends = endOf('2023-10-16');
    const conclude = { type: 'conclude-notice', turn: before.turn, now: ends } as const;
    expect(nextReview(admission, standing, { ...conclude, now: ends - 1 }).refusal).toBe('notice-not-ended');
    const objected = must(
      nextReview(admission, standing, { type: 'object', notice: 'n1', objection: 'o1', now: ends - 1 }),
    );
    expect(nextReview(admission, objected, conclude).refusal).toBe('objections-unanswered');
    expect(nextReview(admission, objected, { ...early, now: ends }).refusal).toBe('objections-unanswered');
    expect(nextReview(admission, objected, { type: 'object', notice: 'n1', objection: 'o2', now: ends }).refusal).toBe(
      'notice-not-standing',
    );
    const answer = { type: 'answer-objection', notice: 'n1', objection: 'o1', by: 'v', now: ends } as const;
    expect(nextReview(admission, objected, { ...answer, notice: 'n9' }).refusal).toBe('objection-unknown');
    const answered = must(nextReview(admission, objected, answer));
    // Who answers the same one twice is the store's to notice; more answers than objections there are not.
    expect(nextReview(admission, answered, answer).refusal).toBe('objection-unknown');
    expect(nextReview(admission, answered, { ...early, now: ends }).refusal).toBe('wrong-step');
    expect(must(nextReview(admission, answered, conclude)).step).toBe('town-review');
    expect(nextReview(admission, answered, { ...conclude, turn: 1 }).refusal).toBe('stale-decision');
  });

  it('takes so many objections to a notice and no more; the next notice begins anew', () => {
    const before = upTo('public-notice');
    const now = Date.parse(before.enteredAt);
    let state = must(nextReview(admission, before, { type: 'publish-notice', turn: before.turn, notice: 'n1', now }));
    for (let n = 0; n < MOST_OBJECTIONS; n += 1)
      state = must(nextReview(admission, state, { type: 'object', notice: 'n1', objection: `o${n}`, now }));
    const one = { type: 'object', notice: 'n1', objection: 'one more', now } as const;
    expect(nextReview(admission, state, one).refusal).toBe('objections-full');
    expect(unansweredObjections(state)).toBe(MOST_OBJECTIONS);
    expect(JSON.stringify(state).length).toBeLessThan(JSON.stringify(before).length + 250);
  });

  it('sent back before the notice, the notice is void and given again; sent back behind it, it stays', () => {
    const town = upTo('town-review');
    const sent = must(nextReview(admission, town, decision(town, 't', back('data-comparison'))));
    expect(sent).toMatchObject({ step: 'data-comparison', ended: null });
    expect(validNotice(sent)).toBeUndefined();
    expect(sent.notices.every((notice) => !stands(notice, Date.parse(notice.publishedAt)))).toBe(true);
    const again = upTo('town-review', admission, sent);
    expect(again.notices).toHaveLength(2);
    const district = upTo('district-approval');
    const toTown = must(nextReview(admission, district, decision(district, 'd', back('town-review'))));
    expect(validNotice(toTown)).toBeDefined();
    for (const to of ['town-review', 'district-approval'] as const)
      expect(nextReview(admission, town, decision(town, 't', back(to))).refusal).toBe('send-back-not-earlier');
    expect(
      nextReview(
        closure,
        upTo('town-review', closure),
        decision(upTo('town-review', closure), 't', back('data-comparison')),
      ).refusal,
    ).toBe('send-back-not-earlier');
  });

  it('a decision prepared before a send-back is stale', () => {
    const first = started();
    const comparison = upTo('data-comparison', admission, first);
    const again = must(nextReview(admission, comparison, decision(comparison, 'd', back('home-verification'))));
    expect(again.turn).toBe(3);
    expect(nextReview(admission, again, decision(first, 'late', approval)).refusal).toBe('stale-decision');
    expect(nextReview(admission, again, decision(again, 'turn-1', approval)).refusal).toBe('decided-before');
    const lenient: Ladder = { ...admission, sameStepAgain: true };
    expect(must(nextReview(lenient, again, decision(again, 'turn-1', approval))).step).toBe('data-comparison');
  });

  it('rejected at any step, ends with nothing left to do', () => {
    for (const step of admission.steps.filter(({ kind }) => kind === 'decision')) {
      const state = upTo(step.id);
      const ended = must(nextReview(admission, state, decision(state, 'r', rejection)));
      expect(ended.ended?.outcome).toBe('rejected');
      expect(inboxesOf(admission, ended)).toEqual([]);
    }
  });

  it('overdue, lies in the next tier’s inbox too; whoever decided it decides no later step', () => {
    const state = started();
    const due = stepTimes(admission, state)?.dueAt ?? 0;
    expect(inboxesOf(admission, state)).toEqual(['village']);
    expect(nextReview(admission, state, { type: 'escalate', turn: 1, now: due - 1 }).refusal).toBe('clock-not-ended');
    expect(nextReview(admission, state, { type: 'escalate', turn: 2, now: due }).refusal).toBe('stale-decision');
    const escalated = must(nextReview(admission, state, { type: 'escalate', turn: 1, now: due }));
    expect(must(nextReview(admission, escalated, { type: 'escalate', turn: 1, now: due + 1 }))).toBe(escalated);
    expect(inboxesOf(admission, escalated)).toEqual(['village', 'town']);
    const byVillage = must(nextReview(admission, escalated, decision(escalated, 'v', approval, { now: due + 1 })));
    expect(byVillage.decisions.at(-1)).toMatchObject({ tier: 'village', escalated: true });
    const byTown = must(
      nextReview(
        admission,
        escalated,
        decision(escalated, 't', approval, { now: due + 1, by: { account: 't', role: 'town-officer' } }),
      ),
    );
    expect(byTown.decisions.at(-1)).toMatchObject({ by: 't', tier: 'town', escalated: true });
    expect(byTown.escalated).toBe(false);
    const town = upTo('town-review', admission, byTown);
    expect(nextReview(admission, town, decision(town, 't', approval)).refusal).toBe('decided-before');
    expect(
      nextReview(
        admission,
        escalated,
        decision(escalated, 'd', approval, { by: { account: 'd', role: 'district-officer' } }),
      ).refusal,
    ).toBe('role-not-allowed');
    const comparison = upTo('data-comparison');
    const late = must(
      nextReview(admission, comparison, {
        type: 'escalate',
        turn: comparison.turn,
        now: stepTimes(admission, comparison)?.dueAt ?? 0,
      }),
    );
    expect(inboxesOf(admission, late)).toEqual(['district']);
    const notice = upTo('public-notice');
    expect(nextReview(admission, notice, { type: 'escalate', turn: notice.turn, now: due * 2 }).refusal).toBe(
      'wrong-step',
    );
  });

  it('of a closure neither starts nor is approved while a gate fails', () => {
    expect(startReview(closure, { proposer: 'a', now: start }).refusal).toBe('gates-not-met');
    const last = upTo('district-approval', closure);
    expect(nextReview(closure, last, decision(last, 'd', approval, { gatesHold: false })).refusal).toBe(
      'gates-not-met',
    );
    expect(must(nextReview(closure, last, decision(last, 'd', rejection, { gatesHold: false }))).ended?.outcome).toBe(
      'rejected',
    );
    expect(must(nextReview(closure, last, decision(last, 'd', approval))).ended?.outcome).toBe('approved');
  });
});
