import { type FieldError, Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import { type Household, type ImportRow, importRow } from '../../../contracts/registry/household.ts';
import { MOST_IMPORT_ROWS } from '../../../contracts/registry/households-http.ts';
import type { QualityRule } from '../../../contracts/reports/quality-rule.ts';
import { householdIdOf, villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { hasOneHead } from '../../../domain/registry/household-changes.ts';
import { bornOn } from '../../../domain/registry/id-number.ts';
import { maskPhone } from '../../../domain/registry/masking.ts';
import { comparable } from '../../../domain/registry/names.ts';
import { lookAtNumbers } from '../../../domain/reports/quality/number-rules.ts';
import type { About, OfferedNumber } from '../../../domain/reports/quality/quality-facts.ts';
import { config } from '../../../runtime/config.ts';
import { fieldErrors } from '../../../runtime/field-errors.ts';
import type { Caller, Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { claimPerson, putNew, putVersion, readHousehold } from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import { recordLooks } from '../../../store/reports/findings.ts';
import { ConditionFailed, type TransactItem, transact } from '../../../store/table.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../../row-problems.ts';
import { type IdentifiedMember, identify } from './new-members.ts';

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

type Malformed = About<OfferedNumber>;

/** A row that is valid by itself; whether its household and people are free is decided by the table. */
interface Candidate {
  row: number;
  household: Household;
  items: TransactItem[];
}

/** Registers households row by row: each is written whole or not at all, and every row gets an answer. */
export const importHouseholds: Operation<typeof householdRoutes.importHouseholds> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_IMPORT_ROWS) throw new Problem('too-many-rows');
  const [divisions, data] = await Promise.all([readDivisions(config.district()), personalData(config.district())]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  const context = { caller, now, data, villages: new Set(villagesOf(divisions)) };
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
  await eachOf(grouped(candidates), AT_ONCE, async (group) => {
    for (const outcome of await writeGroup(group)) items[outcome.row] = outcome;
  });
  await recordNumbers(
    malformedNumbers,
    new Set(items.flatMap(({ outcome, household = [] }) => (outcome === 'refused' ? [] : household))),
    now,
  );
  refuseWhenNoneHolds(items);
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: { items, registered: count('registered'), unchanged: count('unchanged'), refused: count('refused') },
  };
};

interface RowContext {
  caller: Caller;
  now: number;
  data: PersonalData;
  villages: ReadonlySet<string>;
}

function checkRow(
  raw: unknown,
  row: number,
  { caller, now, data, villages }: RowContext,
): Candidate | { problem: RowProblem; malformed?: Malformed[] } {
  const parsed = importRow.safeParse(raw, { reportInput: true });
  if (!parsed.success) return { problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])) };
  const given = parsed.data;
  const today = dayOf(now);
  if (!contains(caller.region, given.village)) return { problem: rowProblem('outside-region') };
  if (!villages.has(given.village)) return { problem: rowProblem('village-unknown') };
  if (given.registeredOn !== undefined && given.registeredOn > today) {
    return { problem: rowProblem('date-in-future', [at(row, 'registeredOn', 'date-in-future')]) };
  }
  if (!hasOneHead(given.members))
    return { problem: rowProblem('head-not-single', [at(row, 'members', 'head-not-single')]) };
  const identified: IdentifiedMember[] = [];
  const faults: FieldError[] = [];
  const malformed: Malformed[] = [];
  for (const [place, member] of given.members.entries()) {
    const found = identify(member, `/rows/${row}/members/${place}`, today, data);
    if ('fault' in found) {
      faults.push(found.error);
      malformed.push({
        subject: { household: householdIdOf(given.village, given.number), member: place },
        facts: { fault: found.fault },
      });
    } else identified.push(found);
  }
  if (faults.length > 0) return { problem: rowProblem('id-number-invalid', faults), malformed };
  if (new Set(identified.map(({ hash }) => hash)).size < identified.length)
    return { problem: rowProblem('person-twice-in-row') };
  const misdated = misdatedCertificates(given, identified, row, today);
  if (misdated.length > 0)
    return {
      problem: rowProblem(
        misdated.some(({ code }) => code === 'date-before-birth') ? 'date-before-birth' : 'date-in-future',
        misdated,
      ),
    };
  const household = newHousehold(given, identified, today, data);
  const version = {
    version: 1,
    on: household.registeredOn,
    recordedAt: new Date(now).toISOString(),
    by: caller.sub,
    change: { kind: 'register' as const, household },
  };
  const people = identified.map(({ hash, member }) =>
    claimPerson(hash, member.person, household.id, household.registeredOn),
  );
  return { row, household, items: [putNew(household), putVersion(household.id, version), ...people] };
}

/** A certificate is issued after its holder's birth, and not in the future. */
function misdatedCertificates(
  { members }: ImportRow,
  identified: readonly IdentifiedMember[],
  row: number,
  today: string,
): FieldError[] {
  return members.flatMap(({ disabilityCertificate }, place) => {
    const born = bornOn(identified[place]?.idNumber ?? '');
    if (disabilityCertificate === undefined) return [];
    const field = `members/${place}/disabilityCertificate/issuedOn`;
    if (disabilityCertificate.issuedOn > today) return [at(row, field, 'date-in-future')];
    return disabilityCertificate.issuedOn < born ? [at(row, field, 'date-before-birth')] : [];
  });
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
    await recordLooks(here, { region, households, registered }, { at: new Date(now).toISOString(), by: 'import' });
  });
}

/** Groups that fit into one transaction each; one item cannot be written twice in a transaction, so repeated rows go to later groups. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups: { rows: Candidate[]; size: number; keys: Set<string> }[] = [];
  for (const candidate of candidates) {
    const keys = candidate.items.map(keyOf);
    const last = groups.at(-1);
    if (last !== undefined && last.size + keys.length <= ITEMS_AT_ONCE && !keys.some((key) => last.keys.has(key))) {
      last.rows.push(candidate);
      last.size += keys.length;
      for (const key of keys) last.keys.add(key);
    } else groups.push({ rows: [candidate], size: keys.length, keys: new Set(keys) });
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
  // The first two items are the household and its version; the others are its people, in their order.
  const errors = failed
    .filter((index) => index >= 2)
    .map((index) => at(row, `members/${index - 2}/idNumber`, 'person-in-other-household'));
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

function newHousehold(
  given: ImportRow,
  members: readonly IdentifiedMember[],
  today: string,
  data: PersonalData,
): Household {
  const id = householdIdOf(given.village, given.number);
  return {
    id,
    origin: given.origin,
    status: 'registered',
    version: 1,
    registeredOn: given.registeredOn ?? today,
    ...(given.address === undefined ? {} : { address: given.address }),
    ...(given.phone === undefined
      ? {}
      : { phoneCipher: data.encrypt(given.phone, id), phoneMasked: maskPhone(given.phone) }),
    members: members.map(({ member }) => member),
    ownPayouts: [],
  };
}

function at(
  row: number,
  field: string,
  code: 'date-before-birth' | 'date-in-future' | 'head-not-single' | 'person-in-other-household',
): FieldError {
  return { pointer: `/rows/${row}/${field}`, code, detail: rowProblem(code).detail };
}
