import * as z from 'zod';
import { householdId, instant, isoDate, personId } from '../values.ts';
import { productId } from './product.ts';

export const policyId = z.string().regex(/^policy-[0-9a-f]{12}$/);

/** A district's premium and limit go beyond a household's money: up to ten billion yuan, fen. */
export const largeFen = z.int().min(0).max(1_000_000_000_000);

/** No policy is older: nobody is enrolled for an earlier day either, whatever a renewed policy takes over. */
export const FIRST_YEAR = 2020;

/** A group policy for everybody on its roster. Its period includes both days. */
export const policyTerms = z
  .strictObject({
    number: z
      .string()
      .trim()
      .regex(/^[0-9A-Z-]{4,40}$/),
    year: z.int().min(FIRST_YEAR).max(2100),
    insurer: z.string().trim().min(1).max(60),
    from: isoDate,
    to: isoDate,
    premium: largeFen,
    /** The aggregate limit: reserved and paid together never exceed it. */
    limit: largeFen.min(1),
    product: productId,
  })
  .refine(({ from, to }) => from <= to, { message: '止期不能早于起期', path: ['to'] });
export type PolicyTerms = z.infer<typeof policyTerms>;

export interface Policy extends PolicyTerms {
  id: string;
  createdBy: string;
  createdAt: string;
  /** Fen promised by approvals that are not paid yet, and fen that has arrived. */
  reserved: number;
  paid: number;
}

/** One line of the insurer's roster: a certificate, from a day to a day, both covered. */
export const cover = z.strictObject({
  certificate: z.string(),
  enrolledOn: isoDate,
  /** The last covered day when somebody was taken off before the policy ended. */
  removedOn: isoDate.optional(),
  /** When the roster with it was taken in. */
  recordedAt: instant,
  /** When its end was, where that came in later; absent in rosters taken in before it was kept. */
  removalRecordedAt: instant.optional(),
});
export type Cover = z.infer<typeof cover>;

/** An insured person as the roster knows them. More than one cover at once is being insured twice, and is listed. */
export const insured = z.strictObject({
  person: personId,
  name: z.string(),
  idMasked: z.string(),
  /** Where they were registered when they were enrolled; null for somebody who is not on the register. */
  household: householdId.nullable(),
  covers: z.array(cover).min(1),
});
export type Insured = z.infer<typeof insured>;

/** A row of a roster. Sent again with `removedOn`, the same certificate ends. */
export const rosterRow = z.strictObject({
  name: z.string().trim().min(1).max(40),
  idNumber: z.string().min(1).max(40),
  certificate: z
    .string()
    .trim()
    .regex(/^[0-9A-Z-]{1,40}$/),
  enrolledOn: isoDate,
  removedOn: isoDate.optional(),
});
export type RosterRow = z.infer<typeof rosterRow>;
