import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playClaims } from '../../../demo/claims/play.ts';
import { APPROVER, BANK, COST, DUE, PAYER, PayingDistrict } from '../../paying-district.ts';
import { pendingOf } from '../../playing-cases.ts';
import { claimFor, claimOf, illness, stageOf, step } from '../../playing-claims.ts';
import { openRound, submit, VILLAGE, visitOf, WORKER, worklist } from '../../playing-households.ts';
import { type As, OFFICER, type TestStack } from '../../stack.ts';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(24);
  stack = district.stack;
});
afterAll(() => stack.stop());

describe('a confirmation', () => {
  it('has an outcome for each row: unknown, of another sum, from the future, malformed and taken in stand side by side', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await district.money();
    expect(
      await district.tell(
        district.said(`${'0'.repeat(16)}-01`, 'settled'),
        district.said(id, 'settled', { amount: DUE + 1 }),
        district.said(id, 'settled', { on: '2099-01-01' }),
        district.said(id, 'lost'),
        district.said(id, 'settled', { reason: 'AC01' }),
        { ...district.said(id, 'settled'), extra: 1 },
        district.said(id, 'accepted'),
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
    const faulty = [
      district.said(`${'0'.repeat(16)}-01`, 'settled'),
      district.said(id, 'settled', { amount: DUE + 1 }),
      district.said(id, 'settled', { on: '2099-01-01' }),
      district.said(id, 'settled', { on: '1999-12-31' }),
    ];
    const { body } = await stack.post('/v1/payouts/confirmations', BANK, { items: faulty });
    expect(
      body.items.map(({ problem }: { problem: { errors: { pointer: string }[] } }) => problem.errors[0]?.pointer),
    ).toEqual(['/items/0/endToEndId', '/items/1/amount', '/items/2/on', '/items/3/on']);
    expect(await district.money()).toEqual(before);
    expect(
      (await stack.post('/v1/payouts/confirmations', APPROVER, { items: [district.said(id, 'settled')] })).status,
    ).toBe(403);
  });

  it('said many times at once, and after a lost answer, pays once', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await district.money();
    stack.local.gateway.faults.add({
      principal: 'shouwang-test-payout-confirmations',
      action: 'TransactWriteItems',
      kind: 'lose-answer',
      times: 1,
    });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => district.tell(district.said(id, 'settled'))));
    stack.local.gateway.faults.clear();
    expect(outcomes.flat().every((outcome) => outcome === 'settled' || outcome === 'unchanged')).toBe(true);
    expect(await district.money()).toEqual({ reserved: before.reserved - DUE, paid: before.paid + DUE });
    await stack.settle(301);
    const after = await claimOf(stack, claim.household);
    expect([
      after.stage,
      after.timeline.filter(({ kind }: { kind: string }) => kind === 'payment-settled').length,
    ]).toEqual(['closed', 1]);
    // Late and in another order it moves nothing either.
    expect(
      await district.tell(
        district.said(id, 'accepted'),
        district.said(id, 'settled', { on: '2023-10-01' }),
        district.said(id, 'settled'),
      ),
    ).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('of a day before the instruction, or of one to come, is refused and moves nothing', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const [id] = claim.payouts;
    const before = await district.money();
    for (const status of ['settled', 'returned', 'accepted'])
      expect(await district.tell(district.said(id, status, { on: '1999-12-31' }))).toEqual(['date-before-instruction']);
    expect(await district.tell(district.said(id, 'settled', { on: '2099-01-01' }))).toEqual(['date-in-future']);
    expect(await district.money()).toEqual(before);
    expect((await claimOf(stack, claim.household)).stage).toBe('payment-instructed');
    expect(await district.tell(district.said(id, 'settled'))).toEqual(['settled']);
  });

  it('of a return asks for another account and goes again under a new end-to-end id; a withdrawn one would not', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const [first] = claim.payouts;
    expect(await district.tell(district.said(first, 'returned'), district.said(first, 'returned'))).toEqual([
      'returned',
      'unchanged',
    ]);
    await stack.settle(301);
    expect(await claimOf(stack, claim.household)).toMatchObject({
      stage: 'payment-returned',
      waiting: { step: 'account', roles: ['village-worker'] },
    });
    const account = (changes: object) =>
      stack.post(`/v1/claims/${claim.id}/payee`, WORKER, {
        kind: 'member',
        person: claim.person,
        name: district.families.flatMap(({ people }) => people).find(({ person }) => person === claim.person)?.name,
        bank: '示例银行',
        account: '6217000000000000999',
        ...changes,
      });
    const other = district.families.at(-1)?.people[0]?.person;
    expect((await account({ person: other })).body.code).toBe('person-not-member');
    expect((await account({ kind: 'guardian', person: other })).body.code).toBe('authority-missing');
    expect((await account({ name: '别人' })).body.code).toBe('payee-name-differs');
    expect((await account({ account: 'IBAN' })).body.code).toBe('invalid-body');
    expect((await account({ account: '6217 0000 0000 0000 999' })).body).toEqual({ id: claim.id, account: '****0999' });
    await stack.settle(301);
    expect((await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]))).body.code).toBe(
      'payee-unapproved',
    );
    await district.approvePayee(claim.household);
    const { body } = await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]));
    expect(body.payouts).toMatchObject([{ endToEndId: first.replace(/-01$/, '-02'), account: '****0999' }]);
    expect(await district.tell(district.said(body.payouts[0].endToEndId, 'settled'))).toEqual(['settled']);
    // The bank contradicts itself about the first: listed for a person, believed by nobody.
    const before = await district.money();
    expect(await district.tell(district.said(first, 'settled'), district.said(first, 'settled'))).toEqual([
      'disputed',
      'unchanged',
    ]);
    expect(await district.money()).toEqual(before);
    const batch = claim.timeline.find(({ kind }: { kind: string }) => kind === 'payment-instructed').body.batch;
    const { body: listed } = await stack.get(`/v1/payouts/batches/${batch}`, OFFICER);
    expect(listed).toMatchObject({ state: 'open', differences: [{ endToEndId: first, why: 'disputed' }] });
    expect(
      (await stack.post(`/v1/payouts/${first}/resolution`, OFFICER, { reason: '与银行核实，款项已退回' })).status,
    ).toBe(200);
    expect((await stack.get(`/v1/payouts/batches/${batch}`, OFFICER)).body.state).toBe('reconciled');
  });

  it('that contradicts another keeps the claim from being paid again until a person has found out', async () => {
    const two = await district.claims(2, 'confirmation');
    const [claim, other] = two;
    const [first] = claim.payouts;
    const again = async ({ id, household, person }: typeof claim) => {
      const name = district.families.flatMap(({ people }) => people).find((one) => one.person === person)?.name;
      const payee = { kind: 'member', person, name, bank: '示例银行', account: '6217000000000000666' };
      expect((await stack.post(`/v1/claims/${id}/payee`, WORKER, payee)).status).toBe(200);
      await stack.settle(301);
      await district.approvePayee(household);
    };
    for (const { payouts } of two)
      expect(await district.tell(district.said(payouts[0], 'returned'))).toEqual(['returned']);
    await stack.settle(301);
    for (const one of two) await again(one);
    expect(await district.tell(district.said(first, 'settled'))).toEqual(['disputed']);
    const batch = () => stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]));
    expect((await batch()).body).toMatchObject({ code: 'payout-disputed', claim: claim.id });
    // Withdrawn, its event and invoices could be claimed and paid anew, though the family may have the money.
    const stands = await claimOf(stack, claim.household);
    const withdrawn = await step(stack, stands, WORKER, { step: 'withdraw', reason: '家属要求撤回' });
    expect([withdrawn.status, withdrawn.body.code]).toEqual([409, 'payout-disputed']);
    const resolution = { reason: '与银行核实，款项已退回' };
    expect((await stack.post(`/v1/payouts/${first}/resolution`, OFFICER, resolution)).status).toBe(200);
    expect((await batch()).body.payouts).toHaveLength(1);

    // The same where the bank says so between the request and the sweep that sees the batch through.
    const begun = await district.crashing(2, () =>
      stack.post('/v1/payouts/batches', PAYER, district.batchOf([other.id])),
    );
    expect(begun.status).toBeGreaterThanOrEqual(500);
    expect(await district.tell(district.said(other.payouts[0], 'settled'))).toEqual(['disputed']);
    await stack.settle(301);
    expect(await claimOf(stack, other.household)).toMatchObject({ stage: 'approved', payouts: other.payouts });
  });

  it('that contradicts another of a claim that was withdrawn keeps a new claim of its event or invoices from being paid', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const family = district.families.find(({ household }) => household === claim.household);
    const [payee] = family?.people ?? [];
    if (family === undefined || payee === undefined) throw new Error('The family is gone.');
    const [first] = claim.payouts;
    expect(await district.tell(district.said(first, 'returned'))).toEqual(['returned']);
    await stack.settle(301);
    const withdraw = async () => {
      const stands = await claimOf(stack, claim.household);
      const reason = '家属要求撤回';
      expect((await step(stack, stands, WORKER, { step: 'withdraw', reason })).body.stage).toBe('withdrawn');
      await stack.settle(301);
    };
    await withdraw();
    const number = claim.invoices[0]?.number ?? '';
    const anew = async (eventOn: string) => {
      const facts = illness(COST, number);
      await playClaims(stageOf(stack), district.policy, [claimFor(family, 77, facts, 'payment', { eventOn })]);
      return await claimOf(stack, claim.household);
    };
    // Claimed anew and withdrawn once more, it is still the same invoice.
    await anew('2023-09-11');
    await withdraw();
    const { id, stage } = await anew('2023-09-12');
    expect([id === claim.id, stage]).toEqual([false, 'approved']);
    const begun = await district.crashing(2, () => stack.post('/v1/payouts/batches', PAYER, district.batchOf([id])));
    expect(begun.status).toBeGreaterThanOrEqual(500);
    expect(await district.tell(district.said(first, 'settled'))).toEqual(['disputed']);
    // Neither by the sweep that sees a begun batch through, nor by a new one.
    await stack.settle(301);
    expect(await claimOf(stack, claim.household)).toMatchObject({ id, stage: 'approved', payouts: [] });
    const batch = () =>
      stack.post('/v1/payouts/batches', PAYER, district.batchOf([id], { reference: `REF-${stack.local.clock.now()}` }));
    expect((await batch()).body).toMatchObject({ code: 'payout-disputed', claim: id });
    const resolution = { reason: '与银行核实，款项已退回' };
    expect((await stack.post(`/v1/payouts/${first}/resolution`, OFFICER, resolution)).status).toBe(200);
    expect((await batch()).body.payouts).toHaveLength(1);
  });

  it('of a return after the settlement writes a counter-entry, opens the claim again and pays it once more', async () => {
    const [claim] = await district.claims(1, 'confirmation');
    const [first] = claim.payouts;
    const before = await district.money();
    expect(await district.tell(district.said(first, 'settled'))).toEqual(['settled']);
    await stack.settle(301);
    expect((await claimOf(stack, claim.household)).stage).toBe('closed');
    expect(await district.tell(district.said(first, 'returned', { reason: 'AC04' }))).toEqual(['returned']);
    expect(await district.money()).toEqual(before);
    await stack.settle(301);
    const open = await claimOf(stack, claim.household);
    expect(open).toMatchObject({ stage: 'payment-returned', run: 2, paid: null, waiting: { step: 'account' } });
    expect(open.timeline.at(-1)).toMatchObject({
      kind: 'payment-returned',
      body: { reason: 'AC04', afterSettlement: true },
    });
    const [payee] = district.families.find(({ household }) => household === claim.household)?.people ?? [];
    await stack.post(`/v1/claims/${claim.id}/payee`, WORKER, {
      kind: 'member',
      person: payee?.person,
      name: payee?.name,
      bank: '示例银行',
      account: '6217000000000000888',
    });
    await stack.settle(301);
    await district.approvePayee(claim.household);
    const { body } = await stack.post('/v1/payouts/batches', PAYER, district.batchOf([claim.id]));
    expect(await district.tell(district.said(body.payouts[0].endToEndId, 'settled'))).toEqual(['settled']);
    await stack.settle(301);
    expect((await claimOf(stack, claim.household)).stage).toBe('closed');
    expect(await district.money()).toEqual({ reserved: before.reserved - DUE, paid: before.paid + DUE });
  });

  it('of a paid claim flows back: the payment counts as the household’s income in the next triage', async () => {
    const [claim, merged] = await district.claims(2, 'confirmation');
    for (const { payouts } of [claim, merged])
      expect(await district.tell(district.said(payouts[0], 'settled'))).toEqual(['settled']);
    // A second family that was paid too comes to live with them: what it got comes along.
    const version = async (id: string) => (await stack.get(`/v1/households/${id}`, OFFICER)).body.version;
    const change = {
      kind: 'merge',
      on: district.today(),
      into: claim.household,
      intoVersion: await version(claim.household),
    };
    const body = { version: await version(merged.household), change };
    const merge = () => stack.patch(`/v1/households/${merged.household}`, OFFICER, body);
    // Its loss was a clue: until the review of it has ended it stays a household of its own.
    expect((await merge()).body.code).toBe('review-running');
    const { body: found } = await stack.get(`/v1/cases?region=440904&household=${merged.household}`, OFFICER);
    const pending = await pendingOf(stack, found.items[0].id);
    const verdict = { verdict: 'reject', code: 'not-at-risk', reason: '保险已赔付，家庭收入稳定' };
    const verifier: As = { account: 'village-worker', region: VILLAGE, person: 7 };
    expect((await stack.post(`/v1/decisions/${pending?.id}`, verifier, { verdict })).status).toBe(200);
    expect((await merge()).status).toBe(200);
    await openRound(stack);
    const household = (await worklist(stack)).find(({ id }) => id === claim.household);
    if (household === undefined) throw new Error('The household is on no worklist.');
    const visit = visitOf(household, {
      visitedOn: district.today(),
      recordedAt: new Date(stack.local.clock.now()).toISOString(),
    });
    const { body: taken } = await submit(stack, [visit]);
    expect(taken.items[0].triage.perCapita).toBe(2_000_000 + DUE / 2);
    expect(household.id.startsWith(VILLAGE)).toBe(true);
  });
});

it('an approver’s word given while the bank pays is too late', async () => {
  const [claim] = await district.claims(1, 'confirmation');
  expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).body.code).toBe(
    'claim-stage',
  );
});
