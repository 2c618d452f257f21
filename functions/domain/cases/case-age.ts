import type { AgeBand } from '../../contracts/cases/case.ts';
import type { CaseSummary } from '../../contracts/cases/case-record.ts';
import { addMonths } from '../calendar.ts';

/** A household may be closed after six months, and one that is still watched after a year should be looked at anew. */
const bands: readonly [AgeBand, months: number][] = [
  ['under-6-months', 6],
  ['6-to-12-months', 12],
  ['1-to-2-years', 24],
];

/** How long a household has been monitored on a day; null for one that is not, or not any more. */
export function ageOf({ stage, admittedOn }: Pick<CaseSummary, 'stage' | 'admittedOn'>, today: string): AgeBand | null {
  if (admittedOn === null || (stage !== 'open' && stage !== 'closing')) return null;
  return bands.find(([, months]) => today < addMonths(admittedOn, months))?.[0] ?? 'over-2-years';
}
