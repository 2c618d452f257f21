import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import { eachOf } from '../../domain/concurrency.ts';
import { config } from '../../runtime/config.ts';
import { told } from '../../runtime/errors.ts';
import { logger } from '../../runtime/logger.ts';
import { metrics } from '../../runtime/metrics.ts';
import { taskHandler } from '../../runtime/task.ts';
import { listUndelivered } from '../../store/decisions.ts';
import { listDueStarts } from '../../store/due-starts.ts';
import { finishBatch, listPreparingBatches } from '../../store/insurance/payout-batches.ts';

import { deliver, startDue } from '../../store/workflows.ts';

const AT_ONCE = 4;

/** Something a crash left unfinished, and since when: ISO 8601, null when unknown. */
interface Left {
  what: 'start' | 'decision' | 'batch';
  id: string;
  since: string | null;
  finish: () => Promise<unknown>;
}

interface Swept {
  finished: number;
  failed: number;
  /** Age of the oldest item this run could not finish, seconds: what the alarm watches. */
  oldestSeconds: number;
}

/**
 * Every five minutes: starts executions whose start was lost, tells workflows of decisions whose success was never delivered, and finishes batches of
 * payments that were left in the middle. Each is harmless when it was done meanwhile, and independent: one failure does not stop
 * the others.
 * Ceiling: 4 minutes; a start or a token costs 60 ms, four at once: 16,000 in one run. What is left then is the next run’s, and the alarm tells its age.
 */
export const handler = taskHandler(z.strictObject({}), async (_, now): Promise<Swept> => {
  const left = await everythingLeft(config.district(), now);
  const ages = await eachOf(left, AT_ONCE, async ({ what, id, since, finish }) => {
    try {
      await finish();
      return undefined;
    } catch (error) {
      logger.error('left for the next run', { what, id, since, ...told(error) });
      return since === null ? 0 : Math.max(0, Math.round((now - Date.parse(since)) / 1000));
    }
  });
  const failed = ages.filter((age) => age !== undefined);
  const swept = { finished: left.length - failed.length, failed: failed.length, oldestSeconds: Math.max(0, ...failed) };
  logger.info('swept', { ...swept });
  metrics.addMetric('OldestLeftSeconds', MetricUnit.Seconds, swept.oldestSeconds);
  metrics.publishStoredMetrics();
  return swept;
});

async function everythingLeft(district: string, now: number): Promise<Left[]> {
  const [starts, decisions, batches] = await Promise.all([
    listDueStarts(district),
    listUndelivered(district),
    listPreparingBatches(district),
  ]);
  return [
    ...starts.map(
      ({ start, since }): Left => ({ what: 'start', id: start.name, since, finish: () => startDue(start) }),
    ),
    ...decisions.map(
      ({ decision, answer, token }): Left => ({
        what: 'decision',
        id: decision.id,
        since: answer?.at ?? null,
        finish: () => deliver(decision.id, token),
      }),
    ),
    ...batches.map(
      (batch): Left => ({ what: 'batch', id: batch.id, since: batch.createdAt, finish: () => finishBatch(batch, now) }),
    ),
  ];
}
