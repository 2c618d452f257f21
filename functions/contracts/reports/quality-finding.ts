import * as z from 'zod';
import { caseId } from '../cases/case.ts';
import { policyId } from '../insurance/policy.ts';
import { householdId, instant, personId, roundId } from '../values.ts';
import type { QualityRule } from './quality-rule.ts';

/** `open` until the data are corrected (`corrected`, by the next run) or an official says why they are right (`explained`). */
export const findingState = z.enum(['open', 'explained', 'corrected']);
export type FindingState = z.infer<typeof findingState>;

/** Begins with the code of the village it lies in, or of the district for what belongs to no village. */
export const findingId = z.string().regex(/^(\d{6}|\d{12})-[0-9a-f]{16}$/);

/** The kind of run that found it. */
export const findingTrigger = z.enum(['import', 'sealing', 'demand']);
export type FindingTrigger = z.infer<typeof findingTrigger>;

/** What a finding is about: ids and places only, never a name or number. */
export const findingSubject = z.strictObject({
  household: householdId.optional(),
  person: personId.optional(),
  /** Place of a member in a refused row of an import, 0 for the first. The household need not be registered. */
  member: z.int().min(0).optional(),
  case: caseId.optional(),
  episode: z.int().min(1).optional(),
  round: roundId.optional(),
  policy: policyId.optional(),
  /** A refused row of a roster: the keyed hash of its certificate, which may hold digits of an ID number. */
  entry: z.string().optional(),
});
export type FindingSubject = z.infer<typeof findingSubject>;

/** What the rule observed, by name: fen, days, codes, counts. The sentence is made from it when read. */
export const qualityObserved = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type QualityObserved = z.infer<typeof qualityObserved>;

/** How a finding ended. A correction names nobody, since a run noticed it. */
export const findingResolution = z.object({
  how: z.enum(['explained', 'corrected']),
  at: instant,
  by: z.string().optional(),
  reason: z.string().optional(),
});
export type FindingResolution = z.infer<typeof findingResolution>;

/** A finding as it is stored. Its id is the hash of rule, subject and what was observed: the same observation is the same finding. */
export interface Finding {
  id: string;
  /** The village, or the district. */
  region: string;
  rule: QualityRule;
  subject: FindingSubject;
  observed: QualityObserved;
  foundAt: string;
  foundBy: FindingTrigger;
  state: FindingState;
  /** When the same was seen again after it had been corrected. */
  reopenedAt?: string;
  resolved: FindingResolution | null;
}
