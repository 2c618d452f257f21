import type { ClaimRejectCode, CoverCheck } from '../../contracts/insurance/claim.ts';
import type { Cover, Policy } from '../../contracts/insurance/policy.ts';
import type { LineId, ProductTerms } from '../../contracts/insurance/product.ts';
import { addDays } from '../calendar.ts';

type Days = Pick<Cover, 'enrolledOn' | 'removedOn'>;

export interface CoverFacts {
  policy: Pick<Policy, 'from' | 'to'>;
  lines: ProductTerms['lines'];
  line: LineId;
  eventOn: string;
  /** The person's covers on the roster; empty for somebody who is not on it. */
  covers: readonly Days[];
  /** The day the register says the person died, if it does. */
  deceasedOn: string | null;
}

const codes: Record<CoverCheck['check'], ClaimRejectCode> = {
  insured: 'not-insured',
  alive: 'not-insured',
  period: 'outside-period',
  enrolled: 'not-insured',
  waiting: 'waiting-period',
  line: 'event-not-covered',
};

/**
 * Whether an event is covered (docs/domain.md, 6). Enrolment and removal days are covered; the waiting period is so many days from enrolment on,
 * so an event on the day after it is covered. Every check is made, so that a family is told everything at once.
 */
export function checkCover({ policy, lines, line, eventOn, covers, deceasedOn }: CoverFacts): {
  checks: CoverCheck[];
  code: ClaimRejectCode | null;
} {
  const terms = lines[line];
  const current = covers.filter(
    ({ enrolledOn, removedOn }) => enrolledOn <= eventOn && (removedOn === undefined || eventOn <= removedOn),
  );
  const enrolledOn = earliest(current) ?? earliest(covers);
  const lastDay =
    covers
      .map(({ removedOn }) => removedOn)
      .sort()
      .at(-1) ?? null;
  const coveredFrom = enrolledOn === null || terms === undefined ? null : addDays(enrolledOn, terms.waitingDays);
  const checks: CoverCheck[] = [
    { check: 'line', holds: terms !== undefined, observed: line, required: null },
    {
      check: 'period',
      holds: policy.from <= eventOn && eventOn <= policy.to,
      observed: eventOn,
      required: `${policy.from}/${policy.to}`,
    },
    { check: 'insured', holds: covers.length > 0, observed: null, required: null },
    { check: 'alive', holds: deceasedOn === null || eventOn <= deceasedOn, observed: deceasedOn, required: eventOn },
    {
      check: 'enrolled',
      holds: covers.length === 0 || current.length > 0,
      observed: eventOn,
      required: `${enrolledOn ?? ''}/${lastDay ?? ''}`,
    },
    {
      check: 'waiting',
      holds: current.length === 0 || coveredFrom === null || coveredFrom <= eventOn,
      observed: eventOn,
      required: coveredFrom,
    },
  ];
  const failed = checks.find(({ holds }) => !holds);
  return { checks, code: failed === undefined ? null : codes[failed.check] };
}

function earliest(covers: readonly Days[]): string | null {
  return covers.map(({ enrolledOn }) => enrolledOn).sort()[0] ?? null;
}

/** Whether two covers of one person overlap: insured twice. */
export function isDoublyCovered(covers: readonly Days[]): boolean {
  const sorted = [...covers].sort((a, b) => a.enrolledOn.localeCompare(b.enrolledOn));
  let until = '';
  for (const { enrolledOn, removedOn } of sorted) {
    if (enrolledOn <= until) return true;
    until = removedOn ?? '9999-12-31';
  }
  return false;
}

/** Whether a cover holds on a day. */
export function isCovered(covers: readonly Days[], on: string): boolean {
  return covers.some(({ enrolledOn, removedOn }) => enrolledOn <= on && (removedOn === undefined || on <= removedOn));
}
