import type { Case } from '../../../contracts/cases/case-record.ts';
import type { Claim } from '../../../contracts/insurance/claim.ts';
import { districtOf } from '../../../contracts/regions.ts';
import type { Member } from '../../../contracts/registry/household.ts';
import { villageOf } from '../../../contracts/values.ts';
import { payeesOf } from '../../../domain/insurance/claim-stages.ts';
import type { Leaving } from '../../../domain/registry/erasing.ts';
import { partsOfName } from '../../../domain/registry/name-parts.ts';
import { everybodyOf, namesOf } from '../../../domain/registry/person-file.ts';
import { listSummaries, readCases } from '../../cases/cases.ts';
import { idOf } from '../../ids.ts';
import { listClaimSummariesAfter, readClaims } from '../../insurance/claims.ts';
import { readPayouts } from '../../insurance/payouts.ts';
import { readDivisions, villagesOf } from '../divisions.ts';
import { candidatesFor } from '../name-index.ts';
import { type PersonalData, personalData } from '../personal-data.ts';
import { type Walk, walkOf } from './person-walk.ts';

/** Claims read at a time, where summaries of an earlier release do not say who was paid. */
const CLAIMS_AT_ONCE = 500;

/** Everything by which a person is still known, and their records that are not found by a household alone. */
export interface Kept extends Walk {
  district: string;
  person: string;
  data: PersonalData;
  villages: string[];
  /** Names, and the ID number and accounts as they are whole; empty once everything is gone. */
  words: string[];
  names: string[];
  /** Undefined once it is erased everywhere. */
  idNumber: string | undefined;
  /** Of the person, or paid to them. */
  claims: Claim[];
  cases: Case[];
}

/**
 * Reads what is kept of a person. Claims are looked for in the whole district, since a guardian is paid for a household where they never lived.
 * @param places households whose history has them @param now ms since 1970
 */
export async function keptOf(district: string, person: string, places: readonly string[], now: number): Promise<Kept> {
  const [first, data] = await Promise.all([walkOf(district, person, places), personalData(district)]);
  const known = [...first.households.values()].flatMap((versions) => namesOf(versions, person));
  const walk = await walkOf(district, person, [...places, ...(await householdsNamed(known, district, data, now))]);
  const villages = [...new Set([...walk.households.keys()].map(villageOf))];
  const [claims, cases] = await Promise.all([claimsOf(district, person), casesOf([...walk.households.keys()])]);
  const own = [...walk.households.values()].flatMap(everybodyOf).filter((one) => one.person === person);
  const idCipher = own.find((one) => one.idCipher !== '')?.idCipher;
  const idNumber = idCipher === undefined ? undefined : data.decrypt(idCipher, person);
  const payees = claims.flatMap(({ id, payee }) =>
    payee?.person === person && payee.name !== '' ? [{ id, payee }] : [],
  );
  const payments = (await payoutsOf(claims)).filter((one) => one.person === person && one.accountCipher !== '');
  const names = [
    ...payments.map(({ payeeName }) => payeeName),
    ...[...walk.households.values()].flatMap((versions) => namesOf(versions, person)),
    ...walk.insured.flatMap(({ one: { name } }) => (name === '' ? [] : [name])),
    ...payees.map(({ payee }) => payee.name),
  ];
  const accounts = [
    ...payees.map(({ id, payee }) => data.decrypt(payee.accountCipher, id)),
    ...payments.map(({ accountCipher, claim }) => data.decrypt(accountCipher, claim)),
  ];
  const words = [...new Set([...names, ...accounts, ...(idNumber === undefined ? [] : [idNumber])])];
  return { ...walk, district, person, data, villages, words, names: [...new Set(names)], idNumber, claims, cases };
}

/** Households of the district in which somebody of these names is or was: who moves out and in elsewhere leaves nothing between the two that leads from one to the other. */
async function householdsNamed(
  names: readonly string[],
  district: string,
  data: PersonalData,
  now: number,
): Promise<string[]> {
  const divisions = await readDivisions(district);
  const villages = divisions === undefined ? [] : villagesOf(divisions);
  const found: string[] = [];
  for (const name of new Set(names))
    found.push(...(await candidatesFor({ parts: partsOfName(name) }, villages, data, now)));
  return found;
}

/** Of a district's claims only the summaries are read, a megabyte at a time: 400,000 of them, ten years of 100,000 households, in some ten seconds. */
async function claimsOf(district: string, person: string): Promise<Claim[]> {
  const ids = await listClaimSummariesAfter(
    district,
    '',
    Number.POSITIVE_INFINITY,
    (one) => one.person === person || one.payees === undefined || one.payees.includes(person),
  );
  const found: Claim[] = [];
  for (let start = 0; start < ids.length; start += CLAIMS_AT_ONCE) {
    const read = await readClaims(ids.slice(start, start + CLAIMS_AT_ONCE).map(({ id }) => id));
    found.push(...[...read.values()].filter((one) => one.person === person || payeesOf(one).includes(person)));
  }
  return found;
}

/** The cases of these households now, and those that began there. */
async function casesOf(households: readonly string[]): Promise<Case[]> {
  const [first] = households;
  if (first === undefined) return [];
  const here = new Set(households);
  const listed = (await listSummaries(districtOf(first))).filter(({ household }) => here.has(household));
  const begun = await Promise.all(households.map((household) => idOf('case', household)));
  return [...(await readCases([...new Set([...listed.map(({ id }) => id), ...begun])])).values()];
}

/** Payments of these claims, in their order. */
export async function payoutsOf(claims: readonly Claim[]) {
  return await readPayouts(claims.flatMap(({ payouts }) => payouts));
}

/** Whether nobody else of a household is left whose data are kept: what belongs to all of it then belongs to nobody. */
export function isLastOf({ households, person }: Pick<Kept, 'households' | 'person'>, household: string): boolean {
  const others = everybodyOf(households.get(household) ?? []).filter(isKept);
  return others.every((one) => one.person === person);
}

function isKept({ idCipher }: Member): boolean {
  return idCipher !== '';
}

/** What of a record goes with this person. @param whole nobody else of the record is left */
export function leaving({ person, words }: Kept, whole: boolean): Leaving {
  return { person, words, whole };
}
