import * as z from 'zod';
import { measure, measureChange, newMeasure } from '../assistance/measure.ts';
import { cursor, limit } from '../http.ts';
import { regionCode } from '../regions.ts';
import { caseType } from '../screening/triage.ts';
import { householdId, instant, isoDate } from '../values.ts';
import {
  ageBand,
  caseId,
  caseStage,
  closureMethod,
  clueId,
  episode,
  measureId,
  official,
  reason,
  riskCode,
} from './case.ts';
import { gateResult } from './closure.ts';

export const caseListQuery = z.strictObject({
  region: regionCode,
  stage: caseStage.optional(),
  type: caseType.optional(),
  risk: riskCode.optional(),
  /** Cases whose running review, or its current step, is overdue. */
  overdue: z.enum(['true', 'false']).optional(),
  /** How long monitored, of cases that are open. */
  age: ageBand.optional(),
  household: householdId.optional(),
  limit,
  cursor: cursor.optional(),
});

const count = z.object({ households: z.int(), people: z.int() });
const review = z.object({
  procedure: z.enum(['admission', 'closure']),
  step: z.string(),
  stepName: z.string(),
  stepDueAt: instant.nullable(),
  totalDueAt: instant.nullable(),
  /** A due time is null because the days off of the year it runs into are not published. */
  clock: z.literal('awaiting-calendar').optional(),
  /** Orange when the whole procedure takes longer than its days. */
  mark: z.enum(['none', 'orange']),
  overdue: z.boolean(),
});
export const caseLine = z.object({
  id: caseId,
  household: householdId,
  stage: caseStage,
  stageName: z.string(),
  episode: z.int(),
  people: z.int(),
  caseType: caseType.nullable(),
  risks: z.array(riskCode),
  startedAt: instant,
  admittedOn: isoDate.nullable(),
  closed: z.object({ on: isoDate, method: closureMethod }).nullable(),
  review: review.nullable(),
  helper: z.string().nullable(),
});
export type CaseLine = z.infer<typeof caseLine>;
/** Counts cover everything that matches the query in the caller's region, over all pages. */
export const casePage = z.object({
  items: z.array(caseLine),
  /** Of the whole list; told with its first page. */
  counts: z.object({ total: count, byStage: z.record(caseStage, count), byAge: z.record(ageBand, count) }).optional(),
  next: z.string().optional(),
});

export const caseParams = z.strictObject({ id: caseId });
export const measureParams = z.strictObject({ id: caseId, measure: measureId });
/** What is missing among the measures; `risk` and `due` are what its sentence is made of. */
const warning = z.object({
  code: z.enum(['RISK_WITHOUT_MEASURE', 'NO_DEVELOPMENT_MEASURE', 'NO_SAFEGUARD_REFERRAL', 'MEASURES_OVERDUE']),
  risk: riskCode.optional(),
  due: isoDate.optional(),
  message: z.string(),
});
const timelineEvent = z.object({
  sequence: z.int(),
  at: instant,
  kind: z.string(),
  body: z.unknown(),
  hash: z.string(),
});
export const caseView = z.object({
  ...caseLine.shape,
  episodes: z.array(episode),
  /** Declarations that came while an episode ran. */
  joinedDeclarations: z.array(z.object({ episode: z.int(), id: clueId, at: instant })),
  measures: z.array(measure.extend({ episode: z.int() })),
  warnings: z.array(warning),
  suggestions: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      nature: z.string(),
      risks: z.array(riskCode),
      referral: z.boolean(),
    }),
  ),
  timeline: z.array(timelineEvent),
  version: z.int(),
});

/** A repeated request with the same `key` plans the measure once. */
export const planRequest = newMeasure.extend({ key: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/) });
export const measureRequest = z.union([
  z.strictObject({ change: measureChange }),
  z.strictObject({
    referral: z.discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('granted'), on: isoDate }),
      z.strictObject({ outcome: z.literal('refused'), on: isoDate, reason }),
    ]),
  }),
]);
export const measureResponse = z.object({ measure: measure.extend({ episode: z.int() }), warnings: z.array(warning) });

export const riskRequest = z.union([
  z.strictObject({ add: riskCode, reason }),
  z.strictObject({ gone: riskCode, on: isoDate, reason }),
]);
export const riskResponse = z.object({ risks: episode.shape.risks });

export const helperRequest = z.strictObject({ helper: official, reason });
export const helperResponse = z.object({ helper: official.extend({ since: isoDate }) });

export const closureRequest = z.strictObject({ method: closureMethod });
export const closureResponse = z.object({ case: caseId, stage: caseStage, startedAt: instant });
export const checkQuery = z.strictObject({ method: closureMethod.default('assisted') });
export const checkResponse = z.object({
  case: caseId,
  method: closureMethod,
  holds: z.boolean(),
  gates: z.array(gateResult.extend({ sentence: z.string() })),
});

export const watchQuery = z.strictObject({
  region: regionCode,
  overdue: z.enum(['true', 'false']).optional(),
  limit,
  cursor: cursor.optional(),
});
export const watchLine = z.object({
  household: householdId,
  groups: z.array(z.enum(['open-case', 'serious-illness', 'chronic-burden', 'severe-disability'])),
  intervalDays: z.int(),
  lastSeenOn: isoDate.nullable(),
  dueOn: isoDate,
  overdue: z.boolean(),
});
export type WatchLine = z.infer<typeof watchLine>;
/** The counts cover everything, over all pages, and come with the first. */
export const watchPage = z.object({
  items: z.array(watchLine),
  total: z.int().optional(),
  overdue: z.int().optional(),
  next: z.string().optional(),
});
export const householdParams = z.strictObject({ id: householdId });
/** A call at a watched household between two rounds: it is no screening visit and changes no result. */
export const callRequest = z.strictObject({ on: isoDate, note: z.string().trim().max(500).optional() });
export const callResponse = z.object({ household: householdId, on: isoDate });
