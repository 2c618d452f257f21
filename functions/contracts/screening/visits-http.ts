import * as z from 'zod';
import { check, rowProblem } from '../http.ts';
import { villageCode } from '../regions.ts';
import { payout } from '../registry/household.ts';
import { householdView } from '../registry/households-http.ts';
import { householdId, instant, isoDate, roundId } from '../values.ts';
import { criteria } from './criteria.ts';
import { givenReason } from './round.ts';
import { triageClass } from './triage.ts';
import { explainedTriage } from './triage-http.ts';
import { visit } from './visit.ts';

export const worklistQuery = z.strictObject({
  village: villageCode,
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,400}$/)
    .optional(),
  /** `form`: with everything a phone needs to fill in forms and to judge them without a signal. */
  with: z.literal('form').optional(),
});

const knownVisit = z.object({ id: z.string(), visit });
/** What a phone judges a household by, and begins its form with. */
const householdForm = z.object({
  /** What this system's own claims paid: those of the twelve months before the visit count as income. */
  ownPayouts: z.array(payout),
  /** The newest screening visit of the round before, whose answers the next form begins with. */
  lastVisit: knownVisit.nullable(),
  /** Accepted in this round, the newest last. */
  visits: z.array(knownVisit),
});
/** What a phone judges every household of the round by. */
const roundForm = z.object({
  criteria,
  due: isoDate,
  hardDeadline: isoDate,
  lastSealedAt: instant.nullable(),
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
      form: householdForm.optional(),
    }),
  ),
  form: roundForm.optional(),
  next: z.string().optional(),
});

export const MOST_VISITS = 100;

/** Visits of one village. Each is parsed strictly; more than a hundred are refused whole. */
export const visitsRequest = z.strictObject({ village: villageCode, visits: z.array(z.unknown()).min(1), check });

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
