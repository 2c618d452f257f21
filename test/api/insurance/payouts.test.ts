import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../../playing-claims.ts';
import { openRound, submit, VILLAGE, visitOf, WORKER, worklist } from '../../playing-households.ts';
import { type Answer, type As, OFFICER, TestStack } from '../../stack.ts';

const APPROVER: As = { account: 'insurer-approver' };
/** Another officer than the approvers instructs the payment. */
const PAYER: As = { account: 'insurer-approver', person: 3 };
const BANK: As = { account: 'bank' };
/** Nine thousand yuan above a deductible of five thousand, at 50 %. */
const COST = 900_000;
const DUE = 200_000;

let stack: TestStack;
let policy = '';
let families: Claimant[] = [];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-10-11T10:00:00+08:00' });
  await stack.prepare();
  families = await registerFamilies(stack, 44);
  policy = await insureWith(stack, rosterOf(families));
});
afterAll(() => stack.stop());

let used = 0;
/** New families whose claims are approved and have an account, or go as far as asked. */
async function claims(count: number, stop: 'payment' | 'confirmation' = 'payment') {
  const first = used;
  used += count;
  const ours = families.slice(first, used);
  await playClaims(
    stageOf(stack),
    policy,
    ours.map((family, n) =>
      claimFor(family, first + n, illness(COST, `DB-9${String(first + n).padStart(3, '0')}`), stop, {
        eventOn: '2023-09-10',
      }),
    ),
  );
  return await Promise.all(ours.map(({ household }) => claimOf(stack, household)));
}

/** A payee changed after the survey is approved anew before anything is sent. */
async function approvePayee(household: string): Promise<void> {
  const claim = await claimOf(stack, household);
  expect(claim).toMatchObject({ stage: 'approved', waiting: { step: 'payee-approval' }, approvals: [] });
  expect((await step(stack, claim, APPROVER, { step: 'approve', amount: DUE })).status).toBe(200);
  await stack.settle(301);
}

function batchOf(ids: readonly string[], changes: object = {}): object {
  return { policy, executionOn: today(), claims: ids, count: ids.length, sum: ids.length * DUE, ...changes };
}

function today(): string {
  return new Date(stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

function said(endToEndId: string, status: string, changes: object = {}): object {
  return {
    endToEndId,
    status,
    amount: DUE,
    on: today(),
    ...(status === 'returned' ? { reason: 'AC01' } : {}),
    ...changes,
  };
}

async function tell(...items: object[]): Promise<string[]> {
  const { body } = await stack.post('/v1/payouts/confirmations', BANK, { items });
  return body.items.map(
    ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
  );
}

async function money(): Promise<{ reserved: number; paid: number }> {
  const { body } = await stack.get('/v1/policies', OFFICER);
  return { reserved: body.items[0].reserved, paid: body.items[0].paid };
}

/** Lets the table refuse every transaction of payouts from the nth on. */
async function crashing(from: number, work: () => Promise<Answer>): Promise<Answer> {
  const { faults } = stack.local.gateway;
  const nth = Array.from({ length: 60 }, (_, n) => from + n);
  faults.add({ principal: 'shouwang-test-payouts', action: 'TransactWriteItems', kind: 'fail-before', nth });
  const answer = await work();
  faults.clear();
  return answer;
}

describe('one official', () => {
  it('who pushed the hospital’s feed neither approves nor pays the claim, whatever hospital they name', async () => {
    const [family] = families.slice(used, ++used);
    if (family === undefined) throw new Error('There is no family.');
    const facts = illness(3_500_000, 'DB-9901');
    await playClaims(stageOf(stack), policy, [
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
    const batch = batchOf([claim.id], { sum: amount });
    for (const as of [OFFICER, { ...OFFICER, person: 2 }, APPROVER])
      expect((await stack.post('/v1/payouts/batches', as, batch)).body.code).toBe('claim-own-work');
    expect((await stack.post('/v1/payouts/batches', PAYER, batch)).status).toBe(201);
  });

  it('who recorded the payee does not approve; recorded after the survey it makes the approval void, and two other people look', async () => {
    const [family] = families.slice(used, ++used);
    if (family === undefined) throw new Error('There is no family.');
    await playClaims(stageOf(stack), policy, [
      claimFor(family, 902, illness(COST, 'DB-9902'), 'payment', { eventOn: '2023-09-10' }),
    ]);
    const claim = await claimOf(stack, family.household);
    const before = await money();
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
    expect(await money()).toEqual(before);
    expect((await step(stack, changed, OFFICER, { step: 'approve', amount: DUE })).body.code).toBe('claim-own-work');
    expect((await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id]))).body.code).toBe('payee-unapproved');
    expect((await step(stack, changed, APPROVER, { step: 'approve', amount: DUE - 1 })).body.code).toBe(
      'amount-differs',
    );
    expect((await step(stack, changed, APPROVER, { step: 'approve', amount: DUE })).status).toBe(200);
    expect((await stack.post('/v1/payouts/batches', OFFICER, batchOf([claim.id]))).body.code).toBe('claim-own-work');
    expect((await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id]))).status).toBe(201);
  });

  it('who refused a claim does not decide its appeal', async () => {
    const [family] = families.slice(used, ++used);
    if (family === undefined) throw new Error('There is no family.');
    await playClaims(stageOf(stack), policy, [
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

describe('a batch', () => {
  it('is refused when count or sum is not what was counted, when a claim is not approved, or its day is past', async () => {
    const [claim] = await claims(1);
    const code = async (changes: object) =>
      (await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id], changes))).body.code;
    expect(await code({ sum: DUE - 1 })).toBe('batch-total-wrong');
    expect(await code({ count: 2 })).toBe('batch-total-wrong');
    expect(await code({ executionOn: '2023-01-01' })).toBe('date-in-past');
    expect(await code({ policy: `policy-${'0'.repeat(12)}` })).toBe('claim-unknown');
    expect((await stack.post('/v1/payouts/batches', { account: 'insurer-adjuster' }, batchOf([claim.id]))).status).toBe(
      403,
    );
    expect((await claimOf(stack, claim.household)).payouts).toEqual([]);
    const two = await Promise.all(
      [1, 2].map(() => stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id, claim.id], { count: 1, sum: DUE }))),
    );
    // A double click is one batch with one payment.
    expect(new Set(two.map(({ body }) => body.id)).size).toBe(1);
    expect((await claimOf(stack, claim.household)).payouts).toHaveLength(1);
    expect((await code({ executionOn: '2023-12-31' })) === 'claim-stage').toBe(true);
  });

  it('is written as a pain.001 message for the bank, accounts in full; an auditor sees them masked', async () => {
    const [claim] = await claims(1, 'confirmation');
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
    const found = await claims(3);
    const ids = found.map(({ id }) => id);
    // The batch itself and one claim are written; then the table answers nothing any more.
    const crashed = await crashing(3, () => stack.post('/v1/payouts/batches', PAYER, batchOf(ids)));
    expect(crashed.status).toBeGreaterThanOrEqual(500);
    const half = await Promise.all(found.map(({ household }) => claimOf(stack, household)));
    const instructed = half.filter(({ stage }) => stage === 'payment-instructed');
    expect(instructed).toHaveLength(1);
    const batch = instructed[0].timeline.find(({ kind }: { kind: string }) => kind === 'payment-instructed').body.batch;
    expect((await stack.get(`/v1/payouts/batches/${batch}?format=pain.001`, BANK)).body.code).toBe('batch-preparing');
    const again = await stack.post('/v1/payouts/batches', PAYER, batchOf(ids));
    expect([again.status, again.body.id, again.body.payouts.length]).toEqual([200, batch, 3]);
    expect(
      (await Promise.all(found.map(({ household }) => claimOf(stack, household)))).map(({ payouts }) => payouts.length),
    ).toEqual([1, 1, 1]);
  });

  it('that crashed and was overtaken by another keeps only its own: no payment stands in two files', async () => {
    const found = await claims(2);
    const ids = found.map(({ id }) => id);
    const crashed = await crashing(2, () => stack.post('/v1/payouts/batches', PAYER, batchOf(ids)));
    expect(crashed.status).toBeGreaterThanOrEqual(500);
    // The next day somebody instructs one of the two in another batch, then the old request comes again.
    const other = await stack.post(
      '/v1/payouts/batches',
      PAYER,
      batchOf(ids.slice(0, 1), { executionOn: '2023-12-01' }),
    );
    expect(other.status).toBe(201);
    const late = await stack.post('/v1/payouts/batches', PAYER, batchOf(ids));
    expect([late.status, late.body.count, late.body.payouts.map(({ claim }: { claim: string }) => claim)]).toEqual([
      200,
      1,
      ids.slice(1),
    ]);
    expect(other.body.payouts.map(({ claim }: { claim: string }) => claim)).toEqual(ids.slice(0, 1));
  });
});

describe('a confirmation', () => {
  it('has an outcome for each row: unknown, of another sum, from the future, malformed and taken in stand side by side', async () => {
    const [claim] = await claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await money();
    expect(
      await tell(
        said(`${'0'.repeat(16)}-01`, 'settled'),
        said(id, 'settled', { amount: DUE + 1 }),
        said(id, 'settled', { on: '2099-01-01' }),
        said(id, 'lost'),
        said(id, 'settled', { reason: 'AC01' }),
        { ...said(id, 'settled'), extra: 1 },
        said(id, 'accepted'),
      ),
    ).toEqual([
      'payout-unknown',
      'amount-differs',
      'date-in-future',
      'invalid-body',
      'invalid-body',
      'invalid-body',
      'accepted',
    ]);
    expect(await money()).toEqual(before);
    expect((await stack.post('/v1/payouts/confirmations', APPROVER, { items: [said(id, 'settled')] })).status).toBe(
      403,
    );
  });

  it('said many times at once, and after a lost answer, pays once', async () => {
    const [claim] = await claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await money();
    stack.local.gateway.faults.add({
      principal: 'shouwang-test-payout-confirmations',
      action: 'TransactWriteItems',
      kind: 'lose-answer',
      times: 1,
    });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => tell(said(id, 'settled'))));
    stack.local.gateway.faults.clear();
    expect(outcomes.flat().every((outcome) => outcome === 'settled' || outcome === 'unchanged')).toBe(true);
    expect(await money()).toEqual({ reserved: before.reserved - DUE, paid: before.paid + DUE });
    await stack.settle(301);
    const after = await claimOf(stack, claim.household);
    expect([
      after.stage,
      after.timeline.filter(({ kind }: { kind: string }) => kind === 'payment-settled').length,
    ]).toEqual(['closed', 1]);
    // Late and in another order it moves nothing either.
    expect(await tell(said(id, 'accepted'), said(id, 'settled', { on: '2023-10-01' }), said(id, 'settled'))).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
  });

  it('of a day before the instruction, or of one to come, is refused and moves nothing', async () => {
    const [claim] = await claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await money();
    for (const status of ['settled', 'returned', 'accepted'])
      expect(await tell(said(id, status, { on: '1999-12-31' }))).toEqual(['date-before-instruction']);
    expect(await tell(said(id, 'settled', { on: '2099-01-01' }))).toEqual(['date-in-future']);
    expect(await money()).toEqual(before);
    expect((await claimOf(stack, claim.household)).stage).toBe('payment-instructed');
    expect(await tell(said(id, 'settled'))).toEqual(['settled']);
  });

  it('of a return asks for another account and goes again under a new end-to-end id; a withdrawn one would not', async () => {
    const [claim] = await claims(1, 'confirmation');
    const [first] = claim.payouts;
    expect(await tell(said(first, 'returned'), said(first, 'returned'))).toEqual(['returned', 'unchanged']);
    await stack.settle(301);
    expect(await claimOf(stack, claim.household)).toMatchObject({
      stage: 'payment-returned',
      waiting: { step: 'account', roles: ['village-worker'] },
    });
    const account = (changes: object) =>
      stack.post(`/v1/claims/${claim.id}/payee`, WORKER, {
        kind: 'member',
        person: claim.person,
        name: families.flatMap(({ people }) => people).find(({ person }) => person === claim.person)?.name,
        bank: '示例银行',
        account: '6217000000000000999',
        ...changes,
      });
    const other = families.at(-1)?.people[0]?.person;
    expect((await account({ person: other })).body.code).toBe('person-not-member');
    expect((await account({ kind: 'guardian', person: other })).body.code).toBe('authority-missing');
    expect((await account({ name: '别人' })).body.code).toBe('payee-name-differs');
    expect((await account({ account: 'IBAN' })).body.code).toBe('invalid-body');
    expect((await account({ account: '6217 0000 0000 0000 999' })).body).toEqual({ id: claim.id, account: '****0999' });
    await stack.settle(301);
    expect((await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id]))).body.code).toBe('payee-unapproved');
    await approvePayee(claim.household);
    const { body } = await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id]));
    expect(body.payouts).toMatchObject([{ endToEndId: first.replace(/-01$/, '-02'), account: '****0999' }]);
    expect(await tell(said(body.payouts[0].endToEndId, 'settled'))).toEqual(['settled']);
    // The bank contradicts itself about the first: listed for a person, believed by nobody.
    const before = await money();
    expect(await tell(said(first, 'settled'), said(first, 'settled'))).toEqual(['disputed', 'unchanged']);
    expect(await money()).toEqual(before);
    const batch = claim.timeline.find(({ kind }: { kind: string }) => kind === 'payment-instructed').body.batch;
    const { body: listed } = await stack.get(`/v1/payouts/batches/${batch}`, OFFICER);
    expect(listed).toMatchObject({ state: 'open', differences: [{ endToEndId: first, why: 'disputed' }] });
    expect(
      (await stack.post(`/v1/payouts/${first}/resolution`, OFFICER, { reason: '与银行核实，款项已退回' })).status,
    ).toBe(200);
    expect((await stack.get(`/v1/payouts/batches/${batch}`, OFFICER)).body.state).toBe('reconciled');
  });

  it('of a return after the settlement writes a counter-entry, opens the claim again and pays it once more', async () => {
    const [claim] = await claims(1, 'confirmation');
    const [first] = claim.payouts;
    const before = await money();
    expect(await tell(said(first, 'settled'))).toEqual(['settled']);
    await stack.settle(301);
    expect((await claimOf(stack, claim.household)).stage).toBe('closed');
    expect(await tell(said(first, 'returned', { reason: 'AC04' }))).toEqual(['returned']);
    expect(await money()).toEqual(before);
    await stack.settle(301);
    const open = await claimOf(stack, claim.household);
    expect(open).toMatchObject({ stage: 'payment-returned', run: 2, paid: null, waiting: { step: 'account' } });
    expect(open.timeline.at(-1)).toMatchObject({
      kind: 'payment-returned',
      body: { reason: 'AC04', afterSettlement: true },
    });
    const [payee] = families.find(({ household }) => household === claim.household)?.people ?? [];
    await stack.post(`/v1/claims/${claim.id}/payee`, WORKER, {
      kind: 'member',
      person: payee?.person,
      name: payee?.name,
      bank: '示例银行',
      account: '6217000000000000888',
    });
    await stack.settle(301);
    await approvePayee(claim.household);
    const { body } = await stack.post('/v1/payouts/batches', PAYER, batchOf([claim.id]));
    expect(await tell(said(body.payouts[0].endToEndId, 'settled'))).toEqual(['settled']);
    await stack.settle(301);
    expect((await claimOf(stack, claim.household)).stage).toBe('closed');
    expect(await money()).toEqual({ reserved: before.reserved - DUE, paid: before.paid + DUE });
  });

  it('comes as a pain.002 report too', async () => {
    const found = await claims(2, 'confirmation');
    const status = (id: string, code: string, reason = '') =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${code}</TxSts>${reason === '' ? '' : `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>`}</TxInfAndSts>`;
    const pain002 = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>${today()}T12:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>${status(found[0].payouts[0], 'ACCP')}${status(found[0].payouts[0], 'ACSC')}${status('UNKNOWN-ID', 'ACSC')}${status(found[1].payouts[0], 'RJCT', 'MD07')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002 });
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'accepted',
      'settled',
      'refused',
      'returned',
    ]);
    const bad = await stack.post('/v1/payouts/confirmations', BANK, { pain002: '<!DOCTYPE x><x/>' });
    expect([bad.status, bad.body.code]).toEqual([400, 'pain002-invalid']);
  });

  const reported = (rest: string) =>
    `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R2</MsgId><CreDtTm>${today()}T00:10:00</CreDtTm></GrpHdr>${rest}</CstmrPmtStsRpt></Document>`;
  const outcomesOf = async (rest: string): Promise<string[]> => {
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { pain002: reported(rest) });
    return (
      body.items?.map(
        ({ outcome, problem }: { outcome: string; problem?: { code: string } }) => problem?.code ?? outcome,
      ) ?? [body.code]
    );
  };

  it('of a whole file moves every payment of ours in it, and an answer is never empty', async () => {
    const found = await claims(2);
    const batch = await stack.post('/v1/payouts/batches', PAYER, batchOf(found.map(({ id }) => id)));
    const whole = (more: string, of = batch.body.id) =>
      outcomesOf(`<OrgnlGrpInfAndSts><OrgnlMsgId>${of}</OrgnlMsgId>${more}</OrgnlGrpInfAndSts>`);
    expect(await whole('')).toEqual(['pain002-empty']);
    expect(await whole('<GrpSts>RJCT</GrpSts>', `batch-${'0'.repeat(16)}`)).toEqual(['batch-unknown']);
    expect(await whole('<GrpSts>ZZZZ</GrpSts>')).toEqual(['payout-status-unknown']);
    expect(await whole('<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>RJCT</GrpSts>')).toEqual(['amount-differs']);
    const stages = async () =>
      await Promise.all(found.map(async ({ household }) => (await claimOf(stack, household)).stage));
    expect(await stages()).toEqual(['payment-instructed', 'payment-instructed']);
    expect(await whole('<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Prtry>余额不足</Prtry></Rsn></StsRsnInf>')).toEqual([
      'returned',
      'returned',
    ]);
    expect(await stages()).toEqual(['payment-returned', 'payment-returned']);
    expect(await whole('<GrpSts>RJCT</GrpSts>')).toEqual(['unchanged', 'unchanged']);
    const [first] = await Promise.all(found.map(({ household }) => claimOf(stack, household)));
    expect(first.timeline.at(-1)).toMatchObject({ kind: 'payment-returned', body: { reason: 'NARR' } });
  });

  it('of one payment in a file says what was not believed beside what was: another currency, no amount, an unknown status', async () => {
    const found = await claims(2, 'confirmation');
    const [first, second] = found.map(({ payouts }) => payouts[0]);
    const one = (id: string, code: string, amount = '2000.00', currency = 'CNY') =>
      `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${code}</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="${currency}">${amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`;
    const rows = [
      one(first, 'ACSC', '2000.00', 'USD'),
      one(first, 'ACSC', 'x'),
      one(first, 'ZZZZ'),
      one(second, 'CANC'),
    ];
    expect(await outcomesOf(`<OrgnlPmtInfAndSts>${rows.join('')}</OrgnlPmtInfAndSts>`)).toEqual([
      'currency-differs',
      'amount-differs',
      'payout-status-unknown',
      'returned',
    ]);
    expect((await claimOf(stack, found[0].household)).stage).toBe('payment-instructed');
    // The same by JSON: any code is kept, none is told in words.
    expect(await tell(said(first, 'returned', { reason: undefined }))).toEqual(['returned']);
    expect(await tell(said(first, 'returned', { reason: 'DUPL' }), said(first, 'gone'))).toEqual([
      'unchanged',
      'invalid-body',
    ]);
  });

  it('of a paid claim flows back: the payment counts as the household’s income in the next triage', async () => {
    const [claim, merged] = await claims(2, 'confirmation');
    for (const { payouts } of [claim, merged]) expect(await tell(said(payouts[0], 'settled'))).toEqual(['settled']);
    // A second family that was paid too comes to live with them: what it got comes along.
    const version = async (id: string) => (await stack.get(`/v1/households/${id}`, OFFICER)).body.version;
    const change = { kind: 'merge', on: today(), into: claim.household, intoVersion: await version(claim.household) };
    const body = { version: await version(merged.household), change };
    expect((await stack.patch(`/v1/households/${merged.household}`, OFFICER, body)).status).toBe(200);
    await openRound(stack);
    const household = (await worklist(stack)).find(({ id }) => id === claim.household);
    if (household === undefined) throw new Error('The household is on no worklist.');
    const visit = visitOf(household, {
      visitedOn: today(),
      recordedAt: new Date(stack.local.clock.now()).toISOString(),
    });
    const { body: taken } = await submit(stack, [visit]);
    expect(taken.items[0].triage.perCapita).toBe(2_000_000 + DUE / 2);
    expect(household.id.startsWith(VILLAGE)).toBe(true);
  });
});

it('an approver’s word given while the bank pays is too late', async () => {
  const [claim] = await claims(1, 'confirmation');
  expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).body.code).toBe(
    'claim-stage',
  );
});

describe('a batch whose process died', () => {
  const batches = '/v1/payouts/batches';
  const stages = async (found: { household: string }[]) =>
    await Promise.all(found.map(async ({ household }) => (await claimOf(stack, household)).stage));
  const fileOf = async (id: string): Promise<string> =>
    (await stack.get(`${batches}/${id}?format=pain.001`, BANK)).body;
  const withoutSweep = () =>
    stack.local.gateway.faults.add({ principal: 'shouwang-test-deliver-decisions', kind: 'fail-before' });

  it('at any of its writes is finished the next day by the very same request, one claim withdrawn meanwhile', async () => {
    const killed = [];
    const all = await claims(12);
    for (const nth of [1, 2, 3, 4, 5, 6]) {
      const found = all.slice(2 * nth - 2, 2 * nth);
      const request = batchOf(
        found.map(({ id }) => id),
        { reference: `B-${nth}` },
      );
      await crashing(nth, () => stack.post(batches, PAYER, request));
      withoutSweep();
      const [, second] = found;
      const withdrawal = { step: 'withdraw', reason: '家属要求撤回' };
      const { status } = await step(stack, await claimOf(stack, second.household), WORKER, withdrawal);
      killed.push({ nth, found, request, count: status === 200 ? 1 : 2 });
    }
    await stack.settle(86_400);
    for (const { nth, found, request, count } of killed) {
      const again = await stack.post(batches, PAYER, request);
      // Of the first write nothing was left: it is a new batch, for a day that is past.
      if (nth === 1) {
        expect(again.body.code).toBe('date-in-past');
        continue;
      }
      expect(again).toMatchObject({ status: 200, body: { count, executionOn: today() } });
      expect((await stages(found))[0]).toBe('payment-instructed');
      expect(await fileOf(again.body.id)).toContain(`<NbOfTxs>${count}</NbOfTxs>`);
      expect((await stack.post(batches, PAYER, request)).body).toEqual(again.body);
    }
    stack.local.gateway.faults.clear();
  });

  it('is finished by the five-minute sweep when nobody comes back', async () => {
    const found = await claims(2);
    await crashing(2, () =>
      stack.post(
        batches,
        PAYER,
        batchOf(
          found.map(({ id }) => id),
          { reference: 'B-7' },
        ),
      ),
    );
    await stack.settle(301);
    expect(await stages(found)).toEqual(['payment-instructed', 'payment-instructed']);
    const again = await stack.post(
      batches,
      PAYER,
      batchOf(
        found.map(({ id }) => id),
        { reference: 'B-7' },
      ),
    );
    expect(again).toMatchObject({ status: 200, body: { count: 2, sum: 2 * DUE } });
  });

  it('without a reference is known by its claims; a reference used for other claims is refused', async () => {
    const found = await claims(2);
    const ids = found.map(({ id }) => id);
    await crashing(2, () => stack.post(batches, PAYER, batchOf(ids)));
    withoutSweep();
    await stack.settle(86_400);
    const again = await stack.post(batches, PAYER, batchOf(ids));
    stack.local.gateway.faults.clear();
    expect(again).toMatchObject({ status: 200, body: { count: 2 } });
    const other = batchOf(ids.slice(1), { reference: 'B-7' });
    expect((await stack.post(batches, PAYER, other)).body.code).toBe('batch-differs');
  });
});
