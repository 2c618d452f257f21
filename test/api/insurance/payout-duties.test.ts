import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playClaims } from '../../../demo/claims/play.ts';
import { APPROVER, COST, DUE, PAYER, PayingDistrict } from '../../paying-district.ts';
import { claimFor, claimOf, illness, stageOf, step } from '../../playing-claims.ts';
import { WORKER } from '../../playing-households.ts';
import { type As, OFFICER, type TestStack } from '../../stack.ts';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(8);
  stack = district.stack;
});
afterAll(() => stack.stop());

describe('one official', () => {
  it('who pushed the hospital’s feed neither approves nor pays the claim, whatever hospital they name', async () => {
    const family = district.next();
    const facts = illness(3_500_000, 'DB-9901');
    await playClaims(stageOf(stack), district.policy, [
      claimFor(family, 901, facts, 'second-approval', { channel: 'hospital', eventOn: '2023-09-10' }),
    ]);
    const claim = await claimOf(stack, family.household);
    expect(claim).toMatchObject({
      reportedBy: { channel: 'hospital', by: 'district-officer', told: '区人民医院' },
      waiting: { step: 'second-approval' },
    });
    const { amount } = claim.adjudication;
    const approve = (as: As) => step(stack, claim, as, { step: 'approve', amount });
    expect((await approve(OFFICER)).body.code).toBe('claim-own-work');
    expect((await approve({ ...OFFICER, person: 2 })).body.stage).toBe('approved');
    const batch = district.batchOf([claim.id], { sum: amount });
    for (const as of [OFFICER, { ...OFFICER, person: 2 }, APPROVER])
      expect((await stack.post('/v1/payouts/batches', as, batch)).body.code).toBe('claim-own-work');
    expect((await stack.post('/v1/payouts/batches', PAYER, batch)).status).toBe(201);
  });

  it('who recorded the payee does not approve; recorded after the survey it makes the approval void, and two other people look', async () => {
    const family = district.next();
    await playClaims(stageOf(stack), district.policy, [
      claimFor(family, 902, illness(COST, 'DB-9902'), 'payment', { eventOn: '2023-09-10' }),
    ]);
    const claim = await claimOf(stack, family.household);
    const before = await district.money();
    const [parent, child] = family.people;
    const payee = (who: typeof parent) =>
      stack.post(`/v1/claims/${claim.id}/payee`, OFFICER, {
        kind: 'member',
        person: who?.person,
        name: who?.name,
        bank: '示例农村商业银行',
        account: '6217000000000000777',
      });
    expect((await payee(child)).status).toBe(200);
    // Sent again over a bad line it is the same payee, and voids nothing more.
    expect((await payee(child)).status).toBe(200);
    const changed = await claimOf(stack, family.household);
    expect(changed).toMatchObject({ stage: 'approved', approvals: [], waiting: { step: 'payee-approval' } });
    expect(await district.money()).toEqual(before);
    expect((await step(stack, changed, OFFICER, { step: 'approve', amount: DUE })).body.code).toBe('claim-own-work');
    expect((await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]))).body.code).toBe(
      'payee-unapproved',
    );
    expect((await step(stack, changed, APPROVER, { step: 'approve', amount: DUE - 1 })).body.code).toBe(
      'amount-differs',
    );
    expect((await step(stack, changed, APPROVER, { step: 'approve', amount: DUE })).status).toBe(200);
    expect((await stack.post('/v1/payouts/batches', OFFICER, district.batchOf([claim.id]))).body.code).toBe(
      'claim-own-work',
    );
    expect((await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]))).status).toBe(201);
  });

  it('who refused a claim does not decide its appeal', async () => {
    const family = district.next();
    await playClaims(stageOf(stack), district.policy, [
      claimFor(family, 903, illness(400_000, 'DB-9903'), 'survey', { eventOn: '2023-09-10' }),
    ]);
    const refuse = async (as: As) => {
      await stack.settle(301);
      const claim = await claimOf(stack, family.household);
      const refusal = { step: 'propose-refusal', code: 'investigation-negative', reason: '调查不属实' };
      if (claim.stage === 'registered') await step(stack, claim, { account: 'insurer-adjuster' }, refusal);
      const reject = { step: 'reject', code: 'investigation-negative', reason: '调查不属实' };
      return { claim, answer: await step(stack, await claimOf(stack, family.household), as, reject) };
    };
    const { claim, answer } = await refuse(APPROVER);
    expect(answer.body.stage).toBe('rejected');
    expect((await stack.post(`/v1/claims/${claim.id}/appeal`, WORKER, { reason: '家属提供新证据' })).status).toBe(201);
    const again = await refuse(APPROVER);
    expect(again.claim).toMatchObject({ appealOf: claim.id, refusedBefore: ['insurer-approver'] });
    expect(again.answer.body.code).toBe('claim-own-work');
    expect((await refuse({ ...APPROVER, person: 2 })).answer.body.stage).toBe('rejected');
  });
});
