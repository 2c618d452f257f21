import type { FieldError } from '../../../contracts/problems.ts';
import type { Member, NewMember } from '../../../contracts/registry/household.ts';
import {
  bornOn,
  cleanIdNumber,
  type IdNumberFault,
  idNumberFault,
  idNumberFaults,
  sexOf,
} from '../../../domain/registry/id-number.ts';
import { maskIdNumber } from '../../../domain/registry/masking.ts';
import type { Guard } from '../../../store/registry/households.ts';
import type { PersonalData } from '../../../store/registry/personal-data.ts';
import { type Present, presentPeople } from '../../../store/registry/persons.ts';

/** A member whose ID number holds: what is stored, the keyed hash the person is found by, and the number itself, cleaned, for this request only. */
export interface IdentifiedMember {
  member: Member;
  hash: string;
  idNumber: string;
  /** Of somebody whose data were erased: until when they were in a household, or when they died. */
  erased: Guard | undefined;
}

/** What somebody is told by: their number encrypted, and who they are now by the id that is made of the number. */
export interface People {
  data: PersonalData;
  present: ReadonlyMap<string, Present>;
}

/** Who these numbers are of now, as they were typed. */
export async function peopleOf(numbers: readonly string[], data: PersonalData): Promise<People> {
  return { data, present: await presentPeople(numbers.map((number) => data.personId(cleanIdNumber(number)))) };
}

/**
 * Cleans and checks a member's ID number, then encrypts it: what is stored holds the number only as ciphertext.
 * @returns the member, or what is wrong with the field at `pointer`
 */
export function identify(
  given: NewMember,
  pointer: string,
  today: string,
  { data, present }: People,
): IdentifiedMember | { fault: IdNumberFault; error: FieldError } {
  const idNumber = cleanIdNumber(given.idNumber);
  const fault = idNumberFault(idNumber, today);
  if (fault !== undefined) {
    return {
      fault,
      error: { pointer: `${pointer}/idNumber`, code: `id-number-${fault}`, detail: idNumberFaults[fault] },
    };
  }
  const made = data.personId(idNumber);
  const { person, erased } = present.get(made) ?? { person: made, erased: undefined };
  return {
    erased,
    idNumber,
    hash: data.hash(idNumber),
    member: {
      person,
      name: given.name,
      relation: given.relation,
      sex: sexOf(idNumber),
      birthYear: Number(bornOn(idNumber).slice(0, 4)),
      idCipher: data.encrypt(idNumber, person),
      idMasked: maskIdNumber(idNumber),
      ...(given.disabilityCertificate === undefined ? {} : { disabilityCertificate: given.disabilityCertificate }),
    },
  };
}
