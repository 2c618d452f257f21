import * as z from 'zod';
import { check, cursor, limit, regionPageQuery, rowProblem } from '../http.ts';
import { regionCode } from '../regions.ts';
import { qualityRule } from '../reports/quality-rule.ts';
import { role } from '../roles.ts';
import { origin, triageClass } from '../screening/triage.ts';
import { householdId, householdNumber, instant, isoDate, personId } from '../values.ts';
import { cancelReason, disabilityCertificate, householdChange, relation } from './household.ts';

export const MOST_IMPORT_ROWS = 500;

/** Rows are parsed one by one, so that a wrong row does not hold up the others; this is only the envelope. */
export const importRequest = z.strictObject({ rows: z.array(z.unknown()).min(1), check });
export const importResponse = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['registered', 'unchanged', 'refused']),
      household: householdId.optional(),
      /** Open findings of this row: each rule once; for a refused row, those that remain stored. */
      findings: z.array(qualityRule).optional(),
      problem: rowProblem.optional(),
    }),
  ),
  registered: z.int(),
  unchanged: z.int(),
  refused: z.int(),
});

/** A household as it is shown: numbers masked, ciphertexts left out, age instead of a birth date (which would complete the mask). */
export const householdView = z.object({
  id: householdId,
  origin,
  status: z.enum(['registered', 'cancelled']),
  version: z.int(),
  registeredOn: isoDate,
  address: z.string().optional(),
  phone: z.string().optional(),
  members: z.array(
    z.object({
      person: personId,
      name: z.string(),
      relation,
      sex: z.enum(['male', 'female']),
      age: z.int(),
      idNumber: z.string(),
      disabilityCertificate: disabilityCertificate.optional(),
    }),
  ),
  predecessor: householdId.optional(),
  successor: householdId.optional(),
  cancelledOn: isoDate.optional(),
  cancelReason: z.union([cancelReason, z.literal('moved-within-district')]).optional(),
  openCase: z.boolean(),
});
export type HouseholdView = z.infer<typeof householdView>;

/** `class` is the one of the newest sealed round. A page may hold fewer than `limit` and still have a `next`. */
export const householdListQuery = regionPageQuery.extend({
  class: triageClass.optional(),
  origin: origin.optional(),
  status: z.enum(['registered', 'cancelled']).optional(),
});
/** In a body, because names and ID numbers stand in no address: by the number in a village's register, by part of a member's name (a single character: the beginning), or by ID number. */
export const searchRequest = z.union([
  z.strictObject({ region: regionCode, number: householdNumber }),
  z.strictObject({ region: regionCode, name: z.string().trim().min(1).max(40) }),
  z.strictObject({ region: regionCode, idNumber: z.string().min(1).max(40) }),
]);
export const MOST_FOUND = 100;
/** The first hundred by id; `more` when others were found. */
export const searchResponse = z.object({ items: z.array(householdView), more: z.boolean() });
export const householdPage = z.object({ items: z.array(householdView), next: z.string().optional() });
export const householdQuery = z.strictObject({ asOf: isoDate.optional(), knownAt: instant.optional() });

export const changeRequest = z.strictObject({ version: z.int().min(1), change: householdChange });
export const changeResponse = z.object({ household: householdView, related: householdView.optional() });

export const revealRequest = z.strictObject({
  field: z.enum(['idNumber', 'phone']),
  person: personId.optional(),
  reason: z.string().trim().min(4).max(200),
});
export const revealResponse = z.object({ field: z.string(), value: z.string() });

export const revealsQuery = z.strictObject({ region: regionCode, limit, cursor: cursor.optional() });
/** Who looked at which full number, when and why; never the number. */
export const revealsPage = z.object({
  items: z.array(
    z.object({
      /** A household, an unmatched clue or a payout batch. */
      subject: z.string(),
      at: instant,
      by: z.string(),
      field: z.string(),
      person: personId.optional(),
      reason: z.string(),
    }),
  ),
  total: z.int(),
  next: z.string().optional(),
});

/** Who is signed in, as the API understands the token. */
export const meAnswer = z.object({ sub: z.string(), role, region: regionCode, regionName: z.string(), now: instant });
