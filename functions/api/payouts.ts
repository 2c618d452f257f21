import { createHash } from 'node:crypto';
import { confirmationRow } from '../contracts/http/insurance.ts';
import type { Claim } from '../contracts/insurance/claim.ts';
import type { Confirmation, Payout, PayoutBatch } from '../contracts/insurance/payout.ts';
import { Problem, type ProblemCode } from '../contracts/problems.ts';
import { dayOf } from '../domain/calendar.ts';
import { moveClaim } from '../domain/claims/claim.ts';
import { judge, reconcile } from '../domain/claims/confirmations.ts';
import { writePain001 } from '../domain/claims/pain001.ts';
import { NotPain002, readPain002 } from '../domain/claims/pain002.ts';
import { NotXml } from '../domain/claims/xml.ts';
import { config } from '../runtime/config.ts';
import { fieldErrors } from '../runtime/field-errors.ts';
import { httpHandler, mustContain, type Operation } from '../runtime/http.ts';
import { changeClaim } from '../store/claims.ts';
import { dueStart } from '../store/due-starts.ts';
import {
  changedPayout,
  newPayout,
  ownPayoutItems,
  putBatch,
  readBatch,
  readPayout,
  readPayouts,
  type StoredPayout,
  writePayout,
} from '../store/payouts.ts';
import { personalData } from '../store/personal-data.ts';
import { readPolicy } from '../store/policies.ts';
import { endTurn, readInContext, settlementStart } from '../store/settlements.ts';
import { ConditionFailed, eachOf } from '../store/table.ts';
import { payoutRoutes } from './routes/insurance.ts';
import { type RowProblem, rowProblem } from './row-problems.ts';

const LANES = 4;
const ATTEMPTS = 4;

/** Two ends of a payment know it by this: which claim, and the how-manieth attempt. */
function endToEndIdOf({ id, payouts }: Claim): string {
  return `${id.slice('claim-'.length)}-${String(payouts.length + 1).padStart(2, '0')}`;
}

/**
 * Instructs approved claims together. The batch is named by its claims and their attempts: sent again, or after a crash in the middle, it is the same
 * batch, and each claim is instructed once. Count and sum must be what the sender counted.
 */
const createBatch: Operation<typeof payoutRoutes.createBatch> = async ({ caller, body, now }) => {
  const district = config.district();
  mustContain(caller, district);
  if (body.executionOn < dayOf(now)) throw new Problem('date-in-future');
  const ids = [...new Set(body.claims)].sort();
  const found = await Promise.all(ids.map((id) => readInContext(id)));
  const claims = found.map((one) => {
    if (one === undefined || one.claim.policy !== body.policy) throw new Problem('claim-unknown');
    return one;
  });
  const sum = claims.reduce((total, { claim }) => total + (claim.approved?.amount ?? 0), 0);
  if (claims.length !== body.count || sum !== body.sum) throw new Problem('batch-total-wrong', { extra: { count: claims.length, sum } });
  // An attempt already instructed keeps its number: so a batch sent again is named as it was.
  const attempts = claims.map(({ claim }) => (claim.stage === 'approved' ? endToEndIdOf(claim) : (claim.payouts.at(-1) ?? '')));
  const id = `batch-${createHash('sha256')
    .update(JSON.stringify([body.policy, body.executionOn, attempts]))
    .digest('hex')
    .slice(0, 16)}`;
  const batch: PayoutBatch = {
    ...{ id, policy: body.policy, createdBy: caller.sub, createdAt: new Date(now).toISOString(), executionOn: body.executionOn },
    ...{ count: claims.length, sum, endToEndIds: attempts, state: 'instructed' },
  };
  const known = await readBatch(id);
  const fault = claims.find(({ claim }) => claim.stage !== 'approved' && known === undefined);
  if (fault !== undefined) throw new Problem('claim-stage', { extra: { claim: fault.claim.id } });
  const unpayable = claims.find(({ claim }) => claim.stage === 'approved' && claim.payee === null);
  if (unpayable !== undefined) throw new Problem('account-missing', { extra: { claim: unpayable.claim.id } });
  await putBatch(batch);
  await eachOf(claims, LANES, ({ claim }, n) => instruct(claim.id, batch, attempts[n] ?? '', caller.sub, now));
  return { status: known === undefined ? 201 : 200, body: await viewOf(batch) };
};

/** Claim and payment are one transaction; a claim already instructed in this batch stays as it is. */
async function instruct(id: string, batch: PayoutBatch, endToEndId: string, by: string, now: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await readInContext(id);
    if (found === undefined) throw new Problem('claim-unknown');
    const { claim, policy, product } = found;
    if (claim.payouts.includes(endToEndId)) return;
    const moved = moveClaim(claim, { move: 'instruct', endToEndId, batch: batch.id, by }, now);
    if (moved.after === undefined) throw new Problem(moved.refusal, { extra: { claim: id } });
    const { payee, approved } = claim;
    if (payee === null || approved === null) throw new Problem('account-missing', { extra: { claim: id } });
    const payout: Payout = {
      ...{ endToEndId, claim: id, policy: claim.policy, household: claim.household, batch: batch.id, amount: approved.amount, status: 'instructed' },
      ...{ instructedAt: new Date(now).toISOString(), settledOn: null, returned: null, disputed: null, resolved: null },
      ...{ payeeName: payee.name, bank: payee.bank, accountCipher: payee.accountCipher, accountMasked: payee.accountMasked },
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

async function viewOf(batch: PayoutBatch) {
  const payouts = await readPayouts(batch.endToEndIds);
  const { state, settled, returned, differences } = reconcile(batch, payouts);
  return {
    ...{
      id: batch.id,
      policy: batch.policy,
      executionOn: batch.executionOn,
      count: batch.count,
      sum: batch.sum,
      state,
      settled,
      returned,
      differences,
    },
    payouts: payouts.map(({ endToEndId, claim, amount, status, accountMasked }) => ({ endToEndId, claim, amount, status, account: accountMasked })),
  };
}

/** A batch as it stands, or the message the bank takes: the one place where accounts are in full, told to whoever pays. */
const readOne: Operation<typeof payoutRoutes.readBatch> = async ({ caller, params, query }) => {
  const district = config.district();
  mustContain(caller, district);
  const batch = await readBatch(params.id);
  if (batch === undefined) throw new Problem('batch-unknown');
  if (query.format === 'json') return { status: 200, body: await viewOf(batch) };
  if (caller.role === 'auditor') throw new Problem('role-not-allowed');
  const [payouts, policy, data] = await Promise.all([readPayouts(batch.endToEndIds), readPolicy(district, batch.policy), personalData(district)]);
  const transfers = payouts.map(({ endToEndId, amount, payeeName, bank, accountCipher, claim }) => ({
    ...{ endToEndId, amount, payee: payeeName, bank },
    account: data.decrypt(accountCipher, claim),
  }));
  const file = { id: batch.id, createdAt: batch.createdAt, executionOn: batch.executionOn, insurer: policy?.insurer ?? '', transfers };
  return { status: 200, contentType: 'application/xml; charset=utf-8', body: writePain001(file) };
};

interface Outcome {
  row: number;
  outcome: 'accepted' | 'settled' | 'returned' | 'unchanged' | 'disputed' | 'refused';
  endToEndId?: string;
  problem?: RowProblem;
}

/** What the bank says of payments: in any order, late, twice or contradictory; each row has its outcome, and none is believed twice. */
const confirmPayouts: Operation<typeof payoutRoutes.confirmPayouts> = async ({ caller, body, now }) => {
  mustContain(caller, config.district());
  const raw = 'items' in body ? body.items : await rowsOf(body.pain002);
  const items: Outcome[] = [];
  // One after the other where they are about one payment, so that a batch is read in the order it was written.
  const parsed = raw.map((one, row) => ({ row, said: confirmationRow.safeParse(one, { reportInput: true }) }));
  for (const { row, said } of parsed)
    if (!said.success) items[row] = { row, outcome: 'refused', problem: rowProblem('invalid-body', fieldErrors(said.error, ['items', row])) };
  const rows = parsed.flatMap(({ row, said }) => (said.success ? [{ row, said: said.data }] : []));
  await eachOf([...Map.groupBy(rows, ({ said }) => said.endToEndId).values()], LANES, async (group) => {
    for (const { row, said } of group) items[row] = await confirm(row, said, caller.sub, now);
  });
  return { status: 200, body: { items } };
};

/** A pain.002 report as rows; what it leaves out (the amount, the day) is what was instructed and when it was written. */
async function rowsOf(source: string): Promise<unknown[]> {
  try {
    const { createdOn, statuses } = readPain002(source);
    const known = await readPayouts(statuses.map(({ endToEndId }) => endToEndId).filter((id) => /^[0-9a-z]{16}-\d{2}$/.test(id)));
    return statuses.map(({ endToEndId, status, reason, amount, on }) => ({
      ...{ endToEndId, status, on: on ?? createdOn },
      amount: amount ?? known.find((payout) => payout.endToEndId === endToEndId)?.amount ?? 1,
      ...(reason === null ? {} : { reason }),
    }));
  } catch (error) {
    if (error instanceof NotPain002 || error instanceof NotXml) throw new Problem('pain002-invalid');
    throw error;
  }
}

async function confirm(row: number, said: Confirmation, by: string, now: number): Promise<Outcome> {
  const { endToEndId } = said;
  const refuse = (code: ProblemCode): Outcome => ({ row, endToEndId, outcome: 'refused', problem: rowProblem(code) });
  if (said.on > dayOf(now)) return refuse('date-in-future');
  for (let attempt = 1; ; attempt += 1) {
    const stored = await readPayout(endToEndId);
    if (stored === undefined) return refuse('payout-unknown');
    const { effect } = judge(stored.payout, said);
    try {
      switch (effect) {
        case 'amount-differs':
          return refuse('amount-differs');
        case 'unchanged':
          return { row, endToEndId, outcome: 'unchanged' };
        case 'accepted':
          await writePayout({ ...stored, payout: { ...stored.payout, status: 'accepted' } });
          return { row, endToEndId, outcome: 'accepted' };
        case 'disputed':
          await writePayout({
            ...stored,
            payout: { ...stored.payout, disputed: { status: said.status, on: said.on, at: new Date(now).toISOString() } },
          });
          return { row, endToEndId, outcome: 'disputed' };
        case 'settled':
          await settle(stored, said, by, now);
          return { row, endToEndId, outcome: 'settled' };
        case 'returned':
          await giveBack(stored, said, by, now);
          return { row, endToEndId, outcome: 'returned' };
      }
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (attempt === ATTEMPTS) return refuse('conflict');
    }
  }
}

/** The money has arrived: payment, claim, the policy's reservation, the household's own payouts and the timeline move in one transaction. */
async function settle(stored: StoredPayout, { on }: Confirmation, by: string, now: number): Promise<void> {
  const { payout } = stored;
  const found = await readInContext(payout.claim);
  if (found === undefined) throw new Problem('claim-unknown');
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'settled', endToEndId: payout.endToEndId, amount: payout.amount, on }, now);
  if (moved.after === undefined) throw new Problem(moved.refusal);
  const own = await ownPayoutItems(claim, { settled: { claim: claim.id, paidOn: on, amount: payout.amount } });
  const changed = changedPayout({ ...stored, payout: { ...payout, status: 'settled', settledOn: on } });
  await changeClaim(claim, moved, { policy, product, now }, [changed, ...own]);
  await endTurn(claim, by, now);
}

/** Sent back, before or after it had arrived: the claim is open again and its money reserved; a claim that had ended gets an execution of its own. */
async function giveBack(stored: StoredPayout, { on, reason = 'NARR' }: Confirmation, by: string, now: number): Promise<void> {
  const { payout } = stored;
  const found = await readInContext(payout.claim);
  if (found === undefined) throw new Problem('claim-unknown');
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'returned', endToEndId: payout.endToEndId, reason, on }, now);
  if (moved.after === undefined) throw new Problem(moved.refusal);
  const afterSettlement = payout.status === 'settled';
  const own = afterSettlement ? await ownPayoutItems(claim, { returned: true }) : [];
  const changed = changedPayout({ ...stored, payout: { ...payout, status: 'returned', returned: { on, reason, afterSettlement } } });
  const again = moved.after.run === claim.run ? [] : [dueStart(config.district(), settlementStart(moved.after, config.machine('claim-settlement')))];
  await changeClaim(claim, moved, { policy, product, now }, [changed, ...own, ...again]);
  await endTurn(claim, by, now);
}

/** A person has found out what a contradictory confirmation means; the payment stays as it was recorded. */
const resolveDispute: Operation<typeof payoutRoutes.resolveDispute> = async ({ caller, params, body, now }) => {
  mustContain(caller, config.district());
  const stored = await readPayout(params.endToEndId);
  if (stored === undefined) throw new Problem('payout-unknown');
  if (stored.payout.disputed === null) throw new Problem('payout-not-disputed');
  if (stored.payout.resolved === null) {
    const resolved = { by: caller.sub, at: new Date(now).toISOString(), reason: body.reason };
    try {
      await writePayout({ ...stored, payout: { ...stored.payout, resolved } });
    } catch (error) {
      if (error instanceof ConditionFailed) throw new Problem('conflict');
      throw error;
    }
  }
  return { status: 200, body: { endToEndId: params.endToEndId, resolved: true } };
};

export const handler = httpHandler(payoutRoutes, { createBatch, readBatch: readOne, confirmPayouts, resolveDispute });
