import * as z from 'zod';
import { account, evidence, reason } from '../cases/case.ts';
import { fen, householdId, instant, isoDate, personId, sumOfFen } from '../values.ts';
import { adjudication, claimFacts, invoice } from './adjudication.ts';
import { policyId } from './policy.ts';
import { lineId, productId } from './product.ts';

export const claimId = z.string().regex(/^claim-[0-9a-z]{16}$/);
export const claimReceipt = z.string().regex(/^L[0-9A-HJKMNP-TV-Z]{12}$/);

/** 报案 受理 补充资料 查勘 理算 核赔 支付指令 到账 退汇 结案 拒赔 撤案 复议 */
export const claimStage = z.enum([
  'reported',
  'registered',
  'documents-requested',
  'surveyed',
  'adjudicated',
  'approved',
  'payment-instructed',
  'paid',
  'payment-returned',
  'closed',
  'rejected',
  'withdrawn',
  'appealed',
]);
export type ClaimStage = z.infer<typeof claimStage>;

export const claimRejectCode = z.enum([
  'not-insured',
  'outside-period',
  'waiting-period',
  'event-not-covered',
  'below-deductible',
  'limit-exhausted',
  'duplicate',
  'documents-not-provided',
  'investigation-negative',
]);
export type ClaimRejectCode = z.infer<typeof claimRejectCode>;

/** What an adjuster may propose to refuse for; the other codes are found by the rules. */
export const proposedCode = z.enum([
  'event-not-covered',
  'duplicate',
  'documents-not-provided',
  'investigation-negative',
]);

export const documentKind = z.enum([
  'household-cancellation',
  'cremation-certificate',
  'medical-death-certificate',
  'accident-proof',
  'relationship-proof',
  'account-proof',
  'disability-appraisal',
  'invoice',
  'itemised-bill',
  'medical-record',
  'enrolment-proof',
  'fee-proof',
  'disaster-proof',
  'photograph',
  'other',
]);
export type DocumentKind = z.infer<typeof documentKind>;

/** Photographs and scans; nothing that can run. */
export const documentType = z.enum(['image/jpeg', 'image/png', 'application/pdf']);
/** Ten megabytes: a page photographed by a good phone is four. */
export const MOST_DOCUMENT_BYTES = 10 * 1024 * 1024;
export const documentId = z.string().regex(/^doc-[0-9a-f]{16}$/);

export const claimDocument = z.strictObject({
  id: documentId,
  kind: documentKind,
  type: documentType,
  bytes: z.int().min(1).max(MOST_DOCUMENT_BYTES),
  receivedAt: instant,
  by: z.string(),
  /** Of an appeal's paper that came with the refused claim: that claim, under which it lies. */
  of: z.string().optional(),
});
export type ClaimDocument = z.infer<typeof claimDocument>;

/** The channel of a claim: the village, the household without login, or a hospital's feed. */
export const claimChannel = z.enum(['village', 'household', 'hospital']);

/** A check of the cover: the facts, and whether it holds. Sentences are made when read. */
export const coverCheck = z.object({
  check: z.enum(['insured', 'alive', 'period', 'enrolled', 'waiting', 'line']),
  holds: z.boolean(),
  observed: z.string().nullable(),
  required: z.string().nullable(),
});
export type CoverCheck = z.infer<typeof coverCheck>;

/** Whom the money goes to. The number itself is only in `accountCipher`. */
export const payee = z.strictObject({
  /** A member of the household, or its recorded guardian. */
  kind: z.enum(['member', 'guardian']),
  person: personId,
  name: z.string(),
  bank: z.string(),
  accountCipher: z.string(),
  accountMasked: z.string(),
  recordedBy: z.string(),
  recordedAt: instant,
});
export type Payee = z.infer<typeof payee>;

/** A claim as it is stored. Money in fen; days in Asia/Shanghai. */
export const claimRecord = z.strictObject({
  id: claimId,
  receipt: claimReceipt,
  policy: policyId,
  product: productId,
  line: lineId,
  person: personId,
  household: householdId,
  /** Of a household that has moved: as which it began, and under which its cap is counted. */
  capOf: householdId.optional(),
  eventOn: isoDate,
  reportedAt: instant,
  /** `by` is the account that sent it; `told` the hospital as its feed names it. */
  reportedBy: z.strictObject({ channel: claimChannel, by: z.string(), told: z.string().nullable() }),
  stage: claimStage,
  /** Grows with every decision of a person or task; a step names the turn it was shown. */
  turn: z.int(),
  /** When the current turn began. */
  enteredAt: instant,
  escalated: z.boolean(),
  /** Which execution carries it: a payment returned after the end begins another. */
  run: z.int().min(1),
  claimed: sumOfFen.nullable(),
  invoices: z.array(invoice),
  /** Every account that brought invoices after the report, and of an appeal all that reported what it appeals. */
  invoicesBy: z.array(account),
  cover: z.array(coverCheck),
  registeredAt: instant.nullable(),
  documents: z.array(claimDocument),
  requested: z
    .strictObject({ at: instant, by: z.string(), kinds: z.array(documentKind), note: z.string().nullable() })
    .nullable(),
  /** Pauses of the clock. */
  pauses: z.array(z.strictObject({ from: instant, to: instant.nullable() })),
  survey: z
    .strictObject({
      by: account,
      at: instant,
      visitedOn: isoDate,
      facts: claimFacts,
      report: evidence.nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
  adjudication: adjudication.nullable(),
  /** Proposed by the rules or the adjuster; an approver confirms it. */
  refusal: z.strictObject({ code: claimRejectCode, reason: z.string(), by: z.string() }).nullable(),
  approvals: z.array(z.strictObject({ by: account, at: instant })),
  /** Accounts whose approval a changed payee made void: the amount is theirs still. */
  voidedApprovalsBy: z.array(account),
  approved: z.strictObject({ amount: fen, at: instant }).nullable(),
  /** Fen of accepted cost this claim has added to its person's account of the period. */
  counted: sumOfFen,
  payee: payee.nullable(),
  /** Everybody who was to be paid, the last of them too. Absent while none was, and where only an earlier release recorded one. */
  payees: z.array(personId).optional(),
  /** Every account that recorded or changed the payee. */
  payeeBy: z.array(account),
  /** Every account that instructed a payment. */
  instructedBy: z.array(account),
  /** End-to-end ids, newest last. */
  payouts: z.array(z.string()),
  paid: z.strictObject({ amount: fen, on: isoDate }).nullable(),
  rejected: z
    .strictObject({
      code: claimRejectCode,
      reason: z.string(),
      by: account,
      at: instant,
      notifiedOn: isoDate.nullable(),
    })
    .nullable(),
  withdrawn: z.strictObject({ by: z.string(), at: instant, reason: z.string() }).nullable(),
  appealOf: claimId.nullable(),
  /** Accounts that refused what this claim appeals: they decide nothing of it. */
  refusedBefore: z.array(account),
  appealedBy: claimId.nullable(),
});
type Stored = z.infer<typeof claimRecord>;
export interface Claim extends Stored {
  /** Optimistic lock: every change names the version it was made from. */
  version: number;
  /** The newest link of its timeline. */
  head: { sequence: number; hash: string } | null;
}

const note = z.string().trim().max(500).optional();

/** What people do to a claim. `turn` is the one they were shown: somebody else's step in between refuses it. */
export const claimStep = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('request-documents'), turn: z.int(), kinds: z.array(documentKind).max(15), note }),
  z.strictObject({
    step: z.literal('survey'),
    turn: z.int(),
    visitedOn: isoDate,
    facts: claimFacts,
    report: evidence.optional(),
    note,
  }),
  z.strictObject({ step: z.literal('propose-refusal'), turn: z.int(), code: proposedCode, reason }),
  z.strictObject({
    step: z.literal('approve'),
    turn: z.int(),
    /** Fen, as shown: an approval is of an amount. */ amount: fen,
  }),
  z.strictObject({ step: z.literal('send-back'), turn: z.int(), reason }),
  z.strictObject({ step: z.literal('reject'), turn: z.int(), code: claimRejectCode, reason }),
  z.strictObject({ step: z.literal('notify-refusal'), turn: z.int(), on: isoDate }),
  z.strictObject({ step: z.literal('withdraw'), turn: z.int(), reason }),
]);
export type ClaimStep = z.infer<typeof claimStep>;

/** What lists, counts and the dashboard need of a claim. Written in the same transaction as the claim. */
export interface ClaimSummary {
  id: string;
  policy: string;
  line: Stored['line'];
  person: string;
  /** Everybody who is or was to be paid. Absent from what an earlier release wrote: the claim itself tells. */
  payees?: string[];
  household: string;
  eventOn: string;
  reportedAt: string;
  stage: ClaimStage;
  /** Whose turn it is and until when, if that can be told yet; null when nobody's. */
  waiting: { step: string; roles: string[]; dueAt: string | null } | null;
  claimed: number | null;
  approved: number | null;
  paid: { amount: number; on: string } | null;
  rejected: ClaimRejectCode | null;
  closedAt: string | null;
}
