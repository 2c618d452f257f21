import { type Cover, FIRST_YEAR, type Insured, type Policy, type RosterRow } from '../../contracts/insurance/policy.ts';
import type { ProblemCode } from '../../contracts/problems.ts';
import { isCovered, isDoublyCovered } from './cover.ts';

export type RosterOutcome = 'enrolled' | 'removed' | 'unchanged';

/**
 * What is senseless in the days of a row. Somebody may have been enrolled before the policy began: a renewed policy takes over whom the last one covered,
 * and their waiting period is counted from then (our own rule; neither law nor the article speaks).
 */
export function rosterFault(
  { enrolledOn, removedOn }: Pick<RosterRow, 'enrolledOn' | 'removedOn'>,
  { to }: Pick<Policy, 'to'>,
): { code: ProblemCode; field: keyof RosterRow } | undefined {
  if (enrolledOn < `${FIRST_YEAR}-01-01`) return { code: 'enrolled-before-any-policy', field: 'enrolledOn' };
  if (enrolledOn > to) return { code: 'enrolled-after-policy', field: 'enrolledOn' };
  if (removedOn !== undefined && removedOn < enrolledOn) return { code: 'removed-before-enrolled', field: 'removedOn' };
  return undefined;
}

/**
 * Applies a row of the insurer's roster to the person's stored covers: a repeated row changes nothing, `removedOn` ends a certificate once, and
 * another certificate is another cover. Undefined when it contradicts what is stored.
 * @param recordedAt when this row came in; a removal keeps when its cover did, and when it came in itself
 */
export function enrol(
  covers: readonly Cover[],
  { certificate, enrolledOn, removedOn }: Pick<RosterRow, 'certificate' | 'enrolledOn' | 'removedOn'>,
  recordedAt: string,
): { covers: Cover[]; outcome: RosterOutcome } | undefined {
  const row = { certificate, enrolledOn, recordedAt, ...(removedOn === undefined ? {} : { removedOn }) };
  const known = covers.find((one) => one.certificate === certificate);
  if (known === undefined) return { covers: [...covers, row], outcome: 'enrolled' };
  if (known.enrolledOn !== enrolledOn) return undefined;
  if (known.removedOn === removedOn) return { covers: [...covers], outcome: 'unchanged' };
  if (known.removedOn !== undefined || removedOn === undefined) return undefined;
  return {
    covers: covers.map((one) => (one === known ? { ...one, removedOn, removalRecordedAt: recordedAt } : one)),
    outcome: 'removed',
  };
}

/** A registered person, as the reconciliation sees them. */
export interface Registered {
  person: string;
  household: string;
}

/** Somebody of the roster who stands in a list, as they can be found: by household, or by the masked number. */
export type Listed = Pick<Insured, 'person' | 'household' | 'idMasked'>;

export interface RosterReconciliation {
  insured: number;
  registered: number;
  both: number;
  /** On the register, not on the roster. */
  uninsured: Registered[];
  /** On the roster, not on the register: died, moved away, or a general household that is watched. */
  unregistered: Listed[];
  /** With two covers at once. */
  twice: Listed[];
}

/** Compares roster and register as they stand on a day: of a village, say. Who was enrolled in one and is registered in another is found by `together`. */
export function reconcileRoster(
  roster: readonly Insured[],
  register: readonly Registered[],
  on: string,
): RosterReconciliation {
  const current = roster.filter(({ covers }) => isCovered(covers, on));
  const insured = new Set(current.map(({ person }) => person));
  const registered = new Set(register.map(({ person }) => person));
  const uninsured = register.filter(({ person }) => !insured.has(person));
  return {
    insured: insured.size,
    registered: registered.size,
    both: register.length - uninsured.length,
    uninsured,
    unregistered: current.filter(({ person }) => !registered.has(person)).map(listed),
    twice: current.filter(({ covers }) => isDoublyCovered(covers)).map(listed),
  };
}

/** The reconciliations of villages as one: what is left over of the roster in one and of the register in another is the same person, who moved. */
export function together(parts: readonly RosterReconciliation[]): RosterReconciliation {
  const left = {
    uninsured: parts.flatMap(({ uninsured }) => uninsured),
    unregistered: parts.flatMap(({ unregistered }) => unregistered),
  };
  const insured = new Set(left.unregistered.map(({ person }) => person));
  const registered = new Set(left.uninsured.map(({ person }) => person));
  const uninsured = left.uninsured.filter(({ person }) => !insured.has(person));
  const sum = (of: (part: RosterReconciliation) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    insured: sum((part) => part.insured),
    registered: sum((part) => part.registered),
    both: sum((part) => part.both) + left.uninsured.length - uninsured.length,
    uninsured,
    unregistered: left.unregistered.filter(({ person }) => !registered.has(person)),
    twice: parts.flatMap(({ twice }) => twice),
  };
}

function listed({ person, household, idMasked }: Insured): Listed {
  return { person, household, idMasked };
}
