import type { ProblemCode } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { cleanIdNumber, idNumberFault } from '../../../domain/registry/id-number.ts';
import { everybodyOf } from '../../../domain/registry/person-file.ts';
import { config } from '../../../runtime/config.ts';
import { listPolicies, readInsured } from '../../../store/insurance/policies.ts';
import { readVersions } from '../../../store/registry/households.ts';
import type { PersonalData } from '../../../store/registry/personal-data.ts';
import { personsHouseholds, presentIds } from '../../../store/registry/persons.ts';

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
