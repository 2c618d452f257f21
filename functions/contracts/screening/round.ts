import * as z from 'zod';
import { type CaseType, caseType, type Signal, type TriageClass, triageClass } from './triage.ts';

/** Why a household has no counted visit. `cancelled` and `no-reason` are the system's own words, the others a village gives. */
export const givenReason = z.enum([
  'whole-household-away',
  'nobody-at-home',
  'refused',
  'in-hospital',
  'road-blocked',
  'other',
]);
export type GivenReason = z.infer<typeof givenReason>;
export type MissedReason = GivenReason | 'cancelled' | 'no-reason';

export type RoundStatus = 'opening' | 'collecting' | 'sealed';

export interface Round {
  id: string;
  district: string;
  status: RoundStatus;
  openedAt: string;
  openedBy: string;
  /** Last day of collecting, Asia/Shanghai: the last day of the opening month. */
  due: string;
  /** The last day, at whose end (24:00 Asia/Shanghai) the round is sealed whatever is missing: 15 days after `due`. */
  hardDeadline: string;
  /** The criteria pinned at opening. */
  criteria: string;
  /** The sealed round before this one. */
  previous?: string;
  expectedHouseholds?: number;
  expectedPeople?: number;
  sealedAt?: string;
}

/** How far a village is. The door is open only while `collecting`; `sealing` ends for all villages at once, when the round is sealed. */
export interface VillageProgress {
  village: string;
  status: 'collecting' | 'sealing';
  expected: number;
  /** Household numbers with an accepted screening visit. */
  visited: Set<string>;
  /** Household numbers with an accepted visit of the surveyor. */
  sampled: Set<string>;
  /** Accepted visits as entries of store/progress.ts: the household's number and the beginning of the visit's id. */
  accepted: Set<string>;
  missed: Map<string, GivenReason | 'cancelled'>;
  reminders: string[];
}

/** A village's frozen roster: household number → what the newest earlier sealed row says. */
export interface Roster {
  village: string;
  expected: Map<string, Previous | null>;
}
export interface Previous {
  perCapita: number;
  round: string;
  class: TriageClass | null;
}

/** One household's sealed result (排查表 row). */
export interface SheetRow {
  household: string;
  /** The counted visit, or null with the reason why there is none. */
  visit: string | null;
  missed: MissedReason | null;
  people: number;
  class: TriageClass | null;
  caseType: CaseType | null;
  /** Fen per person, and the round it was seen in: a missed row carries the earlier one forward. */
  perCapita: number | null;
  perCapitaRound: string | null;
  previousPerCapita: number | null;
  ownPayouts: number;
  openCase: boolean;
  signals: Signal[];
  /** Two counted-for visits of this round disagree on the class. */
  disagreement: boolean;
  /** What the surveyor's sample found, when there is one. */
  sample: TriageClass | null;
  /** Whether some member has labour `full` or `weak`; null when nobody came, and in sheets sealed before it was kept. */
  labour: boolean | null;
  /** The newest day anybody came, whatever for; null when nobody did, and in sheets sealed before it was kept. */
  seenOn: string | null;
}

const count = z.strictObject({ households: z.int(), people: z.int() });
/** Counts are always given as households and people. */
export const totals = z.strictObject({
  expected: count,
  visited: count,
  missed: count,
  missedByReason: z.record(z.string(), z.int()),
  byClass: z.record(triageClass, count),
  candidatesByType: z.record(caseType, count),
  disagreements: z.int(),
  samples: z.int(),
  samplesAgreeing: z.int(),
});
export type Totals = z.infer<typeof totals>;
