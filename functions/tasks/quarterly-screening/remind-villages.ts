import { townOf } from '../../contracts/regions.ts';
import { type RemindOutput, roundInput } from '../../contracts/tasks/quarterly-screening.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { uncovered } from '../../domain/screening/coverage.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { eventOf, publish } from '../../store/events.ts';
import { listProgress, recordReminder } from '../../store/screening/progress.ts';

/**
 * Records a reminder for every village that lags: one a day, however often the task is retried. Villages see it in their progress, towns are told by an event.
 * Ceiling: 2 minutes; besides the reading of check-coverage an update for each village that lags, 10 ms, eight at once: 90,000 villages.
 */
export const handler = taskHandler(roundInput, async ({ round }, now): Promise<RemindOutput> => {
  const lagging = (await listProgress(round, config.district())).filter((village) => uncovered(village) > 0);
  await eachOf(lagging, 8, ({ village }) => recordReminder(round, village, dayOf(now)));
  const towns = Map.groupBy(lagging, ({ village }) => townOf(village));
  await publish(
    [...towns].map(([region, villages]) =>
      eventOf({
        kind: 'round-lagging',
        at: new Date(now).toISOString(),
        region,
        roles: ['town-officer'],
        subject: round,
        counts: {
          villages: villages.length,
          households: villages.reduce((sum, village) => sum + uncovered(village), 0),
        },
      }),
    ),
  );
  return { reminded: lagging.length };
});
