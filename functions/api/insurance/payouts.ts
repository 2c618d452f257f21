import type { z } from 'zod';
import type { Claim } from '../../contracts/insurance/claim.ts';
import type { batchRequest } from '../../contracts/insurance/insurance-http.ts';
import type { PayoutBatch } from '../../contracts/insurance/payout.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { isPayeeApproved } from '../../domain/insurance/claim-stages.ts';
import { isInDispute, reconcile } from '../../domain/insurance/confirmations.ts';
import { writePain001 } from '../../domain/insurance/pain001.ts';
import { mayStillAct } from '../../domain/insurance/separation-of-duties.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { contentIdOf } from '../../store/ids.ts';
import { payoutsOfClaim } from '../../store/insurance/claims.ts';
import {
  endToEndIdOf,
  finishBatch,
  listBatches,
  payoutsOf,
  putBatch,
  readBatch,
} from '../../store/insurance/payout-batches.ts';
import { readPayouts, takeOnce } from '../../store/insurance/payouts.ts';
import { readPolicy } from '../../store/insurance/policies.ts';
import { type ClaimInContext, readInContext } from '../../store/insurance/settlements.ts';
import { personalData } from '../../store/registry/personal-data.ts';
import { recordReveal } from '../../store/registry/reveals.ts';

import { pageOf } from '../cursors.ts';
import { payoutRoutes } from '../routes/insurance.ts';

/** Batches whose payments are read at once. */
const AT_ONCE = 4;

type BatchRequest = z.infer<typeof batchRequest>;

/**
 * Instructs approved claims together. A batch has a name its sender can repeat on any day: the reference they give it, or else the claims and their
 * attempts. Sent again, or after a crash in the middle, it is the same batch, and each claim is instructed once. Count and sum must be what the sender
 * counted. Until every claim has been instructed the batch is `preparing` and gives no file: a bank is never shown half of it.
 */
const createBatch: Operation<typeof payoutRoutes.createBatch> = async ({ caller, body, now }) => {
  const ids = [...new Set(body.claims)].sort();
  const claims = await Promise.all(ids.map((id) => claimOf(id, body.policy)));
  const endToEndIds = claims.map(({ claim }) => endToEndIdOf(claim));
  const { policy, reference, executionOn } = body;
  const id = contentIdOf('batch', reference === undefined ? [policy, endToEndIds] : [policy, 'reference', reference]);
  const known = await readBatch(id);
  if (known === undefined) {
    mustBePayable(body, claims, { by: caller.sub, today: dayOf(now) });
    for (const { claim } of claims)
      if ((await readPayouts(await payoutsOfClaim(claim))).some(isInDispute))
        throw new Problem('payout-disputed', { extra: { claim: claim.id } });
  }
  const batch =
    known ??
    (await putBatch(config.district(), {
      id,
      policy,
      createdBy: caller.sub,
      createdAt: new Date(now).toISOString(),
      executionOn,
      count: body.count,
      sum: body.sum,
      endToEndIds,
      state: 'preparing',
      request: { claims: ids, executionOn },
    }));
  mustBeTheSame(batch, body, ids);
  return { status: known === undefined ? 201 : 200, body: await viewOf(await finishBatch(batch, now)) };
};

async function claimOf(id: string, policy: string): Promise<ClaimInContext> {
  const found = await readInContext(id);
  if (found === undefined || found.claim.policy !== policy) throw new Problem('claim-unknown');
  return found;
}

/** Checks a new batch before anything of it is written. @throws Problem */
function mustBePayable(
  { executionOn, count, sum: told }: BatchRequest,
  claims: readonly ClaimInContext[],
  { by, today }: { by: string; today: string },
): void {
  if (executionOn < today) throw new Problem('date-in-past');
  const sum = claims.reduce((total, { claim }) => total + (claim.approved?.amount ?? 0), 0);
  if (claims.length !== count || sum !== told)
    throw new Problem('batch-total-wrong', { extra: { count: claims.length, sum } });
  for (const { claim, product } of claims) {
    const refusal = refusalOf(claim, product, by);
    if (refusal !== undefined) throw new Problem(refusal, { extra: { claim: claim.id } });
  }
}

function refusalOf(claim: Claim, product: Product, by: string): ProblemCode | undefined {
  if (claim.stage !== 'approved') return 'claim-stage';
  if (claim.payee === null) return 'account-missing';
  if (!isPayeeApproved(claim, product)) return 'payee-unapproved';
  return mayStillAct(claim, 'instruct', by) ? undefined : 'claim-own-work';
}

/** A name that was used for other claims is refused; without a reference, so is another day for what was instructed before. */
function mustBeTheSame({ id, request, state }: PayoutBatch, body: BatchRequest, ids: readonly string[]): void {
  if (request.claims.join() !== ids.join()) throw new Problem('batch-differs', { extra: { batch: id } });
  if (body.reference === undefined && state === 'instructed' && request.executionOn !== body.executionOn)
    throw new Problem('claim-stage', { extra: { batch: id } });
}

async function viewOf(batch: PayoutBatch) {
  const payouts = await payoutsOf(batch);
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

/** A batch as it stands, or the message the bank takes: the one place where accounts are in full, told to whoever pays, and written down. */
const readOneBatch: Operation<typeof payoutRoutes.readBatch> = async ({ caller, params, query, now }) => {
  const batch = await readBatch(params.id);
  if (batch === undefined) throw new Problem('batch-unknown');
  if (query.format === 'json') return { status: 200, body: await viewOf(batch) };
  if (caller.role !== 'bank') throw new Problem('role-not-allowed');
  return await fileOf(batch, caller.sub, '银行取付款报文', now);
};

/** An approver hands the file over where the bank cannot fetch it: for a reason, and once for each. */
const takeFile: Operation<typeof payoutRoutes.takeFile> = async ({ caller, params, body, now }) => {
  const batch = await readBatch(params.id);
  if (batch === undefined) throw new Problem('batch-unknown');
  if (!(await takeOnce(batch.id, caller.sub, body.reason))) throw new Problem('reason-used');
  return await fileOf(batch, caller.sub, body.reason, now);
};

async function fileOf(batch: PayoutBatch, by: string, reason: string, now: number) {
  if (batch.state === 'preparing') throw new Problem('batch-preparing');
  if (batch.count === 0) throw new Problem('batch-empty');
  const district = config.district();
  const at = new Date(now).toISOString();
  await recordReveal({ subject: batch.id, region: district, at, by, field: 'accounts', reason });
  const [payouts, policy, data] = await Promise.all([
    payoutsOf(batch),
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
  const body = writePain001({
    id: batch.id,
    createdAt: batch.createdAt,
    executionOn: batch.executionOn,
    insurer: policy?.insurer ?? '',
    transfers,
  });
  return { status: 200, contentType: 'application/xml; charset=utf-8', body };
}

/** The district's batches, the newest first. */
const listAllBatches: Operation<typeof payoutRoutes.listBatches> = async ({ query }) => {
  const page = pageOf(await listBatches(config.district()), newestFirst, config.district(), query);
  return { status: 200, body: { items: await eachOf(page.items, AT_ONCE, viewOf), ...page.next } };
};

function newestFirst({ createdAt, id }: PayoutBatch): string {
  return `${String(9e15 - Date.parse(createdAt)).padStart(16, '0')}#${id}`;
}

export const handler = httpHandler(payoutRoutes, {
  createBatch,
  listBatches: listAllBatches,
  readBatch: readOneBatch,
  takeFile,
});
