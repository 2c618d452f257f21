import type { Entry } from '../../contracts/assistance/ledger-entry.ts';
import { districtOf } from '../../contracts/regions.ts';
import { eachOf, wavesOf } from '../../domain/concurrency.ts';
import { announce } from '../reports/changes.ts';
import { batchGet, ConditionFailed, type TransactItem, transact } from '../table.ts';
import type { EntryRefusal } from './ledger-effects.ts';
import { entryChange, foreseen, itemsOf, keysOf, named, type Recorded, record } from './ledger-entries.ts';

/** Entries per transaction: each has at most three items (a subsidy, its post, its month), and DynamoDB allows a hundred. */
const TOGETHER = 33;
const AT_ONCE = 8;

/**
 * Records entries, as many in a transaction as touch different items: one each would be a round trip each. Those that touch the same come one after the
 * other. Where a condition does not hold, each of its transaction is recorded by itself, so that one failure does not affect the others.
 * @returns the outcome of each, in their order
 */
export async function recordAll(entries: readonly Entry[]): Promise<(Recorded | EntryRefusal)[]> {
  const outcomes = new Map<Entry, Recorded | EntryRefusal>();
  const [first] = entries;
  if (first !== undefined) await announce(districtOf(first.region), first.recordedAt, entries.map(entryChange));
  for (const wave of wavesOf(entries, (entry) => itemsOf(entry).map(placeOf))) {
    const groups = Array.from({ length: Math.ceil(wave.length / TOGETHER) }, (_, n) =>
      wave.slice(n * TOGETHER, (n + 1) * TOGETHER),
    );
    await eachOf(groups, AT_ONCE, async (group) => {
      const whole = group.length > 1 && (await recordedWhole(group));
      for (const entry of group) outcomes.set(entry, whole ? 'recorded' : await record(entry));
    });
  }
  return entries.map((entry) => outcomes.get(entry) ?? 'reference-unknown');
}

/**
 * What recording them one after the other would come to; nothing is written.
 * @returns the outcome of each, in their order
 */
export async function foreseeAll(entries: readonly Entry[]): Promise<(Recorded | EntryRefusal)[]> {
  const touched = new Map(entries.flatMap(keysOf).map((key) => [named(key), key]));
  const items = await batchGet([...touched.values()], { consistent: true });
  const found = new Map(items.map((item) => [`${item['pk']} ${item['sk']}`, item]));
  return entries.map((entry) => foreseen(entry, found));
}

async function recordedWhole(group: readonly Entry[]): Promise<boolean> {
  try {
    await transact(group.flatMap(itemsOf));
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
}

function placeOf({ Put, Update, ConditionCheck }: TransactItem): string {
  const place: Readonly<Record<string, unknown>> = Put?.Item ?? Update?.Key ?? ConditionCheck?.Key ?? {};
  return `${place['pk']} ${place['sk']}`;
}
