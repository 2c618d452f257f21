import { type Household, type ImportRow, importRow } from '../contracts/household.ts';
import { MOST_IMPORT_ROWS } from '../contracts/http/households.ts';
import { type FieldError, Problem } from '../contracts/problems.ts';
import { contains } from '../contracts/regions.ts';
import { householdIdOf } from '../contracts/values.ts';
import { dayOf } from '../domain/calendar.ts';
import { hasOneHead } from '../domain/people/household-changes.ts';
import { maskPhone } from '../domain/people/id-number.ts';
import { config } from '../runtime/config.ts';
import { fieldErrors } from '../runtime/field-errors.ts';
import type { Caller, Operation } from '../runtime/http.ts';
import { readDivisions, villagesOf } from '../store/divisions.ts';
import { claimPerson, putNew, putVersion, readHousehold } from '../store/households.ts';
import { type PersonalData, personalData } from '../store/personal-data.ts';
import { ConditionFailed, eachOf, transact } from '../store/table.ts';
import { type IdentifiedMember, identify } from './new-members.ts';
import type { routes } from './routes.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from './row-problems.ts';

interface Outcome {
  row: number;
  outcome: 'registered' | 'unchanged' | 'refused';
  household?: string;
  problem?: RowProblem;
}

/** Rows registered at once: each is a transaction of its own, and two of one household (a file with a repeated row) meet its condition. */
const LANES = 8;

/** Registers households row by row: each is written whole or not at all, and every row gets an answer. */
export const importHouseholds: Operation<typeof routes.importHouseholds> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_IMPORT_ROWS) throw new Problem('too-many-rows');
  const [divisions, data] = await Promise.all([readDivisions(config.district()), personalData(config.district())]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  const context = { caller, now, data, villages: new Set(villagesOf(divisions)) };
  const items = await eachOf(body.rows, LANES, (row, index) => importOne(row, index, context));
  refuseWhenNoneHolds(items);
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return { status: 200, body: { items, registered: count('registered'), unchanged: count('unchanged'), refused: count('refused') } };
};

async function importOne(
  raw: unknown,
  row: number,
  context: { caller: Caller; now: number; data: PersonalData; villages: Set<string> },
): Promise<Outcome> {
  const refused = (problem: RowProblem): Outcome => ({ row, outcome: 'refused', problem });
  const parsed = importRow.safeParse(raw, { reportInput: true });
  if (!parsed.success) return refused(rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])));
  const given = parsed.data;
  const today = dayOf(context.now);
  if (!contains(context.caller.region, given.village)) return refused(rowProblem('outside-region'));
  if (!context.villages.has(given.village)) return refused(rowProblem('village-unknown'));
  if (given.registeredOn !== undefined && given.registeredOn > today)
    return refused(rowProblem('date-in-future', [at(row, 'registeredOn', 'date-in-future')]));
  if (!hasOneHead(given.members)) return refused(rowProblem('head-not-single', [at(row, 'members', 'head-not-single')]));

  const identified: IdentifiedMember[] = [];
  const faults: FieldError[] = [];
  for (const [place, member] of given.members.entries()) {
    const found = identify(member, `/rows/${row}/members/${place}`, today, context.data);
    if ('code' in found) faults.push(found);
    else identified.push(found);
  }
  if (faults.length > 0) return refused(rowProblem('id-number-invalid', faults));
  if (new Set(identified.map(({ hash }) => hash)).size < identified.length) return refused(rowProblem('person-twice-in-row'));

  const household = newHousehold(given, identified, today, context.data);
  try {
    await transact([
      putNew(household),
      putVersion(household.id, {
        version: 1,
        on: household.registeredOn,
        recordedAt: new Date(context.now).toISOString(),
        by: context.caller.sub,
        change: { kind: 'register', household },
      }),
      ...identified.map(({ hash, member }) => claimPerson(hash, member.person, household.id)),
    ]);
    return { row, outcome: 'registered', household: household.id };
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    return standing(await readHousehold(household.id), household, row, error.indices);
  }
}

/** What a row means whose household or people are there already: the same again is unchanged, anything else is refused. */
function standing(existing: Household | undefined, household: Household, row: number, failed: readonly number[]): Outcome {
  if (existing !== undefined) {
    if (existing.status === 'registered' && sameHousehold(existing, household)) return { row, outcome: 'unchanged', household: existing.id };
    return {
      row,
      outcome: 'refused',
      household: existing.id,
      problem: rowProblem(existing.status === 'cancelled' ? 'household-cancelled' : 'household-exists'),
    };
  }
  // The first two items are the household and its version; the others are its people, in their order.
  const errors = failed.filter((index) => index >= 2).map((index) => at(row, `members/${index - 2}/idNumber`, 'person-in-other-household'));
  return { row, outcome: 'refused', problem: rowProblem('person-in-other-household', errors) };
}

function sameHousehold(a: Household, b: Household): boolean {
  const people = (household: Household) =>
    household.members
      .map(({ person, name, relation }) => `${person} ${relation} ${name}`)
      .sort()
      .join('\n');
  return a.origin === b.origin && people(a) === people(b);
}

function newHousehold(given: ImportRow, members: readonly IdentifiedMember[], today: string, data: PersonalData): Household {
  const id = householdIdOf(given.village, given.number);
  return {
    id,
    origin: given.origin,
    status: 'registered',
    version: 1,
    registeredOn: given.registeredOn ?? today,
    ...(given.address === undefined ? {} : { address: given.address }),
    ...(given.phone === undefined ? {} : { phoneCipher: data.encrypt(given.phone, id), phoneMasked: maskPhone(given.phone) }),
    members: members.map(({ member }) => member),
    ownPayouts: [],
  };
}

function at(row: number, field: string, code: 'date-in-future' | 'head-not-single' | 'person-in-other-household'): FieldError {
  return { pointer: `/rows/${row}/${field}`, code, detail: rowProblem(code).detail };
}
