import type { Household, Member } from '../../contracts/registry/household.ts';
import type { Version } from './household-changes.ts';

/** Opens a ciphertext that is bound to a person or household. */
type Open = (cipher: string, owner: string) => string;

/** A member as the person is told of themselves: the whole number, no ciphertext. */
function memberTold({ idCipher, idMasked: _, ...member }: Member, open: Open) {
  return { ...member, idNumber: open(idCipher, member.person) };
}

/**
 * What a recorded change of a household says of one of its people: their own part, and what is the whole household's (address, telephone, end). Others are left
 * out. Undefined when it says nothing of them.
 */
export function ownPart(
  { version, on, recordedAt, by, change }: Version,
  { person, household }: { person: string; household: string },
  open: Open,
) {
  const told = (part: Readonly<Record<string, unknown>>) => ({
    version,
    on,
    recordedAt,
    by,
    kind: change.kind,
    ...part,
  });
  const own = (members: readonly Member[]) => members.find((member) => member.person === person);
  const contact = ({ address, phoneCipher }: Pick<Household, 'address' | 'phoneCipher'>) => ({
    ...(address === undefined ? {} : { address }),
    ...(phoneCipher === undefined ? {} : { phone: open(phoneCipher, household) }),
  });
  switch (change.kind) {
    case 'register': {
      const member = own(change.household.members);
      if (member === undefined) return undefined;
      const { origin, registeredOn, predecessor } = change.household;
      return told({
        ...{ origin, registeredOn, ...contact(change.household), member: memberTold(member, open) },
        ...(predecessor === undefined ? {} : { predecessor }),
      });
    }
    case 'birth':
    case 'move-in':
      return change.member.person === person ? told({ member: memberTold(change.member, open) }) : undefined;
    case 'merge-in': {
      const member = own(change.members);
      return member === undefined ? undefined : told({ from: change.from, member: memberTold(member, open) });
    }
    case 'death':
    case 'move-out':
      return change.person === person ? told({}) : undefined;
    case 'certificate':
      return change.person === person ? told({ certificate: change.certificate }) : undefined;
    case 'split':
      return change.persons.includes(person) ? told({ to: change.to }) : undefined;
    case 'correction': {
      const corrected = change.members?.find((member) => member.person === person);
      const { origin } = change;
      const part = {
        ...(origin === undefined ? {} : { origin }),
        ...contact(change),
        ...(corrected === undefined ? {} : { member: corrected }),
      };
      return Object.keys(part).length === 0 ? undefined : told(part);
    }
    case 'cancel':
      return told({
        reason: change.reason,
        ...(change.successor === undefined ? {} : { successor: change.successor }),
      });
  }
}

/** Whether a household's history ever had this person. */
export function everHad(versions: readonly Version[], person: string): boolean {
  return versions.some(({ change }) => {
    if (change.kind === 'register') return change.household.members.some((member) => member.person === person);
    if (change.kind === 'merge-in') return change.members.some((member) => member.person === person);
    return (change.kind === 'birth' || change.kind === 'move-in') && change.member.person === person;
  });
}

/** The other households that a household's history leads to, before it and after. */
export function neighbours(versions: readonly Version[]): string[] {
  return versions.flatMap(({ change }) => {
    if (change.kind === 'register') return change.household.predecessor ?? [];
    if (change.kind === 'split') return change.to;
    if (change.kind === 'merge-in') return change.from;
    return change.kind === 'cancel' ? (change.successor ?? []) : [];
  });
}
