import { type CoverageOutput, roundInput } from '../../contracts/tasks/quarterly-screening.ts';
import { nextStep, uncovered } from '../../domain/screening/coverage.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { listProgress } from '../../store/screening/progress.ts';
import { readRound } from '../../store/screening/rounds.ts';

/** The workflow carries a round the table does not have. */
export class RoundLost extends Error {
  override readonly name = 'RoundLost';
}

/**
 * Counts villages that still lag and says what comes next: seal, wait, or remind and wait a day.
 * Ceiling: 29 s; the progress of every village is read, 75 bytes a household with two visits, 12 MB/s: 150,000 households a second. Its memory (1,024 MB)
 * holds 300 bytes a household: 3 million.
 */
export const handler = taskHandler(roundInput, async (input, now): Promise<CoverageOutput> => {
  const round = await readRound(config.district(), input.round);
  if (round === undefined) throw new RoundLost(input.round);
  const lagging = (await listProgress(round.id, round.district)).filter((village) => uncovered(village) > 0).length;
  const next = nextStep(round, lagging, now);
  return { step: next.step, lagging, waitSeconds: next.step === 'seal' ? 1 : next.waitSeconds };
});
