import type { FieldError } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import { type Household, type ImportRow, importRow } from '../../../contracts/registry/household.ts';
import { householdIdOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { hasOneHead } from '../../../domain/registry/household-changes.ts';
import { bornOn } from '../../../domain/registry/id-number.ts';
import { maskPhone } from '../../../domain/registry/masking.ts';
import type { About, OfferedNumber } from '../../../domain/reports/quality/quality-facts.ts';
import { fieldErrors } from '../../../runtime/field-errors.ts';
import type { Caller } from '../../../runtime/http.ts';
import { claimPerson, isFreeAgain, putNew, putVersion, versionChange } from '../../../store/registry/households.ts';
import type { PersonalData } from '../../../store/registry/personal-data.ts';
import type { Change } from '../../../store/reports/changes.ts';
import type { TransactItem } from '../../../store/table.ts';
import { type RowProblem, rowProblem } from '../../row-problems.ts';
import { type IdentifiedMember, identify, type People } from './new-members.ts';

/** A member's number that does not hold, by where it stands. */
export type Malformed = About<OfferedNumber>;

/** A row that is valid by itself; whether its household and people are free is decided by the table. */
export interface Candidate {
  row: number;
  household: Household;
  /** Keyed hashes of its people, in their order. */
  hashes: string[];
  /** Places of those whose data were erased, and who were elsewhere on that day or have died. */
  barred: number[];
  items: TransactItem[];
  /** What is noted of it for briefs. */
  change: Change;
}

interface RowContext {
  caller: Caller;
  now: number;
  people: People;
  villages: ReadonlySet<string>;
}

/** Looks at one row by itself. */
export function checkRow(
  raw: unknown,
  row: number,
  { caller, now, people, villages }: RowContext,
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
    const found = identify(member, `/rows/${row}/members/${place}`, today, people);
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
  const household = newHousehold(given, identified, today, people.data);
  const version = {
    version: 1,
    on: household.registeredOn,
    recordedAt: new Date(now).toISOString(),
    by: caller.sub,
    change: { kind: 'register' as const, household },
  };
  const claims = identified.map(({ hash, member }) =>
    claimPerson(hash, member.person, household.id, household.registeredOn),
  );
  return {
    row,
    household,
    hashes: identified.map(({ hash }) => hash),
    barred: identified.flatMap(({ erased }, place) => (isFreeAgain(erased, household.registeredOn) ? [] : [place])),
    items: [putNew(household), putVersion(household.id, version), ...claims],
    change: versionChange(household.id, version),
  };
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

/** A fault at a field of a row. */
export function at(
  row: number,
  field: string,
  code: 'date-before-birth' | 'date-in-future' | 'head-not-single' | 'person-in-other-household',
): FieldError {
  return { pointer: `/rows/${row}/${field}`, code, detail: rowProblem(code).detail };
}
