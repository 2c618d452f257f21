import type { Asked } from '../assistance/ledger-rules.ts';
import type { ReportedClaim } from './claim-totals.ts';
import type { AdmittedCase, Counted, CountedEntry, CountedHousehold, VillageCount } from './counted.ts';

/** A household as it was registered on the day asked for. */
export interface RegisteredHousehold extends CountedHousehold {
  /** Whether somebody could work, by the newest sealed round known then; null when there was no visit. */
  labour: boolean | null;
}

/** A sealed round, or one village's sheet of it. */
export type RoundCount = Omit<VillageCount, 'village'>;

/** The rounds of the year, oldest first, summed over the region's villages. */
export function roundsOf({ sheets }: Pick<BriefFacts, 'sheets'>): RoundCount[] {
  const rounds = new Map<string, RoundCount>();
  for (const { round, visited, secure, concern, monitor } of sheets) {
    const sum = rounds.get(round) ?? { round, visited: 0, secure: 0, concern: 0, monitor: 0 };
    rounds.set(round, {
      round,
      visited: sum.visited + visited,
      secure: sum.secure + secure,
      concern: sum.concern + concern,
      monitor: sum.monitor + monitor,
    });
  }
  return [...rounds.values()].sort((a, b) => (a.round < b.round ? -1 : 1));
}

/** Entries of the ledger that name whom they helped: who moved to another village and was helped again is one person. */
export const namingKinds = ['placement', 'start-up', 'training'] as const;
export type NamingKind = (typeof namingKinds)[number];

/** What the figures of a village were, with nothing changed since: what adds up with those of others without its households and entries. */
export interface VillageSums {
  village: string;
  /** In the order of `figureKeys`. */
  values: readonly number[];
  people: Readonly<Record<NamingKind, readonly string[]>>;
}

/** Everything a region's brief is computed from: what its villages' summaries and the changes since say, never counters, which only know today. */
export interface BriefFacts extends Asked {
  region: string;
  households: readonly RegisteredHousehold[];
  cases: readonly AdmittedCase[];
  /** The sealed sheets of the year asked for. */
  sheets: readonly VillageCount[];
  /** The entries of the asked year that count, up to the day asked. */
  entries: readonly CountedEntry[];
  /** Villages of which nothing else is here but their sheets; absent where every village is here in full. */
  sums?: readonly VillageSums[];
  insurance: {
    /** People on the roster of the year's policies on that day, by the village or district they are listed under. */
    insured: readonly string[];
    /** The aggregate limit of the year's policies, fen; a district's own, so it is told for the district only. */
    cover: number;
    claims: readonly ReportedClaim[];
  };
}

/** The same facts wherever they were counted from; in order where figures open down to them. @param policies of the year, in their order; somebody insured under two is one person */
export function factsOf(
  asked: Asked & { region: string },
  counted: Counted,
  policies: readonly { id: string; limit: number }[],
  sums?: readonly VillageSums[],
): BriefFacts {
  const { region } = asked;
  const labour = new Map(counted.labour.map(({ household, able }) => [household, able]));
  const places = new Map(
    policies.flatMap(({ id }) =>
      counted.insured.filter(({ policy }) => policy === id).map(({ person, place }) => [person, place] as const),
    ),
  );
  return {
    ...asked,
    households: inOrder(counted.households).map((one) => ({ ...one, labour: labour.get(one.id) ?? null })),
    cases: inOrder(counted.cases),
    sheets: counted.sheets,
    entries: counted.entries,
    ...(sums === undefined ? {} : { sums }),
    insurance: {
      insured: [...places.values()].filter((place) => place.startsWith(region)).sort(),
      // Six digits: the policy is the district's.
      cover: region.length === 6 ? policies.reduce((sum, { limit }) => sum + limit, 0) : 0,
      claims: inOrder(counted.claims),
    },
  };
}

function inOrder<T extends { id: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
