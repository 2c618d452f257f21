import type { ClosureMethod, Episode } from '../../../contracts/cases/case.ts';
import type { CaseMeasure } from '../../../contracts/cases/case-record.ts';
import type { Cover } from '../../../contracts/insurance/policy.ts';
import type { DisabilityCertificate } from '../../../contracts/registry/household.ts';
import type { FindingSubject } from '../../../contracts/reports/quality-finding.ts';
import type { TriageClass } from '../../../contracts/screening/triage.ts';
import type { Visit } from '../../../contracts/screening/visit.ts';
import type { Sizes } from '../../limits.ts';
import type { Version } from '../../registry/household-changes.ts';

/** The newest visit that counts: accepted in the open round, or else counted in the last sealed one. Null when neither has one. */
export type SeenVisit = Pick<Visit, 'visitedOn' | 'income' | 'selfPaid' | 'guarantees' | 'members'> | null;

/** A registered household. */
export interface HouseholdFacts {
  visit: SeenVisit;
  /** How its case was closed, when it is; null for an open case, a running admission, or none. */
  closed: { on: string; method: ClosureMethod } | null;
}

/** A member of a registered household. */
export interface MemberFacts {
  visit: SeenVisit;
  person: string;
  certificate: DisabilityCertificate | undefined;
  /** The last day the ledger placed this person in work or a post, in the 12 months up to today. */
  placedOn: string | null;
}

/** An admitted episode of a case. */
export interface EpisodeFacts {
  today: string;
  admittedOn: string;
  risks: Episode['risks'];
  /** Undefined while it is open. */
  closed: Episode['closed'];
  /** Those of this episode. */
  measures: readonly Pick<CaseMeasure, 'kind' | 'status' | 'startedOn' | 'endedOn'>[];
  /** The monitoring line of the year of closure, fen per person; undefined when the criteria have none. */
  lineAtClosure: number | undefined;
  visit: SeenVisit;
}

/** Somebody who died, and a policy whose roster has them. */
export interface DeathFacts {
  today: string;
  diedOn: string;
  /** Last day of the policy. */
  policyTo: string;
  covers: readonly Pick<Cover, 'enrolledOn' | 'removedOn'>[];
}

/** A number of a row that was offered: of a household's member, or of the insurer's roster. */
export interface OfferedNumber {
  fault: string | undefined;
  /** Where the row stood in what was sent, 0 for the first; told for rosters, whose rows have no other place. */
  row?: number;
}

/** A household's sealed row of a round. */
export interface SampleFacts {
  sealed: TriageClass | null;
  sample: TriageClass | null;
}

/** A recorded change that is impossible on its date; only older releases stored any. */
export interface HistoryFacts {
  misfits: readonly Pick<Version, 'on' | 'change'>[];
}

/** Facts with the subject they are about. */
export interface About<Facts> {
  subject: FindingSubject;
  facts: Facts;
}

/** Everything the rules check in one village. */
export interface VillageFacts {
  households: About<HouseholdFacts>[];
  members: About<MemberFacts>[];
  episodes: About<EpisodeFacts>[];
  deaths: About<DeathFacts>[];
  samples: About<SampleFacts>[];
  /** Of the village itself. */
  sizes: About<Sizes>[];
  /** Cancelled households too. */
  histories: About<HistoryFacts>[];
}
