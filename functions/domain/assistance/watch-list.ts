import type { SheetRow } from '../../contracts/screening/round.ts';
import type { SignalId } from '../../contracts/screening/triage.ts';
import { addDays } from '../calendar.ts';

/** The key groups that are seen more often than once a quarter (docs/domain.md, 3). */
export type WatchGroup = 'open-case' | 'serious-illness' | 'chronic-burden' | 'severe-disability';

/** Calendar days between two calls at most. Not published: an open case and serious illness monthly, the others every second month. */
const intervals: Record<WatchGroup, number> = {
  'open-case': 30,
  'serious-illness': 30,
  'chronic-burden': 60,
  'severe-disability': 60,
};

const bySignal: Partial<Record<SignalId, WatchGroup>> = {
  SERIOUS_ILLNESS: 'serious-illness',
  CHRONIC_BURDEN: 'chronic-burden',
  SEVERE_DISABILITY: 'severe-disability',
};

export interface Watched {
  household: string;
  groups: WatchGroup[];
  intervalDays: number;
  lastSeenOn: string | null;
  dueOn: string;
}

/**
 * A household of the key groups and when it is to be seen next; undefined for one of no group.
 * @param seen days somebody came to it, `2023-10-11`: visits that were stored, and calls
 * @param since from when the interval counts when nobody has come yet
 */
export function watched(
  row: Pick<SheetRow, 'household' | 'signals'>,
  { openCase, seen, since }: { openCase: boolean; seen: readonly string[]; since: string },
): Watched | undefined {
  const groups = new Set<WatchGroup>(openCase ? ['open-case'] : []);
  for (const { id } of row.signals) {
    const group = bySignal[id];
    if (group !== undefined) groups.add(group);
  }
  if (groups.size === 0) return undefined;
  const lastSeenOn = [...seen].sort().at(-1) ?? null;
  const intervalDays = Math.min(...[...groups].map((group) => intervals[group]));
  return {
    household: row.household,
    groups: [...groups],
    intervalDays,
    lastSeenOn,
    dueOn: addDays(lastSeenOn ?? since, intervalDays),
  };
}
