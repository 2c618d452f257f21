import * as z from 'zod';
import { decisionId, decisionProcedure } from '../decision.ts';
import { cursor, limit, rowProblem } from '../http.ts';
import { regionCode } from '../regions.ts';
import { role } from '../roles.ts';
import { due, householdId, instant, isoDate } from '../values.ts';
import { verdict } from './case.ts';

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

export const inboxPage = z.object({
  items: z.array(decisionView),
  total: z.int(),
  overdue: z.int(),
  next: z.string().optional(),
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
