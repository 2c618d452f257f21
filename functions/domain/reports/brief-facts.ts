import type { LedgerItem } from '../../contracts/assistance/ledger-entry.ts';
import type { Case } from '../../contracts/cases/case-record.ts';
import type { Origin } from '../../contracts/screening/triage.ts';
import { type Asked, standing } from '../assistance/ledger-rules.ts';
import { dayOf } from '../calendar.ts';

/** A household as it was registered on the day asked for. */
export interface RegisteredHousehold {
  id: string;
  origin: Origin;
  people: number;
  /** Whether somebody could work, by the newest sealed round known then; null when there was no visit. */
  labour: boolean | null;
}

/** A claim as far as a report needs it, on the day asked for. */
export interface ReportedClaim {
  id: string;
  household: string;
  line: string;
  state: 'paid' | 'in-progress' | 'ended';
  /** Fen paid by then, returns deducted. */
  paid: number;
}

/** A sealed round, or one village's sheet of it. */
export interface RoundCount {
  round: string;
  visited: number;
  secure: number;
  concern: number;
  monitor: number;
}

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

/** Everything a region's brief is computed from: stored events and versions, never counters, which only know today. */
export interface BriefFacts extends Asked {
  region: string;
  households: readonly RegisteredHousehold[];
  cases: readonly Case[];
  /** The sealed sheets of the year asked for: households with a counted visit, by class. */
  sheets: readonly ({ village: string } & RoundCount)[];
  ledger: readonly LedgerItem[];
  insurance: {
    /** People on the roster of the year's policies on that day, by the village or district they are listed under. */
    insured: readonly string[];
    /** The aggregate limit of the year's policies, fen; a district's own, so it is told for the district only. */
    cover: number;
    claims: readonly ReportedClaim[];
  };
}

/** The entries of the asked year that count, up to the day asked. */
export function yearOf(facts: BriefFacts): ReturnType<typeof standing> {
  const year = facts.asOf.slice(0, 4);
  return standing(facts.ledger, facts).filter(({ occurredOn }) => occurredOn.startsWith(year));
}

/** A household's newest episode that was admitted by the day asked, and whether it was closed by then. */
export function admittedBy({ asOf, knownAt }: Asked, { household, episodes }: Pick<Case, 'household' | 'episodes'>) {
  const known = dayOf(Date.parse(knownAt));
  const admitted = episodes.filter(
    ({ admittedOn, imported }) =>
      admittedOn !== undefined &&
      admittedOn <= asOf &&
      (imported === undefined ? admittedOn <= known : Date.parse(imported.at) <= Date.parse(knownAt)),
  );
  const newest = admitted.at(-1);
  if (newest === undefined) return undefined;
  const closedOn = newest.closed?.on;
  const closed = closedOn !== undefined && closedOn <= asOf && (newest.imported !== undefined || closedOn <= known);
  return { household, people: newest.people, closed };
}
