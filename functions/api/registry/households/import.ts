import * as z from 'zod';
import { Problem } from '../../../contracts/problems.ts';
import type { Household } from '../../../contracts/registry/household.ts';
import { MOST_IMPORT_ROWS } from '../../../contracts/registry/households-http.ts';
import type { QualityRule } from '../../../contracts/reports/quality-rule.ts';
import { villageOf } from '../../../contracts/values.ts';
import { eachOf, wavesOf } from '../../../domain/concurrency.ts';
import { comparable } from '../../../domain/registry/names.ts';
import { lookAtNumbers, severityOfNumber } from '../../../domain/reports/quality/number-rules.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { isClaimable, readHousehold, readHouseholds } from '../../../store/registry/households.ts';
import { indexNames } from '../../../store/registry/name-index.ts';
import { personalData } from '../../../store/registry/personal-data.ts';
import { readGuards } from '../../../store/registry/persons.ts';
import { announce } from '../../../store/reports/changes.ts';
import { recordLooks } from '../../../store/reports/findings.ts';
import { ConditionFailed, type TransactItem, transact } from '../../../store/table.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../../row-problems.ts';
import { at, type Candidate, checkRow, type Malformed } from './import-row.ts';
import { peopleOf } from './new-members.ts';

interface Outcome {
  row: number;
  outcome: 'registered' | 'unchanged' | 'refused';
  household?: string;
  findings?: QualityRule[];
  problem?: RowProblem;
}

/** Transactions under way at once. */
const AT_ONCE = 4;
/** TransactWriteItems takes 100 items: a household, its version and its people are written together, and others beside them. */
const ITEMS_AT_ONCE = 100;

/** The first items of a row are its household and its version; the others are its people, in their order. */
const BESIDE_PEOPLE = 2;

/** Registers households row by row: each is written whole or not at all, and every row gets an answer. */
export const importHouseholds: Operation<typeof householdRoutes.importHouseholds> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_IMPORT_ROWS) throw new Problem('too-many-rows');
  const [divisions, data] = await Promise.all([readDivisions(config.district()), personalData(config.district())]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  const people = await peopleOf(body.rows.flatMap(numbersIn), data);
  const context = { caller, now, people, villages: new Set(villagesOf(divisions)) };
  const items: Outcome[] = [];
  const candidates: Candidate[] = [];
  const malformedNumbers: Malformed[] = [];
  for (const [row, raw] of body.rows.entries()) {
    const checked = checkRow(raw, row, context);
    if ('problem' in checked) {
      const { malformed = [], problem } = checked;
      malformedNumbers.push(...malformed);
      items[row] = {
        row,
        outcome: 'refused',
        ...(malformed.length === 0 ? {} : { findings: ['ID_NUMBER_MALFORMED'] }),
        problem,
      };
    } else candidates.push(checked);
  }
  if (body.check === true) {
    for (const outcome of await foreseen(candidates)) items[outcome.row] = outcome;
    return answerOf(items);
  }
  const free = candidates.filter(({ barred }) => barred.length === 0);
  for (const one of candidates.filter(({ barred }) => barred.length > 0)) items[one.row] = await refusedFor(one);
  const changes = free.map(({ change }) => change);
  await announce(config.district(), new Date(now).toISOString(), changes);
  await indexNames(
    free.map(({ household }) => household),
    data,
  );
  // Of two rows with the same household or person the first counts, as in a dry run.
  for (const wave of wavesOf(free, (candidate) => candidate.items.map(keyOf))) {
    await eachOf(grouped(wave), AT_ONCE, async (group) => {
      for (const outcome of await writeGroup(group)) items[outcome.row] = outcome;
    });
  }
  await recordNumbers(
    malformedNumbers,
    new Set(items.flatMap(({ outcome, household = [] }) => (outcome === 'refused' ? [] : household))),
    now,
  );
  refuseWhenNoneHolds(items);
  return answerOf(items);
};

/** A row that is not one yet: its numbers, whatever else is wrong with it. */
const numbered = z.object({ members: z.array(z.object({ idNumber: z.string() })) });

function numbersIn(row: unknown): string[] {
  return numbered.safeParse(row).data?.members.map(({ idNumber }) => idNumber) ?? [];
}

function answerOf(items: Outcome[]) {
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: { items, registered: count('registered'), unchanged: count('unchanged'), refused: count('refused') },
  };
}

/**
 * Keeps which members' numbers were malformed, by village, household number and place, never the number; and takes for corrected what an earlier
 * import found of households that are registered by this one.
 */
async function recordNumbers(
  malformed: readonly Malformed[],
  registered: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const looks = lookAtNumbers(malformed);
  const households = new Set([...registered, ...malformed.flatMap(({ subject }) => subject.household ?? [])]);
  await eachOf([...new Set([...households].map(villageOf))], AT_ONCE, async (region) => {
    const here = looks.filter(({ subject }) => subject.household?.startsWith(region));
    await recordLooks(
      here,
      { region, households, registered },
      { at: new Date(now).toISOString(), by: 'import', severityOf: severityOfNumber },
    );
  });
}

/** Groups that fit into one transaction each. @param candidates none of which touches what another does */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups: { rows: Candidate[]; size: number }[] = [];
  for (const candidate of candidates) {
    const size = candidate.items.length;
    const last = groups.at(-1);
    if (last !== undefined && last.size + size <= ITEMS_AT_ONCE) {
      last.rows.push(candidate);
      last.size += size;
    } else groups.push({ rows: [candidate], size });
  }
  return groups.map(({ rows }) => rows);
}

function keyOf({ Put }: TransactItem): string {
  return `${String(Put?.Item?.['pk'])} ${String(Put?.Item?.['sk'])}`;
}

/** Writes a group at once; when somebody in it is there already, each row by itself, so that one row never holds up another. */
async function writeGroup(group: readonly Candidate[]): Promise<Outcome[]> {
  try {
    await transact(group.flatMap(({ items }) => items));
    return group.map(({ row, household }) => ({ row, outcome: 'registered', household: household.id }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const [only] = group;
    if (only !== undefined && group.length === 1)
      return [standing(await readHousehold(only.household.id), only.household, only.row, error.indices)];
    const outcomes = await eachOf(group, AT_ONCE, (candidate) => writeGroup([candidate]));
    return outcomes.flat();
  }
}

/** What writing would come to, row by row in their order; an earlier row counts as if it were written. */
async function foreseen(candidates: readonly Candidate[]): Promise<Outcome[]> {
  const [households, guards] = await Promise.all([
    readHouseholds([...new Set(candidates.map(({ household }) => household.id))]),
    readGuards(candidates.flatMap(({ hashes }) => hashes)),
  ]);
  return candidates.map(({ row, household, hashes, barred }): Outcome => {
    const existing = households.get(household.id);
    const taken = hashes.flatMap((hash, place) =>
      isClaimable(guards.get(hash), household.id, household.registeredOn) && !barred.includes(place)
        ? []
        : [place + BESIDE_PEOPLE],
    );
    if (existing !== undefined || taken.length > 0) return standing(existing, household, row, taken);
    households.set(household.id, household);
    for (const hash of hashes) guards.set(hash, { household: household.id });
    return { row, outcome: 'registered', household: household.id };
  });
}

/** The outcome of a row with somebody whose data were erased, and who was elsewhere on its day. */
async function refusedFor({ row, household, barred }: Candidate): Promise<Outcome> {
  const places = barred.map((place) => place + BESIDE_PEOPLE);
  return standing(await readHousehold(household.id), household, row, places);
}

/** The outcome of a row whose household or people exist already: `unchanged` when it is the same, refused otherwise. */
function standing(
  existing: Household | undefined,
  household: Household,
  row: number,
  failed: readonly number[],
): Outcome {
  if (existing !== undefined) {
    if (existing.status === 'registered' && sameHousehold(existing, household))
      return { row, outcome: 'unchanged', household: existing.id };
    return {
      row,
      outcome: 'refused',
      household: existing.id,
      problem: rowProblem(existing.status === 'cancelled' ? 'household-cancelled' : 'household-exists'),
    };
  }
  const errors = failed
    .filter((index) => index >= BESIDE_PEOPLE)
    .map((index) => at(row, `members/${index - BESIDE_PEOPLE}/idNumber`, 'person-in-other-household'));
  return { row, outcome: 'refused', problem: rowProblem('person-in-other-household', errors) };
}

/** A row that is silent about certificates does not contradict one that was registered later. */
function sameHousehold(kept: Household, given: Household): boolean {
  const people = (household: Household) =>
    household.members
      .map(({ person, name, relation }) => `${person} ${relation} ${comparable(name)}`)
      .sort()
      .join('\n');
  const certificates = new Map(
    kept.members.map(({ person, disabilityCertificate }) => [person, JSON.stringify(disabilityCertificate)]),
  );
  const agrees = ({ person, disabilityCertificate: told }: Household['members'][number]) =>
    told === undefined || certificates.get(person) === JSON.stringify(told);
  return kept.origin === given.origin && people(kept) === people(given) && given.members.every(agrees);
}
