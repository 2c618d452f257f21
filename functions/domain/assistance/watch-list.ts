import type { SheetRow } from '../../contracts/screening/round.ts';
import type { SignalId } from '../../contracts/screening/triage.ts';
import { addDays } from '../calendar.ts';

/** The key groups that are visited more often than once a quarter (docs/domain.md, 3). */
export type WatchGroup = 'open-case' | 'serious-illness' | 'chronic-burden' | 'severe-disability';

/** At most so many calendar days between two calls. No published values: monthly for an open case and serious illness, every second month for the others. */
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

/** Whether its signals alone put a household into a key group. */
export function inKeyGroup({ signals }: Pick<SheetRow, 'signals'>): boolean {
  return signals.some(({ id }) => bySignal[id] !== undefined);
}

/**
 * When a household of the key groups is due for its next call; undefined when it belongs to no group.
 * @param seen days of its visits and calls, `2023-10-11`
 * @param since the day the interval starts from when nobody has called yet
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
