import { type RemindOutput, roundInput } from '../../contracts/tasks/quarterly-screening.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { uncovered } from '../../domain/screening/coverage.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { listProgress, recordReminder } from '../../store/screening/progress.ts';

/** Records a reminder for every village that lags: one a day, however often the task is retried. Villages see it in their progress. */
export const handler = taskHandler(roundInput, async ({ round }, now): Promise<RemindOutput> => {
  const lagging = (await listProgress(round, config.district())).filter((village) => uncovered(village) > 0);
  await eachOf(lagging, 8, ({ village }) => recordReminder(round, village, dayOf(now)));
  return { reminded: lagging.length };
});
