import { villageOf } from '../../contracts/values.ts';
import { dayOf, endOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import type { VillageSums } from '../../domain/reports/brief-facts.ts';
import {
  type Counted,
  nothingCounted,
  reckonCase,
  reckonClaim,
  reckonEntry,
  reckonHousehold,
  reckonInsured,
  type Subject,
} from '../../domain/reports/counted.ts';
import { readEntries } from '../assistance/ledger-entries.ts';
import { readCases } from '../cases/cases.ts';
import { claimPartition, readReported } from '../insurance/claims.ts';
import { placeOfInsured, readInsured } from '../insurance/policies.ts';
import { readVersions } from '../registry/households.ts';
import { readTold } from '../timeline.ts';
import { type Change, EVER, listChanges } from './changes.ts';
import { add, countSheets } from './count-events.ts';
import type { Question } from './question.ts';
import { hasVillages, newestSummary, readSummaries, type SummaryHead } from './summaries.ts';
import { readSums } from './village-sums.ts';

/** Subjects read concurrently. */
const AT_ONCE = 16;
/** More changes than that, and everything is read instead: after a register was imported, until the next daily close. */
const MOST_CHANGES = 5_000;
/**
 * A writer notes its own instant and commits later: a request within 29 seconds, a task within its retries. What was noted in the hour before a summary
 * is therefore looked at again.
 */
const COMMITTED_WITHIN = 3_600_000;

/** The newest summary that an answer goes on from, and what was noted since. */
export interface Since {
  head: SummaryHead;
  noted: readonly Change[];
}

/** @returns undefined when there is no summary of what is asked for that stood at the instant and tells of no later day */
export async function changesSince(question: Question): Promise<Since | undefined> {
  const { district, asOf, knownAt } = question;
  const before = new Date(Math.min(endOf(asOf) - 1, Date.parse(knownAt))).toISOString();
  const head = await newestSummary(district, before);
  if (head === undefined || !isSame(head, question)) return undefined;
  const from = new Date(Date.parse(head.at) - COMMITTED_WITHIN).toISOString();
  return { head, noted: await listChanges(district, from, lastInstant(knownAt)) };
}

/**
 * Counts a region from the newest summary and from what changed since: every subject that was noted, or that counts otherwise by the day asked for, is read
 * again with its whole history; the others count as the summary says. So a correction that reaches back, a reversal or a future date comes out as if
 * everything had been read.
 * @returns undefined when too much has changed
 */
export async function countFromSummary(question: Question, since: Since): Promise<Counted | undefined> {
  const { head } = since;
  const counted = await readSummaries(head.at, placesIn(question.region, head));
  const changed = changedIn(question, since, counted.later);
  if (changed === undefined) return undefined;
  const kept = keep(counted, head, question, changed.subjects);
  const fresh = await countAgain(changed.subjects, question);
  // A newer sheet overrides what an older one says of who could work.
  const newRounds = question.rounds.filter((round) => !head.rounds.includes(round));
  await countSheets(newRounds, question, fresh);
  const seen = new Set(fresh.labour.map(({ household }) => household));
  return merged({ ...kept, labour: kept.labour.filter(({ household }) => !seen.has(household)) }, fresh);
}

/**
 * The same for a summary that others go on from: it remembers of each subject when it will count otherwise, and so reads again what was noted for days to come,
 * which a brief of today leaves out. What would be left out here would be missing when its day comes.
 */
export function countForSummary(question: Question, { head, noted }: Since): Promise<Counted | undefined> {
  return countFromSummary(question, { head, noted: noted.map((change) => ({ ...change, from: EVER })) });
}

/**
 * The same for figures alone: of a village in which nothing changed only its sums, of the others the whole count. A village is asked for in full, as its
 * summary is one small item, and so is what the sums were not made of.
 */
export async function countBriefly(
  question: Question,
  since: Since,
): Promise<{ counted: Counted; sums?: readonly VillageSums[] } | undefined> {
  const { region, roundsOfYear } = question;
  const { head } = since;
  const stored = region.length === 12 ? undefined : await readSums(head, question);
  if (stored === undefined) {
    const counted = await countFromSummary(question, since);
    return counted === undefined ? undefined : { counted };
  }
  const changed = changedIn(question, since, stored.later);
  if (changed === undefined) return undefined;
  const fresh = await countAgain(changed.subjects, question);
  const known = new Set(question.villages);
  for (const place of placesOf(fresh)) changed.places.add(place);
  const sums = stored.villages.filter(({ village }) => known.has(village) && !changed.places.has(village));
  const summed = new Set(sums.map(({ village }) => village));
  const rest = await readSummaries(
    head.at,
    placesIn(region, head).filter((place) => !summed.has(place)),
  );
  const kept = keep(rest, head, question, changed.subjects);
  const sheets = stored.sheets.filter(({ round, village }) => summed.has(village) && roundsOfYear.includes(round));
  return { counted: merged(merged(kept, fresh), { ...nothingCounted(), sheets }), sums };
}

function placesIn(region: string, { places }: SummaryHead): string[] {
  return places.filter((place) => place.startsWith(region));
}

/** Ids of what must be read again. */
type Subjects = Readonly<Record<Subject['kind'], ReadonlySet<string>>>;

/** What must be read again, and the places whose summaries have it as it was. @returns undefined when it is too much */
function changedIn(
  { asOf, region }: Question,
  { noted }: Since,
  later: Counted['later'],
): { subjects: Subjects; places: Set<string> } | undefined {
  const all = [...noted, ...later.map(({ place, ...one }) => ({ ...one, places: [place] }))];
  const meant = all.filter(({ from, places }) => from <= asOf && places.some((place) => place.startsWith(region)));
  const of = (kind: Subject['kind']) => new Set(meant.filter((one) => one.kind === kind).map(({ id }) => id));
  const subjects = {
    household: of('household'),
    case: of('case'),
    claim: of('claim'),
    entry: of('entry'),
    insured: of('insured'),
  };
  const count = Object.values(subjects).reduce((sum, { size }) => sum + size, 0);
  return count > MOST_CHANGES ? undefined : { subjects, places: new Set(meant.flatMap(({ places }) => places)) };
}

/** Where something counts: in its place, and, of an entry of a town that names a household, in the household's village too. */
function placesOf({ households, cases, claims, entries, insured }: Counted): string[] {
  return [
    ...households.map(({ id }) => villageOf(id)),
    ...[...cases, ...claims].map(({ household }) => villageOf(household)),
    ...entries.flatMap(({ region, household }) => [region, ...(household === undefined ? [] : [villageOf(household)])]),
    ...insured.map(({ place }) => place),
  ];
}

/** Whether a summary has the rosters of the policies, and the villages, that are asked for. */
function isSame(head: SummaryHead, { policies, villages }: Question): boolean {
  return policies.every(({ id }) => head.policies.includes(id)) && hasVillages(head, villages);
}

/** Episodes are known by the day, not by the instant: what was noted later on the same day belongs to it. */
function lastInstant(knownAt: string): string {
  return new Date(Math.max(Date.parse(knownAt), endOf(dayOf(Date.parse(knownAt))))).toISOString();
}

/** What a summary says of everything that has not changed, as far as this year, these rounds and these villages are asked for. */
function keep(
  counted: Counted,
  head: SummaryHead,
  { asOf, villages, rounds, roundsOfYear, policies }: Question,
  subjects: Subjects,
): Counted {
  const { household, case: ofCases, claim, entry, insured } = subjects;
  const known = new Set(villages);
  const isOfYear = dayOf(Date.parse(head.at)).slice(0, 4) === asOf.slice(0, 4);
  const asked = new Set(policies.map(({ id }) => id));
  return {
    households: counted.households.filter(({ id }) => known.has(villageOf(id)) && !household.has(id)),
    labour: counted.labour.filter((one) => rounds.includes(one.round) && known.has(villageOf(one.household))),
    cases: counted.cases.filter(({ id }) => !ofCases.has(id)),
    claims: counted.claims.filter(({ id }) => !claim.has(id)),
    entries: isOfYear ? counted.entries.filter(({ key }) => !entry.has(key)) : [],
    insured: counted.insured.filter(
      ({ policy, person }) => asked.has(policy) && (insured.size === 0 || !insured.has(`${policy}#${person}`)),
    ),
    sheets: counted.sheets.filter(({ round, village }) => roundsOfYear.includes(round) && known.has(village)),
    later: counted.later.filter(({ kind, id }) => !subjects[kind].has(id)),
  };
}

function merged(a: Counted, b: Counted): Counted {
  return {
    households: [...a.households, ...b.households],
    labour: [...a.labour, ...b.labour],
    cases: [...a.cases, ...b.cases],
    claims: [...a.claims, ...b.claims],
    entries: [...a.entries, ...b.entries],
    insured: [...a.insured, ...b.insured],
    sheets: [...a.sheets, ...b.sheets],
    later: [...a.later, ...b.later],
  };
}

/** Counts subjects by their whole histories. */
async function countAgain(subjects: Subjects, question: Question): Promise<Counted> {
  const counted = nothingCounted();
  await Promise.all([
    householdsAgain([...subjects.household], question, counted),
    casesAgain([...subjects.case], question, counted),
    claimsAgain([...subjects.claim], question, counted),
    entriesAgain([...subjects.entry], question, counted),
    insuredAgain([...subjects.insured], question, counted),
  ]);
  return counted;
}

async function householdsAgain(ids: readonly string[], question: Question, counted: Counted): Promise<void> {
  const villages = new Set(question.villages);
  const inside = ids.filter((id) => villages.has(villageOf(id)));
  await eachOf(inside, AT_ONCE, async (id) => {
    const reckoned = reckonHousehold(id, await readVersions(id), question);
    add(counted, ({ households }) => households, reckoned, { kind: 'household', id, place: villageOf(id) });
  });
}

async function casesAgain(ids: readonly string[], question: Question, counted: Counted): Promise<void> {
  for (const found of (await readCases(ids)).values()) {
    const reckoned = reckonCase(found, question);
    const place = villageOf(reckoned.value?.household ?? found.household);
    if (place.startsWith(question.region))
      add(counted, ({ cases }) => cases, reckoned, { kind: 'case', id: found.id, place });
  }
}

async function claimsAgain(ids: readonly string[], question: Question, counted: Counted): Promise<void> {
  const inside = (await readReported(ids)).filter(({ household }) => household.startsWith(question.region));
  await eachOf(inside, AT_ONCE, async (claim) => {
    const reckoned = reckonClaim(claim, await readTold(claimPartition(claim.id).pk), question);
    const place = villageOf(claim.household);
    add(counted, ({ claims }) => claims, reckoned, { kind: 'claim', id: claim.id, place });
  });
}

async function entriesAgain(ids: readonly string[], question: Question, counted: Counted): Promise<void> {
  const year = question.asOf.slice(0, 4);
  const inside = ids.filter((id) => id.startsWith(question.region) && id.split('#')[1]?.startsWith(year) === true);
  for (const { entry, reversed } of await readEntries(question.district, inside)) {
    const { region: place, occurredOn, id } = entry;
    add(counted, ({ entries }) => entries, reckonEntry(entry, reversed, question), {
      kind: 'entry',
      id: `${place}#${occurredOn}#${id}`,
      place,
    });
  }
}

async function insuredAgain(ids: readonly string[], question: Question, counted: Counted): Promise<void> {
  const { policies, district, region } = question;
  await eachOf(policies, policies.length, async ({ id: policy }) => {
    const persons = ids.flatMap((id) => (id.startsWith(`${policy}#`) ? [id.slice(policy.length + 1)] : []));
    for (const listed of (await readInsured(policy, persons)).values()) {
      const { person, covers } = listed;
      const place = placeOfInsured(listed, district);
      if (!place.startsWith(region)) continue;
      const reckoned = reckonInsured({ policy, person, place }, covers, question);
      add(counted, ({ insured }) => insured, reckoned, { kind: 'insured', id: `${policy}#${person}`, place });
    }
  });
}
