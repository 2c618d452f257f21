import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Payout, PayoutBatch } from '../../contracts/insurance/payout.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { isInDispute } from '../../domain/insurance/confirmations.ts';
import { retryOnConflict } from '../conflicts.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { batchGet, ConditionFailed, get, queryAll, queryOpen, tableName, transact } from '../table.ts';
import { changeClaim, payoutsOfClaim } from './claims.ts';
import { followedBy, newPayout, readPayouts, readStoredPayouts } from './payouts.ts';
import { endTurn, readInContext } from './settlements.ts';

const batchText = jsonText<PayoutBatch>();

const AT_ONCE = 4;

/** Two ends of a payment know it by this: which claim, and which attempt to pay it; of a claim already instructed, its last one. */
export function endToEndIdOf({ id, payouts, stage }: Pick<Claim, 'id' | 'payouts' | 'stage'>): string {
  const sent = ['payment-instructed', 'paid', 'closed', 'payment-returned'].includes(stage);
  return `${id.slice('claim-'.length)}-${String(payouts.length + (sent ? 0 : 1)).padStart(2, '0')}`;
}

/**
 * Puts a batch, once. Until it is completed it lies in the index `open`, so that what a crash left half done is finished by the five-minute sweep.
 * @returns the batch as it stands, which may be an earlier one of the same name
 */
export async function putBatch(district: string, batch: PayoutBatch): Promise<PayoutBatch> {
  const index = { open: `PREPARING#${district}`, openSort: `${batch.createdAt}#${batch.id}` };
  const Item = { ...keys.payoutBatch(batch.id), ...index, ...batchText.put(batch) };
  const listed = { ...keys.batchListed(district, batch.createdAt, batch.id), batch: batch.id };
  try {
    await transact([
      { Put: { TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { TableName: tableName(), Item: listed } },
    ]);
    return batch;
  } catch (error) {
    const stored = error instanceof ConditionFailed ? await readBatch(batch.id) : undefined;
    if (stored === undefined) throw error;
    return stored;
  }
}

export async function readBatch(id: string): Promise<PayoutBatch | undefined> {
  const item = await get(keys.payoutBatch(id), { consistent: true });
  return item === undefined ? undefined : batchText.read(item);
}

/** The batches of a district, in no order. */
export async function listBatches(district: string): Promise<PayoutBatch[]> {
  const { pk, sk } = keys.batchListed(district, '', '');
  const listed = await queryAll(pk, sk.slice(0, 'BATCH#'.length), { consistent: true });
  const places = listed.map((item) => keys.payoutBatch(String(item['batch'])));
  return (await batchGet(places, { consistent: true })).map((item) => batchText.read(item));
}

/** Batches whose request did not see them through, or has not yet: finishing one beside its request changes nothing. */
export async function listPreparingBatches(district: string): Promise<PayoutBatch[]> {
  return (await queryOpen(`PREPARING#${district}`)).map((item) => batchText.read(item));
}

/**
 * Instructs what is left of a batch and ends its preparation; harmless when it was done before. A claim that cannot be instructed any more, because it
 * was withdrawn, another batch has it or the bank contradicts itself about an earlier payment of its event or invoices, is left out: what is in the batch then is what was instructed under its name, and no payment stands in two files.
 * @param now ms since 1970
 * @returns the batch as it stands
 * @throws ConditionFailed when others keep changing a claim
 */
export async function finishBatch(batch: PayoutBatch, now: number): Promise<PayoutBatch> {
  if (batch.state === 'instructed') return batch;
  await eachOf(batch.endToEndIds, AT_ONCE, (endToEndId) => instruct(endToEndId, batch, now));
  const own = await payoutsOf(batch);
  const today = dayOf(now);
  return await completeBatch({
    ...batch,
    state: 'instructed',
    // A bank accepts no payment for a day that is past.
    executionOn: [batch.executionOn, today].sort().at(-1) ?? today,
    endToEndIds: own.map(({ endToEndId }) => endToEndId),
    count: own.length,
    sum: own.reduce((total, { amount }) => total + amount, 0),
  });
}

/** Payments instructed under this batch's name. */
export async function payoutsOf({ id, endToEndIds }: PayoutBatch): Promise<Payout[]> {
  return (await readPayouts(endToEndIds)).filter(({ batch }) => batch === id);
}

/** Claim and payment are one transaction; a claim already instructed, in this batch or in another, stays as it is. */
async function instruct(endToEndId: string, { id, createdBy: by }: PayoutBatch, now: number): Promise<void> {
  return await retryOnConflict(async () => {
    const found = await readInContext(`claim-${endToEndId.slice(0, -3)}`);
    if (found === undefined || found.claim.payouts.includes(endToEndId)) return;
    const { claim, policy, product } = found;
    if (endToEndIdOf(claim) !== endToEndId) return;
    const moved = moveClaim(claim, { move: 'instruct', endToEndId, batch: id, by, terms: product }, now);
    const { payee, approved } = claim;
    if (moved.after === undefined || payee === null || approved === null) return;
    const earlier = await readStoredPayouts(await payoutsOfClaim(claim));
    if (earlier.some((one) => isInDispute(one.payout))) return;
    const payout: Payout = {
      endToEndId,
      claim: claim.id,
      policy: claim.policy,
      household: claim.household,
      batch: id,
      amount: approved.amount,
      status: 'instructed',
      instructedAt: new Date(now).toISOString(),
      settledOn: null,
      returned: null,
      disputed: null,
      resolved: null,
      person: payee.person,
      payeeName: payee.name,
      bank: payee.bank,
      accountCipher: payee.accountCipher,
      accountMasked: payee.accountMasked,
    };
    const followed = earlier.map((one) => followedBy(one, endToEndId));
    await changeClaim(claim, moved, { policy, product, now }, [newPayout(payout), ...followed]);
    await endTurn(claim, by, now);
    return;
  });
}

/** Ends a batch's preparation, once, and takes it out of the index; who comes second gets what the first wrote. */
async function completeBatch(batch: PayoutBatch): Promise<PayoutBatch> {
  const Item = { ...keys.payoutBatch(batch.id), state: batch.state, ...batchText.put(batch) };
  try {
    await transact([
      {
        Put: {
          TableName: tableName(),
          Item,
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#state)',
          ExpressionAttributeNames: { '#state': 'state' },
        },
      },
    ]);
    return batch;
  } catch (error) {
    const stored = error instanceof ConditionFailed ? await readBatch(batch.id) : undefined;
    if (stored === undefined) throw error;
    return stored;
  }
}
