import * as z from 'zod';
import { fen, sumOfFen } from '../values.ts';
import { educationStage, housingDamage } from './product.ts';

/** The number of an invoice as printed; no personal data. */
export const invoiceNumber = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[0-9A-Z-]{4,40}$/);

/** An invoice as the family presents it. */
export const invoice = z.strictObject({ number: invoiceNumber, total: fen.min(1) });
/** Sixty at most: each is held by its claim in the transaction that reports it, and DynamoDB takes a hundred items. */
export const MOST_INVOICES = 60;
export const invoices = z
  .array(invoice)
  .max(MOST_INVOICES)
  .refine((all) => new Set(all.map(({ number }) => number)).size === all.length, '同一张发票只能列一次');

/** An invoice as the adjuster found it: what others paid, and what is not compliant, is taken off. */
export const bill = z
  .strictObject({ invoice: invoiceNumber, total: fen.min(1), reimbursed: fen, excluded: fen })
  .refine(
    ({ total, reimbursed, excluded }) => reimbursed + excluded <= total,
    '已报销和不合规金额之和不能超过发票金额',
  );
export type Bill = z.infer<typeof bill>;

const bills = z
  .array(bill)
  .min(1)
  .max(MOST_INVOICES)
  .refine((all) => new Set(all.map((one) => one.invoice)).size === all.length, '同一张发票只能列一次');

/** What the adjuster established, by line: all facts an adjudication needs. */
export const claimFacts = z.discriminatedUnion('line', [
  z.strictObject({ line: z.literal('accidental-death') }),
  z.strictObject({ line: z.literal('accidental-disability'), grade: z.int().min(1).max(10) }),
  z.strictObject({ line: z.literal('illness'), bills }),
  z.strictObject({ line: z.literal('accident-medical'), bills }),
  z.strictObject({ line: z.literal('education'), stage: educationStage }),
  z.strictObject({ line: z.literal('disaster'), housing: housingDamage.nullable(), housingLoss: fen, assetsLoss: fen }),
]);
export type ClaimFacts = z.infer<typeof claimFacts>;

/** What was decided before, in fen: the basis of an adjudication. */
export const standing = z.strictObject({
  /** Accepted and approved on this line for this person in the policy period, over all decided claims. */
  accepted: z.int().min(0),
  approved: z.int().min(0),
  /** Approved for the whole household in the policy period, all lines. */
  household: z.int().min(0),
  /** What the policy's limit still leaves. */
  limitLeft: z.int().min(0),
});
export type Standing = z.infer<typeof standing>;

export const arithmeticStep = z.object({
  step: z.enum([
    'bill',
    'accepted',
    'accumulated',
    'deductible',
    'tier',
    'rounded',
    'person-cap',
    'approved-before',
    'claimed-cap',
    'lump-sum',
    'graded',
    'staged',
    'housing',
    'assets',
    'event-cap',
    'household-cap',
    'limit',
  ]),
  /** Fen after this step. Of a tier: its part in hundredths of a fen, before the one rounding. */
  amount: z.int(),
  /** The numbers it was made from. */
  terms: z.record(z.string(), z.union([z.int(), z.string(), z.null()])),
});
export type ArithmeticStep = z.infer<typeof arithmeticStep>;

export const adjudicationOutcome = z.enum(['payable', 'below-deductible', 'limit-exhausted', 'event-not-covered']);

/** The result of adjudicating a line, with every step of the arithmetic. */
export const adjudication = z.object({
  outcome: adjudicationOutcome,
  /** Fen to be approved. */
  amount: sumOfFen,
  /** The part of this claim that counts, fen: the compliant cost, the sum insured, the loss. `amount` is never above it. */
  accepted: sumOfFen,
  steps: z.array(arithmeticStep),
});
export type Adjudication = z.infer<typeof adjudication>;
