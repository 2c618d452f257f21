import type { Household } from '../../../contracts/registry/household.ts';
import type { HouseholdView } from '../../../contracts/registry/households-http.ts';

/** A household as officials see it: masked numbers, ages instead of birth dates, no ciphertext. */
export function viewOf(household: Household, today: string): HouseholdView {
  const {
    phoneMasked,
    phoneCipher: _cipher,
    ownPayouts: _payouts,
    deceased: _deceased,
    absorbed: _absorbed,
    activeCase,
    members,
    ...shown
  } = household;
  return {
    ...shown,
    ...(phoneMasked === undefined ? {} : { phone: phoneMasked }),
    members: members.map(({ person, name, relation, sex, birthYear, idMasked, disabilityCertificate }) => ({
      person,
      name,
      relation,
      sex,
      age: Number(today.slice(0, 4)) - birthYear,
      idNumber: idMasked,
      ...(disabilityCertificate === undefined ? {} : { disabilityCertificate }),
    })),
    openCase: activeCase?.stage === 'open',
  };
}
