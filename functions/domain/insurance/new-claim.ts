import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import { reportersOf } from './separation-of-duties.ts';

/** The reported event: who, what and when. */
export interface ReportedEvent {
  household: string;
  person: string;
  line: Claim['line'];
  eventOn: string;
  invoices: Claim['invoices'];
  claimed: number | null;
}

/** A claim that has only been reported. @param given.capOf as which its household began @param given.reportedAt ISO instant */
export function newClaim(given: {
  id: string;
  receipt: string;
  event: ReportedEvent;
  capOf?: string;
  policy: Pick<Policy, 'id' | 'product'>;
  by: Claim['reportedBy'];
  reportedAt: string;
}): Claim {
  const { id, receipt, event, policy, by, reportedAt, capOf = event.household } = given;
  return {
    id,
    receipt,
    policy: policy.id,
    product: policy.product,
    ...event,
    ...(capOf === event.household ? {} : { capOf }),
    reportedAt,
    reportedBy: by,
    stage: 'reported',
    turn: 1,
    enteredAt: reportedAt,
    escalated: false,
    run: 1,
    invoicesBy: [],
    cover: [],
    registeredAt: null,
    documents: [],
    requested: null,
    pauses: [],
    survey: null,
    adjudication: null,
    refusal: null,
    approvals: [],
    voidedApprovalsBy: [],
    approved: null,
    counted: 0,
    payee: null,
    payeeBy: [],
    instructedBy: [],
    payouts: [],
    paid: null,
    rejected: null,
    withdrawn: null,
    appealOf: null,
    refusedBefore: [],
    appealedBy: null,
    version: 0,
    head: null,
  };
}

/**
 * An appeal: a new claim about the same event, with the documents of the refused one, which stay where they lie; everything is judged anew. The payee is
 * recorded anew too: an account opens for the claim it was recorded in and no other. Whoever refused the first claim decides nothing in it.
 */
export function appealTo(
  refused: Claim,
  given: { id: string; receipt: string; by: string; reportedAt: string },
): Claim {
  const { household, person, line, eventOn, invoices, claimed, policy, product } = refused;
  const event = { household, person, line, eventOn, invoices, claimed };
  const { capOf = household } = refused;
  const by = { channel: 'village' as const, by: given.by, told: null };
  return {
    ...newClaim({ ...given, event, capOf, policy: { id: policy, product }, by }),
    // Whoever brought the refused claim's invoices is barred here too.
    invoicesBy: [...new Set([...refused.invoicesBy, ...reportersOf(refused)])],
    documents: refused.documents.map((one) => ({ of: refused.id, ...one })),
    appealOf: refused.id,
    refusedBefore: [...refused.refusedBefore, ...(refused.rejected === null ? [] : [refused.rejected.by])],
  };
}
