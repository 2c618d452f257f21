import * as z from 'zod';
import { rowProblem } from '../http.ts';
import { villageCode } from '../regions.ts';
import { householdView } from '../registry/households-http.ts';
import { householdId, roundId } from '../values.ts';
import { givenReason } from './round.ts';
import { triageClass } from './triage.ts';
import { explainedTriage } from './triage-http.ts';

export const worklistQuery = z.strictObject({
  village: villageCode,
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional(),
});

export const worklistResponse = z.object({
  round: roundId,
  village: villageCode,
  status: z.enum(['opening', 'collecting', 'sealing', 'sealed']),
  items: z.array(
    z.object({
      household: householdView,
      state: z.enum(['open', 'visited', 'missed']),
      missed: z.string().nullable(),
      previousPerCapita: z.int().nullable(),
      previousClass: triageClass.nullable(),
    }),
  ),
  next: z.string().optional(),
});

export const MOST_VISITS = 100;

/** Visits of one village. Each is parsed strictly; more than a hundred are refused whole. */
export const visitsRequest = z.strictObject({ village: villageCode, visits: z.array(z.unknown()).min(1) });

export const visitsResponse = z.object({
  round: roundId,
  village: villageCode,
  items: z.array(
    z.object({
      row: z.int(),
      household: z.string().optional(),
      outcome: z.enum(['accepted', 'duplicate', 'refused']),
      visit: z.string().optional(),
      triage: explainedTriage.optional(),
      problem: rowProblem.optional(),
    }),
  ),
  accepted: z.int(),
  duplicate: z.int(),
  refused: z.int(),
  criteria: z.string(),
  rules: z.string(),
});

export const missedRequest = z.strictObject({
  village: villageCode,
  items: z
    .array(z.strictObject({ household: householdId, reason: givenReason }))
    .min(1)
    .max(100),
});

export const missedResponse = z.object({
  items: z.array(
    z.object({ household: householdId, outcome: z.enum(['recorded', 'refused']), problem: rowProblem.optional() }),
  ),
});
