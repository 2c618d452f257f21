import { Problem } from '../../../contracts/problems.ts';
import type { Household, HouseholdChange } from '../../../contracts/registry/household.ts';
import { householdIdOf, numberOf, villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { applyChange, ChangeNotPossible, type RecordedChange } from '../../../domain/registry/household-changes.ts';
import { maskPhone } from '../../../domain/registry/id-number.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { movedCase, readCase } from '../../../store/cases/cases.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import {
  claimPerson,
  movePerson,
  putNew,
  putVersion,
  readHousehold,
  releasePerson,
  replace,
} from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import { missedItem, readProgress, readRoster } from '../../../store/screening/progress.ts';
import { readDistrict } from '../../../store/screening/rounds.ts';
import { ConditionFailed, type TransactItem, transact } from '../../../store/table.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { identify } from './new-members.ts';
import { viewOf } from './view.ts';

/** One change as it will be written: the household's own event, what happens to people, and the other household if there is one. */
interface Plan {
  change: RecordedChange;
  people: TransactItem[];
  /** A household that is made by the change (split, move), or changed with it (merge). */
  related?: { before?: Household; after: Household; change: RecordedChange };
}

/** What takes a household apart or off the register is an officer's to record; births, deaths, moves and corrections are the village's too. */
const ENDING: ReadonlySet<HouseholdChange['kind']> = new Set(['split', 'merge', 'move', 'cancel']);

/** Changes a household on the condition that it is still the version the caller saw. State, version and people are one transaction. */
export const changeHousehold: Operation<typeof householdRoutes.changeHousehold> = async ({
  caller,
  params,
  body,
  now,
}) => {
  mustContain(caller, villageOf(params.id));
  const household = await readHousehold(params.id);
  if (household === undefined) throw new Problem('household-unknown');
  if (household.status === 'cancelled') throw new Problem('household-cancelled');
  if (household.version !== body.version) throw new Problem('version-conflict');
  const { change } = body;
  if (change.on > dayOf(now)) throw new Problem('date-in-future');
  if (change.kind === 'certificate' && change.certificate.issuedOn > dayOf(now)) throw new Problem('date-in-future');
  if (change.on < household.registeredOn) throw new Problem('date-before-registration');
  if (caller.role === 'village-worker' && ENDING.has(change.kind)) throw new Problem('role-not-allowed');
  if (change.kind === 'move') mustContain(caller, change.village);
  if (change.kind === 'merge') mustContain(caller, villageOf(change.into));

  const plan = await planned(household, change, dayOf(now), await personalData(config.district()));
  const after = bumped(applied(household, plan.change, change.on));
  const entry = (on: string, version: number, recorded: RecordedChange) => ({
    version,
    on,
    recordedAt: new Date(now).toISOString(),
    by: caller.sub,
    change: recorded,
  });
  const items: TransactItem[] = [
    replace(household, after),
    putVersion(household.id, entry(change.on, after.version, plan.change)),
    ...plan.people,
  ];
  if (plan.related !== undefined) {
    const { before, after: other, change: recorded } = plan.related;
    items.push(
      before === undefined ? putNew(other) : replace(before, other),
      putVersion(other.id, entry(change.on, other.version, recorded)),
    );
  }
  if (change.kind === 'move' && plan.related !== undefined)
    items.push(...(await caseMoves(household, plan.related.after.id, now)));
  await write(items, after, plan.people.length);
  const related = plan.related === undefined ? {} : { related: viewOf(plan.related.after, dayOf(now)) };
  return { status: 200, body: { household: viewOf(after, dayOf(now)), ...related } };
};

/** An open case goes along. While a review runs its steps lie in this village's and town's inboxes, so the move waits. @throws Problem review-running */
async function caseMoves({ activeCase }: Household, to: string, now: number): Promise<TransactItem[]> {
  const found = activeCase === undefined ? undefined : await readCase(activeCase.id);
  if (found === undefined) return [];
  if (found.stage !== 'open') throw new Problem('review-running');
  return movedCase(found, to, now);
}

/** Writes the change; a cancelled household is marked on the open round's progress too, as long as its village's door is open. */
async function write(items: TransactItem[], after: Household, people: number): Promise<void> {
  const cover = after.status === 'cancelled' ? await coverItem(after.id) : undefined;
  try {
    await transact(cover === undefined ? items : [...items, cover]);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // The door closed in between: sealing reads the household itself and sheets it as cancelled, so the mark is not needed.
    if (cover !== undefined && error.indices.every((index) => index === items.length))
      return await write(items, { ...after, status: 'registered' }, people);
    const [first] = error.indices;
    if (first !== undefined && first >= 2 && first < 2 + people) throw new Problem('person-in-other-household');
    throw new Problem(first === 0 || first === 1 ? 'version-conflict' : 'household-exists');
  }
}

async function coverItem(household: string): Promise<TransactItem | undefined> {
  const { openRound } = await readDistrict(config.district());
  if (openRound === undefined) return undefined;
  const village = villageOf(household);
  const [progress, roster] = await Promise.all([readProgress(openRound, village), readRoster(openRound, village)]);
  const expected = roster?.expected.has(numberOf(household)) ?? false;
  return expected && progress?.status === 'collecting'
    ? missedItem(openRound, village, numberOf(household))
    : undefined;
}

async function planned(
  household: Household,
  change: HouseholdChange,
  today: string,
  data: PersonalData,
): Promise<Plan> {
  const hashOf = (person: string): string => {
    const member = memberOf(household, person);
    return data.hash(data.decrypt(member.idCipher, member.person));
  };
  switch (change.kind) {
    case 'birth':
    case 'move-in': {
      const found = identify(change.member, '/change/member', today, data);
      if ('fault' in found) throw new Problem('id-number-invalid', { errors: [found.error] });
      if (change.member.relation === 'head' || household.members.some(({ person }) => person === found.member.person))
        throw new Problem('change-not-possible');
      return {
        change: { kind: change.kind, member: found.member },
        people: [claimPerson(found.hash, found.member.person, household.id)],
      };
    }
    case 'death':
    case 'move-out':
      return {
        change: { kind: change.kind, person: change.person },
        people: [releasePerson(hashOf(change.person), household.id)],
      };
    case 'certificate':
      return { change: { kind: 'certificate', person: change.person, certificate: change.certificate }, people: [] };
    case 'correction': {
      const { kind, on: _, phone, ...rest } = change;
      const numbers =
        phone === undefined ? {} : { phoneCipher: data.encrypt(phone, household.id), phoneMasked: maskPhone(phone) };
      // As it will be stored: a field left out is left out, not undefined, or it would overwrite what stands.
      const recorded: RecordedChange = JSON.parse(JSON.stringify({ kind, ...rest, ...numbers }));
      return { change: recorded, people: [] };
    }
    case 'cancel':
      return {
        change: { kind: 'cancel', reason: change.reason },
        people: household.members.map(({ person }) => releasePerson(hashOf(person), household.id)),
      };
    case 'split': {
      const to = householdIdOf(villageOf(household.id), change.number);
      const persons = [...new Set(change.persons)];
      if (!persons.includes(change.head)) throw new Problem('change-not-possible');
      const members = persons.map((person) => ({
        ...memberOf(household, person),
        relation: person === change.head ? ('head' as const) : ('other' as const),
      }));
      const made = successor(household, to, members, change.on);
      return {
        change: { kind: 'split', persons, to },
        people: persons.map((person) => movePerson(hashOf(person), person, household.id, to)),
        related: { after: made, change: { kind: 'register', household: made } },
      };
    }
    case 'move': {
      const to = householdIdOf(change.village, change.number);
      if (villageOf(to) === villageOf(household.id)) throw new Problem('change-not-possible');
      const divisions = await readDivisions(config.district());
      if (divisions === undefined || !villagesOf(divisions).includes(change.village))
        throw new Problem('village-unknown');
      const { address: _, ...moved } = successor(household, to, household.members, change.on);
      const phone = household.phoneCipher === undefined ? {} : movedPhone(household, household.phoneCipher, to, data);
      const made: Household = {
        ...moved,
        ...phone,
        ...(household.activeCase === undefined ? {} : { activeCase: household.activeCase }),
        ownPayouts: household.ownPayouts,
      };
      return {
        change: { kind: 'cancel', reason: 'moved-within-district', successor: to },
        people: household.members.map(({ person }) => movePerson(hashOf(person), person, household.id, to)),
        related: { after: made, change: { kind: 'register', household: made } },
      };
    }
    case 'merge': {
      const other = await readHousehold(change.into);
      if (other === undefined) throw new Problem('household-unknown');
      if (other.status === 'cancelled') throw new Problem('household-cancelled');
      if (other.id === household.id || change.on < other.registeredOn) throw new Problem('change-not-possible');
      if (other.version !== change.intoVersion) throw new Problem('version-conflict');
      const members = household.members.map((member) => ({ ...member, relation: 'other' as const }));
      const recorded: RecordedChange = { kind: 'merge-in', members, from: household.id };
      return {
        change: { kind: 'cancel', reason: 'merged', successor: other.id },
        people: household.members.map(({ person }) => movePerson(hashOf(person), person, household.id, other.id)),
        related: { before: other, after: bumped(applied(other, recorded, change.on)), change: recorded },
      };
    }
  }
}

function successor(from: Household, id: string, members: Household['members'], on: string): Household {
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

function memberOf(household: Household, person: string) {
  const found = household.members.find((member) => member.person === person);
  if (found === undefined) throw new Problem('change-not-possible');
  return found;
}

function applied(household: Household, change: RecordedChange, on: string): Household {
  try {
    return applyChange(household, change, on);
  } catch (error) {
    if (error instanceof ChangeNotPossible) throw new Problem('change-not-possible');
    throw error;
  }
}

function bumped(household: Household): Household {
  return { ...household, version: household.version + 1 };
}
