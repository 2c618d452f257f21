import * as z from 'zod';
import { fen, isoDate } from '../values.ts';

/** ISO 20022 allows 35 characters; ours says which claim and which attempt, and nothing of a person. */
export const endToEndId = z.string().regex(/^[0-9a-z]{16}-\d{2}$/);
export const batchId = z.string().regex(/^batch-[0-9a-f]{16}$/);

/** What a bank says of a payment: taken in, arrived, or sent back. */
export const payoutStatus = z.enum(['accepted', 'settled', 'returned']);
export type PayoutStatus = z.infer<typeof payoutStatus>;

/** An ISO 20022 external reason, kept as it is: the list grows. What a bank says in words of its own is `NARR`. */
export const returnReason = z.string().regex(/^[0-9A-Za-z]{1,4}$/);

/** Whatever else a row holds, the payment it names. */
export const namedPayout = z.looseObject({ endToEndId: z.string().max(35) });

/** A confirmation of one payment. `amount` must be the instructed one. */
export const confirmation = z
  .strictObject({
    endToEndId: z.string().trim().min(1).max(35),
    status: payoutStatus,
    amount: fen.min(1),
    /** The day the bank booked it. */
    on: isoDate,
    reason: returnReason.optional(),
  })
  .refine(({ status, reason }) => status === 'returned' || reason === undefined, {
    message: '原因代码只在退汇时填写',
    path: ['reason'],
  });
export type Confirmation = z.infer<typeof confirmation>;

/** One instruction to pay, under its own end-to-end id. What the bank said of it is kept in the order it came. */
export interface Payout {
  endToEndId: string;
  claim: string;
  policy: string;
  household: string;
  batch: string;
  amount: number;
  status: 'instructed' | PayoutStatus;
  instructedAt: string;
  settledOn: string | null;
  returned: { on: string; reason: string; afterSettlement: boolean } | null;
  /** A confirmation that contradicts what is recorded, for a person to resolve. */
  disputed: { status: PayoutStatus; on: string; at: string } | null;
  resolved: { by: string; at: string; reason: string } | null;
  /** Who is paid; absent where an earlier release instructed it. */
  person?: string;
  payeeName: string;
  bank: string;
  accountCipher: string;
  accountMasked: string;
}

/** Payments instructed together, with what the sender counted. */
export interface PayoutBatch {
  id: string;
  policy: string;
  createdBy: string;
  createdAt: string;
  executionOn: string;
  count: number;
  sum: number;
  endToEndIds: string[];
  /** `preparing` until every claim of it has been instructed. */
  state: 'preparing' | 'instructed';
  /** What the sender asked for, to know the same request again. */
  request: { claims: string[]; executionOn: string };
}
