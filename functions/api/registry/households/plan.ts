import { Problem } from '../../../contracts/problems.ts';
import type { Household, HouseholdChange, Member } from '../../../contracts/registry/household.ts';
import { householdIdOf, villageOf } from '../../../contracts/values.ts';
import type { RecordedChange, Version } from '../../../domain/registry/household-changes.ts';
import { maskPhone } from '../../../domain/registry/masking.ts';
import { everybodyOf } from '../../../domain/registry/person-file.ts';
import { config } from '../../../runtime/config.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import {
  buryPerson,
  claimPerson,
  isFreeAgain,
  leavePerson,
  movePerson,
  readHousehold,
  releasePerson,
} from '../../../store/registry/households.ts';
import type { PersonalData } from '../../../store/registry/personal-data.ts';
import { householdOfDeath } from '../../../store/registry/persons.ts';
import type { TransactItem } from '../../../store/table.ts';
import { mustFitNumber } from './dates.ts';
import { identify, peopleOf } from './new-members.ts';

/** One change as it will be written: the household's own event, what happens to people, and the other household if there is one. */
export interface Plan {
  change: RecordedChange;
  people: TransactItem[];
  /** A household that is made by the change (split, move). */
  made?: Household;
  /** A household that is changed with it (merge). */
  joined?: { household: Household; change: RecordedChange } & Pick<Household, 'ownPayouts' | 'activeCase'>;
}

/** What a change is planned from. */
export interface Ground {
  household: Household;
  versions: readonly Version[];
  data: PersonalData;
  /** Asia/Shanghai */
  today: string;
}

/** Plans one kind of change. @throws Problem for what does not fit the household as it stands */
export async function planned(change: HouseholdChange, ground: Ground): Promise<Plan> {
  switch (change.kind) {
    case 'birth':
    case 'move-in':
      return await arrival(change, ground);
    case 'death':
    case 'move-out':
    case 'certificate':
      return ofMember(change, ground);
    case 'correction':
      return correction(change, ground);
    case 'cancel':
      return cancellation(change, ground);
    case 'split':
      return split(change, ground);
    case 'move':
      return await move(change, ground);
    case 'merge':
      return await merge(change, ground);
  }
}

type Change<Kind extends HouseholdChange['kind']> = Extract<HouseholdChange, { kind: Kind }>;

async function arrival(change: Change<'birth' | 'move-in'>, { household, data, today }: Ground): Promise<Plan> {
  const people = await peopleOf([change.member.idNumber], data);
  const found = identify(change.member, '/change/member', today, people);
  if ('fault' in found) throw new Problem('id-number-invalid', { errors: [found.error] });
  mustFitNumber(change, found.idNumber);
  if (change.member.relation === 'head' || household.members.some(({ person }) => person === found.member.person))
    throw new Problem('change-not-possible');
  // Who died in this very household is refused by its history, which can name the death.
  const deadIn = await householdOfDeath(found.hash);
  if (deadIn !== undefined && deadIn !== household.id) throw new Problem('person-deceased');
  if (found.erased?.diedOn !== undefined) throw new Problem('person-deceased');
  if (!isFreeAgain(found.erased, change.on)) throw new Problem('person-in-other-household');
  return {
    change: { kind: change.kind, member: found.member },
    people: [claimPerson(found.hash, found.member.person, household.id, change.on)],
  };
}

function ofMember(change: Change<'death' | 'move-out' | 'certificate'>, { household, data }: Ground): Plan {
  const { idCipher, person } = memberOf(household, change.person);
  const idNumber = data.decrypt(idCipher, person);
  mustFitNumber(change, idNumber);
  const hash = data.hash(idNumber);
  if (change.kind === 'certificate')
    return { change: { kind: 'certificate', person, certificate: change.certificate }, people: [] };
  const guard =
    change.kind === 'death'
      ? buryPerson(hash, person, household.id, change.on)
      : leavePerson(hash, person, household.id, change.on);
  return { change: { kind: change.kind, person }, people: [guard] };
}

function correction(change: Change<'correction'>, { household, data }: Ground): Plan {
  const { kind, on: _, phone, ...rest } = change;
  for (const { person } of rest.members ?? []) memberOf(household, person);
  const numbers =
    phone === undefined ? {} : { phoneCipher: data.encrypt(phone, household.id), phoneMasked: maskPhone(phone) };
  // As it will be stored: a field left out is left out, not undefined, or it would overwrite what stands.
  const recorded: RecordedChange = JSON.parse(JSON.stringify({ kind, ...rest, ...numbers }));
  return { change: recorded, people: [] };
}

function cancellation({ reason, on }: Change<'cancel'>, ground: Ground): Plan {
  const { household, data } = ground;
  const people = household.members.map((member) => {
    const hash = hashOf(member, data);
    if (reason === 'all-deceased') return buryPerson(hash, member.person, household.id, on);
    if (reason === 'moved-away') return leavePerson(hash, member.person, household.id, on);
    return releasePerson(hash, household.id);
  });
  // A household that should never have been registered did not have these deaths either: its people can be registered rightly.
  const wronglyDead = reason === 'registered-in-error' ? deadMembers(ground) : [];
  return {
    change: { kind: 'cancel', reason },
    people: [...people, ...wronglyDead.map((member) => releasePerson(hashOf(member, data), household.id))],
  };
}

function split(change: Change<'split'>, { household, data }: Ground): Plan {
  const to = householdIdOf(villageOf(household.id), change.number);
  const persons = [...new Set(change.persons)];
  if (!persons.includes(change.head)) throw new Problem('change-not-possible');
  const leaving = persons.map((person) => memberOf(household, person));
  for (const { idCipher, person } of leaving) mustFitNumber(change, data.decrypt(idCipher, person));
  const members = leaving.map((member) => ({
    ...member,
    relation: member.person === change.head ? ('head' as const) : ('other' as const),
  }));
  return {
    change: { kind: 'split', persons, to },
    people: leaving.map((member) => movePerson(hashOf(member, data), member.person, household.id, to)),
    made: successor(household, to, members, change.on),
  };
}

async function move(change: Change<'move'>, { household, data }: Ground): Promise<Plan> {
  const to = householdIdOf(change.village, change.number);
  if (villageOf(to) === villageOf(household.id)) throw new Problem('change-not-possible');
  const divisions = await readDivisions(config.district());
  if (divisions === undefined || !villagesOf(divisions).includes(change.village)) throw new Problem('village-unknown');
  const { activeCase, ownPayouts, phoneCipher, members } = household;
  const { address: _, ...moved } = successor(household, to, members, change.on);
  return {
    change: { kind: 'cancel', reason: 'moved-within-district', successor: to },
    people: members.map((member) => movePerson(hashOf(member, data), member.person, household.id, to)),
    made: {
      ...moved,
      ...(phoneCipher === undefined ? {} : movedPhone(household, phoneCipher, to, data)),
      ...(activeCase === undefined ? {} : { activeCase }),
      ownPayouts,
    },
  };
}

async function merge(change: Change<'merge'>, { household, data }: Ground): Promise<Plan> {
  const other = await readHousehold(change.into);
  if (other === undefined) throw new Problem('household-unknown');
  if (other.status === 'cancelled') throw new Problem('household-cancelled');
  if (other.id === household.id || change.on < other.registeredOn) throw new Problem('change-not-possible');
  if (other.version !== change.intoVersion) throw new Problem('version-conflict');
  const members = household.members.map((member) => ({ ...member, relation: 'other' as const }));
  return {
    change: { kind: 'cancel', reason: 'merged', successor: other.id },
    people: household.members.map((member) => movePerson(hashOf(member, data), member.person, household.id, other.id)),
    joined: {
      household: other,
      change: { kind: 'merge-in', members, from: household.id },
      ownPayouts: household.ownPayouts,
      ...(household.activeCase === undefined ? {} : { activeCase: household.activeCase }),
    },
  };
}

function successor(from: Household, id: string, members: Member[], on: string): Household {
  return {
    id,
    origin: from.origin,
    status: 'registered',
    version: 1,
    registeredOn: on,
    ...(from.address === undefined ? {} : { address: from.address }),
    members,
    predecessor: from.id,
    ownPayouts: [],
  };
}

/** A ciphertext opens only for its owner, so a number that moves to another household is encrypted again. */
function movedPhone(from: Household, cipher: string, to: string, data: PersonalData) {
  const phone = data.decrypt(cipher, from.id);
  return { phoneCipher: data.encrypt(phone, to), phoneMasked: maskPhone(phone) };
}

/** Those who died as members, as they were when they came; whose data were erased have no guard any more. */
function deadMembers({ household: { deceased = [] }, versions }: Ground): Member[] {
  const came = everybodyOf(versions);
  return deceased.flatMap(
    ({ person }) => came.find((member) => member.person === person && member.idCipher !== '') ?? [],
  );
}

function hashOf({ idCipher, person }: Member, data: PersonalData): string {
  return data.hash(data.decrypt(idCipher, person));
}

function memberOf(household: Household, person: string): Member {
  const found = household.members.find((member) => member.person === person);
  if (found === undefined) throw new Problem('change-not-possible');
  return found;
}
