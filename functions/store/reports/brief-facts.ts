import { type Divisions, districtOf } from '../../contracts/regions.ts';
import { endOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { asOf as householdAsOf } from '../../domain/registry/replay.ts';
import type { BriefFacts, RegisteredHousehold } from '../../domain/reports/brief-facts.ts';
import { listLedger } from '../assistance/ledger-entries.ts';
import { listSummaries, readCases } from '../cases/cases.ts';
import { villagesOf } from '../registry/divisions.ts';
import { readVillageVersions } from '../registry/households.ts';
import { listRounds } from '../screening/rounds.ts';
import { readSheets, type Sheet } from '../screening/sheets.ts';

import { readBriefInsurance } from './brief-insurance.ts';

/** Villages read concurrently. */
const AT_ONCE = 16;
/** A household missed in the newest round may have been visited in an earlier one; at most a year back is searched. */
const ROUNDS_FOR_LABOUR = 4;

/**
 * Gathers what a brief of a region is computed from, as of a day and as known at an instant: versions of households, sheets of
 * sealed rounds, episodes of cases, entries of the ledger. Reads the whole region: a Query a village, and its sheets a hundred at once.
 */
export async function readBriefFacts(
  region: string,
  asOf: string,
  knownAt: string,
  divisions: Divisions,
): Promise<BriefFacts> {
  const district = districtOf(region);
  const villages = villagesOf(divisions).filter((village) => village.startsWith(region));
  const until = Math.min(endOf(asOf), Date.parse(knownAt) + 1);
  const sealed = (await listRounds(district))
    .filter(({ sealedAt }) => sealedAt !== undefined && Date.parse(sealedAt) < until)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  const ofYear = sealed.filter(({ id }) => id.startsWith(asOf.slice(0, 4)));
  const wanted = [...new Set([...sealed.slice(0, ROUNDS_FOR_LABOUR), ...ofYear].map(({ id }) => id))];
  const [perVillage, summaries, ledger, insurance] = await Promise.all([
    readVillages(villages, { asOf, knownAt, rounds: wanted }),
    listSummaries(region),
    listLedger(region),
    readBriefInsurance(region, { asOf, knownAt }),
  ]);
  const cases = await readCases(summaries.map(({ id }) => id));
  return {
    region,
    asOf,
    knownAt,
    ledger,
    sheets: perVillage.flatMap(({ sheets }) => sheets.filter(({ round }) => ofYear.some(({ id }) => id === round))),
    households: perVillage.flatMap(({ households }) => households),
    cases: [...cases.values()].filter(({ household }) => household.startsWith(region)),
    insurance,
  };
}

interface VillageFacts {
  households: RegisteredHousehold[];
  sheets: BriefFacts['sheets'][number][];
}

async function readVillages(
  villages: readonly string[],
  { rounds, ...asked }: { asOf: string; knownAt: string; rounds: readonly string[] },
): Promise<VillageFacts[]> {
  const sheets = await Promise.all(rounds.map((round) => readSheets(round, villages)));
  return await eachOf(villages, AT_ONCE, (village) =>
    readVillageFacts(
      village,
      sheets.map((all) => all.get(village)),
      asked,
    ),
  );
}

/** @param sheets the village's, newest first */
async function readVillageFacts(
  village: string,
  sheets: readonly (Sheet | undefined)[],
  { asOf, knownAt }: { asOf: string; knownAt: string },
): Promise<VillageFacts> {
  const versions = await readVillageVersions(village);
  const labour = new Map<string, boolean>();
  const counts: VillageFacts['sheets'] = [];
  // Newest first: an older sheet never overrides a newer one.
  for (const sheet of sheets) {
    if (sheet === undefined) continue;
    const { totals } = sheet;
    counts.push({
      village,
      round: sheet.round,
      visited: totals.visited.households,
      secure: totals.byClass.secure.households,
      concern: totals.byClass.concern.households,
      monitor: totals.byClass.monitor.households,
    });
    for (const row of sheet.rows)
      if (row.labour !== null && !labour.has(row.household)) labour.set(row.household, row.labour);
  }
  const households = [...versions].flatMap(([id, all]): RegisteredHousehold[] => {
    const then = householdAsOf(all, asOf, knownAt);
    if (then === undefined || then.status === 'cancelled') return [];
    return [{ id, origin: then.origin, people: then.members.length, labour: labour.get(id) ?? null }];
  });
  return { households, sheets: counts };
}
