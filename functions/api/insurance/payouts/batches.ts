import type { Claim } from '../../../contracts/insurance/claim.ts';
import type { Payout, PayoutBatch } from '../../../contracts/insurance/payout.ts';
import { Problem } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { moveClaim } from '../../../domain/insurance/claim.ts';
import { isPayeeApproved } from '../../../domain/insurance/claim-stages.ts';
import { reconcile } from '../../../domain/insurance/confirmations.ts';
import { writePain001 } from '../../../domain/insurance/pain001.ts';
import { mayStillAct } from '../../../domain/insurance/separation-of-duties.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { contentIdOf } from '../../../store/ids.ts';
import { changeClaim } from '../../../store/insurance/claims.ts';
import {
  completeBatch,
  listBatches,
  newPayout,
  putBatch,
  readBatch,
  readPayouts,
} from '../../../store/insurance/payouts.ts';
import { readPolicy } from '../../../store/insurance/policies.ts';
import { endTurn, readInContext } from '../../../store/insurance/settlements.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { ConditionFailed, eachOf } from '../../../store/table.ts';
import { pageOf } from '../../cursors.ts';
import type { payoutRoutes } from '../../routes/insurance.ts';

const LANES = 4;
const ATTEMPTS = 4;

/** Two ends of a payment know it by this: which claim, and the how-manieth attempt. */
function endToEndIdOf({ id, payouts }: Claim): string {
  return `${id.slice('claim-'.length)}-${String(payouts.length + 1).padStart(2, '0')}`;
}

/**
 * Instructs approved claims together. The batch is named by its claims and their attempts: sent again, or after a crash in the middle, it is the same
 * batch, and each claim is instructed once. Count and sum must be what the sender counted. Until every claim has been instructed the batch is
 * `preparing` and gives no file: a bank is never shown half of it.
 */
export const createBatch: Operation<typeof payoutRoutes.createBatch> = async ({ caller, body, now }) => {
  if (body.executionOn < dayOf(now)) throw new Problem('date-in-past');
  const ids = [...new Set(body.claims)].sort();
  const found = await Promise.all(ids.map((id) => readInContext(id)));
  const claims = found.map((one) => {
    if (one === undefined || one.claim.policy !== body.policy) throw new Problem('claim-unknown');
    return one;
  });
  const sum = claims.reduce((total, { claim }) => total + (claim.approved?.amount ?? 0), 0);
  if (claims.length !== body.count || sum !== body.sum)
    throw new Problem('batch-total-wrong', { extra: { count: claims.length, sum } });
  // An attempt already instructed keeps its number: so a batch sent again is named as it was.
  const attempts = claims.map(({ claim }) =>
    claim.stage === 'approved' ? endToEndIdOf(claim) : (claim.payouts.at(-1) ?? ''),
  );
  const id = contentIdOf('batch', [body.policy, body.executionOn, attempts]);
  const batch: PayoutBatch = {
    id,
    policy: body.policy,
    createdBy: caller.sub,
    createdAt: new Date(now).toISOString(),
    executionOn: body.executionOn,
    count: claims.length,
    sum,
    endToEndIds: attempts,
    state: 'preparing',
  };
  const known = await readBatch(id);
  const fault = claims.find(({ claim }) => claim.stage !== 'approved' && known === undefined);
  if (fault !== undefined) throw new Problem('claim-stage', { extra: { claim: fault.claim.id } });
  const unpayable = claims.find(({ claim }) => claim.stage === 'approved' && claim.payee === null);
  if (unpayable !== undefined) throw new Problem('account-missing', { extra: { claim: unpayable.claim.id } });
  for (const { claim, product } of claims.filter(({ claim: { stage } }) => stage === 'approved')) {
    const refusal = !isPayeeApproved(claim, product)
      ? 'payee-unapproved'
      : mayStillAct(claim, 'instruct', caller.sub)
        ? undefined
        : 'claim-own-work';
    if (refusal !== undefined) throw new Problem(refusal, { extra: { claim: claim.id } });
  }
  await putBatch(config.district(), batch);
  await eachOf(claims, LANES, ({ claim }, n) => instruct(claim.id, batch, attempts[n] ?? '', caller.sub, now));
  return {
    status: known === undefined ? 201 : 200,
    body: await viewOf(known?.state === 'instructed' ? known : await complete(batch)),
  };
};

/** Claim and payment are one transaction; a claim already instructed, in this batch or in another, stays as it is. */
async function instruct(id: string, batch: PayoutBatch, endToEndId: string, by: string, now: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await readInContext(id);
    if (found === undefined) throw new Problem('claim-unknown');
    const { claim, policy, product } = found;
    if (claim.payouts.includes(endToEndId)) return;
    const moved = moveClaim(claim, { move: 'instruct', endToEndId, batch: batch.id, by, terms: product }, now);
    if (moved.after === undefined) throw new Problem(moved.refusal, { extra: { claim: id } });
    const { payee, approved } = claim;
    if (payee === null || approved === null) throw new Problem('account-missing', { extra: { claim: id } });
    const payout: Payout = {
      endToEndId,
      claim: id,
      policy: claim.policy,
      household: claim.household,
      batch: batch.id,
      amount: approved.amount,
      status: 'instructed',
      instructedAt: new Date(now).toISOString(),
      settledOn: null,
      returned: null,
      disputed: null,
      resolved: null,
      payeeName: payee.name,
      bank: payee.bank,
      accountCipher: payee.accountCipher,
      accountMasked: payee.accountMasked,
    };
    try {
      await changeClaim(claim, moved, { policy, product, now }, [newPayout(payout)]);
      await endTurn(claim, by, now);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (attempt === ATTEMPTS) throw new Problem('conflict');
    }
  }
}

/**
 * Ends the preparation. A batch that crashed may have lost claims to one that came after it: what is in it then is what was instructed under its name,
 * so that no payment stands in two files.
 */
async function complete(batch: PayoutBatch): Promise<PayoutBatch> {
  const own = await ownPayouts(batch);
  const sum = own.reduce((total, { amount }) => total + amount, 0);
  const completed: PayoutBatch = {
    ...batch,
    state: 'instructed',
    endToEndIds: own.map(({ endToEndId }) => endToEndId),
    count: own.length,
    sum,
  };
  return await completeBatch(completed);
}

/** Payments instructed under this batch's name. */
async function ownPayouts({ id, endToEndIds }: PayoutBatch): Promise<Payout[]> {
  return (await readPayouts(endToEndIds)).filter(({ batch }) => batch === id);
}

async function viewOf(batch: PayoutBatch) {
  const payouts = await ownPayouts(batch);
  const { state, settled, returned, differences } = reconcile(batch, payouts);
  return {
    id: batch.id,
    policy: batch.policy,
    executionOn: batch.executionOn,
    count: batch.count,
    sum: batch.sum,
    state,
    settled,
    returned,
    differences,
    payouts: payouts.map(({ endToEndId, claim, amount, status, accountMasked }) => ({
      endToEndId,
      claim,
      amount,
      status,
      account: accountMasked,
    })),
  };
}

/** A batch as it stands, or the message the bank takes: the one place where accounts are in full, told to whoever pays. */
export const readOneBatch: Operation<typeof payoutRoutes.readBatch> = async ({ caller, params, query }) => {
  const district = config.district();
  const batch = await readBatch(params.id);
  if (batch === undefined) throw new Problem('batch-unknown');
  if (query.format === 'json') return { status: 200, body: await viewOf(batch) };
  if (caller.role === 'auditor') throw new Problem('role-not-allowed');
  if (batch.state === 'preparing') throw new Problem('batch-preparing');
  const [payouts, policy, data] = await Promise.all([
    ownPayouts(batch),
    readPolicy(district, batch.policy),
    personalData(district),
  ]);
  const transfers = payouts.map(({ endToEndId, amount, payeeName, bank, accountCipher, claim }) => ({
    endToEndId,
    amount,
    payee: payeeName,
    bank,
    account: data.decrypt(accountCipher, claim),
  }));
  const file = {
    id: batch.id,
    createdAt: batch.createdAt,
    executionOn: batch.executionOn,
    insurer: policy?.insurer ?? '',
    transfers,
  };
  return { status: 200, contentType: 'application/xml; charset=utf-8', body: writePain001(file) };
};

/** The district's batches, the newest first, each as far as the bank has answered. */
export const listAllBatches: Operation<typeof payoutRoutes.listBatches> = async ({ query }) => {
  const page = pageOf(await listBatches(config.district()), newestFirst, config.district(), query);
  return { status: 200, body: { items: await eachOf(page.items, LANES, viewOf), ...page.next } };
};

function newestFirst({ createdAt, id }: PayoutBatch): string {
  return `${String(9e15 - Date.parse(createdAt)).padStart(16, '0')}#${id}`;
}
