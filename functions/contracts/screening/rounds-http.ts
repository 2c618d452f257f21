import * as z from 'zod';
import { cursor, limit } from '../http.ts';
import { regionCode, villageCode } from '../regions.ts';
import { householdId, isoDate, roundId } from '../values.ts';
import { totals } from './round.ts';
import { caseType, signalIds, triageClass } from './triage.ts';
import { explainedSignal } from './triage-http.ts';

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

export const roundDetail = roundView.extend({
  region: z.string(),
  totals: totals.optional(),
  parts: z.array(namedTotals).optional(),
});

export const roundList = z.object({ items: z.array(roundView) });

const progressCounts = {
  villages: z.int(),
  expected: z.int(),
  visited: z.int(),
  missed: z.int(),
  open: z.int(),
};

/** `village`: the parts are villages however wide the region is, so that one call tells the whole district. */
export const progressQuery = z.strictObject({ region: regionCode, level: z.enum(['next', 'village']).default('next') });
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

export const sealResponse = z.object({ round: roundId, status: z.string() });

const sheetRow = z.object({
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
  labour: z.boolean().nullable(),
  seenOn: isoDate.nullable(),
  signals: z.array(explainedSignal),
});

export const sheetResponse = z.object({
  round: roundId,
  village: villageCode,
  criteria: z.string(),
  rules: z.string(),
  totals,
  rows: z.array(sheetRow),
});

/** Rows of the sealed sheets of a region: what stands behind any of its totals. */
export const roundHouseholdsQuery = z.strictObject({
  region: regionCode,
  class: triageClass.optional(),
  /** `any` reason, or one of them. */
  missed: z.string().max(40).optional(),
  signal: z.enum(signalIds).optional(),
  limit,
  cursor: cursor.optional(),
});
export const roundHouseholdsPage = z.object({ items: z.array(sheetRow), next: z.string().optional() });

/** 督办: villages to be reminded by hand, beside what the workflow does by itself after the due date. */
export const remindRequest = z.strictObject({ villages: z.array(villageCode).min(1).max(500) });
/** A village where nothing is open needs no reminder; one a day is enough. */
export const remindResponse = z.object({
  items: z.array(z.object({ village: villageCode, outcome: z.enum(['reminded', 'unchanged', 'covered']) })),
});
