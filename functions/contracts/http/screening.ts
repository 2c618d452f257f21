import * as z from 'zod';
import { criteria, criteriaTerms } from '../criteria.ts';
import { divisions, regionCode, villageCode } from '../regions.ts';
import { givenReason, totals } from '../round.ts';
import { caseType, origin, signal, triageClass } from '../triage.ts';
import { householdId, isoDate, roundId } from '../values.ts';
import { dryRunVisit } from '../visit.ts';
import { rowProblem } from './common.ts';
import { householdView } from './households.ts';

export const divisionsRequest = divisions;
export const divisionsResponse = divisions;

export const criteriaList = z.object({ items: z.array(criteria) });
export { criteria, criteriaTerms };
export const criteriaParams = z.strictObject({ id: criteria.shape.id });

/** A signal as it is shown: with its severity and the sentence made from it. */
export const explainedSignal = signal.extend({ severity: z.enum(['risk', 'attention']), message: z.string() });
export const explainedTriage = z.object({
  class: triageClass,
  caseType: caseType.nullable(),
  perCapita: z.int(),
  signals: z.array(explainedSignal),
});

export const triageRequest = z.strictObject({
  region: regionCode,
  items: z
    .array(
      z.strictObject({
        visit: dryRunVisit,
        household: z.strictObject({ origin, previousPerCapita: z.int().optional(), openCase: z.boolean() }),
      }),
    )
    .min(1)
    .max(100),
});
export const triageResponse = z.object({ items: z.array(explainedTriage), criteria: z.string(), rules: z.string() });

export const openRoundRequest = z.strictObject({ round: roundId.optional() });
export const roundView = z.object({
  id: roundId,
  status: z.enum(['opening', 'collecting', 'sealed']),
  openedAt: z.string(),
  openedBy: z.string(),
  due: isoDate,
  hardDeadline: isoDate,
  criteria: z.string(),
  illustrative: z.boolean().optional(),
  previous: roundId.optional(),
  expectedHouseholds: z.int().optional(),
  expectedPeople: z.int().optional(),
  sealedAt: z.string().optional(),
});
const namedTotals = z.object({ region: z.string(), name: z.string(), totals });
export const roundDetail = roundView.extend({ region: z.string(), totals: totals.optional(), parts: z.array(namedTotals).optional() });
export const roundList = z.object({ items: z.array(roundView) });

const progressCounts = {
  villages: z.int(),
  expected: z.int(),
  visited: z.int(),
  missed: z.int(),
  open: z.int(),
};
export const progressResponse = z.object({
  round: roundId,
  status: z.enum(['opening', 'collecting', 'sealed']),
  region: z.string(),
  name: z.string(),
  ...progressCounts,
  parts: z.array(
    z.object({
      region: z.string(),
      name: z.string(),
      ...progressCounts,
      status: z.enum(['collecting', 'sealing', 'sealed']),
      reminders: z.array(isoDate),
    }),
  ),
});

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
  items: z.array(z.object({ household: householdId, outcome: z.enum(['recorded', 'refused']), problem: rowProblem.optional() })),
});

export const sealResponse = z.object({ round: roundId, status: z.string() });

export const sheetResponse = z.object({
  round: roundId,
  village: villageCode,
  criteria: z.string(),
  rules: z.string(),
  totals,
  rows: z.array(
    z.object({
      household: householdId,
      visit: z.string().nullable(),
      missed: z.string().nullable(),
      people: z.int(),
      class: triageClass.nullable(),
      caseType: caseType.nullable(),
      perCapita: z.int().nullable(),
      perCapitaRound: roundId.nullable(),
      previousPerCapita: z.int().nullable(),
      ownPayouts: z.int(),
      openCase: z.boolean(),
      disagreement: z.boolean(),
      sample: triageClass.nullable(),
      signals: z.array(explainedSignal),
    }),
  ),
});
