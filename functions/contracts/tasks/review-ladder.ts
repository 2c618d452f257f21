import * as z from 'zod';
import { caseId, stepId } from '../cases/case.ts';
import { procedure } from '../cases/review.ts';
import { instant } from '../values.ts';

/** Which review an execution carries: a case, and when its review began. The same input goes to every task. */
export const reviewInput = z.strictObject({ case: caseId, procedure, startedAt: instant });
/** A task that acts on the turn the workflow stands at; a later one has nothing left to do. */
export const turnInput = z.strictObject({ ...reviewInput.shape, turn: z.int() });
export const waitInput = z.strictObject({ ...turnInput.shape, token: z.string() });

/** What comes next: a decision, publishing, waiting for or ending a notice, answering objections, or nothing because the review has ended. */
export const nextOutput = z.object({
  next: z.enum(['decide', 'publish', 'stand', 'answer', 'conclude', 'ended']),
  step: stepId,
  turn: z.int(),
  /** How long to wait before looking again, seconds: until a reminder, the end of the clock, or the end of the notice. */
  waitSeconds: z.int().min(1),
  outcome: z.enum(['approved', 'rejected', 'superseded']).optional(),
});
export type NextOutput = z.infer<typeof nextOutput>;
