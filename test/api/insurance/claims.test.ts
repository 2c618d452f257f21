import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InsuredFamilies, reportOf } from '../../insured-families.ts';
import { claimOf, illness, insureWith, rosterOf, step } from '../../playing-claims.ts';
import { OTHER_VILLAGE, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, type TestStack } from '../../stack.ts';

const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };
const SECOND_APPROVER: As = { account: 'insurer-approver', person: 2 };

let families: InsuredFamilies;
let stack: TestStack;
beforeAll(async () => {
  families = await InsuredFamilies.start(20);
  stack = families.stack;
});
afterAll(() => stack.stop());

describe('a survey', () => {
  it('counts nothing beyond the family’s invoices, of the reported line, in its time, by an adjuster', async () => {
    const who = families.next();
    const facts = illness(1_500_000, 'DB-8101');
    await families.play([who, 1, facts, 'approval']);
    const done = await claimOf(stack, who.household);
    // Sent back, it is surveyed again, with other facts.
    expect((await step(stack, done, APPROVER, { step: 'send-back', reason: '请核对发票金额' })).status).toBe(200);
    await stack.settle();
    const claim = await claimOf(stack, who.household);
    const survey = (as: As, changes: object) =>
      step(stack, claim, as, { step: 'survey', visitedOn: '2023-11-20', facts, ...changes });
    const above = { line: 'illness', bills: [{ invoice: 'DB-8101', total: 1_600_001, reimbursed: 0, excluded: 0 }] };
    const code = async (answer: ReturnType<typeof survey>) => (await answer).body.code;
    expect(await code(survey(ADJUSTER, { facts: above }))).toBe('amount-above-invoices');
    expect(await code(survey(ADJUSTER, { facts: illness(1, 'DB-8199') }))).toBe('amount-above-invoices');
    expect(await code(survey(ADJUSTER, { facts: { line: 'accidental-death' } }))).toBe('facts-other-line');
    expect(await code(survey(ADJUSTER, { visitedOn: '2024-01-01' }))).toBe('date-in-future');
    expect(await code(survey(ADJUSTER, { visitedOn: '2023-10-09' }))).toBe('date-before-event');
    expect(await code(survey(APPROVER, {}))).toBe('claim-not-yours');
    const overpaid = { line: 'illness', bills: [{ invoice: 'DB-8101', total: 100, reimbursed: 60, excluded: 41 }] };
    expect(await code(survey(ADJUSTER, { facts: overpaid }))).toBe('invalid-body');
    expect((await survey(ADJUSTER, {})).status).toBe(200);
  });
});

describe('an approval', () => {
  it('above the second approver’s amount needs two people; two at the same instant are two, the same one twice is refused', async () => {
    const who = families.next();
    await families.play([who, 1, illness(3_500_000, 'DB-8201'), 'approval']);
    const claim = await claimOf(stack, who.household);
    const { amount } = claim.adjudication;
    expect(amount).toBeGreaterThan(1_000_000);
    const approve = (as: As, turn = claim.turn) => step(stack, { ...claim, turn }, as, { step: 'approve', amount });
    const answers = await Promise.all([approve(APPROVER), approve(SECOND_APPROVER)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const first = answers[0]?.status === 200 ? APPROVER : SECOND_APPROVER;
    const half = await claimOf(stack, who.household);
    expect(half).toMatchObject({ stage: 'adjudicated', waiting: { step: 'second-approval' }, approved: null });
    expect((await approve(first, half.turn)).body.code).toBe('claim-own-work');
    expect((await approve(ADJUSTER, half.turn)).body.code).toBe('claim-not-yours');
    const { body: before } = await stack.get('/v1/policies', OFFICER);
    expect((await approve(first === APPROVER ? SECOND_APPROVER : APPROVER, half.turn)).body).toMatchObject({
      stage: 'approved',
    });
    const { body: after } = await stack.get('/v1/policies', OFFICER);
    expect(after.items[0].reserved - before.items[0].reserved).toBe(amount);
  });

  it('is of the amount shown, by nobody who reported or surveyed, and once', async () => {
    const who = families.next();
    await families.play([who, 1, illness(900_000, 'DB-8301'), 'approval']);
    const claim = await claimOf(stack, who.household);
    const { amount } = claim.adjudication;
    const approve = (as: As, sum: number) => step(stack, claim, as, { step: 'approve', amount: sum });
    expect((await approve(APPROVER, amount - 1)).body.code).toBe('amount-differs');
    const answers = await Promise.all([
      approve(APPROVER, amount),
      approve(SECOND_APPROVER, amount),
      approve(APPROVER, amount),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await claimOf(stack, who.household)).approvals).toHaveLength(1);
  });

  it('is computed again in its own transaction: what another claim has taken meanwhile sends it back to be adjudicated', async () => {
    const who = families.next();
    await families.play(
      [who, 1, illness(900_000, 'DB-8401'), 'approval'],
      [who, 2, illness(900_000, 'DB-8402'), 'approval', { eventOn: '2023-10-12' }],
    );
    const { body } = await stack.get(`/v1/claims?region=${VILLAGE}&household=${who.household}`, OFFICER);
    const both = await Promise.all(
      body.items.map(async ({ id }: { id: string }) => (await stack.get(`/v1/claims/${id}`, OFFICER)).body),
    );
    // Each was adjudicated as if the deductible were its own.
    expect(both.map(({ adjudication }) => adjudication.amount)).toEqual([200_000, 200_000]);
    const answers = await Promise.all(
      both.map((claim) => step(stack, claim, APPROVER, { step: 'approve', amount: 200_000 })),
    );
    expect(answers.map(({ body: { changed, stage } }) => [changed, stage]).sort()).toEqual([
      [false, 'approved'],
      [true, 'surveyed'],
    ]);
    await stack.settle(301);
    const again = (await stack.get(`/v1/claims/${answers.find(({ body: one }) => one.changed)?.body.id}`, OFFICER))
      .body;
    // 18,000 yuan together: 13,000 above the deductible, 5,000 at 50 % and the rest at 60 % … less what was approved.
    expect(again).toMatchObject({
      stage: 'adjudicated',
      adjudication: { outcome: 'payable', amount: 500_000 + 180_000 - 200_000 },
    });
  });

  it('of two claims at once never goes beyond the limit; the one that does not fit is refused', async () => {
    const [one, other] = [families.next(), families.next()];
    await insureWith(stack, rosterOf([one, other], '2022-01-01'), {
      product: { name: '上年条款', effectiveFrom: '2022-01-01' },
      policy: { number: 'DB-FFP-2022', year: 2022, from: '2022-01-01', to: '2022-12-31', limit: 300_000 },
    });
    const eventOn = '2022-06-10';
    await families.play(
      [one, 1, illness(900_000, 'DB-8501'), 'approval', { eventOn }],
      [other, 2, illness(900_000, 'DB-8502'), 'approval', { eventOn }],
    );
    const both = await Promise.all([one, other].map(({ household }) => claimOf(stack, household)));
    const answers = await Promise.all(
      both.map((claim) => step(stack, claim, APPROVER, { step: 'approve', amount: 200_000 })),
    );
    expect(answers.map(({ body }) => body.stage).sort()).toEqual(['approved', 'surveyed']);
    await stack.settle(301);
    const left = await claimOf(
      stack,
      both[answers.findIndex(({ body }) => body.stage === 'surveyed')]?.household ?? '',
    );
    expect(left).toMatchObject({
      stage: 'adjudicated',
      refusal: { code: 'limit-exhausted' },
      adjudication: { outcome: 'limit-exhausted', amount: 0 },
    });
    const { body } = await stack.get('/v1/policies', OFFICER);
    expect(body.items.find(({ year }: { year: number }) => year === 2022)).toMatchObject({
      reserved: 200_000,
      paid: 0,
      left: 100_000,
    });
  });
});

describe('an end', () => {
  it('by withdrawal releases what was reserved, and the event can be reported again', async () => {
    const who = families.next();
    await families.play([who, 1, illness(900_000, 'DB-8601'), 'payment']);
    const claim = await claimOf(stack, who.household);
    const reserved = async () =>
      (await stack.get('/v1/policies', OFFICER)).body.items.find(({ year }: { year: number }) => year === 2023)
        .reserved;
    const before = await reserved();
    expect((await step(stack, claim, ADJUSTER, { step: 'withdraw', reason: '家属要求撤回' })).body.code).toBe(
      'claim-not-yours',
    );
    expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).body.stage).toBe(
      'withdrawn',
    );
    expect(before - (await reserved())).toBe(200_000);
    const { status } = await stack.post(
      '/v1/claims',
      WORKER,
      reportOf(who, { invoices: [{ number: 'DB-8601', total: 1_000_000 }] }),
    );
    expect(status).toBe(201);
  });

  it('by refusal below the deductible still counts its cost; an appeal is a claim of its own, linked both ways', async () => {
    const who = families.next();
    await families.play([who, 1, illness(400_000, 'DB-8701'), 'survey']);
    const claim = await claimOf(stack, who.household);
    for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await families.paper(claim.id, kind);
    await step(stack, claim, ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts: illness(400_000, 'DB-8701') });
    await stack.settle(301);
    const adjudicated = await claimOf(stack, who.household);
    expect(adjudicated).toMatchObject({
      refusal: { code: 'below-deductible' },
      adjudication: { amount: 0, accepted: 400_000 },
    });
    expect(
      (await step(stack, adjudicated, APPROVER, { step: 'reject', code: 'below-deductible', reason: '未超过免赔额' }))
        .status,
    ).toBe(200);
    const appealed = await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '漏计一张发票' });
    expect([appealed.status, appealed.body.appealOf]).toEqual([201, claim.id]);
    expect((await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '漏计一张发票' })).body.id).toBe(
      appealed.body.id,
    );
    await stack.settle(301);
    const { body: old } = await stack.get(`/v1/claims/${claim.id}`, OFFICER);
    const { body: fresh } = await stack.get(`/v1/claims/${appealed.body.id}`, OFFICER);
    expect([old.stage, old.appealedBy, fresh.stage, fresh.appealOf]).toEqual([
      'appealed',
      fresh.id,
      'registered',
      old.id,
    ]);
    expect((await stack.post(`/v1/claims/${fresh.id}/appeal`, WORKER, { reason: '再次复议' })).body.code).toBe(
      'claim-stage',
    );
    // Its papers lie where they were brought.
    const [paper] = fresh.documents;
    const { body: place } = await stack.get(`/v1/claims/${fresh.id}/documents/${paper.id}`, WORKER);
    expect((await fetch(place.url)).status).toBe(200);
  });

  it('an appeal of a claim with an account has it recorded anew, so that it opens when the bank is told', async () => {
    const who = families.next();
    await families.play([who, 1, illness(900_000, 'DB-8711'), 'approval']);
    const claim = await claimOf(stack, who.household);
    const payee = {
      kind: 'member',
      person: who.person,
      name: who.people[0]?.name,
      bank: '示例银行',
      account: '6217000000000000777',
    };
    expect((await stack.post(`/v1/claims/${claim.id}/payee`, WORKER, payee)).status).toBe(200);
    const { turn } = await claimOf(stack, who.household);
    const refusal = { step: 'reject', code: 'duplicate', reason: '资料不符' };
    expect((await step(stack, { ...claim, turn }, APPROVER, refusal)).status).toBe(200);
    const { body } = await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '补充证据' });
    const path = `/v1/claims/${body.id}`;
    expect((await stack.get(path, OFFICER)).body.payee).toBeNull();
    expect((await stack.post(`${path}/payee`, WORKER, payee)).status).toBe(200);
    expect((await stack.post(`${path}/payee`, WORKER, payee)).status).toBe(200);
    const exported = await stack.post(`/v1/people/${who.person}/export`, OFFICER, {
      household: who.household,
      reason: '本人申请',
    });
    expect(exported.status).toBe(200);
  });
});

describe('a report', () => {
  it('with an invoice that another claim has is refused, under another year’s policy too', async () => {
    const who = families.next();
    const invoices = [{ number: 'DB-8721', total: 500_000 }];
    const report = (changes: object) => stack.post('/v1/claims', WORKER, reportOf(who, { invoices, ...changes }));
    expect((await report({})).status).toBe(201);
    expect((await report({ eventOn: '2022-06-10' })).body.code).toBe('claim-duplicate');
  });
});

describe('who sees a claim', () => {
  it('is who sees its region: lists, counts and the claim itself', async () => {
    const who = families.next();
    await families.play([who, 1, illness(900_000, 'DB-8801'), 'survey']);
    const claim = await claimOf(stack, who.household);
    const other: As = { account: 'village-worker', region: OTHER_VILLAGE };
    const [foreign, unknown] = await Promise.all([
      stack.get(`/v1/claims/${claim.id}`, other),
      stack.get('/v1/claims/claim-0123456789abcdef', other),
    ]);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'claim-unknown']);
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect((await stack.get(`/v1/claims?region=${VILLAGE}`, other)).status).toBe(403);
    expect(
      (await stack.get(`/v1/claims?region=${OTHER_VILLAGE}`, other)).body.items.every(
        ({ household }: { household: string }) => household.startsWith(OTHER_VILLAGE),
      ),
    ).toBe(true);
    expect((await stack.get(`/v1/reports/claims?region=${VILLAGE}`, other)).status).toBe(403);
    // The district's limit, and what has become of it, is the district's own.
    const { body: terms } = await stack.get('/v1/policies', WORKER);
    for (const one of terms.items) expect(one).toMatchObject({ limit: null, reserved: null, paid: null, left: null });
    expect((await stack.get('/v1/reports/claims?region=440904', OFFICER)).body.limit.length).toBeGreaterThan(0);
    const { body } = await stack.get(`/v1/reports/claims?region=${VILLAGE}`, WORKER);
    expect(body.limit).toEqual([]);
    expect(body.open).toBeGreaterThan(3);
    expect(body.byStep.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBeLessThanOrEqual(
      body.open,
    );
  });

  it('finds what waits in the insurer’s inbox; a claim is not decided like a review', async () => {
    const { body } = await stack.get('/v1/decisions?region=440904&procedure=settlement', APPROVER);
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items.every(({ roles }: { roles: string[] }) => roles.includes('insurer-approver'))).toBe(true);
    // The register is not the insurer's to see, not by this way round either.
    const path = `/v1/decisions/${body.items[0].id}`;
    expect((await stack.get(path, APPROVER)).body).toMatchObject({ people: null, origin: null, names: { head: null } });
    expect((await stack.get(path, OFFICER)).body).toMatchObject({ people: 2, origin: 'lifted' });
    const { body: villages } = await stack.get(`/v1/decisions?region=${VILLAGE}&procedure=settlement`, WORKER);
    const answer = await stack.post(`/v1/decisions/${villages.items[0]?.id ?? body.items[0].id}`, WORKER, {
      verdict: { verdict: 'approve' },
    });
    expect(answer.body.code).toBe('claim-step-elsewhere');
  });
});
