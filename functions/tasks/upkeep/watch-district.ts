import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import type { Decision } from '../../contracts/decision.ts';
import type { DomainEvent, EventKind } from '../../contracts/events.ts';
import type { Payout } from '../../contracts/insurance/payout.ts';
import { role } from '../../contracts/roles.ts';
import { villageOf } from '../../contracts/values.ts';
import { addDays, dayOf } from '../../domain/calendar.ts';
import { dueOf, oldestUnreconciledDays, pointsBehind, unopenedQuarter } from '../../domain/lateness.ts';
import { config } from '../../runtime/config.ts';
import { metrics } from '../../runtime/metrics.ts';
import { taskHandler } from '../../runtime/task.ts';
import { listPending } from '../../store/decisions.ts';
import { eventOf, publish } from '../../store/events.ts';
import { listBatches } from '../../store/insurance/payout-batches.ts';
import { readPayouts } from '../../store/insurance/payouts.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { listProgress } from '../../store/screening/progress.ts';
import { listRounds } from '../../store/screening/rounds.ts';

/** Batches older than this are looked at by the yearly reconciliation, not twice a day. */
const DAYS_OF_BATCHES = 120;
const DAY = 86_400_000;

/** What is late in the district, as counts. */
interface Watched {
  overdueDecisions: number;
  dueTomorrow: number;
  unreconciledDays: number;
  quarterUnopened: number;
  pointsBehind: number;
}

/**
 * Twice a day, at half past eight and half past four: what is late, as metrics that alarms watch; in the morning also as events, and a digest for each role. It only looks.
 * Ceiling: 2 minutes and 1,024 MB; a pending decision is 700 bytes as stored and some 3 KB in memory: 200,000 at once, read in 12 s. Payments of four months are read 100
 * at a time. The morning’s events go out ten a call: 2,000 calls for 20,000 decisions.
 */
export const handler = taskHandler(z.strictObject({}), async (_, now): Promise<Watched> => {
  const district = config.district();
  const [divisions, rounds, pending, payouts] = await Promise.all([
    readDivisions(district),
    listRounds(district),
    listPending(district),
    recentPayouts(district, now),
  ]);
  const open = rounds.find(({ status }) => status === 'collecting');
  const { overdue, tomorrow } = dueOf(pending, now);
  const watched: Watched = {
    overdueDecisions: overdue.length,
    dueTomorrow: tomorrow.length,
    unreconciledDays: oldestUnreconciledDays(payouts, now),
    // Before its divisions are in, a district has nobody to visit.
    quarterUnopened: divisions !== undefined && unopenedQuarter(rounds, now) !== undefined ? 1 : 0,
    pointsBehind: open === undefined ? 0 : pointsBehind(open, await listProgress(open.id, district), now),
  };
  metrics.addMetric('OverdueDecisions', MetricUnit.Count, watched.overdueDecisions);
  metrics.addMetric('UnreconciledDays', MetricUnit.Count, watched.unreconciledDays);
  metrics.addMetric('QuarterUnopened', MetricUnit.Count, watched.quarterUnopened);
  metrics.addMetric('PointsBehind', MetricUnit.Percent, watched.pointsBehind);
  metrics.publishStoredMetrics();
  if (isMorning(now)) await publish([...decisionEvents(pending, now), ...digests(pending, now)]);
  return watched;
});

/** Half past eight, not half past four. */
function isMorning(now: number): boolean {
  return new Date(now + 8 * 3_600_000).getUTCHours() < 12;
}

/** Of a decision, once: that its time ends tomorrow, and the morning after it has ended. */
function decisionEvents(pending: readonly Decision[], now: number): DomainEvent[] {
  const { overdue, tomorrow } = dueOf(pending, now);
  const since = now - DAY;
  const told = (kind: EventKind, decisions: readonly Decision[]) =>
    decisions.map(({ id, household, roles, dueAt }) =>
      eventOf({ kind, at: dueAt ?? '', region: villageOf(household), roles, subject: id, dueAt }),
    );
  return [
    ...told('decision-due-tomorrow', tomorrow),
    ...told(
      'decision-overdue',
      overdue.filter(({ dueAt }) => Date.parse(dueAt ?? '') > since),
    ),
  ];
}

/** How much waits for each role in the whole district, for a message at the beginning of the day; nothing for a role that nothing waits for. */
function digests(pending: readonly Decision[], now: number): DomainEvent[] {
  return role.options.flatMap((one) => {
    const own = pending.filter(({ roles }) => roles.includes(one));
    if (own.length === 0) return [];
    const { overdue, tomorrow } = dueOf(own, now);
    const counts = { pending: own.length, overdue: overdue.length, dueTomorrow: tomorrow.length };
    return [
      eventOf({
        kind: 'daily-digest',
        at: new Date(now).toISOString(),
        region: config.district(),
        roles: [one],
        counts,
      }),
    ];
  });
}

async function recentPayouts(district: string, now: number): Promise<Payout[]> {
  const since = addDays(dayOf(now), -DAYS_OF_BATCHES);
  const batches = (await listBatches(district)).filter(({ createdAt }) => createdAt >= since);
  return await readPayouts(batches.flatMap(({ endToEndIds }) => endToEndIds));
}
