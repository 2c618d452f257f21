import { villageOf } from '../../contracts/values.ts';
import { standing } from '../../domain/assistance/ledger-rules.ts';
import { eachOf } from '../../domain/concurrency.ts';
import {
  type Counted,
  countedEntry,
  nothingCounted,
  type Reckoned,
  reckonCase,
  reckonClaim,
  reckonHousehold,
  reckonInsured,
  type Subject,
} from '../../domain/reports/counted.ts';
import { listLedger } from '../assistance/ledger-entries.ts';
import { listSummaries, readCases } from '../cases/cases.ts';
import { claimPartition, listClaimSummaries } from '../insurance/claims.ts';
import { listInsured, placeOfInsured, rosterParts } from '../insurance/policies.ts';
import { readVillageVersions } from '../registry/households.ts';
import { readSheets } from '../screening/sheets.ts';
import { readTold } from '../timeline.ts';
import type { Question } from './question.ts';

/** Villages, and claims, read concurrently. */
const AT_ONCE = 16;

/**
 * Counts a region from everything that ever happened in it: versions of households, sheets of sealed rounds, episodes of cases, entries of the ledger,
 * rosters, events of claims. A Query a village, a Query a claim; it grows with the years.
 */
export async function countFromEvents(question: Question): Promise<Counted> {
  const counted = nothingCounted();
  await Promise.all([
    countHouseholds(question, counted),
    countSheets(question.rounds, question, counted),
    countCases(question, counted),
    countLedger(question, counted),
    countRosters(question, counted),
    countClaims(question, counted),
  ]);
  return counted;
}

/** Adds a reckoned subject to what is counted, and remembers when it may count otherwise. */
export function add<T>(
  counted: Counted,
  into: (counted: Counted) => T[],
  { value, until }: Reckoned<T>,
  subject: Subject & { place: string },
): void {
  if (value !== undefined) into(counted).push(value);
  if (until !== undefined) counted.later.push({ ...subject, from: until });
}

async function countHouseholds(question: Question, counted: Counted): Promise<void> {
  await eachOf(question.villages, AT_ONCE, async (place) => {
    for (const [id, versions] of await readVillageVersions(place))
      add(counted, ({ households }) => households, reckonHousehold(id, versions, question), {
        kind: 'household',
        id,
        place,
      });
  });
}

/** Who could work, and how many were visited, by the sheets of these rounds, newest first: an older sheet never overrides a newer one. */
export async function countSheets(
  rounds: readonly string[],
  { villages, roundsOfYear }: Pick<Question, 'villages' | 'roundsOfYear'>,
  counted: Counted,
): Promise<void> {
  const sheets = await Promise.all(rounds.map((round) => readSheets(round, villages)));
  const seen = new Set<string>();
  for (const ofRound of sheets)
    for (const { village, round, totals, rows } of ofRound.values()) {
      if (roundsOfYear.includes(round))
        counted.sheets.push({
          village,
          round,
          visited: totals.visited.households,
          secure: totals.byClass.secure.households,
          concern: totals.byClass.concern.households,
          monitor: totals.byClass.monitor.households,
        });
      for (const { household, labour } of rows) {
        if (labour === null || seen.has(household)) continue;
        seen.add(household);
        counted.labour.push({ household, round, able: labour });
      }
    }
}

async function countCases(question: Question, counted: Counted): Promise<void> {
  const { region, district, knownAt } = question;
  // The whole district's: a case may have lain elsewhere at the instant that is asked for.
  const summaries = await listSummaries(district);
  const cases = await readCases(summaries.map(({ id }) => id));
  for (const found of cases.values()) {
    const moved = found.moves?.some(({ at }) => Date.parse(at) > Date.parse(knownAt)) === true;
    if (!moved && !found.household.startsWith(region)) continue;
    const reckoned = reckonCase(found, question);
    const place = villageOf(reckoned.value?.household ?? found.household);
    if (place.startsWith(region))
      add(counted, ({ cases: all }) => all, reckoned, { kind: 'case', id: found.id, place });
  }
}

async function countLedger(question: Question, counted: Counted): Promise<void> {
  const year = question.asOf.slice(0, 4);
  const all = await listLedger(question.region);
  for (const entry of standing(all, question))
    if (entry.occurredOn.startsWith(year)) counted.entries.push(countedEntry(entry));
}

async function countRosters({ policies, district, region, ...asked }: Question, counted: Counted): Promise<void> {
  for (const { id: policy } of policies)
    await eachOf(await rosterParts(policy, region), AT_ONCE, async (part) => {
      for (const listed of await listInsured(policy, part)) {
        const { person, covers } = listed;
        const place = placeOfInsured(listed, district);
        const reckoned = reckonInsured({ policy, person, place }, covers, asked);
        add(counted, ({ insured }) => insured, reckoned, { kind: 'insured', id: `${policy}#${person}`, place });
      }
    });
}

async function countClaims(question: Question, counted: Counted): Promise<void> {
  const summaries = await listClaimSummaries(question.region);
  await eachOf(summaries, AT_ONCE, async (summary) => {
    const { id, household } = summary;
    const reckoned = reckonClaim(summary, await readTold(claimPartition(id).pk), question);
    add(counted, ({ claims }) => claims, reckoned, { kind: 'claim', id, place: villageOf(household) });
  });
}
