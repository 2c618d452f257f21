import type { Case } from '../../contracts/cases/case-record.ts';
import type { Household, Member } from '../../contracts/registry/household.ts';
import { dayOf } from '../calendar.ts';
import type { Version } from './household-changes.ts';
import { asOf, replay } from './replay.ts';

/** Opens a ciphertext that is bound to a person or household. */
type Open = (cipher: string, owner: string) => string;

/** A member as the person is told of themselves: the whole number, no ciphertext. */
function memberTold({ idCipher, idMasked: _, ...member }: Member, open: Open) {
  return { ...member, idNumber: open(idCipher, member.person) };
}

type Contact = Pick<Household, 'address' | 'phoneCipher'>;

/** Days on which somebody belonged to a household, both included; no last one while they do. */
export interface Stay {
  from: string;
  to?: string;
}

/**
 * When somebody belonged to a household, as it is known now. What is recorded of the household for other days is told to those who lived there then, and to them
 * alone: who moved out is not told where the others live now.
 */
export function staysOf(versions: readonly Version[], person: string, now: string): Stay[] {
  const stays: Stay[] = [];
  let from: string | undefined;
  for (const day of [...new Set(versions.map(({ on }) => on))].sort()) {
    const then = asOf(versions, day, now);
    const isThere = then?.status === 'registered' && then.members.some((member) => member.person === person);
    if (isThere) from ??= day;
    else if (from !== undefined) {
      stays.push({ from, to: day });
      from = undefined;
    }
  }
  return from === undefined ? stays : [...stays, { from }];
}

/** Whether one of the stays falls into these days, both included. */
export function isDuring(stays: readonly Stay[], from: string, to = from): boolean {
  return stays.some((stay) => stay.from <= to && (stay.to === undefined || from <= stay.to));
}

/** No day is later. */
export const END_OF_DAYS = '9999-12-31';

/**
 * A case goes along with a household that moves or merges. When it was at one of them and when the person was there, wherever the two fall together; days that
 * fall into both of such a pair fall into what both have in common.
 * @param allStays of the person, by household
 */
export function staysWith(
  { household, moves = [] }: Pick<Case, 'household' | 'moves'>,
  allStays: ReadonlyMap<string, readonly Stay[]>,
): [Stay, Stay][] {
  const ends = moves.map(({ at, from }) => ({ household: from, to: dayOf(Date.parse(at)) }));
  return [...ends, { household, to: END_OF_DAYS }].flatMap(({ household: place, to }, nth) => {
    const itsStay = { from: ends[nth - 1]?.to ?? '', to };
    const theirs = (allStays.get(place) ?? []).filter((stay) => isDuring([stay], itsStay.from, to));
    return theirs.map((stay): [Stay, Stay] => [itsStay, stay]);
  });
}

/**
 * What a household's history says of one of its people, oldest first: their own part, and what is the whole household's (address, telephone, end) of the time when they
 * belonged to it. Others are left out. Who joins is told where the household lived then, whenever that was recorded: not where it went after they had left.
 */
export function ownParts(
  versions: readonly Version[],
  { person, household, stays }: { person: string; household: string; stays: readonly Stay[] },
  open: Open,
) {
  const own = (members: readonly Member[]) => members.find((member) => member.person === person);
  const contactTold = ({ address, phoneCipher }: Contact) => ({
    ...(address === undefined ? {} : { address }),
    ...(phoneCipher === undefined ? {} : { phone: open(phoneCipher, household) }),
  });
  const contactOn = (day: string): Contact => replay(versions.filter((one) => one.on <= day)).household ?? {};
  const partOf = ({ change, on }: Version): Readonly<Record<string, unknown>> | undefined => {
    switch (change.kind) {
      case 'register': {
        const { origin, registeredOn, predecessor, members } = change.household;
        const member = own(members);
        if (member === undefined) return undefined;
        return {
          ...{ origin, registeredOn, ...contactTold(change.household), member: memberTold(member, open) },
          ...(predecessor === undefined ? {} : { predecessor }),
        };
      }
      case 'birth':
      case 'move-in':
        return change.member.person === person
          ? { ...contactTold(contactOn(on)), member: memberTold(change.member, open) }
          : undefined;
      case 'merge-in': {
        const member = own(change.members);
        return member === undefined
          ? undefined
          : { from: change.from, ...contactTold(contactOn(on)), member: memberTold(member, open) };
      }
      case 'death':
      case 'move-out':
        return change.person === person ? {} : undefined;
      case 'certificate':
        return change.person === person ? { certificate: change.certificate } : undefined;
      case 'split':
        return change.persons.includes(person) ? { to: change.to } : undefined;
      case 'correction': {
        const corrected = change.members?.find((member) => member.person === person);
        const { origin } = change;
        const part = {
          ...(isDuring(stays, on) ? { ...(origin === undefined ? {} : { origin }), ...contactTold(change) } : {}),
          ...(corrected === undefined ? {} : { member: corrected }),
        };
        return Object.keys(part).length === 0 ? undefined : part;
      }
      case 'cancel': {
        const { reason, successor } = change;
        return isDuring(stays, on) ? { reason, ...(successor === undefined ? {} : { successor }) } : undefined;
      }
    }
  };
  return versions.flatMap((one) => {
    const { version, on, recordedAt, by, change } = one;
    const part = partOf(one);
    return part === undefined ? [] : [{ version, on, recordedAt, by, kind: change.kind, ...part }];
  });
}

/** Everybody a household's history ever had, as they came; somebody who came twice, twice. */
export function everybodyOf(versions: readonly Version[]): Member[] {
  return versions.flatMap(({ change }) => {
    if (change.kind === 'register') return change.household.members;
    if (change.kind === 'merge-in') return change.members;
    return change.kind === 'birth' || change.kind === 'move-in' ? [change.member] : [];
  });
}

/** Whether a household's history ever had this person. */
export function everHad(versions: readonly Version[], person: string): boolean {
  return everybodyOf(versions).some((member) => member.person === person);
}

/** Every name a household's history knew the person by. */
export function namesOf(versions: readonly Version[], person: string): string[] {
  const corrected = versions.flatMap(({ change }) => (change.kind === 'correction' ? (change.members ?? []) : []));
  const said = [...everybodyOf(versions), ...corrected].filter((one) => one.person === person);
  return [...new Set(said.flatMap(({ name = '' }) => (name === '' ? [] : [name])))];
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
