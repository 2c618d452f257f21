import type { Entry } from '../../contracts/assistance/ledger-entry.ts';
import type { Case } from '../../contracts/cases/case-record.ts';
import type { Cover } from '../../contracts/insurance/policy.ts';
import type { Origin } from '../../contracts/screening/triage.ts';
import { type Asked, amountOf, told } from '../assistance/ledger-rules.ts';
import { addDays, dayOf } from '../calendar.ts';
import { isCovered } from '../insurance/cover.ts';
import type { Version } from '../registry/household-changes.ts';
import { neverWas, asOf as stateOn } from '../registry/replay.ts';
import { type ClaimHappening, claimAsOf, type ReportedClaim } from './claim-totals.ts';

/** One thing whose history a brief counts. An entry's id is its key in the ledger; an insured person's `<policy>#<person>`. */
export interface Subject {
  kind: 'household' | 'case' | 'claim' | 'entry' | 'insured';
  id: string;
}

/** A subject that counts otherwise from a later day on although nothing more is recorded of it: a certificate that begins next month. */
export interface Later extends Subject {
  /** The village it lies in, or the town or district where it has none. */
  place: string;
  /** Asia/Shanghai. */
  from: string;
}

/** A household as it was registered on the day asked for. */
export interface CountedHousehold {
  id: string;
  origin: Origin;
  people: number;
}

/** Whether somebody of a household could work, as its newest sheet with a visit says. */
export interface LabourSeen {
  household: string;
  round: string;
  able: boolean;
}

/** A household's newest admitted episode, and whether it was closed. */
export interface AdmittedCase {
  id: string;
  household: string;
  people: number;
  closed: boolean;
}

/** An act of help that counts, without what no figure asks for. */
export interface CountedEntry {
  id: string;
  /** Its place in the ledger: `<region>#<day>#<entry>`. */
  key: string;
  kind: Entry['kind'];
  region: string;
  household?: string;
  person?: string;
  /** Fen; 0 when it is not about money. */
  amount: number;
  /** People or person-times of an entry that names nobody; 0 of others. */
  heads: number;
  byUnion: boolean;
}

/** Somebody on the roster of a policy, by the village or district they are listed under. */
export interface InsuredPerson {
  policy: string;
  person: string;
  place: string;
}

/** One village's sheet of a sealed round: households with a counted visit, by class. */
export interface VillageCount {
  village: string;
  round: string;
  visited: number;
  secure: number;
  concern: number;
  monitor: number;
}

/** Everything a brief counts in a region, as of a day and as known at an instant. A village's summary is this, of the village. */
export interface Counted {
  households: CountedHousehold[];
  labour: LabourSeen[];
  cases: AdmittedCase[];
  claims: ReportedClaim[];
  entries: CountedEntry[];
  insured: InsuredPerson[];
  sheets: VillageCount[];
  later: Later[];
}

export function nothingCounted(): Counted {
  return { households: [], labour: [], cases: [], claims: [], entries: [], insured: [], sheets: [], later: [] };
}

/** How a subject counts, and the first later day on which it may count otherwise by itself. */
export interface Reckoned<T> {
  value: T | undefined;
  until: string | undefined;
}

/** A household by all its versions. */
export function reckonHousehold(id: string, versions: readonly Version[], asked: Asked): Reckoned<CountedHousehold> {
  const { asOf, knownAt } = asked;
  const then = stateOn(versions, asOf, knownAt);
  const known = versions.filter(({ recordedAt }) => Date.parse(recordedAt) <= Date.parse(knownAt));
  const counts = then !== undefined && then.status !== 'cancelled' && !neverWas(versions, knownAt);
  return {
    value: counts ? { id, origin: then.origin, people: then.members.length } : undefined,
    until: firstAfter(
      asOf,
      known.map(({ on }) => on),
    ),
  };
}

/** A case by its episodes: the newest that was admitted by the day. */
export function reckonCase(found: Case, { asOf, knownAt }: Asked): Reckoned<AdmittedCase> {
  const known = dayOf(Date.parse(knownAt));
  const newest = found.episodes.findLast(
    ({ admittedOn, imported }) =>
      admittedOn !== undefined &&
      admittedOn <= asOf &&
      (imported === undefined ? admittedOn <= known : Date.parse(imported.at) <= Date.parse(knownAt)),
  );
  const until = firstAfter(
    asOf,
    found.episodes.flatMap(({ admittedOn, closed }) => [admittedOn ?? '', closed?.on ?? '']),
  );
  if (newest === undefined) return { value: undefined, until };
  const closedOn = newest.closed?.on;
  const closed = closedOn !== undefined && closedOn <= asOf && (newest.imported !== undefined || closedOn <= known);
  return { value: { id: found.id, household: householdAt(found, knownAt), people: newest.people, closed }, until };
}

/** The household that had a case at an instant: a case goes along when its household moves or merges. */
function householdAt({ household, moves = [] }: Case, knownAt: string): string {
  return moves.find(({ at }) => Date.parse(at) > Date.parse(knownAt))?.from ?? household;
}

/** A claim by its events. */
export function reckonClaim(
  claim: Pick<ReportedClaim, 'id' | 'household' | 'line'>,
  events: readonly ClaimHappening[],
  asked: Asked,
): Reckoned<ReportedClaim> {
  const days = events.filter(({ at }) => Date.parse(at) <= Date.parse(asked.knownAt)).map(dayOfClaimEvent);
  return { value: claimAsOf(claim, events, asked), until: firstAfter(asked.asOf, days) };
}

/** The day an event of a claim counts from: the one it names, such as the bank's, or the one it was recorded on. */
export function dayOfClaimEvent({ at, body }: Pick<ClaimHappening, 'at' | 'body'>): string {
  return String(body?.['on'] ?? dayOf(Date.parse(at)));
}

/** An entry of the ledger, unless it was reversed. */
export function reckonEntry(
  entry: Entry,
  reversed: { on: string; at: string } | undefined,
  asked: Asked,
): Reckoned<CountedEntry> {
  const isReversed = reversed !== undefined && told({ occurredOn: reversed.on, recordedAt: reversed.at }, asked);
  return {
    value: told(entry, asked) && !isReversed ? countedEntry(entry) : undefined,
    until: firstAfter(asked.asOf, [entry.occurredOn, reversed?.on ?? '']),
  };
}

export function countedEntry(entry: Entry): CountedEntry {
  const { id, kind, region, occurredOn } = entry;
  const heads = 'people' in entry ? entry.people : 'personTimes' in entry ? entry.personTimes : 0;
  return {
    id,
    key: `${region}#${occurredOn}#${id}`,
    kind,
    region,
    ...('household' in entry && entry.household !== undefined ? { household: entry.household } : {}),
    ...('person' in entry ? { person: entry.person } : {}),
    amount: amountOf(entry),
    heads,
    byUnion: entry.kind === 'donation-received' && entry.giverKind === 'union',
  };
}

/** Somebody on a roster, while a certificate covers them. Certificates hold from their first day to their last. */
export function reckonInsured(
  listed: InsuredPerson,
  covers: readonly Cover[],
  { asOf, knownAt }: Asked,
): Reckoned<InsuredPerson> {
  const isKnown = (at: string) => Date.parse(at) <= Date.parse(knownAt);
  const known = covers.flatMap(({ enrolledOn, removedOn, recordedAt, removalRecordedAt = recordedAt }) => {
    if (!isKnown(recordedAt)) return [];
    return [{ enrolledOn, ...(removedOn !== undefined && isKnown(removalRecordedAt) ? { removedOn } : {}) }];
  });
  return {
    value: isCovered(known, asOf) ? listed : undefined,
    until: firstAfter(
      asOf,
      known.flatMap(({ enrolledOn, removedOn }) => [enrolledOn, removedOn === undefined ? '' : addDays(removedOn, 1)]),
    ),
  };
}

function firstAfter(day: string, days: readonly string[]): string | undefined {
  return days
    .filter((one) => one > day)
    .sort()
    .at(0);
}
