import type { Household } from '../../contracts/registry/household.ts';
import { applyChange, ChangeNotPossible, type RecordedChange, type Version } from './household-changes.ts';

/** The result of replaying a household's versions. */
export interface Replayed {
  /** Undefined when it was not registered by then. */
  household: Household | undefined;
  /** Changes that are impossible on their date. New ones are refused; older releases may have stored some. */
  misfits: readonly Version[];
}

/**
 * Applies versions in the order they happened, and never fails: a change that is impossible on its date is tried again after each later one, so
 * that a death recorded before the arrival of the same person still leaves them dead, and is named in `misfits`.
 */
export function replay(versions: readonly Version[]): Replayed {
  const misfits: Version[] = [];
  let waiting: readonly Version[] = [];
  let household: Household | undefined;
  for (const version of inOrder(versions)) {
    const next = applied(household, version);
    if (next === undefined) {
      misfits.push(version);
      waiting = [...waiting, version];
      continue;
    }
    household = next;
    for (const earlier of waiting) {
      const mended = applied(household, earlier);
      if (mended === undefined) continue;
      household = mended;
      waiting = waiting.filter((one) => one !== earlier);
    }
  }
  return { household, misfits };
}

/**
 * The household as it was on a day, as far as it was known at an instant: changes recorded by then, in the order they happened.
 * @param day Asia/Shanghai
 * @param knownAt ISO 8601
 * @returns undefined when it was not registered, or not known to be
 */
export function asOf(versions: readonly Version[], day: string, knownAt: string): Household | undefined {
  const known = Date.parse(knownAt);
  return replay(versions.filter(({ on, recordedAt }) => on <= day && Date.parse(recordedAt) <= known)).household;
}

/** What stands in the way of a change: nothing, or that it cannot be, with the other event it contradicts when there is one. */
export type Verdict = { possible: true; household: Household } | { possible: false; other: Version | undefined };

/** Replays a household's whole history with one more change: whether every event still fits, and what the household then is today. */
export function withChange(versions: readonly Version[], fresh: Version): Verdict {
  const before = new Set(replay(versions).misfits);
  const { household, misfits } = replay([...versions, fresh]);
  const broken = misfits.find((one) => !before.has(one));
  if (household !== undefined && broken === undefined) return { possible: true, household };
  return { possible: false, other: broken === fresh ? counterpart(versions, fresh) : broken };
}

function inOrder(versions: readonly Version[]): Version[] {
  return versions.toSorted((a, b) => (a.on === b.on ? a.version - b.version : a.on < b.on ? -1 : 1));
}

function applied(household: Household | undefined, { change, on, version }: Version): Household | undefined {
  if (household === undefined) return change.kind === 'register' ? change.household : undefined;
  try {
    return { ...applyChange(household, change, on), version };
  } catch (error) {
    if (error instanceof ChangeNotPossible) return undefined;
    throw error;
  }
}

/** The event a change contradicts: the next one about the same people, or the last one before. */
function counterpart(versions: readonly Version[], { change, on }: Version): Version | undefined {
  const people = new Set(peopleOf(change));
  const ordered = inOrder(versions);
  const about = ordered.filter((one) => peopleOf(one.change).some((person) => people.has(person)));
  const later = (all: readonly Version[]) => all.find((one) => one.on > on);
  return later(about) ?? about.findLast(({ change: { kind } }) => kind !== 'register') ?? later(ordered);
}

/** Whom a change is about; nobody in particular for a cancelled household. */
function peopleOf(change: RecordedChange): string[] {
  switch (change.kind) {
    case 'register':
      return change.household.members.map(({ person }) => person);
    case 'birth':
    case 'move-in':
      return [change.member.person];
    case 'death':
    case 'move-out':
    case 'certificate':
      return [change.person];
    case 'correction':
      return (change.members ?? []).map(({ person }) => person);
    case 'split':
      return change.persons;
    case 'merge-in':
      return change.members.map(({ person }) => person);
    case 'cancel':
      return [];
  }
}
