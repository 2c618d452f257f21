import type { CancelReason, DisabilityCertificate, Household, Member } from '../../contracts/registry/household.ts';
import type { Origin } from '../../contracts/screening/triage.ts';

/** A change as it is stored: ciphertexts instead of ID numbers, and ids instead of names unless the name itself changed. */
export type RecordedChange =
  | { kind: 'register'; household: Household }
  | { kind: 'birth' | 'move-in'; member: Member }
  | { kind: 'death' | 'move-out'; person: string }
  | {
      kind: 'correction';
      origin?: Origin;
      address?: string;
      phoneCipher?: string;
      phoneMasked?: string;
      members?: { person: string; name?: string; relation?: Member['relation'] }[];
    }
  | { kind: 'certificate'; person: string; certificate: DisabilityCertificate }
  | { kind: 'split'; persons: string[]; to: string }
  | { kind: 'merge-in'; members: Member[]; from: string }
  | { kind: 'cancel'; reason: CancelReason; successor?: string };

/** A change with its two dates: when it happened (`on`, Asia/Shanghai) and when it was recorded. */
export interface Version {
  version: number;
  on: string;
  recordedAt: string;
  by: string;
  change: RecordedChange;
}

/** A change that does not fit the household: a stranger's death, a split of everybody. The message is for the log, not for people. */
export class ChangeNotPossible extends Error {
  override readonly name = 'ChangeNotPossible';
}

/**
 * The household after a change. Pure, so that one function both writes today's state and computes any past one.
 * @throws ChangeNotPossible
 */
export function applyChange(household: Household, change: RecordedChange, on: string): Household {
  if (household.status === 'cancelled') throw new ChangeNotPossible('The household was cancelled before.');
  switch (change.kind) {
    case 'register':
      return change.household;
    case 'birth':
    case 'move-in':
      return { ...household, members: joined(household, [change.member]) };
    case 'death':
      return {
        ...household,
        members: without(household, [change.person]),
        deceased: [...(household.deceased ?? []), { person: change.person, on }],
      };
    case 'move-out':
      return { ...household, members: without(household, [change.person]) };
    case 'certificate': {
      const holder = memberOf(household, change.person);
      const certified = { ...holder, disabilityCertificate: change.certificate };
      return { ...household, members: household.members.map((member) => (member === holder ? certified : member)) };
    }
    case 'split':
      return { ...household, members: without(household, change.persons) };
    case 'merge-in':
      return {
        ...household,
        members: joined(household, change.members),
        absorbed: [...(household.absorbed ?? []), ...change.members.map(({ person }) => person)],
      };
    case 'cancel':
      return {
        ...household,
        status: 'cancelled',
        cancelledOn: on,
        cancelReason: change.reason,
        ...(change.successor === undefined ? {} : { successor: change.successor }),
      };
    case 'correction': {
      const { kind: _, members: corrections = [], ...details } = change;
      for (const { person } of corrections) memberOf(household, person);
      return {
        ...household,
        ...details,
        members: household.members.map((member) => ({
          ...member,
          ...corrections.find(({ person }) => person === member.person),
        })),
      };
    }
  }
}

/** Exactly one head; the members of a living household always have one. */
export function hasOneHead(members: readonly Pick<Member, 'relation'>[]): boolean {
  return members.filter((member) => member.relation === 'head').length === 1;
}

function memberOf(household: Household, person: string): Member {
  const found = household.members.find((member) => member.person === person);
  if (found === undefined) throw new ChangeNotPossible('That person is not a member of the household.');
  return found;
}

/** Nobody is a member twice, and nobody who died here joins again. */
function joined({ members, deceased = [] }: Household, newcomers: readonly Member[]): Member[] {
  const known = new Set([...members, ...deceased].map(({ person }) => person));
  if (newcomers.some(({ person }) => known.has(person)))
    throw new ChangeNotPossible('That person is a member already, or has died.');
  return [...members, ...newcomers];
}

function without(household: Household, persons: readonly string[]): Member[] {
  for (const person of persons) memberOf(household, person);
  const rest = household.members.filter((member) => !persons.includes(member.person));
  if (rest.length === 0) throw new ChangeNotPossible('Nobody would be left: cancel the household instead.');
  if (hasOneHead(rest)) return rest;
  // The head has gone: the spouse, or else whoever is listed first, takes the place until a correction says otherwise.
  const heir = rest.find((member) => member.relation === 'spouse') ?? rest[0];
  return rest.map((member) => (member === heir ? { ...member, relation: 'head' } : member));
}
