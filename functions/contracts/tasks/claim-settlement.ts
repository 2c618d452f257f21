import * as z from 'zod';
import { claimId } from '../insurance/claim.ts';

/** Which claim an execution carries, and which of its runs: a payment returned after the end begins another. */
export const claimInput = z.strictObject({ claim: claimId, run: z.int() });
export const claimTurnInput = z.strictObject({ ...claimInput.shape, turn: z.int() });
export const claimWaitInput = z.strictObject({ ...claimTurnInput.shape, token: z.string() });

export const claimNextOutput = z.object({
  next: z.enum(['check', 'adjudicate', 'close', 'wait', 'ended']),
  turn: z.int(),
  waitSeconds: z.int(),
  stage: z.string(),
});
export type ClaimNextOutput = z.infer<typeof claimNextOutput>;
