import type { Decision } from '../contracts/decision.ts';
import type { Payout } from '../contracts/insurance/payout.ts';
import type { Round, VillageProgress } from '../contracts/screening/round.ts';
import { addDays, dayOf, endOf, isOver, roundOf } from './calendar.ts';
import { uncovered } from './screening/coverage.ts';

const DAY = 86_400_000;

/** The quarter opens on the 11th of its first month; a day later at this hour it is late. */
const OPENING_DAY = '11';
const PATIENCE = 6 * 3_600_000;

/**
 * The quarter that should have been opened by now and was not, or undefined. The opening falls due at 09:00 on the 11th of the quarter's first month;
 * whoever looks six hours later wants to see a round.
 * @param now ms since 1970
 */
export function unopenedQuarter(rounds: readonly Pick<Round, 'id'>[], now: number): string | undefined {
  const id = roundOf(dayOf(now - PATIENCE));
  const month = String(Number(id.at(-1)) * 3 - 2).padStart(2, '0');
  const opens = Date.parse(`${id.slice(0, 4)}-${month}-${OPENING_DAY}T09:00:00+08:00`);
  return now - PATIENCE < opens || rounds.some((round) => round.id === id) ? undefined : id;
}

/**
 * How far a round is behind an even pace, in points of a hundred: the share of days gone from opening to due, less the share of households covered;
 * zero when it is ahead. After the due date everything uncovered is behind.
 */
export function pointsBehind(
  { openedAt, due }: Pick<Round, 'openedAt' | 'due'>,
  villages: readonly VillageProgress[],
  now: number,
): number {
  const expected = villages.reduce((sum, village) => sum + village.expected, 0);
  if (expected === 0) return 0;
  const covered = expected - villages.reduce((sum, village) => sum + Math.max(0, uncovered(village)), 0);
  const opened = Date.parse(openedAt);
  const gone = Math.min(1, Math.max(0, (now - opened) / Math.max(DAY, endOf(due) - opened)));
  return Math.max(0, Math.round(gone * 100 - (covered / expected) * 100));
}

/** Age of the oldest payment of which nobody knows where the money is: instructed or taken in but not settled, or told of twice in different words. */
export function oldestUnreconciledDays(payouts: readonly Payout[], now: number): number {
  const open = payouts.filter(
    ({ status, disputed, resolved }) =>
      status === 'instructed' || status === 'accepted' || (disputed !== null && resolved === null),
  );
  return Math.max(0, ...open.map(({ instructedAt }) => Math.floor((now - Date.parse(instructedAt)) / DAY)));
}

/** Pending decisions whose time is over, and those whose time ends tomorrow (Asia/Shanghai). */
export function dueOf(decisions: readonly Decision[], now: number): { overdue: Decision[]; tomorrow: Decision[] } {
  const tomorrow = addDays(dayOf(now), 1);
  return {
    overdue: decisions.filter(({ dueAt }) => isOver(dueAt, now)),
    // A time that ends at midnight belongs to the day it ends.
    tomorrow: decisions.filter(({ dueAt }) => dueAt !== null && dayOf(Date.parse(dueAt) - 1) === tomorrow),
  };
}
