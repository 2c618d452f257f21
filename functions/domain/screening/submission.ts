import type { ProblemCode } from '../../contracts/problems.ts';
import type { Household } from '../../contracts/registry/household.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import type { Roster } from '../../contracts/screening/round.ts';
import type { TriageResult } from '../../contracts/screening/triage.ts';
import type { Visit } from '../../contracts/screening/visit.ts';
import { numberOf, villageOf } from '../../contracts/values.ts';
import { dayOf } from '../calendar.ts';
import { NoMonitoringLine } from './thresholds.ts';
import { triageVisit } from './triage-visit.ts';

/** What is known of a household where its visit is judged: on the server all of it, on a phone this much. */
export type Judgeable = Pick<Household, 'id' | 'origin' | 'status' | 'activeCase' | 'ownPayouts'> & {
  members: readonly { person: string }[];
};

/** What a visit is checked against beside its own shape. */
export interface SubmissionRules {
  round: string;
  village: string;
  /** Only a surveyor may hand in samples. */
  bySurveyor: boolean;
  roster: Roster;
  household: Judgeable | undefined;
  /** The instant the district's previous round was sealed; visits must be of a later day. */
  lastSealedAt: string | undefined;
  /** ms since 1970 */
  now: number;
}

/** Why a visit cannot be accepted, with the field to correct; undefined when it can. */
export function visitFault(visit: Visit, rules: SubmissionRules): { code: ProblemCode; field: string } | undefined {
  const { household, now } = rules;
  const today = dayOf(now);
  const recordedAt = Date.parse(visit.recordedAt);
  if (visit.round !== rules.round) return { code: 'other-round', field: 'round' };
  if (villageOf(visit.household) !== rules.village) return { code: 'other-village', field: 'household' };
  if (household === undefined) return { code: 'household-unknown', field: 'household' };
  if (household.status === 'cancelled') return { code: 'household-cancelled', field: 'household' };
  if (!rules.roster.expected.has(numberOf(visit.household)))
    return { code: 'household-not-expected', field: 'household' };
  if (visit.visitedOn > today) return { code: 'visited-in-future', field: 'visitedOn' };
  if (rules.lastSealedAt !== undefined && visit.visitedOn <= dayOf(Date.parse(rules.lastSealedAt)))
    return { code: 'visited-before-last-sealing', field: 'visitedOn' };
  if (recordedAt > now) return { code: 'recorded-after-request', field: 'recordedAt' };
  if (dayOf(recordedAt) < visit.visitedOn) return { code: 'recorded-before-visit', field: 'recordedAt' };
  if (visit.purpose === 'sample' && !rules.bySurveyor) return { code: 'sample-needs-surveyor', field: 'purpose' };
  if (!sameMembers(visit, household)) return { code: 'members-mismatch', field: 'members' };
  return undefined;
}

/** A judged visit: its triage, or why it cannot be accepted. */
export type Judged =
  | { triage: TriageResult; fault?: never }
  | { fault: { code: ProblemCode; field: string }; triage?: never };

/** Checks a visit against the round, its village and its household, and triages it by the round's own criteria. */
export function judgeVisit(visit: Visit, rules: SubmissionRules, criteria: Criteria): Judged {
  const fault = visitFault(visit, rules);
  if (fault !== undefined) return { fault };
  if (rules.household === undefined) return { fault: { code: 'household-unknown', field: 'household' } };
  const previous = rules.roster.expected.get(numberOf(visit.household)) ?? null;
  try {
    return { triage: triageVisit(visit, rules.household, previous, criteria) };
  } catch (error) {
    if (error instanceof NoMonitoringLine) return { fault: { code: 'criteria-missing', field: 'visitedOn' } };
    throw error;
  }
}

/** Everybody on the form is registered in the household, and everybody registered is on the form, each once. */
function sameMembers(visit: Visit, household: Judgeable): boolean {
  const seen = new Set(visit.members.map(({ person }) => person));
  return (
    seen.size === visit.members.length &&
    seen.size === household.members.length &&
    household.members.every(({ person }) => seen.has(person))
  );
}
