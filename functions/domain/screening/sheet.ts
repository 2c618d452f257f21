import type { Household } from '../../contracts/registry/household.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import type { GivenReason, Previous, SheetRow } from '../../contracts/screening/round.ts';
import type { TriageResult } from '../../contracts/screening/triage.ts';
import type { Visit } from '../../contracts/screening/visit.ts';
import { ownPayoutsUpTo } from './own-payouts.ts';
import { triageVisit } from './triage-visit.ts';

export interface AcceptedVisit {
  id: string;
  visit: Visit;
}

/** The input of a sealed row: one expected household once the village's door is closed. */
export interface Sealing {
  household: Household;
  /** Accepted visits of this round, in any order. */
  visits: readonly AcceptedVisit[];
  missed: GivenReason | 'cancelled' | undefined;
  previous: Previous | null;
  criteria: Criteria;
}

/**
 * One household's sealed row. A cancelled household is missed whatever was seen; of several visits the greatest (`visitedOn`,
 * `recordedAt`, id) counts; a surveyor's sample never counts and is compared; a missed row carries the earlier income forward.
 * Every person is counted in one row: people who moved to a successor are counted there, people who came by a merge after the visit here.
 */
export function sealRow({ household, visits, missed, previous, criteria }: Sealing): SheetRow {
  const screenings = visits.filter(({ visit }) => visit.purpose === 'screening');
  const counted = household.status === 'cancelled' ? undefined : newest(screenings);
  const openCase = household.activeCase?.stage === 'open';
  const row: SheetRow = {
    household: household.id,
    visit: null,
    missed: household.status === 'cancelled' ? 'cancelled' : (missed ?? 'no-reason'),
    people: tookPeopleAlong(household) ? 0 : household.members.length,
    class: null,
    caseType: null,
    perCapita: previous?.perCapita ?? null,
    perCapitaRound: previous?.round ?? null,
    previousPerCapita: previous?.perCapita ?? null,
    ownPayouts: 0,
    openCase,
    signals: [],
    disagreement: false,
    sample: null,
    labour: null,
    seenOn: newest(visits)?.visit.visitedOn ?? null,
  };
  if (counted === undefined) return row;
  const judge = ({ visit }: AcceptedVisit): TriageResult => triageVisit(visit, household, previous, criteria);
  const result = judge(counted);
  const sample = newest(visits.filter(({ visit }) => visit.purpose === 'sample'));
  return {
    ...row,
    visit: counted.id,
    missed: null,
    people: peopleSeen(counted, household),
    class: result.class,
    caseType: result.caseType,
    perCapita: result.perCapita,
    perCapitaRound: counted.visit.round,
    ownPayouts: ownPayoutsUpTo(household.ownPayouts, counted.visit.visitedOn),
    signals: result.signals,
    disagreement: screenings.some((other) => other !== counted && judge(other).class !== result.class),
    sample: sample === undefined ? null : judge(sample).class,
    labour: counted.visit.members.some(({ labour }) => labour !== 'none'),
  };
}

/** A household that was merged or moved: its people are its successor's. */
function tookPeopleAlong({ status, cancelReason }: Household): boolean {
  return status === 'cancelled' && (cancelReason === 'merged' || cancelReason === 'moved-within-district');
}

/** Whom the counted visit met, and who came by a merge since. */
function peopleSeen({ visit }: AcceptedVisit, { members, absorbed = [] }: Household): number {
  const met = new Set(visit.members.map(({ person }) => person));
  const came = members.filter(({ person }) => absorbed.includes(person) && !met.has(person));
  return visit.members.length + came.length;
}

/** The visit that counts, so that a corrected one arriving first is never undone by its older version arriving late. */
export function newest<T extends AcceptedVisit>(visits: readonly T[]): T | undefined {
  let best: T | undefined;
  for (const candidate of visits) if (best === undefined || follows(candidate, best)) best = candidate;
  return best;
}

/** Visits of one household as they count: the last one is `newest`. */
export function inOrder<T extends AcceptedVisit>(visits: readonly T[]): T[] {
  return [...visits].sort((a, b) => (follows(a, b) ? 1 : -1));
}

function follows(a: AcceptedVisit, b: AcceptedVisit): boolean {
  if (a.visit.visitedOn !== b.visit.visitedOn) return a.visit.visitedOn > b.visit.visitedOn;
  const difference = Date.parse(a.visit.recordedAt) - Date.parse(b.visit.recordedAt);
  return difference === 0 ? a.id > b.id : difference > 0;
}
