import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admissionOf,
  agreeUntil,
  PROPOSER,
  pendingOf,
  playing,
  type Registered,
  SECOND_WORKER,
  TOWN,
  today,
  visited,
} from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, WORKER } from '../../playing-households.ts';
import { OFFICER, SECOND_OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
let households: Registered[];
let next = 0;
beforeAll(async () => {
  stack = await TestStack.start();
  households = await visited(stack, 12);
});
afterAll(() => stack.stop());

/** A fresh household with an admission at its first step. */
async function admission(step?: string): Promise<{ household: Registered; subject: string; signer: string }> {
  const household = households[next];
  next += 1;
  if (household === undefined) throw new Error('Too few households.');
  const subject = await admissionOf(stack, household);
  if (step !== undefined) await agreeUntil(stack, subject, household, step);
  return { household, subject, signer: household.members[0]?.person ?? '' };
}

async function pending(subject: string) {
  const found = await pendingOf(stack, subject);
  if (found === undefined) throw new Error('Nothing is pending.');
  return found;
}

describe('a decision', () => {
  it('given twice with the same answer is one; another answer is refused', async () => {
    const { subject, signer } = await admission();
    const decision = await pending(subject);
    const { as, verdict } = playing(stack, decision, signer);
    const path = `/v1/decisions/${decision.id}`;
    expect((await stack.post(path, as, { verdict })).body).toMatchObject({
      outcome: 'decided',
      step: 'home-verification',
    });
    expect((await stack.post(path, as, { verdict })).body).toMatchObject({
      outcome: 'unchanged',
      by: 'village-worker',
    });
    const other = await stack.post(path, as, {
      verdict: { verdict: 'reject', code: 'not-at-risk', reason: '改变主意了' },
    });
    expect([other.status, other.body.code, other.body.by]).toEqual([409, 'decision-other-answer', 'village-worker']);
  });

  it('by two officers at once is made by one of them', async () => {
    const { subject } = await admission('data-comparison');
    const { id } = await pending(subject);
    const answers = await Promise.all([
      stack.post(`/v1/decisions/${id}`, OFFICER, { verdict: { verdict: 'approve', caseType: 'marginal' } }),
      stack.post(`/v1/decisions/${id}`, SECOND_OFFICER, {
        verdict: { verdict: 'approve', caseType: 'sudden-hardship' },
      }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const won = answers[0]?.status === 200 ? 'marginal' : 'sudden-hardship';
    expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body.caseType).toBe(won);
  });

  it('is not taken from the wrong tier, region, role, from whoever proposed or decided before, or for an unknown id', async () => {
    const { subject, signer } = await admission();
    const decision = await pending(subject);
    const { verdict } = playing(stack, decision, signer);
    const path = `/v1/decisions/${decision.id}`;
    const code = async (as: Parameters<TestStack['post']>[1], at = path) =>
      (await stack.post(at, as, { verdict })).body.code;
    expect(await code(TOWN)).toBe('decision-not-yours');
    expect(await code(OFFICER)).toBe('decision-not-yours');
    expect(await code({ account: 'auditor' })).toBe('role-not-allowed');
    expect(await code({ account: 'village-worker', region: OTHER_TOWN_VILLAGE })).toBe('decision-unknown');
    expect(await code(WORKER, '/v1/decisions/decision-0123456789abcdef')).toBe('decision-unknown');
    expect(await code(WORKER, '/v1/decisions/somebody')).toBe('invalid-parameter');
    await agreeUntil(stack, subject, { id: '', members: [{ person: signer }] }, 'village-appraisal');
    const appraisal = await pending(subject);
    const votes = { heldOn: today(stack), for: 9, against: 0, abstaining: 0 };
    expect(
      (await stack.post(`/v1/decisions/${appraisal.id}`, WORKER, { verdict: { verdict: 'approve', votes } })).body.code,
    ).toBe('decided-before');
    // The first decision is over and answered: its id takes nothing else.
    expect(
      (await stack.post(path, SECOND_WORKER, { verdict: { verdict: 'reject', code: 'other', reason: '过期的待办' } }))
        .body.code,
    ).toBe('decision-other-answer');
    await agreeUntil(stack, subject, { id: '', members: [{ person: signer }] }, 'town-review');
    const review = await pending(subject);
    expect(
      (await stack.post(`/v1/decisions/${review.id}`, PROPOSER, { verdict: { verdict: 'approve' } })).body.code,
    ).toBe('own-proposal');
  });

  it('lacks nothing its step asks for: authorisation by a member, votes that carry, a day that has come', async () => {
    const { subject, signer } = await admission();
    const { id } = await pending(subject);
    const decide = async (verdict: object, as = WORKER) =>
      (await stack.post(`/v1/decisions/${id}`, as, { verdict })).body;
    expect(await decide({ verdict: 'approve' })).toMatchObject({
      code: 'not-given',
      detail: '材料不全，不能通过，还须提供：承诺授权书、返贫致贫风险类型。',
    });
    const authorisation = { signedOn: today(stack), signedBy: signer, document: 'photo' };
    expect(
      (
        await decide({
          verdict: 'approve',
          risks: ['illness'],
          authorisation: { ...authorisation, signedOn: '2023-12-01' },
        })
      ).code,
    ).toBe('dated-in-future');
    const stranger = { ...authorisation, signedBy: 'p-0000000000000000' };
    expect((await decide({ verdict: 'approve', risks: ['illness'], authorisation: stranger })).code).toBe(
      'signer-not-member',
    );
    expect((await decide({ verdict: 'approve', risks: ['illness'], authorisation, extra: 1 })).code).toBe(
      'invalid-body',
    );
    expect((await decide({ verdict: 'send-back', to: 'home-verification', reason: '退回自己' })).code).toBe(
      'send-back-not-earlier',
    );
    await agreeUntil(stack, subject, { id: '', members: [{ person: signer }] }, 'village-appraisal');
    const appraisal = await pending(subject);
    const votes = { heldOn: today(stack), for: 3, against: 3, abstaining: 1 };
    expect(
      (await stack.post(`/v1/decisions/${appraisal.id}`, SECOND_WORKER, { verdict: { verdict: 'approve', votes } }))
        .body.code,
    ).toBe('vote-not-carried');
  });

  it('of an upper tier is not there before the lower one has decided, nor while the notice stands', async () => {
    const { subject } = await admission('public-notice');
    expect(await pendingOf(stack, subject)).toBeUndefined();
    expect((await stack.get(`/v1/cases/${subject}`, OFFICER)).body.review).toMatchObject({
      step: 'public-notice',
      stepName: '村级公示',
    });
  });
});

describe('many decisions', () => {
  it('are made in one request, each with its outcome, ordered by when they are due, page by page', async () => {
    const some = [await admission('data-comparison'), await admission('data-comparison'), await admission()];
    const { body: inbox } = await stack.get('/v1/decisions?region=440904&limit=1', OFFICER);
    expect(inbox.items).toHaveLength(1);
    const { body: rest } = await stack.get(`/v1/decisions?region=440904&limit=50&cursor=${inbox.next}`, OFFICER);
    const all = [...inbox.items, ...rest.items];
    expect(inbox.total).toBe(all.length);
    expect(all.map(({ dueAt }) => dueAt)).toEqual(all.map(({ dueAt }) => dueAt).sort());
    expect(all.every(({ roles }) => roles.includes('district-officer'))).toBe(true);
    const ids = await Promise.all(some.map(({ subject }) => pending(subject)));
    const items = ids.map(({ id }) => ({ id, verdict: { verdict: 'approve', caseType: 'marginal' } }));
    const { status, body } = await stack.post('/v1/decisions', OFFICER, { items });
    expect([status, body.items.map(({ outcome }: { outcome: string }) => outcome)]).toEqual([
      200,
      ['decided', 'decided', 'refused'],
    ]);
    expect(body.items[2].problem.code).toBe('decision-not-yours');
    expect(
      (await stack.get('/v1/decisions?region=440904116', { account: 'town-officer', region: '440904116' })).body.items,
    ).toEqual([]);
    expect((await stack.get('/v1/decisions?region=440904', TOWN)).body.code).toBe('outside-region');
  });
});

describe('clues', () => {
  it('about one household at once start one admission, and later ones join it', async () => {
    const household = households[11];
    if (household === undefined) throw new Error('Too few households.');
    const give = (person: number) =>
      stack.post(
        '/v1/clues',
        { account: 'town-officer', person },
        { household: household.id, reason: `线索来自第 ${person} 人` },
      );
    const answers = await Promise.all([give(3), give(4), give(5)]);
    expect(answers.map(({ body }) => body.outcome).sort()).toEqual(['joined', 'joined', 'started']);
    expect(new Set(answers.map(({ body }) => body.case)).size).toBe(1);
    expect((await give(3)).body.outcome).toBe('known');
    const { body } = await stack.get(`/v1/cases/${answers[0]?.body.case}`, OFFICER);
    expect(body.episodes[0].clues).toHaveLength(3);
    // A phone whose answer was lost sends again, perhaps on another day: by when the form was finished it is the same clue.
    const at = stack.local.clock.now();
    const recordedAt = new Date(at).toISOString();
    const late = { household: household.id, reason: '线索来自手机', recordedAt };
    expect((await stack.post('/v1/clues', { account: 'town-officer', person: 3 }, late)).body.outcome).toBe('joined');
    await stack.settle(86_400);
    expect((await stack.post('/v1/clues', { account: 'town-officer', person: 3 }, late)).body.outcome).toBe('known');
    const tomorrow = { ...late, recordedAt: new Date(stack.local.clock.now() + 60_000).toISOString() };
    expect((await stack.post('/v1/clues', OFFICER, tomorrow)).body.code).toBe('recorded-after-request');
    expect(await pendingOf(stack, body.id)).toMatchObject({ step: 'home-verification' });
  });
});
