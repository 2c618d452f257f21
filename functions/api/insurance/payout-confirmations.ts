import { confirmationRow } from '../../contracts/insurance/insurance-http.ts';
import { type Confirmation, namedPayout, type Payout } from '../../contracts/insurance/payout.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import type { Role } from '../../contracts/roles.ts';
import { villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { judge } from '../../domain/insurance/confirmations.ts';
import { config } from '../../runtime/config.ts';
import { told } from '../../runtime/errors.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { httpHandler, type Operation } from '../../runtime/http.ts';
import { logger } from '../../runtime/logger.ts';
import { retryOnConflict } from '../../store/conflicts.ts';
import { dueStart } from '../../store/due-starts.ts';
import { eventOf, publish } from '../../store/events.ts';
import { changeClaim } from '../../store/insurance/claims.ts';
import {
  changedPayout,
  ownPayoutItems,
  readPayout,
  type StoredPayout,
  writePayout,
} from '../../store/insurance/payouts.ts';
import { endTurn, readInContext, settlementStart } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';
import { payoutRoutes } from '../routes/insurance.ts';
import { type RowProblem, refusalOf, rowProblem } from '../row-problems.ts';
import { type ReportRow, rowsOfReport } from './payout-confirmations/report-rows.ts';

const AT_ONCE = 4;

interface Outcome {
  row: number;
  outcome: 'accepted' | 'settled' | 'returned' | 'unchanged' | 'disputed' | 'refused';
  endToEndId?: string;
  problem?: RowProblem;
}

/** Takes in the bank's confirmations: in any order, late, twice or contradictory; each row has its outcome, and none counts twice. */
const confirmPayouts: Operation<typeof payoutRoutes.confirmPayouts> = async ({ caller, body, now }) => {
  const told = 'items' in body ? body.items.map((said): ReportRow => ({ said })) : await rowsOfReport(body.pain002);
  const items: Outcome[] = [];
  const rows: { row: number; said: Confirmation }[] = [];
  for (const [row, one] of told.entries()) {
    const checked = checkedRow(one, row);
    if ('outcome' in checked) items[row] = checked;
    else rows.push(checked);
  }
  // One after the other where they are about one payment, so that a batch is read in the order it was written.
  await eachOf([...Map.groupBy(rows, ({ said }) => said.endToEndId).values()], AT_ONCE, async (group) => {
    for (const { row, said } of group) items[row] = await confirm(row, said, caller.sub, now);
  });
  return { status: 200, body: { items } };
};

function checkedRow(told: ReportRow, row: number): Outcome | { row: number; said: Confirmation } {
  if ('refused' in told) {
    const { refused, group, ...named } = told;
    return { row, ...named, outcome: 'refused', problem: problemAt(row, refused, group) };
  }
  const said = confirmationRow.safeParse(told.said, { reportInput: true });
  if (said.success) return { row, said: said.data };
  const problem = rowProblem('invalid-body', fieldErrors(said.error, ['items', row]));
  // Also of a faulty row it is told which payment it is about.
  const named = namedPayout.safeParse(told.said);
  return { row, ...(named.success ? { endToEndId: named.data.endToEndId } : {}), outcome: 'refused', problem };
}

async function confirm(row: number, said: Confirmation, by: string, now: number): Promise<Outcome> {
  const { endToEndId } = said;
  try {
    // After a conflict, the new state is judged again.
    return { row, endToEndId, outcome: await retryOnConflict(() => confirmOnce(said, by, now)) };
  } catch (error) {
    return { row, endToEndId, outcome: 'refused', problem: problemAt(row, refusalOf(error).code) };
  }
}

/** The field of a confirmation to look at; otherwise it is which payment it is of. */
const fieldsRefused: Partial<Record<ProblemCode, string>> = {
  'amount-differs': 'amount',
  'currency-differs': 'amount',
  'date-in-future': 'on',
  'date-before-instruction': 'on',
  'payout-status-unknown': 'status',
};

/** @param group of a report: the batch that the bank names, where the row is about none of its payments */
function problemAt(row: number, code: ProblemCode, group?: string): RowProblem {
  const { detail } = rowProblem(code);
  const error =
    group === undefined
      ? { pointer: `/items/${row}/${fieldsRefused[code] ?? 'endToEndId'}`, code, detail }
      : { pointer: '/pain002', code, detail: `批次“${group}”：${detail}` };
  return rowProblem(code, [error]);
}

async function confirmOnce(said: Confirmation, by: string, now: number): Promise<Outcome['outcome']> {
  if (said.on > dayOf(now)) throw new Problem('date-in-future');
  const stored = await readPayout(said.endToEndId);
  if (stored === undefined) throw new Problem('payout-unknown');
  const { payout } = stored;
  const { effect } = judge(payout, said);
  if (effect === 'amount-differs') throw new Problem('amount-differs');
  if (effect === 'unchanged') return effect;
  // No bank moves money before it was told to: a typing error, or another payment's day.
  if (said.on < dayOf(Date.parse(payout.instructedAt))) throw new Problem('date-before-instruction');
  const disputed = { status: said.status, on: said.on, at: new Date(now).toISOString() };
  if (effect === 'accepted') await writePayout({ ...stored, payout: { ...payout, status: 'accepted' } });
  else if (effect === 'disputed') await writePayout({ ...stored, payout: { ...payout, disputed } });
  else if (effect === 'settled') await settle(stored, said, by, now);
  else await giveBack(stored, said, by, now);
  return effect;
}

/** Between reading the payment and its claim another confirmation moved both: as if a condition of the write had failed. */
function movedOn(): ConditionFailed {
  return new ConditionFailed([]);
}

/** The money has arrived: payment, claim, the policy's reservation, the household's own payouts and the timeline move in one transaction. */
async function settle(stored: StoredPayout, { on }: Confirmation, by: string, now: number): Promise<void> {
  const { payout } = stored;
  const found = await readInContext(payout.claim);
  if (found === undefined) throw new Problem('claim-unknown');
  const { claim, policy, product } = found;
  const moved = moveClaim(claim, { move: 'settled', endToEndId: payout.endToEndId, amount: payout.amount, on }, now);
  if (moved.after === undefined) throw movedOn();
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
  if (moved.after === undefined) throw movedOn();
  const afterSettlement = payout.status === 'settled';
  const own = afterSettlement ? await ownPayoutItems(claim, { returned: true }) : [];
  const changed = changedPayout({
    ...stored,
    payout: { ...payout, status: 'returned', returned: { on, reason, afterSettlement } },
  });
  const again = moved.after.run === claim.run ? [] : [dueStart(config.district(), settlementStart(moved.after), now)];
  await changeClaim(claim, moved, { policy, product, now }, [changed, ...own, ...again]);
  await endTurn(claim, by, now);
  await tell(payout, now);
}

/** The return is recorded whatever becomes of the message: the village sees it in its inbox, and the daily digest counts it. */
async function tell({ household, endToEndId }: Payout, now: number): Promise<void> {
  const roles: Role[] = ['village-worker', 'insurer-adjuster'];
  const at = new Date(now).toISOString();
  try {
    await publish([
      eventOf({ kind: 'payment-returned', at, region: villageOf(household), roles, subject: endToEndId }),
    ]);
  } catch (error) {
    logger.error('event not sent', { kind: 'payment-returned', ...told(error) });
  }
}

/** Records what a person found out about a contradictory confirmation; the payment itself is unchanged. */
const resolveDispute: Operation<typeof payoutRoutes.resolveDispute> = async ({ caller, params, body, now }) => {
  const stored = await readPayout(params.endToEndId);
  if (stored === undefined) throw new Problem('payout-unknown');
  if (stored.payout.disputed === null) throw new Problem('payout-not-disputed');
  if (stored.payout.resolved === null) {
    const resolved = { by: caller.sub, at: new Date(now).toISOString(), reason: body.reason };
    await writePayout({ ...stored, payout: { ...stored.payout, resolved } });
  }
  return { status: 200, body: { endToEndId: params.endToEndId, resolved: true } };
};

export const handler = httpHandler(payoutRoutes, {
  confirmPayouts,
  resolveDispute,
});
