import { Cron } from './cron.ts';
import { utcOf } from './zone.ts';

/** When a schedule falls due. */
export interface Times {
  /** The first instant after `from`, ms since 1970. */
  next: (from: number) => number | undefined;
  /** The last instant at or before `to`. */
  last: (to: number) => number | undefined;
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `cron(…)`, `rate(…)` or `at(…)`.
 * @param anchor from when a rate is counted, ms since 1970
 * @throws RangeError when it is none of them, or the time zone is unknown
 */
export function timesOf(expression: string, zone: string, anchor: number): Times {
  const [, kind, inner = ''] = /^(cron|rate|at)\((.+)\)$/.exec(expression) ?? [];
  if (kind === 'cron') {
    const cron = new Cron(inner, zone);
    // An unknown zone throws at its first use: it shall be at the start.
    cron.next(anchor);
    return { next: (from) => cron.next(from), last: (to) => cron.last(to) };
  }
  if (kind === 'rate') {
    const [, value, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
    const every = Number(value) * (UNITS[unit] ?? Number.NaN);
    if (!(every > 0)) throw new RangeError(`${expression} is no rate.`);
    return {
      next: (from) => anchor + (Math.max(0, Math.floor((from - anchor) / every)) + 1) * every,
      last: (to) => (to < anchor + every ? undefined : anchor + Math.floor((to - anchor) / every) * every),
    };
  }
  const once = kind === 'at' ? utcOf(Date.parse(`${inner}Z`), zone) : undefined;
  if (once === undefined || Number.isNaN(once))
    throw new RangeError(`${expression} is neither cron(…), rate(…) nor at(…).`);
  return { next: (from) => (from < once ? once : undefined), last: (to) => (to >= once ? once : undefined) };
}
