import type { Adjudication, Standing } from '../../contracts/insurance/adjudication.ts';
import type { Claim, ClaimRejectCode, ClaimStep } from '../../contracts/insurance/claim.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import type { Role } from '../../contracts/roles.ts';
import { dayOf } from '../calendar.ts';
import { adjudicate } from './adjudicate.ts';
import { type Actor, type ClaimChange, type ClaimMoved, isLegal, missingOf, resumed, to } from './claim-change.ts';
import { approversNeeded, isPayeeApproved, waitingOf } from './claim-stages.ts';
import { mayStillAct } from './separation-of-duties.ts';

/** What a person's step needs beside the claim: its product, and what was decided before it, read at this instant. */
export interface StepContext {
  by: Actor;
  product: Product;
  standing: Standing;
  now: number;
}

/** Steps taken only in one's own inbox; withdrawal is the family's, through its village. */
const WITHDRAWERS: readonly Role[] = ['village-worker', 'town-officer', 'district-officer'];

/**
 * Takes a person's step. An approval recomputes the amount from what has been decided by now; when it differs, the claim goes back
 * to be adjudicated again, and `changed` says so.
 */
export function takeStep(
  claim: Claim,
  step: ClaimStep,
  context: StepContext,
): ClaimChange | (ClaimMoved & { changed: true }) {
  const { by, now } = context;
  if (claim.turn !== step.turn) return { refusal: 'claim-turn-over' };
  if (!isLegal(claim, step.step)) return { refusal: 'claim-stage' };
  const roles = step.step === 'withdraw' ? WITHDRAWERS : (waitingOf(claim, context.product, now)?.roles ?? []);
  const proposes = step.step === 'propose-refusal' && claim.stage === 'documents-requested';
  if (!(proposes ? by.role === 'insurer-adjuster' : roles.includes(by.role))) return { refusal: 'claim-not-yours' };
  const at = new Date(now).toISOString();
  switch (step.step) {
    case 'request-documents':
      return requestDocuments(claim, step, by, at);
    case 'survey':
      return survey(claim, step, by, now);
    case 'propose-refusal': {
      const refusal = { code: step.code, reason: step.reason, by: by.account };
      const events = [{ kind: 'refusal-proposed', body: refusal }];
      return to(
        claim,
        'adjudicated',
        { refusal, adjudication: null, approvals: [], pauses: resumed(claim, at) },
        events,
        at,
      );
    }
    case 'approve':
      return approve(claim, step.amount, context, at);
    case 'send-back': {
      const events = [{ kind: 'sent-back', body: { by: by.account, reason: step.reason } }];
      return to(claim, 'registered', { survey: null, adjudication: null, refusal: null, approvals: [] }, events, at);
    }
    case 'reject':
      return reject(claim, step, context, at);
    case 'notify-refusal': {
      if (claim.rejected === null || claim.rejected.notifiedOn !== null) return { refusal: 'claim-stage' };
      if (step.on > dayOf(now)) return { refusal: 'date-in-future' };
      if (step.on < dayOf(Date.parse(claim.rejected.at))) return { refusal: 'date-before-refusal' };
      const rejected = { ...claim.rejected, notifiedOn: step.on };
      return to(
        claim,
        'rejected',
        { rejected },
        [{ kind: 'refusal-notified', body: { on: step.on, by: by.account } }],
        at,
      );
    }
    case 'withdraw': {
      const withdrawn = { by: by.account, at, reason: step.reason };
      return to(
        claim,
        'withdrawn',
        { withdrawn, pauses: resumed(claim, at) },
        [{ kind: 'claim-withdrawn', body: withdrawn }],
        at,
      );
    }
  }
}

type Taken<S extends ClaimStep['step']> = Extract<ClaimStep, { step: S }>;

/** Asked once, as one complete list; the clock is paused while the family collects. */
function requestDocuments(
  claim: Claim,
  { kinds, note }: Taken<'request-documents'>,
  by: Actor,
  at: string,
): ClaimChange {
  if (claim.requested !== null) return { refusal: 'documents-requested-before' };
  const requested = { at, by: by.account, kinds, note: note ?? null };
  const missing = missingOf({ ...claim, requested });
  if (missing.length === 0) return { refusal: 'documents-nothing-missing' };
  const pauses = [...claim.pauses, { from: at, to: null }];
  const body = { by: by.account, missing: missing.map(({ anyOf, count }) => ({ anyOf, count })) };
  return to(claim, 'documents-requested', { requested, pauses }, [{ kind: 'documents-requested', body }], at);
}

function survey(
  claim: Claim,
  { facts, visitedOn, report, note }: Taken<'survey'>,
  by: Actor,
  now: number,
): ClaimChange {
  if (missingOf(claim).length > 0) return { refusal: 'documents-missing' };
  if (facts.line !== claim.line) return { refusal: 'facts-other-line' };
  if (visitedOn > dayOf(now)) return { refusal: 'date-in-future' };
  if (visitedOn < claim.eventOn) return { refusal: 'date-before-event' };
  if ('bills' in facts) {
    // Only presented costs count: no invoice the family did not hand in, and none above its total.
    const totals = new Map(claim.invoices.map(({ number, total }) => [number, total]));
    if (facts.bills.some(({ invoice, total }) => total > (totals.get(invoice) ?? -1)))
      return { refusal: 'amount-above-invoices' };
  }
  const at = new Date(now).toISOString();
  const found = { by: by.account, at, visitedOn, facts, report: report ?? null, note: note ?? null };
  return to(
    claim,
    'surveyed',
    { survey: found, refusal: null },
    [{ kind: 'surveyed', body: { by: by.account, visitedOn, facts } }],
    at,
  );
}

function approve(
  claim: Claim,
  amount: number,
  { by, product, standing }: StepContext,
  at: string,
): ReturnType<typeof takeStep> {
  if (!mayStillAct(claim, 'approve', by.account)) return { refusal: 'claim-own-work' };
  if (claim.stage === 'approved') return approvePayee(claim, amount, by, product, at);
  const { adjudication } = claim;
  if (claim.refusal !== null || adjudication === null || claim.survey === null) return { refusal: 'refusal-proposed' };
  if (amount !== adjudication.amount) return { refusal: 'amount-differs' };
  const now = adjudicate(product, claim.survey.facts, standing);
  if (now.amount !== adjudication.amount || now.outcome !== 'payable') return readjudicate(claim, by, at);
  const approvals = [...claim.approvals, { by: by.account, at }];
  if (approvals.length < approversNeeded(amount, product)) {
    return to(claim, 'adjudicated', { approvals }, [{ kind: 'first-approved', body: { by: by.account, amount } }], at);
  }
  const changes = { approvals, approved: { amount, at }, adjudication: now, counted: countedOf(claim, now) };
  return to(
    claim,
    'approved',
    changes,
    [{ kind: 'claim-approved', body: { by: approvals.map((one) => one.by), amount } }],
    at,
  );
}

/** The amount is approved and reserved already; this approves the payee, by as many people as the amount. */
function approvePayee(claim: Claim, amount: number, by: Actor, product: Product, at: string): ClaimChange {
  if (claim.payee === null || isPayeeApproved(claim, product)) return { refusal: 'claim-stage' };
  if (amount !== claim.approved?.amount) return { refusal: 'amount-differs' };
  const approvals = [...claim.approvals, { by: by.account, at }];
  const body = { person: claim.payee.person, by: by.account };
  return to(claim, 'approved', { approvals }, [{ kind: 'payee-approved', body }], at);
}

/** Another claim was decided in between, so deductible, caps or limit give another amount. */
function readjudicate(claim: Claim, by: Actor, at: string): ClaimMoved & { changed: true } {
  const events = [{ kind: 'sent-to-adjudication', body: { by: by.account, was: claim.adjudication?.amount ?? null } }];
  return { ...to(claim, 'surveyed', { approvals: [], refusal: null }, events, at), changed: true };
}

const COUNTING: readonly ClaimRejectCode[] = ['below-deductible', 'limit-exhausted'];

function reject(
  claim: Claim,
  { code, reason }: Taken<'reject'>,
  { by, product, standing }: StepContext,
  at: string,
): ReturnType<typeof takeStep> {
  if (!mayStillAct(claim, 'reject', by.account)) return { refusal: 'claim-own-work' };
  let counted = 0;
  if (COUNTING.includes(code)) {
    if (claim.survey === null || claim.adjudication === null) return { refusal: 'claim-stage' };
    const now = adjudicate(product, claim.survey.facts, standing);
    if (now.outcome !== code) return readjudicate(claim, by, at);
    // Refused for these two, its cost still counts towards the year's (docs/domain.md, 6).
    counted = countedOf(claim, now);
  }
  const rejected = { code, reason, by: by.account, at, notifiedOn: null };
  return to(
    claim,
    'rejected',
    { rejected, counted },
    [{ kind: 'claim-rejected', body: { code, reason, by: by.account } }],
    at,
  );
}

function countedOf({ line }: Claim, { accepted }: Adjudication): number {
  return line === 'illness' || line === 'accident-medical' ? accepted : 0;
}
