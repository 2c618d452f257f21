import { villageOf } from '../../contracts/values.ts';
import { dayOf, endOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
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
import { listChanges } from './changes.ts';
import { add, countSheets } from './count-events.ts';
import type { Question } from './question.ts';
import { hasVillages, newestSummary, readSummaries, type SummaryHead } from './summaries.ts';

/** Subjects read concurrently. */
const AT_ONCE = 16;
/** More changes than that, and everything is read instead: after a register was imported, until the next daily close. */
const MOST_CHANGES = 5_000;
/**
 * A writer notes its own instant and commits later: a request within 29 seconds, a task within its retries. What was noted in the hour before a summary
 * is therefore looked at again.
 */
const COMMITTED_WITHIN = 3_600_000;

/**
 * Counts a region from the newest summary that stood at the instant and tells of no later day, and from what changed since: every subject that was noted,
 * or that counts otherwise by the day asked for, is read again with its whole history; the others count as the summary says. So a correction that
 * reaches back, a reversal or a future date comes out as if everything had been read.
 * @returns undefined when there is no summary, or too much has changed
 */
export async function countFromSummary(question: Question): Promise<Counted | undefined> {
  const { district, asOf, knownAt, region } = question;
  const before = new Date(Math.min(endOf(asOf) - 1, Date.parse(knownAt))).toISOString();
  const head = await newestSummary(district, before);
  if (head === undefined || !isSame(head, question)) return undefined;
  const [noted, counted] = await Promise.all([
    listChanges(district, new Date(Date.parse(head.at) - COMMITTED_WITHIN).toISOString(), lastInstant(knownAt)),
    readSummaries(
      head.at,
      head.places.filter((place) => place.startsWith(region)),
    ),
  ]);
  const changed = new Map<string, Subject>();
  for (const { kind, id, places, from } of noted)
    if (from <= asOf && places.some((place) => place.startsWith(region))) changed.set(`${kind} ${id}`, { kind, id });
  for (const { kind, id, from } of counted.later) if (from <= asOf) changed.set(`${kind} ${id}`, { kind, id });
  if (changed.size > MOST_CHANGES) return undefined;
  const kept = keep(counted, head, question, (kind, id) => !changed.has(`${kind} ${id}`));
  const fresh = await countAgain([...changed.values()], question);
  // A newer sheet overrides what an older one says of who could work.
  const newRounds = question.rounds.filter((round) => !head.rounds.includes(round));
  await countSheets(newRounds, question, fresh);
  const seen = new Set(fresh.labour.map(({ household }) => household));
  return merged({ ...kept, labour: kept.labour.filter(({ household }) => !seen.has(household)) }, fresh);
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
  isKept: (kind: Subject['kind'], id: string) => boolean,
): Counted {
  const known = new Set(villages);
  const isOfYear = dayOf(Date.parse(head.at)).slice(0, 4) === asOf.slice(0, 4);
  const asked = new Set(policies.map(({ id }) => id));
  return {
    households: counted.households.filter(({ id }) => known.has(villageOf(id)) && isKept('household', id)),
    labour: counted.labour.filter(({ round, household }) => rounds.includes(round) && known.has(villageOf(household))),
    cases: counted.cases.filter(({ id }) => isKept('case', id)),
    claims: counted.claims.filter(({ id }) => isKept('claim', id)),
    entries: isOfYear ? counted.entries.filter(({ key }) => isKept('entry', key)) : [],
    insured: counted.insured.filter(
      ({ policy, person }) => asked.has(policy) && isKept('insured', `${policy}#${person}`),
    ),
    sheets: counted.sheets.filter(({ round, village }) => roundsOfYear.includes(round) && known.has(village)),
    later: counted.later.filter(({ kind, id }) => isKept(kind, id)),
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
async function countAgain(subjects: readonly Subject[], question: Question): Promise<Counted> {
  const counted = nothingCounted();
  const of = (kind: Subject['kind']) => subjects.filter((one) => one.kind === kind).map(({ id }) => id);
  await Promise.all([
    householdsAgain(of('household'), question, counted),
    casesAgain(of('case'), question, counted),
    claimsAgain(of('claim'), question, counted),
    entriesAgain(of('entry'), question, counted),
    insuredAgain(of('insured'), question, counted),
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
