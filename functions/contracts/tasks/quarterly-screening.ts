import * as z from 'zod';
import { villageCode } from '../regions.ts';
import { roundId } from '../values.ts';

/** What starts the workflow: an officer by the API (`round`, `openedBy`), or the schedule (`scheduledAt`). Ids and counts only, from here on. */
export const openInput = z.strictObject({
  round: roundId.optional(),
  openedBy: z.string().optional(),
  scheduledAt: z.iso.datetime({ offset: true }).optional(),
  /** The ARN of the execution that asks; the round is carried by the first one. */
  execution: z.string(),
});
export const openOutput = z.object({
  outcome: z.enum(['opened', 'found']),
  round: roundId,
  villages: z.array(villageCode),
  waitSeconds: z.int(),
});

export const awaitInput = z.strictObject({ round: roundId, token: z.string() });
export const roundInput = z.strictObject({ round: roundId });

export const coverageOutput = z.object({
  step: z.enum(['seal', 'wait', 'remind']),
  lagging: z.int(),
  waitSeconds: z.int(),
});
export const remindOutput = z.object({ reminded: z.int() });

/** A batch of villages as the Distributed Map hands it to a child. */
export const villagesInput = z.strictObject({
  BatchInput: z.strictObject({ round: roundId }),
  Items: z.array(villageCode).min(1).max(100),
});
export const sealVillagesOutput = z.object({ villages: z.int(), rows: z.int() });
export const sealRoundOutput = z.object({ round: roundId, households: z.int(), visited: z.int(), missed: z.int() });

export type OpenOutput = z.infer<typeof openOutput>;
export type CoverageOutput = z.infer<typeof coverageOutput>;
export type RemindOutput = z.infer<typeof remindOutput>;
export type SealVillagesOutput = z.infer<typeof sealVillagesOutput>;
export type SealRoundOutput = z.infer<typeof sealRoundOutput>;

export interface StartAdmissionsOutput {
  villages: number;
  /** Rows that asked for an admission. */
  candidates: number;
  /** Of them those whose admission this call started; a retry starts none again. */
  started: number;
}

export interface CheckQualityOutput {
  villages: number;
  /** Findings that are new or came back, and those whose data were put right; a retry counts only what it did itself. */
  found: number;
  corrected: number;
}
