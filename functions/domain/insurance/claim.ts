import type { Adjudication, Standing } from '../../contracts/insurance/adjudication.ts';
import type {
  Claim,
  ClaimDocument,
  ClaimRejectCode,
  ClaimStage,
  ClaimStep,
  CoverCheck,
  Payee,
} from '../../contracts/insurance/claim.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import type { Role } from '../../contracts/roles.ts';
import { dayOf } from '../calendar.ts';
import { adjudicate } from './adjudicate.ts';
import { approversNeeded, type ClaimMove, isPayeeApproved, legalFrom, waitingOf } from './claim-stages.ts';
import { missingDocuments } from './documents.ts';
import { mayStillAct } from './separation-of-duties.ts';

/** What happened, as the timeline keeps it: ids, codes, dates and amounts; names and reasons only in the body that can be erased. */
export interface ClaimEvent {
  kind: string;
  body: Readonly<Record<string, unknown>>;
}

export type ClaimRefusal =
  | 'claim-stage'
  | 'claim-turn-over'
  | 'claim-not-yours'
  | 'claim-own-work'
  | 'documents-requested-before'
  | 'documents-nothing-missing'
  | 'documents-missing'
  | 'facts-other-line'
  | 'amount-above-invoices'
  | 'date-in-future'
  | 'date-before-event'
  | 'amount-differs'
  | 'refusal-proposed'
  | 'account-missing'
  | 'payee-unapproved'
  | 'documents-full';

/** A claim is one item of at most 400 KB, and nobody reads more papers. */
export const MOST_DOCUMENTS = 60;

export interface ClaimMoved {
  after: Claim;
  events: ClaimEvent[];
  refusal?: never;
}
export type ClaimChange = ClaimMoved | { refusal: ClaimRefusal; after?: never };

export interface Actor {
  account: string;
  role: Role;
}

/** What a task or another part of the system does to a claim. */
export type ClaimAction =
  | { move: 'cover-checked'; checks: CoverCheck[]; code: ClaimRejectCode | null }
  | { move: 'add-invoices'; invoices: Claim['invoices']; by: string }
  | { move: 'document-received'; document: ClaimDocument }
  | { move: 'adjudicated'; adjudication: Adjudication }
  | { move: 'payee'; payee: Payee }
  | { move: 'instruct'; endToEndId: string; by: string; batch: string; terms: Pick<Product, 'secondApproverAbove'> }
  | { move: 'settled'; endToEndId: string; amount: number; on: string }
  | { move: 'returned'; endToEndId: string; reason: string; on: string }
  | { move: 'appeal'; claim: string; by: string }
  | { move: 'close' }
  | { move: 'escalate' };

/** Moves a claim on, if it stands where that is legal. @param now ms since 1970 */
export function moveClaim(claim: Claim, action: ClaimAction, now: number): ClaimChange {
  if (!isLegal(claim, action.move)) return { refusal: 'claim-stage' };
  const at = new Date(now).toISOString();
  switch (action.move) {
    case 'cover-checked': {
      const { checks, code } = action;
      const event = {
        kind: 'cover-checked',
        body: { code, failed: checks.filter(({ holds }) => !holds).map(({ check }) => check) },
      };
      if (code === null) return to(claim, 'registered', { cover: checks, registeredAt: at }, [event], at);
      // The rules refuse nobody by themselves: an approver reads it and confirms.
      const refusal = { code, reason: '', by: 'rules' };
      return to(claim, 'adjudicated', { cover: checks, registeredAt: at, refusal }, [event], at);
    }
    case 'add-invoices': {
      const { invoices, by } = action;
      const sum = invoices.reduce((total, one) => total + one.total, 0);
      const claimed = claim.claimed === null ? null : claim.claimed + sum;
      const body = { invoices: invoices.map(({ number }) => number), by };
      return {
        after: { ...claim, invoices: [...claim.invoices, ...invoices], claimed },
        events: [{ kind: 'invoices-added', body }],
      };
    }
    case 'document-received':
      return received(claim, action.document, at);
    case 'adjudicated': {
      const { adjudication } = action;
      const refusal =
        adjudication.outcome === 'payable' ? null : { code: adjudication.outcome, reason: '', by: 'rules' };
      const body = { outcome: adjudication.outcome, amount: adjudication.amount };
      return to(claim, 'adjudicated', { adjudication, refusal, approvals: [] }, [{ kind: 'adjudicated', body }], at);
    }
    case 'payee':
      return recordPayee(claim, action.payee, at);
    case 'instruct': {
      if (claim.payee === null) return { refusal: 'account-missing' };
      if (!isPayeeApproved(claim, action.terms)) return { refusal: 'payee-unapproved' };
      const { endToEndId, batch, by } = action;
      if (!mayStillAct(claim, 'instruct', by)) return { refusal: 'claim-own-work' };
      return to(
        claim,
        'payment-instructed',
        { payouts: [...claim.payouts, endToEndId], instructedBy: [...claim.instructedBy, by] },
        [{ kind: 'payment-instructed', body: { endToEndId, batch, by } }],
        at,
      );
    }
    case 'settled': {
      const { endToEndId, amount, on } = action;
      return to(
        claim,
        'paid',
        { paid: { amount, on } },
        [{ kind: 'payment-settled', body: { endToEndId, amount, on } }],
        at,
      );
    }
    case 'returned': {
      const { endToEndId, reason, on } = action;
      // Its execution has ended, or is about to: another one carries the claim from here.
      const run = claim.stage === 'payment-instructed' ? claim.run : claim.run + 1;
      const events = [
        { kind: 'payment-returned', body: { endToEndId, reason, on, afterSettlement: claim.paid !== null } },
      ];
      return to(claim, 'payment-returned', { paid: null, run }, events, at);
    }
    case 'appeal':
      return to(
        claim,
        'appealed',
        { appealedBy: action.claim, counted: 0 },
        [{ kind: 'claim-appealed', body: { claim: action.claim, by: action.by } }],
        at,
      );
    case 'close':
      return to(claim, 'closed', {}, [{ kind: 'claim-closed', body: { paid: claim.paid?.amount } }], at);
    case 'escalate':
      return {
        after: { ...claim, escalated: true },
        events: [{ kind: 'claim-escalated', body: { stage: claim.stage, turn: claim.turn } }],
      };
  }
}

/**
 * Writes down whom the money goes to. Before the survey that is one of the family's facts; afterwards approvals were given for another payee or none, so
 * they are void, and it is approved anew, by people who did not record it, before anything is paid. What is reserved stays reserved.
 */
function recordPayee(claim: Claim, payee: Payee, at: string): ClaimMoved {
  const { person, recordedBy: by } = payee;
  const voids = claim.survey !== null && claim.approvals.length > 0;
  const changes = { payee, payeeBy: [...new Set([...claim.payeeBy, by])], ...(voids ? { approvals: [] } : {}) };
  const events = [{ kind: 'payee-recorded', body: { person, by, ...(voids ? { approvalsVoid: true } : {}) } }];
  const stage = claim.stage === 'payment-returned' ? 'approved' : claim.stage;
  return voids || stage !== claim.stage
    ? to(claim, stage, changes, events, at)
    : { after: { ...claim, ...changes }, events };
}

function isLegal({ stage }: Claim, move: ClaimMove): boolean {
  const stages: readonly ClaimStage[] = legalFrom[move];
  return stages.includes(stage);
}

/** Into a stage, with a turn of its own. */
function to(claim: Claim, stage: ClaimStage, changes: Partial<Claim>, events: ClaimEvent[], at: string): ClaimMoved {
  return { after: { ...claim, ...changes, stage, turn: claim.turn + 1, enteredAt: at, escalated: false }, events };
}

/** A document has come in; when it was the last one asked for, the clock goes on. */
function received(claim: Claim, document: ClaimDocument, at: string): ClaimChange {
  if (claim.documents.some(({ id }) => id === document.id)) return { after: claim, events: [] };
  if (claim.documents.length >= MOST_DOCUMENTS) return { refusal: 'documents-full' };
  const documents = [...claim.documents, document];
  const event = { kind: 'document-received', body: { document: document.id, kind: document.kind, by: document.by } };
  const still = missingOf({ ...claim, documents });
  if (claim.stage !== 'documents-requested' || still.length > 0)
    return { after: { ...claim, documents }, events: [event] };
  return to(
    claim,
    'registered',
    { documents, pauses: resumed(claim, at) },
    [event, { kind: 'documents-complete', body: {} }],
    at,
  );
}

function resumed(claim: Claim, at: string): Claim['pauses'] {
  return claim.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
}

/** What a claim's papers still lack: the line's own list and what was asked for. */
export function missingOf(claim: Pick<Claim, 'line' | 'documents' | 'requested'>): ReturnType<typeof missingDocuments> {
  return missingDocuments(
    claim.line,
    claim.documents.map(({ kind }) => kind),
    claim.requested?.kinds ?? [],
  );
}

/** What a step of a person needs besides the claim: the product it stands under, and what was decided before, read in this very instant. */
export interface StepContext {
  by: Actor;
  product: Product;
  standing: Standing;
  now: number;
}

/** Steps taken only in one's own inbox; withdrawal is the family's, through its village. */
const WITHDRAWERS: readonly Role[] = ['village-worker', 'town-officer', 'district-officer'];

/**
 * Takes a person's step. An approval recomputes what was adjudicated against what stands now; when that has changed, the claim goes back
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

/** Once, as one complete list; the clock stands still while the family collects. */
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
    // What is counted was presented: no bill beyond the family's invoices, none above its total.
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

/** The amount is approved and reserved; what is approved here is to whom it goes. The same number of people as for the amount. */
function approvePayee(claim: Claim, amount: number, by: Actor, product: Product, at: string): ClaimChange {
  if (claim.payee === null || isPayeeApproved(claim, product)) return { refusal: 'claim-stage' };
  if (amount !== claim.approved?.amount) return { refusal: 'amount-differs' };
  const approvals = [...claim.approvals, { by: by.account, at }];
  const body = { person: claim.payee.person, by: by.account };
  return to(claim, 'approved', { approvals }, [{ kind: 'payee-approved', body }], at);
}

/** Somebody else's claim was decided in between: deductible, caps or limit leave something else now. */
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

/** What a claim holds of policy, person and household: differences of this are what a change writes into their accounts. */
export function holdings(claim: Claim | undefined): {
  reserved: number;
  paid: number;
  approved: number;
  counted: number;
} {
  if (claim === undefined) return { reserved: 0, paid: 0, approved: 0, counted: 0 };
  const approved = claim.approved !== null && claim.withdrawn === null ? claim.approved.amount : 0;
  const paid = claim.paid?.amount ?? 0;
  return { reserved: approved - paid, paid, approved, counted: claim.withdrawn === null ? claim.counted : 0 };
}
