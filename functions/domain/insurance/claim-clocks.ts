import type { ClaimClock } from '../../contracts/insurance/product.ts';
import { addDays, dayOf, endOf } from '../calendar.ts';
import { addWorkingDays, isWorkingDay, unlessAwaitingCalendar } from '../working-days.ts';

/** A pause of a clock: instants, ms since 1970; `to` is null while it lasts. */
export interface Pause {
  from: number;
  to: number | null;
}

/**
 * When a clock that starts at an instant runs out: 24:00 Asia/Shanghai of its last day, the starting day not counted. Days in which it was
 * paused are added: those after the day the pause began, up to the day it ended; for a working-day clock only working days.
 * @param now ms since 1970; a pause that has not ended is counted up to it
 * @returns null while the calendar it needs is not published
 */
export function claimDueAt(
  { days, kind }: ClaimClock,
  startedAt: number,
  pauses: readonly Pause[],
  now: number,
): number | null {
  return unlessAwaitingCalendar(() => dueOf({ days, kind }, startedAt, pauses, now));
}

function dueOf({ days, kind }: ClaimClock, startedAt: number, pauses: readonly Pause[], now: number): number {
  const stood = pauses.reduce(
    (sum, { from, to }) => sum + daysBetween(dayOf(from), dayOf(to ?? Math.max(now, from)), kind),
    0,
  );
  const start = dayOf(startedAt);
  return endOf(kind === 'working' ? addWorkingDays(start, days + stood) : addDays(start, days + stood));
}

function daysBetween(after: string, upTo: string, kind: ClaimClock['kind']): number {
  let count = 0;
  for (let day = addDays(after, 1); day <= upTo; day = addDays(day, 1))
    if (kind === 'calendar' || isWorkingDay(day)) count += 1;
  return count;
}
