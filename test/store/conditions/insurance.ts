import { expect } from 'vitest';
import type { Claim } from '../../../functions/contracts/insurance/claim.ts';
import type { Payout, PayoutBatch } from '../../../functions/contracts/insurance/payout.ts';
import type { Insured, Policy } from '../../../functions/contracts/insurance/policy.ts';
import type { Product } from '../../../functions/contracts/insurance/product.ts';
import {
  type ClaimReport,
  concludeClaimReport,
  keepClaimReport,
  type ReportOutcome,
  readClaimReport,
} from '../../../functions/store/insurance/claim-reports.ts';
import { changeClaim, holdsOf } from '../../../functions/store/insurance/claims.ts';
import { finishBatch, putBatch, readBatch } from '../../../functions/store/insurance/payout-batches.ts';
import {
  changedPayout,
  followedBy,
  newPayout,
  ownPayoutItems,
  takeOnce,
} from '../../../functions/store/insurance/payouts.ts';
import { putInsured, putPolicy, putProduct, readInsured } from '../../../functions/store/insurance/policies.ts';
import { keys } from '../../../functions/store/keys.ts';
import { type TransactItem, transact } from '../../../functions/store/table.ts';
import { type Case, fresh, freshHousehold, lay, once, refused, refusedItem, takeAway } from './writing.ts';

const now = Date.parse('2023-11-01T10:00:00+08:00');
const product: Product = Object({ clocks: {} });

function policy(limit = 1_000): Policy {
  return Object({ id: fresh('policy'), limit, reserved: 0, paid: 0 });
}

/** A claim nobody waits for, so that only what it holds matters here. */
function claim(changes: object = {}): Claim {
  const own = {
    id: fresh('claim'),
    policy: fresh('policy'),
    household: freshHousehold(),
    person: 'p',
    line: 'illness',
  };
  const held = {
    approved: null,
    paid: null,
    withdrawn: null,
    rejected: null,
    counted: 0,
    invoices: [],
    payees: [],
    payouts: [],
  };
  return Object({ ...own, ...held, stage: 'closed', head: null, version: 1, eventOn: '2023-10-10', ...changes });
}

async function write(before: Claim | undefined, after: Claim, of: Policy, standing?: object): Promise<Claim> {
  const context = { policy: of, product, now, ...(standing === undefined ? {} : { standing: Object(standing) }) };
  return await changeClaim(before, { after, events: [] }, context);
}

/** What a claim is judged by; nobody has drawn but its household. */
function standing({ household }: Claim, approved: number, drawn: number) {
  return { accepted: 0, approved, household: drawn, accounts: [{ household, approved: drawn }] };
}

function report(changes: object = {}): ClaimReport {
  return Object({ receipt: fresh('receipt'), district: '440904', household: null, reportedAt: 'now', ...changes });
}
const outcome: ReportOutcome = Object({ claim: null, by: 'one' });

function batch(changes: object = {}): PayoutBatch {
  const empty = { endToEndIds: [], count: 0, sum: 0, executionOn: '2023-11-01' };
  return Object({ id: fresh('batch'), createdAt: 'now', state: 'preparing', ...empty, ...changes });
}

function payout(): Payout {
  return Object({ endToEndId: fresh('payout') });
}

async function withPayouts(ownPayouts: string | undefined): Promise<string> {
  const id = freshHousehold();
  const item = { ...keys.household(id), version: 1, doc: JSON.stringify({ id }) };
  await lay(ownPayouts === undefined ? item : { ...item, ownPayouts });
  return id;
}

async function ownPayouts(household: string): Promise<TransactItem> {
  const settled = { claim: 'claim', amount: 100, paidOn: '2023-11-01' };
  const [item] = await ownPayoutItems(claim({ household }), { settled });
  if (item === undefined) throw new Error('The household is there.');
  return item;
}

export const insurance: Readonly<Record<string, Case>> = {
  'insurance/claim-reports.ts keepClaimReport 1': async () => {
    const one = report();
    expect([await keepClaimReport(one), await keepClaimReport({ ...one, eventOn: 'another' })]).toEqual([true, false]);
    expect((await readClaimReport(one.receipt))?.report).toEqual(one);
  },
  'insurance/claim-reports.ts concludeClaimReport 1': async () => {
    await refused(concludeClaimReport(report(), outcome));
    const one = report();
    await keepClaimReport(one);
    await concludeClaimReport(one, outcome);
    await refused(concludeClaimReport(one, { ...outcome, by: 'another' }));
  },
  'insurance/claims.ts changeClaim 1': async () => {
    const one = claim();
    await write(undefined, one, policy());
    await refused(write(undefined, one, policy()));
  },
  'insurance/claims.ts changeClaim 2': async () => {
    const one = await write(undefined, claim(), policy());
    await write(one, one, policy());
    await refused(write(one, one, policy()));
  },
  'insurance/accounts.ts accounts 1': async () => {
    const of = policy(1_000);
    await putPolicy('440904', of);
    const reserving = (amount: number) => write(undefined, claim({ approved: { amount } }), of);
    await reserving(600);
    await refused(reserving(600));
    await reserving(400);
  },
  'insurance/accounts.ts account 1': async () => {
    const of = policy(10_000);
    await putPolicy('440904', of);
    const first = claim({ approved: { amount: 100 } });
    const unread = standing(first, 0, 0);
    await write(undefined, first, of, unread);
    // The line's account has moved; and of another person of the household, only the household's.
    await refused(write(undefined, { ...first, id: fresh('claim') }, of, standing(first, 0, 100)));
    await refused(write(undefined, { ...first, id: fresh('claim'), person: 'q' }, of, unread));
  },
  'insurance/accounts.ts account 2': async () => {
    const of = policy(10_000);
    await putPolicy('440904', of);
    const first = claim({ approved: { amount: 100 } });
    await write(undefined, first, of, standing(first, 0, 0));
    const again = { ...first, id: fresh('claim') };
    await refused(write(undefined, again, of, standing(first, 50, 100)));
    await refused(write(undefined, again, of, standing(first, 100, 50)));
    // So does what a household had drawn that was merged into this one.
    const absorbed = { ...first, id: fresh('claim'), household: freshHousehold(), person: 'r' };
    await write(undefined, absorbed, of, standing(absorbed, 0, 0));
    const both = (approved: number) => ({
      ...standing(first, 100, 100),
      accounts: [...standing(first, 100, 100).accounts, { household: absorbed.household, approved }],
    });
    await refused(write(undefined, again, of, both(0)));
    await write(undefined, again, of, both(100));
  },
  'insurance/accounts.ts unmoved 1': async () => {
    const of = policy(10_000);
    await putPolicy('440904', of);
    const first = claim({ household: await withPayouts(undefined), approved: { amount: 100 } });
    const as = (version: number) => ({ ...standing(first, 0, 0), present: { id: first.household, version } });
    // A household was merged into it meanwhile.
    await refused(write(undefined, first, of, as(0)));
    await write(undefined, first, of, as(1));
  },
  'insurance/claims.ts releases 1': async () => {
    const one = await write(undefined, claim(), policy());
    await transact(holdsOf({ id: 'another', policy: one.policy }, [`EVENT#p#illness#${one.eventOn}`]));
    await refused(write(one, { ...one, stage: 'withdrawn' }, policy()));
  },
  'insurance/claims.ts holdsOf 1': async () => {
    const [item] = holdsOf(claim(), [`INVOICE#${fresh('invoice')}`]);
    if (item === undefined) throw new Error('A claim holds its invoice.');
    await once(item);
  },
  'insurance/payout-batches.ts putBatch 1': async () => {
    const one = batch();
    await putBatch('440904', one);
    expect(await putBatch('440904', { ...one, sum: 7 })).toEqual(one);
    expect((await readBatch(one.id))?.sum).toBe(0);
  },
  'insurance/payout-batches.ts completeBatch 1': async () => {
    const one = batch();
    // Nobody has put it: there is nothing to complete.
    await refused(finishBatch(one, now));
    await putBatch('440904', one);
    await finishBatch(one, now);
    expect((await finishBatch(one, now + 7 * 86_400_000)).executionOn).toBe('2023-11-01');
  },
  'insurance/payouts.ts newPayout 1': () => once(newPayout(payout())),
  'insurance/payouts.ts changedPayout 1': async () => {
    const one = payout();
    await transact([newPayout(one)]);
    await once(changedPayout({ payout: one, version: 1 }));
  },
  'insurance/payouts.ts followedBy 1': async () => {
    const one = { payout: payout(), version: 1 };
    await transact([newPayout(one.payout)]);
    await transact([followedBy(one, 'next')]);
    // The bank has said something meanwhile.
    await transact([changedPayout(one)]);
    await refusedItem(followedBy(one, 'next'));
  },
  'insurance/payouts.ts takeOnce 1': async () => {
    const id = fresh('batch');
    const take = () => takeOnce(id, 'bank', '付款');
    expect([await take(), await take()]).toEqual([true, false]);
  },
  'insurance/payouts.ts ownPayoutItems 1': async () => {
    await once(await ownPayouts(await withPayouts(undefined)));
    const gone = await withPayouts(undefined);
    const item = await ownPayouts(gone);
    await takeAway(keys.household(gone));
    await refusedItem(item);
  },
  'insurance/payouts.ts ownPayoutItems 2': async () => {
    await once(await ownPayouts(await withPayouts('[{"claim":"earlier"}]')));
  },
  'insurance/policies.ts putProduct 1': async () => {
    const one: Product = Object({ id: fresh('product'), state: 'proposed' });
    await putProduct('440904', one);
    await putProduct('440904', { ...one, state: 'approved' });
    await refused(putProduct('440904', { ...one, state: 'approved' }));
  },
  'insurance/policies.ts putProduct 2': async () => {
    const one: Product = Object({ id: fresh('product'), state: 'proposed' });
    await putProduct('440904', one);
    await refused(putProduct('440904', one));
  },
  'insurance/policies.ts putPolicy 1': async () => {
    const one = policy();
    await putPolicy('440904', one);
    await refused(putPolicy('440904', one));
  },
  'insurance/policies.ts putInsured 1': async () => {
    const [of, after] = [fresh('policy'), insured('first')];
    const put = (one: Insured) =>
      putInsured('440904', of, '2023-11-01T00:00:00.000Z', [{ before: undefined, after: one }]);
    expect([await put(after), await put(insured('second'))]).toEqual([new Set(), new Set(['p'])]);
    expect((await readInsured(of, ['p'])).get('p')).toEqual(after);
  },
  'insurance/policies.ts putInsured 2': async () => {
    const of = fresh('policy');
    const [before, after] = [insured('first'), insured('second')];
    await putInsured('440904', of, '2023-11-01T00:00:00.000Z', [{ before: undefined, after: before }]);
    const change = () => putInsured('440904', of, '2023-11-01T00:00:00.000Z', [{ before, after }]);
    expect([await change(), await change()]).toEqual([new Set(), new Set(['p'])]);
  },
};

function insured(certificate: string): Insured {
  return Object({ person: 'p', certificate, household: null, covers: [] });
}
