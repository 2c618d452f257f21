import type { Claim, ClaimStage, ClaimSummary } from '../../contracts/insurance/claim.ts';
import type { ClaimClock, ProductTerms } from '../../contracts/insurance/product.ts';
import type { Role } from '../../contracts/roles.ts';
import { isoOrNull } from '../calendar.ts';
import { claimDueAt } from './claim-clocks.ts';

/** Every move of a claim and the stages it is legal from: the condition under which it is written. */
export const legalFrom = {
  'cover-checked': ['reported'],
  // Only before the survey.
  'add-invoices': ['reported', 'registered', 'documents-requested'],
  'request-documents': ['registered'],
  'document-received': ['reported', 'registered', 'documents-requested', 'surveyed', 'adjudicated'],
  survey: ['registered'],
  'propose-refusal': ['registered', 'documents-requested'],
  adjudicated: ['surveyed'],
  // Approval of the amount; or, after the payee was changed behind the survey, of the payee.
  approve: ['adjudicated', 'approved'],
  'send-back': ['adjudicated'],
  reject: ['adjudicated'],
  readjudicate: ['adjudicated'],
  payee: ['reported', 'registered', 'documents-requested', 'surveyed', 'adjudicated', 'approved', 'payment-returned'],
  instruct: ['approved'],
  settled: ['payment-instructed'],
  returned: ['payment-instructed', 'paid', 'closed'],
  'notify-refusal': ['rejected'],
  withdraw: [
    'reported',
    'registered',
    'documents-requested',
    'surveyed',
    'adjudicated',
    'approved',
    'payment-returned',
  ],
  appeal: ['rejected'],
  close: ['paid'],
  escalate: [
    'registered',
    'documents-requested',
    'adjudicated',
    'approved',
    'payment-instructed',
    'payment-returned',
    'rejected',
  ],
} as const satisfies Record<string, readonly ClaimStage[]>;
export type ClaimMove = keyof typeof legalFrom;

/** A step that a person must take. */
export const waitingStep = [
  'documents',
  'survey',
  'approval',
  'second-approval',
  'account',
  'payee-approval',
  'payment',
  'confirmation',
  'refusal-notice',
] as const;
export type WaitingStep = (typeof waitingStep)[number];

/** Who acts on each step, and who also gets it when its time has run out. */
const actors: Record<WaitingStep, { roles: readonly Role[]; escalated: readonly Role[] }> = {
  documents: { roles: ['village-worker'], escalated: ['town-officer'] },
  survey: { roles: ['insurer-adjuster'], escalated: ['insurer-approver'] },
  approval: { roles: ['insurer-approver'], escalated: ['district-officer'] },
  'second-approval': { roles: ['insurer-approver', 'district-officer'], escalated: [] },
  account: { roles: ['village-worker'], escalated: ['town-officer'] },
  'payee-approval': { roles: ['insurer-approver', 'district-officer'], escalated: [] },
  payment: { roles: ['insurer-approver'], escalated: ['district-officer'] },
  confirmation: { roles: ['bank'], escalated: ['insurer-approver', 'district-officer'] },
  'refusal-notice': { roles: ['village-worker'], escalated: ['town-officer'] },
};

export interface Waiting {
  step: WaitingStep;
  roles: Role[];
  /** ms since 1970; null while the calendar it needs is not published. */
  dueAt: number | null;
}

type Terms = Pick<ProductTerms, 'clocks' | 'secondApproverAbove'>;

/** How many different people approve an amount: a second one above the product's threshold. @param amount fen */
export function approversNeeded(
  amount: number,
  { secondApproverAbove }: Pick<ProductTerms, 'secondApproverAbove'>,
): number {
  return amount > secondApproverAbove ? 2 : 1;
}

/** Whether the payee has been approved, with the amount or after it; a payee recorded after the survey voids earlier approvals. */
export function isPayeeApproved(claim: Claim, terms: Pick<ProductTerms, 'secondApproverAbove'>): boolean {
  return claim.approved !== null && claim.approvals.length >= approversNeeded(claim.approved.amount, terms);
}

function stepOf(claim: Claim, terms: Terms): WaitingStep | undefined {
  switch (claim.stage) {
    case 'registered':
      return 'survey';
    case 'documents-requested':
      return 'documents';
    case 'adjudicated':
      return claim.approvals.length > 0 ? 'second-approval' : 'approval';
    case 'approved':
      if (claim.payee === null) return 'account';
      return isPayeeApproved(claim, terms) ? 'payment' : 'payee-approval';
    case 'payment-instructed':
      return 'confirmation';
    case 'payment-returned':
      return 'account';
    case 'rejected':
      return claim.rejected?.notifiedOn === null ? 'refusal-notice' : undefined;
    default:
      return undefined;
  }
}

/**
 * Who acts next on a claim and until when; undefined when it is a task of the workflow or nobody.
 * @param now ms since 1970: a paused clock runs out later with every day
 */
export function waitingOf(claim: Claim, terms: Terms, now: number): Waiting | undefined {
  const { clocks } = terms;
  const step = stepOf(claim, terms);
  if (step === undefined) return undefined;
  const { roles, escalated } = actors[step];
  const pauses = claim.pauses.map(({ from, to }) => ({
    from: Date.parse(from),
    to: to === null ? null : Date.parse(to),
  }));
  const registered = claim.registeredAt ?? claim.reportedAt;
  const due = (clock: ClaimClock, from: string, stood: typeof pauses = []) =>
    claimDueAt(clock, Date.parse(from), stood, now);
  const dueAt = {
    documents: () => due(clocks.documents, claim.requested?.at ?? claim.enteredAt),
    survey: () => due(clocks.survey, registered, pauses),
    approval: () => due(clocks.decision, registered, pauses),
    'second-approval': () => due(clocks.decision, registered, pauses),
    account: () =>
      due(
        clocks.payment,
        claim.stage === 'payment-returned' ? claim.enteredAt : (claim.approved?.at ?? claim.enteredAt),
      ),
    'payee-approval': () => due(clocks.payment, claim.approved?.at ?? claim.enteredAt),
    payment: () => due(clocks.payment, claim.approved?.at ?? claim.enteredAt),
    confirmation: () => due(clocks.payment, claim.approved?.at ?? claim.enteredAt),
    'refusal-notice': () => due(clocks.refusalNotice, claim.rejected?.at ?? claim.enteredAt),
  };
  return { step, roles: claim.escalated ? [...roles, ...escalated] : [...roles], dueAt: dueAt[step]() };
}

/** Whether a claim is still under way: neither paid nor refused, closed or withdrawn. */
export function isOpen({ stage }: Pick<Claim, 'stage'>): boolean {
  return !['closed', 'rejected', 'withdrawn', 'appealed'].includes(stage);
}

/** The next action of a claim's workflow. */
export interface ClaimNext {
  next: 'check' | 'adjudicate' | 'close' | 'wait' | 'ended';
  turn: number;
  waitSeconds: number;
}

/** The reminder is sent at 09:00 of the last day. */
const NINE_TO_MIDNIGHT = 15 * 3_600_000;
/** An execution checks again after at most so many seconds, so that a lost callback is noticed. */
const LONGEST_LOOK = 30 * 86_400;
/** Calendars come with a release, so a clock that waits for one is checked once a day. */
const CALENDAR_LOOK = 86_400;

/** What a claim's workflow does next at an instant. The claim holds the whole state and the workflow only asks this in a loop. */
export function claimNext(claim: Claim, terms: Terms, now: number): ClaimNext {
  const next = (what: ClaimNext['next'], waitSeconds = 1): ClaimNext => ({ next: what, turn: claim.turn, waitSeconds });
  if (claim.stage === 'reported') return next('check');
  if (claim.stage === 'surveyed') return next('adjudicate');
  if (claim.stage === 'paid') return next('close');
  const waiting = waitingOf(claim, terms, now);
  if (waiting === undefined) return next('ended');
  const { dueAt } = waiting;
  if (dueAt === null) return next('wait', CALENDAR_LOOK);
  // A step entered after its due time is escalated at once.
  if (now >= dueAt && !claim.escalated) return next('wait');
  const ahead = [dueAt - NINE_TO_MIDNIGHT, dueAt].filter((instant) => instant > now);
  const soonest = Math.min(...ahead, now + LONGEST_LOOK * 1000);
  return next('wait', Math.max(1, Math.ceil((soonest - now) / 1000)));
}

/** Whether the reminder is due, and whether the step has run out and is not escalated yet. */
export function clockMarksOf(claim: Claim, terms: Terms, now: number): { remind: boolean; escalate: boolean } {
  const waiting = waitingOf(claim, terms, now);
  const dueAt = waiting?.dueAt ?? null;
  if (dueAt === null) return { remind: false, escalate: false };
  return { remind: now >= dueAt - NINE_TO_MIDNIGHT, escalate: now >= dueAt && !claim.escalated };
}

/** Everybody who is or was to be paid. */
export function payeesOf({ payee, payees }: Pick<Claim, 'payee' | 'payees'>): string[] {
  return payees ?? (payee === null ? [] : [payee.person]);
}

/** The fields that lists and the dashboard use. */
export function summaryOfClaim(claim: Claim, terms: Terms, now: number): ClaimSummary {
  const waiting = waitingOf(claim, terms, now);
  return {
    id: claim.id,
    policy: claim.policy,
    line: claim.line,
    person: claim.person,
    payees: payeesOf(claim),
    household: claim.household,
    eventOn: claim.eventOn,
    reportedAt: claim.reportedAt,
    stage: claim.stage,
    waiting:
      waiting === undefined ? null : { step: waiting.step, roles: waiting.roles, dueAt: isoOrNull(waiting.dueAt) },
    claimed: claim.claimed,
    approved: claim.approved?.amount ?? null,
    paid: claim.paid,
    rejected: claim.rejected?.code ?? null,
    closedAt: claim.stage === 'closed' ? claim.enteredAt : null,
  };
}
