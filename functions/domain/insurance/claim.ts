import type { Adjudication } from '../../contracts/insurance/adjudication.ts';
import type { Claim, ClaimDocument, ClaimRejectCode, CoverCheck, Payee } from '../../contracts/insurance/claim.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import { type ClaimChange, type ClaimMoved, isLegal, missingOf, resumed, to } from './claim-change.ts';
import { isPayeeApproved, payeesOf } from './claim-stages.ts';
import { mayStillAct } from './separation-of-duties.ts';

/** A claim is one item of at most 400 KB, and nobody reads more papers. */
export const MOST_DOCUMENTS = 60;

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

/** Applies a move to a claim, if it is legal at the claim's stage. @param now ms since 1970 */
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
      // The system refuses nobody by itself: an approver reads the refusal and confirms it.
      const refusal = { code, reason: '', by: 'rules' };
      return to(claim, 'adjudicated', { cover: checks, registeredAt: at, refusal }, [event], at);
    }
    case 'add-invoices': {
      const { invoices, by } = action;
      const sum = invoices.reduce((total, one) => total + one.total, 0);
      const claimed = claim.claimed === null ? null : claim.claimed + sum;
      const body = { invoices: invoices.map(({ number }) => number), by };
      return {
        after: {
          ...claim,
          invoices: [...claim.invoices, ...invoices],
          invoicesBy: [...new Set([...claim.invoicesBy, by])],
          claimed,
        },
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
 * Records the payee. Before the survey this is simply a fact of the claim; afterwards approvals were given for another payee or none, so
 * they are void, and it is approved anew, by people who did not record it, before anything is paid. What is reserved stays reserved.
 */
function recordPayee(claim: Claim, payee: Payee, at: string): ClaimMoved {
  const { person, recordedBy: by } = payee;
  const voids = claim.survey !== null && claim.approvals.length > 0;
  const changes = {
    payee,
    payees: [...new Set([...payeesOf(claim), person])],
    payeeBy: [...new Set([...claim.payeeBy, by])],
    ...(voids
      ? { approvals: [], voidedApprovalsBy: [...claim.voidedApprovalsBy, ...claim.approvals.map((one) => one.by)] }
      : {}),
  };
  const events = [{ kind: 'payee-recorded', body: { person, by, ...(voids ? { approvalsVoid: true } : {}) } }];
  const stage = claim.stage === 'payment-returned' ? 'approved' : claim.stage;
  return voids || stage !== claim.stage
    ? to(claim, stage, changes, events, at)
    : { after: { ...claim, ...changes }, events };
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

/** The amounts a claim holds against policy, person and household; a change writes the differences into their accounts. */
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
