import { confirmationRow } from '../../contracts/insurance/insurance-http.ts';
import type { Confirmation } from '../../contracts/insurance/payout.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { judge } from '../../domain/insurance/confirmations.ts';
import { NotPain002, readPain002 } from '../../domain/insurance/pain002.ts';
import { NotXml } from '../../domain/insurance/xml.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { dueStart } from '../../store/due-starts.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import {
  changedPayout,
  ownPayoutItems,
  readPayout,
  readPayouts,
  type StoredPayout,
  writePayout,
} from '../../store/insurance/payouts.ts';
import { endTurn, readInContext, settlementStart } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';
import { payoutRoutes } from '../routes/insurance.ts';
import { type RowProblem, rowProblem } from '../row-problems.ts';

const AT_ONCE = 4;
const ATTEMPTS = 4;

interface Outcome {
  row: number;
  outcome: 'accepted' | 'settled' | 'returned' | 'unchanged' | 'disputed' | 'refused';
  endToEndId?: string;
  problem?: RowProblem;
}

/** What the bank says of payments: in any order, late, twice or contradictory; each row has its outcome, and none is believed twice. */
const confirmPayouts: Operation<typeof payoutRoutes.confirmPayouts> = async ({ caller, body, now }) => {
  const raw = 'items' in body ? body.items : await rowsOf(body.pain002);
  const items: Outcome[] = [];
  // One after the other where they are about one payment, so that a batch is read in the order it was written.
  const parsed = raw.map((one, row) => ({ row, said: confirmationRow.safeParse(one, { reportInput: true }) }));
  for (const { row, said } of parsed)
    if (!said.success)
      items[row] = {
        row,
        outcome: 'refused',
        problem: rowProblem('invalid-body', fieldErrors(said.error, ['items', row])),
      };
  const rows = parsed.flatMap(({ row, said }) => (said.success ? [{ row, said: said.data }] : []));
  await eachOf([...Map.groupBy(rows, ({ said }) => said.endToEndId).values()], AT_ONCE, async (group) => {
    for (const { row, said } of group) items[row] = await confirm(row, said, caller.sub, now);
  });
  return { status: 200, body: { items } };
};

/** A pain.002 report as rows; what it leaves out (the amount, the day) is what was instructed and when it was written. */
async function rowsOf(source: string): Promise<unknown[]> {
  try {
    const { createdOn, statuses } = readPain002(source);
    const known = await readPayouts([...new Set(statuses.map(({ endToEndId }) => endToEndId))]);
    return statuses.map(({ endToEndId, status, reason, amount, on }) => ({
      endToEndId,
      status,
      on: on ?? createdOn,
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
            payout: {
              ...stored.payout,
              disputed: { status: said.status, on: said.on, at: new Date(now).toISOString() },
            },
          });
          return { row, endToEndId, outcome: 'disputed' };
        case 'settled':
          await settle(stored, said, by, now);
          return { row, endToEndId, outcome: effect };
        case 'returned':
          await giveBack(stored, said, by, now);
          return { row, endToEndId, outcome: effect };
      }
    } catch (error) {
      // Somebody said the same in this instant: what stands now is judged again.
      if (!(error instanceof ConditionFailed || error instanceof ClaimMovedOn)) throw error;
      if (attempt === ATTEMPTS) return refuse('conflict');
    }
  }
}

/** Between reading the payment and its claim another confirmation moved both. */
class ClaimMovedOn extends Error {
  override readonly name = 'ClaimMovedOn';
}

/** The money has arrived: payment, claim, the policy's reservation, the household's own payouts and the timeline move in one transaction. */
async function settle(stored: StoredPayout, { on }: Confirmation, by: string, now: number): Promise<void> {
  const { payout } = stored;
  const found = await readInContext(payout.claim);
  if (found === undefined) throw new Problem('claim-unknown');
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'settled', endToEndId: payout.endToEndId, amount: payout.amount, on }, now);
  if (moved.after === undefined) throw new ClaimMovedOn(moved.refusal);
  const own = await ownPayoutItems(claim, { settled: { claim: claim.id, paidOn: on, amount: payout.amount } });
  const changed = changedPayout({ ...stored, payout: { ...payout, status: 'settled', settledOn: on } });
  await changeClaim(claim, moved, { policy, product, now }, [changed, ...own]);
  await endTurn(claim, by, now);
}

/** Sent back, before or after it had arrived: the claim is open again and its money reserved; a claim that had ended gets an execution of its own. */
async function giveBack(
  stored: StoredPayout,
  { on, reason = 'NARR' }: Confirmation,
  by: string,
  now: number,
): Promise<void> {
  const { payout } = stored;
  const found = await readInContext(payout.claim);
  if (found === undefined) throw new Problem('claim-unknown');
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'returned', endToEndId: payout.endToEndId, reason, on }, now);
  if (moved.after === undefined) throw new ClaimMovedOn(moved.refusal);
  const afterSettlement = payout.status === 'settled';
  const own = afterSettlement ? await ownPayoutItems(claim, { returned: true }) : [];
  const changed = changedPayout({
    ...stored,
    payout: { ...payout, status: 'returned', returned: { on, reason, afterSettlement } },
  });
  const again = moved.after.run === claim.run ? [] : [dueStart(config.district(), settlementStart(moved.after), now)];
  await changeClaim(claim, moved, { policy, product, now }, [changed, ...own, ...again]);
  await endTurn(claim, by, now);
}

/** A person has found out what a contradictory confirmation means; the payment stays as it was recorded. */
const resolveDispute: Operation<typeof payoutRoutes.resolveDispute> = async ({ caller, params, body, now }) => {
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

export const handler = httpHandler(payoutRoutes, {
  confirmPayouts,
  resolveDispute,
});
