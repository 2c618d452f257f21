import type { Asked } from '../assistance/ledger-rules.ts';
import { factsOf, type NamingKind, namingKinds, type VillageSums } from './brief-facts.ts';
import type { Counted } from './counted.ts';
import { allFigures } from './figures.ts';

/** The sums of a village whose whole count this is. */
export function sumsOf(
  village: string,
  counted: Counted,
  asked: Asked,
  policies: readonly { id: string; limit: number }[],
): VillageSums {
  const facts = factsOf({ ...asked, region: village }, counted, policies);
  const named = (kind: NamingKind) => [
    ...new Set(
      counted.entries.flatMap((entry) => (entry.kind === kind && entry.person !== undefined ? [entry.person] : [])),
    ),
  ];
  const [placed, started, trained] = namingKinds.map(named);
  return {
    village,
    values: allFigures(facts).map(({ value }) => value),
    people: { placement: placed ?? [], 'start-up': started ?? [], training: trained ?? [] },
  };
}

/**
 * The villages that add up: all but those of which a household is named by an entry that lies in no village, a town's say. Such a household may have been
 * helped by its village too, and counts once.
 */
export function addingUp(villages: readonly string[], { entries }: Pick<Counted, 'entries'>): string[] {
  const named = new Set(
    entries.flatMap(({ region, household }) =>
      household === undefined || household.startsWith(`${region}-`) ? [] : [household.slice(0, 12)],
    ),
  );
  return villages.filter((village) => village.length === 12 && !named.has(village));
}
