import type { Claim, ClaimSummary } from '../../contracts/insurance/claim.ts';
import { Problem } from '../../contracts/problems.ts';
import { isAtLeast } from '../../contracts/regions.ts';
import { isOver, isoOrNull } from '../../domain/calendar.ts';
import { moveClaim } from '../../domain/insurance/claim.ts';
import { missingOf } from '../../domain/insurance/claim-change.ts';
import {
  arithmeticSentences,
  claimStageNames,
  missingView,
  waitingNames,
} from '../../domain/insurance/claim-labels.ts';
import { isOpen, waitingOf, waitingStep } from '../../domain/insurance/claim-stages.ts';
import { takeStep } from '../../domain/insurance/claim-steps.ts';
import { isInDispute } from '../../domain/insurance/confirmations.ts';
import { appealTo } from '../../domain/insurance/new-claim.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { logger } from '../../runtime/logger.ts';
import { retryOnConflict } from '../../store/conflicts.ts';
import { dueStart } from '../../store/due-starts.ts';
import { idOf } from '../../store/ids.ts';
import { readStanding } from '../../store/insurance/accounts.ts';
import {
  changeClaim,
  claimPartition,
  claimReceiptOf,
  listClaimSummaries,
  listClaimSummariesAfter,
  takes,
} from '../../store/insurance/claims.ts';
import { readPayouts } from '../../store/insurance/payouts.ts';
import { listPolicies } from '../../store/insurance/policies.ts';
import { endTurn, readInContext, settlementStart } from '../../store/insurance/settlements.ts';
import { ConditionFailed } from '../../store/table.ts';
import { readTimeline } from '../../store/timeline.ts';
import { deliver, startDue } from '../../store/workflows.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { claimRoutes } from '../routes/insurance.ts';
import { wasMember } from './claim-reports/claimant.ts';
import { claimWithin } from './claims/within.ts';

const DAY = 86_400_000;

function stepName(step: string): string {
  const known = waitingStep.find((one) => one === step);
  return known === undefined ? step : waitingNames[known];
}

function waitingView(waiting: ClaimSummary['waiting'], now: number) {
  return waiting === null
    ? null
    : {
        ...waiting,
        ...(waiting.dueAt === null ? { clock: 'awaiting-calendar' as const } : {}),
        stepName: stepName(waiting.step),
        overdue: isOver(waiting.dueAt, now),
      };
}

const listClaims: Operation<typeof claimRoutes.listClaims> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const { stage, line, household, overdue } = query;
  const isWanted = (one: ClaimSummary) =>
    (stage === undefined || one.stage === stage) &&
    (line === undefined || one.line === line) &&
    (household === undefined || one.household === household) &&
    (overdue === undefined || (waitingView(one.waiting, now)?.overdue ?? false) === (overdue === 'true'));
  const place = (one: ClaimSummary) => `${one.household}#${one.id}`;
  const lineOf = ({ person: _, payees: __, closedAt: ___, ...one }: ClaimSummary) => ({
    ...one,
    stageName: claimStageNames[one.stage],
    waiting: waitingView(one.waiting, now),
  });
  if (query.cursor !== undefined) {
    const isFiltered = [stage, line, household, overdue].some((filter) => filter !== undefined);
    const later = await pageFrom(query.cursor, query.limit, query.region, place, (after, limit) =>
      listClaimSummariesAfter(query.region, after, limit, isFiltered ? isWanted : undefined),
    );
    return { status: 200, body: { items: later.items.map(lineOf), ...later.next } };
  }
  const found = (await listClaimSummaries(query.region)).filter(isWanted);
  const page = pageOf(found, place, query.region, query);
  return { status: 200, body: { items: page.items.map(lineOf), total: found.length, ...page.next } };
};

const readOne: Operation<typeof claimRoutes.readClaim> = async ({ caller, params, now }) => {
  const { claim, product } = await claimWithin(params.id, caller);
  const timeline = await readTimeline(claimPartition(claim.id).pk);
  const waiting = waitingOf(claim, product, now);
  const { payee, payees: _, head: __, version: ___, capOf: ____, ...shown } = claim;
  return {
    status: 200,
    body: {
      ...shown,
      stageName: claimStageNames[claim.stage],
      payee:
        payee === null
          ? null
          : {
              kind: payee.kind,
              person: payee.person,
              name: payee.name,
              bank: payee.bank,
              account: payee.accountMasked,
            },
      missing: missingView(missingOf(claim)),
      waiting: waitingView(waiting === undefined ? null : { ...waiting, dueAt: isoOrNull(waiting.dueAt) }, now),
      sentences: claim.adjudication === null ? [] : arithmeticSentences(claim.adjudication),
      timeline: timeline.map(({ link, body }) => ({
        sequence: link.sequence,
        at: link.at,
        kind: link.kind,
        body: body?.body ?? null,
        hash: link.hash,
      })),
    },
  };
};

/**
 * Takes a person's step. An approval is computed again against what stands in this instant and reserves its money in the same transaction; when another
 * claim has taken the room meanwhile, everything is read and judged once more.
 */
const takeOne: Operation<typeof claimRoutes.takeStep> = async ({ caller, params, body, now }) => {
  const { role, sub: account } = caller;
  if (role === 'public') throw new Problem('claim-not-yours');
  return await retryOnConflict(async () => {
    const { claim, policy, product } = await claimWithin(params.id, caller);
    // Its event and invoices would be free to be paid anew, while the bank has not said where the money is.
    if (body.step === 'withdraw' && (await readPayouts(claim.payouts)).some(isInDispute))
      throw new Problem('payout-disputed');
    const standing = await readStanding(claim, policy);
    const moved = takeStep(claim, body, { by: { account, role }, product, standing, now });
    if (moved.after === undefined) throw new Problem(moved.refusal);
    const written = await changeClaim(claim, moved, { policy, product, now, standing });
    await tell(claim, caller.sub, now);
    return {
      status: 200,
      body: { id: written.id, stage: written.stage, turn: written.turn, changed: 'changed' in moved },
    };
  });
};

/** The step holds whether or not the workflow hears of it now: a failure here is left to the sweep. */
async function tell(before: Claim, by: string, now: number): Promise<void> {
  try {
    const wait = await endTurn(before, by, now);
    if (wait !== undefined) await deliver(wait.id, wait.token);
  } catch (error) {
    logger.warn('delivery left to the sweep', {
      claim: before.id,
      error: error instanceof Error ? error.name : typeof error,
    });
  }
}

/** An appeal is a claim of its own that takes the event over from the one refused; the two name each other. */
const appeal: Operation<typeof claimRoutes.appeal> = async ({ caller, params, body, now }) => {
  const { claim, policy, product } = await claimWithin(params.id, caller);
  const id = await idOf('claim', 'appeal', claim.id);
  const receipt = await claimReceiptOf(id);
  if (claim.appealedBy === id) return { status: 200, body: { id, receipt, appealOf: claim.id } };
  if (!(await wasMember(claim.household, claim.person))) throw new Problem('person-not-member');
  const moved = moveClaim(claim, { move: 'appeal', claim: id, by: caller.sub }, now);
  if (moved.after === undefined) throw new Problem(moved.refusal);
  const fresh = appealTo(claim, { id, receipt, by: caller.sub, reportedAt: new Date(now).toISOString() });
  const start = settlementStart(fresh);
  try {
    // First the new claim with its event, then the mark on the old one: asked again after a crash, the first is found and the second is made.
    const events = [{ kind: 'claim-reported', body: { appealOf: claim.id, by: caller.sub, reason: body.reason } }];
    await changeClaim(undefined, { after: fresh, events }, { policy, product, now }, [
      ...takes(fresh),
      dueStart(config.district(), start, now),
    ]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    if ((await readInContext(id)) === undefined) throw new Problem('claim-duplicate');
  }
  // Somebody who appeals in the same instant gets a conflict: asked again, the claim names this appeal.
  await changeClaim(claim, moved, { policy, product, now });
  await startDue(start);
  return { status: 201, body: { id, receipt, appealOf: claim.id } };
};

const dashboard: Operation<typeof claimRoutes.claimDashboard> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const [all, policies] = await Promise.all([listClaimSummaries(query.region), listPolicies(config.district())]);
  const open = all.filter(isOpen);
  const paid = all.flatMap((one) => (one.paid === null ? [] : [{ ...one.paid, reportedAt: one.reportedAt }]));
  const byStep = waitingStep.map((step) => {
    const at = open.filter(({ waiting }) => waiting?.step === step);
    const oldest = at.reduce((least, { reportedAt }) => Math.min(least, Date.parse(reportedAt)), now);
    return { step, name: waitingNames[step], count: at.length, oldestDays: Math.floor((now - oldest) / DAY) };
  });
  const days = paid.map(({ on, reportedAt }) => (Date.parse(`${on}T12:00:00+08:00`) - Date.parse(reportedAt)) / DAY);
  const mean = days.length === 0 ? null : Math.round((days.reduce((sum, one) => sum + one, 0) / days.length) * 10) / 10;
  return {
    status: 200,
    body: {
      open: open.length,
      overdue: open.filter(({ waiting }) => waitingView(waiting, now)?.overdue).length,
      byStep: byStep.filter(({ count }) => count > 0),
      paid: { count: paid.length, amount: paid.reduce((sum, { amount }) => sum + amount, 0) },
      meanDaysToPay: mean,
      limit: (isAtLeast(caller.region, 'district') ? policies : []).map(
        ({ id: policy, limit, reserved, paid: settled }) => ({
          policy,
          limit,
          reserved,
          paid: settled,
          left: limit - reserved - settled,
        }),
      ),
    },
  };
};

export const handler = httpHandler(claimRoutes, {
  listClaims,
  readClaim: readOne,
  takeStep: takeOne,
  appeal,
  claimDashboard: dashboard,
});
