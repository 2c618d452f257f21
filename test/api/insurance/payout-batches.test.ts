import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK, DUE, PAYER, PayingDistrict } from '../../paying-district.ts';
import { claimOf } from '../../playing-claims.ts';
import { type As, OFFICER, type TestStack } from '../../stack.ts';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(12);
  stack = district.stack;
});
afterAll(() => stack.stop());

describe('a batch', () => {
  it('is refused when count or sum is not what was counted, when a claim is not approved, or its day is past', async () => {
    const [claim] = await district.claims(1);
    const code = async (changes: object) =>
      (await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id], changes))).body.code;
    expect(await code({ sum: DUE - 1 })).toBe('batch-total-wrong');
    expect(await code({ count: 2 })).toBe('batch-total-wrong');
    expect(await code({ executionOn: '2023-01-01' })).toBe('date-in-past');
    expect(await code({ policy: `policy-${'0'.repeat(12)}` })).toBe('claim-unknown');
    expect(
      (await stack.post('/v1/payouts/batches', { account: 'insurer-adjuster' }, district.batchOf([claim.id]))).status,
    ).toBe(403);
    expect((await claimOf(stack, claim.household)).payouts).toEqual([]);
    const two = await Promise.all(
      [1, 2].map(() =>
        stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id, claim.id], { count: 1, sum: DUE })),
      ),
    );
    // A double click is one batch with one payment.
    expect(new Set(two.map(({ body }) => body.id)).size).toBe(1);
    expect((await claimOf(stack, claim.household)).payouts).toHaveLength(1);
    expect((await code({ executionOn: '2023-12-31' })) === 'claim-stage').toBe(true);
  });

  it('is written as a pain.001 message for the bank, accounts in full; an auditor sees them masked', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const batch = claim.timeline.find(({ kind }: { kind: string }) => kind === 'payment-instructed').body.batch;
    const file = async (as: As) => {
      const headers = { authorization: `Bearer ${await stack.token(as)}` };
      return await fetch(`${stack.local.endpoints.api}/v1/payouts/batches/${batch}?format=pain.001`, { headers });
    };
    const answer = await file(BANK);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(text).toContain('<CtrlSum>2000.00</CtrlSum>');
    expect(text).toMatch(/<Id>6217\d{15}<\/Id>/);
    for (const account of ['auditor', 'insurer-approver', 'district-officer'])
      expect([account, (await file({ account })).status]).toEqual([account, 403]);
    // An approver hands it over by an act of its own, once for each reason.
    const take = (as: As, reason?: string) => stack.post(`/v1/payouts/batches/${batch}/file`, as, { reason });
    expect((await take(PAYER)).body.code).toBe('invalid-body');
    expect((await take(PAYER, '银行专线故障，现场递交')).body).toContain('<CtrlSum>2000.00</CtrlSum>');
    expect((await take(PAYER, '银行专线故障，现场递交')).body.code).toBe('reason-used');
    expect((await take(PAYER, '第一份U盘损坏')).status).toBe(200);
    expect((await take(OFFICER, '想看一看')).status).toBe(403);
    const { body } = await stack.get(`/v1/payouts/batches/${batch}`, { account: 'auditor' });
    expect(body).toMatchObject({
      count: 1,
      sum: DUE,
      state: 'open',
      differences: [{ why: 'unconfirmed', amount: DUE }],
    });
    expect(body.payouts[0].account).toMatch(/^\*{4}\d{4}$/);
    expect(JSON.stringify((await stack.get(`/v1/claims/${claim.id}`, OFFICER)).body)).not.toMatch(/6217\d{15}/);
  });

  it('that crashed half way is sent again as the same batch: each claim is paid once, and no file was given of the half', async () => {
    const found = await district.claims(3);
    const ids = found.map(({ id }) => id);
    // The batch itself and one claim are written; then the table answers nothing any more.
    const crashed = await district.crashing(3, () => stack.post('/v1/payouts/batches', PAYER, district.batchOf(ids)));
    expect(crashed.status).toBeGreaterThanOrEqual(500);
    const half = await Promise.all(found.map(({ household }) => claimOf(stack, household)));
    const instructed = half.filter(({ stage }) => stage === 'payment-instructed');
    expect(instructed).toHaveLength(1);
    const batch = instructed[0].timeline.find(({ kind }: { kind: string }) => kind === 'payment-instructed').body.batch;
    expect((await stack.get(`/v1/payouts/batches/${batch}?format=pain.001`, BANK)).body.code).toBe('batch-preparing');
    const again = await stack.post('/v1/payouts/batches', PAYER, district.batchOf(ids));
    expect([again.status, again.body.id, again.body.payouts.length]).toEqual([200, batch, 3]);
    expect(
      (await Promise.all(found.map(({ household }) => claimOf(stack, household)))).map(({ payouts }) => payouts.length),
    ).toEqual([1, 1, 1]);
  });

  it('that crashed and was overtaken by another keeps only its own: no payment stands in two files', async () => {
    const found = await district.claims(2);
    const ids = found.map(({ id }) => id);
    const crashed = await district.crashing(2, () => stack.post('/v1/payouts/batches', PAYER, district.batchOf(ids)));
    expect(crashed.status).toBeGreaterThanOrEqual(500);
    // The next day somebody instructs one of the two in another batch, then the old request comes again.
    const other = await stack.post(
      '/v1/payouts/batches',
      PAYER,
      district.batchOf(ids.slice(0, 1), { executionOn: '2023-12-01' }),
    );
    expect(other.status).toBe(201);
    const late = await stack.post('/v1/payouts/batches', PAYER, district.batchOf(ids));
    expect([late.status, late.body.count, late.body.payouts.map(({ claim }: { claim: string }) => claim)]).toEqual([
      200,
      1,
      ids.slice(1),
    ]);
    expect(other.body.payouts.map(({ claim }: { claim: string }) => claim)).toEqual(ids.slice(0, 1));
  });
});
