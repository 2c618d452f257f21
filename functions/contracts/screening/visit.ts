import * as z from 'zod';
import { fen, householdId, instant, isoDate, MOST_MEMBERS, personId, roundId } from '../values.ts';

const memberState = {
  labour: z.enum(['full', 'weak', 'none']),
  health: z.enum(['healthy', 'chronic-illness', 'serious-illness']),
  disabilityGrade: z.int().min(1).max(4).optional(),
  inSchool: z.boolean(),
};

/** true = safe (两不愁三保障及饮水安全). */
export const guarantees = z.strictObject({
  food: z.boolean(),
  clothing: z.boolean(),
  compulsoryEducation: z.boolean(),
  basicMedicalInsurance: z.boolean(),
  housing: z.boolean(),
  drinkingWater: z.boolean(),
});

const findings = {
  household: householdId,
  round: roundId,
  /** The day the household was seen. */
  visitedOn: isoDate,
  /** When the form was finished, on the phone's clock. */
  recordedAt: instant,
  visitor: z.string().trim().min(1).max(64),
  purpose: z.enum(['screening', 'sample']),
  /** Of the whole household in the last 12 months, fen. */
  income: z.strictObject({ wages: fen, business: fen, property: fen, transfer: fen, businessCosts: fen }),
  insurancePayouts: fen,
  selfPaid: z.strictObject({ medical: fen, education: fen, other: fen }),
  guarantees,
  shocks: z
    .array(z.enum(['disaster', 'accident', 'industry-failure', 'job-loss']))
    .max(4)
    .refine((shocks) => new Set(shocks).size === shocks.length, '同一种变故只填一次'),
  note: z.string().max(500).optional(),
};

/** A visit as a village submits it (the names of its fields are the ones its id is made of). `insurancePayouts` is what *other* insurers paid. */
export const visit = z.strictObject({
  ...findings,
  members: z
    .array(z.strictObject({ person: personId, ...memberState }))
    .min(1)
    .max(MOST_MEMBERS),
});
export type Visit = z.infer<typeof visit>;

/** A visit in a dry run: nobody is named, and `insurancePayouts` is already the total. */
export const dryRunVisit = z.strictObject({
  ...findings,
  members: z.array(z.strictObject(memberState)).min(1).max(MOST_MEMBERS),
});

/** The part of a visit that the rules read, stored or in a dry run. */
export type Findings = z.infer<typeof dryRunVisit>;
