import type { ProblemCode } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { cleanIdNumber, idNumberFault } from '../../../domain/registry/id-number.ts';
import { everybodyOf, namesOf, staysOf } from '../../../domain/registry/person-file.ts';
import { config } from '../../../runtime/config.ts';
import { listPolicies, readInsured } from '../../../store/insurance/policies.ts';
import { presentHousehold, readHousehold, readVersions } from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import { personsHouseholds, presentIds, readGuards } from '../../../store/registry/persons.ts';

export interface Claimant {
  person: string;
  household: string;
}

/** The person with an ID number, and the household to claim for: where they are registered, or were when they were insured. */
export async function claimantOf(raw: string, data: PersonalData, now: number): Promise<Claimant | ProblemCode> {
  const idNumber = cleanIdNumber(raw);
  if (idNumberFault(idNumber, dayOf(now)) !== undefined) return 'id-number-invalid';
  const [hash, made] = [data.hash(idNumber), data.personId(idNumber)];
  const person = (await presentIds([made])).get(made) ?? made;
  const registered = (await personsHouseholds([hash])).get(hash);
  if (registered !== undefined) return { person, household: registered };
  for (const policy of await listPolicies(config.district())) {
    const household = (await readInsured(policy.id, [person])).get(person)?.household;
    if (household !== undefined && household !== null) return { person, household };
  }
  return 'person-unknown';
}

/** Whether a person is, or was, of a household: who has died is no member any more, and may be what the claim is about. Whose data are erased is nobody's. */
export async function wasMember(household: string, person: string): Promise<boolean> {
  return everybodyOf(await readVersions(household)).some((one) => one.person === person && one.idCipher !== '');
}

/**
 * Whether a household can claim for an event of a person: it is, or was, theirs. Of somebody who had left it before the event and lives in another household of the
 * district the money would go to people they no longer live with: their own household claims.
 * @param eventOn Asia/Shanghai
 */
export async function mayClaimFor(household: string, person: string, eventOn: string, now: number): Promise<boolean> {
  const versions = await readVersions(household);
  const member = everybodyOf(versions).findLast((one) => one.person === person && one.idCipher !== '');
  if (member === undefined) return false;
  const stays = staysOf(versions, person, new Date(now).toISOString());
  if (stays.some(({ to }) => to === undefined || eventOn <= to)) return true;
  const hash = await hashOf(member);
  const elsewhere = (await personsHouseholds([hash])).get(hash);
  return elsewhere === undefined || elsewhere === household;
}

/**
 * Whom a claim can be paid to, under the name as registered: everybody of its household, where that is now, and the insured person wherever they live, who
 * may have left it since; nobody of whom it is recorded that they died.
 */
export async function payableTo(claim: Claimant): Promise<{ person: string; name: string }[]> {
  const members = (await presentHousehold(claim.household))?.members ?? [];
  const payable = members.map(({ person, name }) => ({ person, name }));
  if (payable.some(({ person }) => person === claim.person)) return payable;
  const name = await nameAway(claim);
  return name === undefined ? payable : [...payable, { person: claim.person, name }];
}

/** The name of the insured person who no longer lives in the household, unless they died or their data are erased. */
async function nameAway(claim: Claimant): Promise<string | undefined> {
  const versions = await readVersions(claim.household);
  const member = everybodyOf(versions).findLast(({ person, idCipher }) => person === claim.person && idCipher !== '');
  if (member === undefined) return undefined;
  const hash = await hashOf(member);
  const guard = (await readGuards([hash])).get(hash);
  if (guard?.diedOn !== undefined) return undefined;
  const there = guard?.household === undefined ? undefined : await readHousehold(guard.household);
  return there?.members.find(({ person }) => person === claim.person)?.name ?? namesOf(versions, claim.person).at(-1);
}

async function hashOf({ idCipher, person }: { idCipher: string; person: string }): Promise<string> {
  const data = await personalData(config.district());
  return data.hash(data.decrypt(idCipher, person));
}
