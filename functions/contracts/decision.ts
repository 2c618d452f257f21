import * as z from 'zod';
import type { Role } from './roles.ts';
import { instant } from './values.ts';

export const decisionId = z.string().regex(/^decision-[0-9a-f]{16}$/);

/** Which procedure waits. */
export const decisionProcedure = z.enum(['admission', 'closure', 'settlement']);
export type DecisionProcedure = z.infer<typeof decisionProcedure>;

/**
 * A step of a running workflow that waits for a person. Clients use its id; the workflow's task token stays inside the store.
 * It is in an inbox while pending, and among the undelivered ones until the workflow has been told.
 */
export interface Decision {
  id: string;
  procedure: DecisionProcedure;
  /** The case or claim it is about. */
  subject: string;
  household: string;
  step: string;
  /** The turn of the procedure it was prepared for. */
  turn: number;
  /** Who may decide it now; escalation adds the next tier. */
  roles: Role[];
  enteredAt: string;
  /** Null while the calendar it needs is not published. */
  dueAt: string | null;
  /** Days it was reminded of, Asia/Shanghai. */
  reminded: string[];
  escalatedAt: string | null;
}

/** The answer, stored with the decision so that a repeated answer can be told from a different one. */
export const decisionAnswer = z.strictObject({ verdict: z.unknown(), by: z.string(), at: instant });
export type DecisionAnswer = z.infer<typeof decisionAnswer>;
