import * as z from 'zod';
import { reason } from '../cases/case.ts';
import { cursor, limit } from '../http.ts';
import { regionCode, villageCode } from '../regions.ts';
import { triageClass } from '../screening/triage.ts';
import { householdId, instant, roundId } from '../values.ts';
import {
  findingId,
  findingResolution,
  findingState,
  findingSubject,
  findingTrigger,
  qualityObserved,
} from './quality-finding.ts';
import { qualityRule, qualitySeverity } from './quality-rule.ts';

export const qualityQuery = z.strictObject({
  region: regionCode,
  village: villageCode.optional(),
  rule: qualityRule.optional(),
  severity: qualitySeverity.optional(),
  /** Open findings, unless another state is asked for. */
  state: z.enum([...findingState.options, 'all']).default('open'),
  limit,
  cursor: cursor.optional(),
});

const finding = z.object({
  id: findingId,
  region: regionCode,
  rule: qualityRule,
  name: z.string(),
  severity: qualitySeverity,
  /** The observation in a sentence, and the purpose of the rule. */
  message: z.string(),
  explanation: z.string(),
  subject: findingSubject,
  observed: qualityObserved,
  state: findingState,
  foundAt: instant,
  foundBy: findingTrigger,
  reopenedAt: instant.optional(),
  resolved: findingResolution.nullable(),
});

/** Counts cover everything that matches the filters in the region, over all pages, and come with the first. */
export const qualityPage = z.object({
  region: regionCode,
  total: z.int().optional(),
  bySeverity: z.object({ serious: z.int(), attention: z.int() }).optional(),
  byRule: z.array(z.object({ rule: qualityRule, name: z.string(), count: z.int() })).optional(),
  byVillage: z.array(z.object({ region: regionCode, name: z.string(), count: z.int() })).optional(),
  items: z.array(finding),
  next: z.string().optional(),
});

/** Villages a request runs over at most; `next` of the answer, sent as `after`, goes on behind them. */
export const MOST_VILLAGES_A_RUN = 120;
export const checkRequest = z.strictObject({ region: regionCode, after: villageCode.optional() });
export const checkResponse = z.object({
  region: regionCode,
  villages: z.int(),
  found: z.int(),
  corrected: z.int(),
  /** Open after the run, in the villages it went over. */
  open: z.int(),
  next: villageCode.optional(),
});

export const findingParams = z.strictObject({ id: findingId });
export const resolutionRequest = z.strictObject({ reason });
export const resolutionResponse = finding;

export const sampleQuery = z.strictObject({
  region: regionCode,
  /** `true`: only those the surveyor has still to visit. */
  open: z.enum(['true', 'false']).optional(),
  limit,
  cursor: cursor.optional(),
});

const agreement = {
  /** Drawn households, and those of them a surveyor has visited. */
  drawn: z.int(),
  visited: z.int(),
  /** Of the visited those that have a sealed class, and those whose class is the surveyor's too; both 0 before the sealing. */
  compared: z.int(),
  agreeing: z.int(),
  /** Whole percent of the compared, rounded down; null while none is. */
  agreementPercent: z.int().nullable(),
};
const samplePart = z.object({ region: regionCode, name: z.string(), ...agreement, marked: z.boolean() });

export const sampleResponse = z.object({
  round: roundId,
  status: z.enum(['opening', 'collecting', 'sealed']),
  region: regionCode,
  samplePermille: z.int(),
  sampleDisagreementPercent: z.int(),
  ...agreement,
  towns: z.array(samplePart),
  villages: z.array(samplePart),
  items: z.array(
    z.object({
      household: householdId,
      /** `cancelled`: off the register since the roster was frozen, so that nobody need come. */
      state: z.enum(['open', 'visited', 'cancelled']),
      sealed: triageClass.nullable(),
      sample: triageClass.nullable(),
      agrees: z.boolean().nullable(),
    }),
  ),
  next: z.string().optional(),
});
