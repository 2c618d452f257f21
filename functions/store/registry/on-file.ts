import type { Household } from '../../contracts/registry/household.ts';
import { isSameName } from '../../domain/registry/names.ts';
import type { PersonalData } from './personal-data.ts';

/**
 * Whether somebody who has a person's ID number also knows the name and telephone that are on file: then it is taken for the family's own word.
 * Without a telephone on file nobody can show that; the village then speaks to the family.
 */
export function isOnFile(
  household: Household | undefined,
  person: string | undefined,
  said: { name: string | undefined; phone: string | undefined },
  data: PersonalData,
): boolean {
  const member = household?.members.find((one) => one.person === person);
  if (household?.phoneCipher === undefined || member === undefined || said.name === undefined) return false;
  return isSameName(member.name, said.name) && data.decrypt(household.phoneCipher, household.id) === said.phone;
}
