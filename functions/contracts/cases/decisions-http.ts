import * as z from 'zod';
import { decisionId, decisionProcedure } from '../decision.ts';
import { cursor, limit, rowProblem } from '../http.ts';
import { claimStage } from '../insurance/claim.ts';
import { lineId } from '../insurance/product.ts';
import { regionCode } from '../regions.ts';
import { householdView } from '../registry/households-http.ts';
import { role } from '../roles.ts';
import { caseType, origin, triageClass } from '../screening/triage.ts';
import { explainedSignal } from '../screening/triage-http.ts';
import { due, householdId, instant, isoDate, roundId } from '../values.ts';
import { caseStage, clueSources, riskCode, stepId, verdict, votes } from './case.ts';
import { gateResult } from './closure.ts';

/** One request decides at most so many. */
export const MOST_DECISIONS = 50;

export const inboxQuery = z.strictObject({
  region: regionCode,
  /** Whose inbox; an official's own without it. */
  role: role.optional(),
  procedure: decisionProcedure.optional(),
  overdue: z.enum(['true', 'false']).optional(),
  limit,
  cursor: cursor.optional(),
});

export const decisionView = z.object({
  id: decisionId,
  procedure: decisionProcedure,
  subject: z.string(),
  household: householdId,
  step: z.string(),
  stepName: z.string(),
  roles: z.array(role),
  enteredAt: instant,
  ...due,
  overdue: z.boolean(),
  /** Days it was reminded of. */
  reminded: z.array(isoDate),
  escalatedAt: instant.nullable(),
});
export type DecisionView = z.infer<typeof decisionView>;

/** The counts cover everything that matches, over all pages, and come with the first. */
export const inboxPage = z.object({
  items: z.array(decisionView),
  total: z.int().optional(),
  overdue: z.int().optional(),
  next: z.string().optional(),
});

/** One decision with the facts it is decided by, and the names that go with them. */
export const decisionDetail = decisionView.extend({
  /** Null while it is pending. */
  answer: z.object({ verdict: z.string(), by: z.string(), at: instant }).nullable(),
  names: z.object({ town: z.string(), village: z.string(), head: z.string().nullable() }),
  household: householdId,
  people: z.int().nullable(),
  origin: origin.nullable(),
  /** The household as it is registered; null for insurers and the bank. */
  registered: householdView.nullable(),
  case: z
    .object({
      stage: caseStage,
      episode: z.int(),
      caseType: caseType.nullable(),
      risks: z.array(riskCode),
      startedAt: instant,
      clues: z.array(z.enum(clueSources)),
      /** Every step that was decided in this review, those before a send-back too; a reason whose person was erased is gone. */
      earlier: z.array(
        z.object({
          step: stepId,
          verdict: z.enum(['approve', 'send-back', 'reject']),
          by: z.string(),
          at: instant,
          reason: z.string().optional(),
          votes: votes.optional(),
        }),
      ),
      /** What was said against its notice. */
      objections: z.array(z.object({ text: z.string(), answer: z.string().nullable() })),
      /** Of a closure: what its gates say now. */
      gates: z.array(gateResult.extend({ sentence: z.string() })),
    })
    .nullable(),
  claim: z.object({ line: lineId, stage: claimStage, eventOn: isoDate, claimed: z.int() }).nullable(),
  /** Its newest sealed row. */
  newest: z
    .object({
      round: roundId,
      class: triageClass.nullable(),
      perCapita: z.int().nullable(),
      signals: z.array(explainedSignal),
    })
    .nullable(),
});

/** What has come to the caller since they last looked: steps that were entered, escalated to them, or became overdue. */
export const notificationsQuery = z.strictObject({
  region: regionCode,
  since: instant,
  limit,
});
export const notificationsAnswer = z.object({
  items: z.array(decisionView.extend({ what: z.enum(['entered', 'escalated', 'overdue']), happenedAt: instant })),
  total: z.int(),
  /** To be asked from the next time. */
  asOf: instant,
});

export const decisionParams = z.strictObject({ id: decisionId });
export const decideRequest = z.strictObject({ verdict });
export const decideManyRequest = z.strictObject({
  items: z
    .array(z.strictObject({ id: decisionId, verdict }))
    .min(1)
    .max(MOST_DECISIONS),
});

const outcome = z.enum(['decided', 'unchanged']);
/** `unchanged`: the same answer was given before, by `by`. */
export const decideResponse = z.object({
  id: decisionId,
  outcome,
  subject: z.string(),
  step: z.string(),
  by: z.string(),
  at: instant,
});
export const decideManyResponse = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      id: decisionId,
      outcome: z.enum(['decided', 'unchanged', 'refused']),
      by: z.string().optional(),
      problem: rowProblem.optional(),
    }),
  ),
});
