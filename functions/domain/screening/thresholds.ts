import { type Criteria, type CriteriaTerms, monitoringLine } from '../../contracts/screening/criteria.ts';
import type { Thresholds } from './triage.ts';

/** The criteria have no monitoring line for a year and region: triage is impossible, and no value is guessed. */
export class NoMonitoringLine extends Error {
  override readonly name = 'NoMonitoringLine';
}

/**
 * The numbers that judge a visit made on `day` in `region` (any code, or a household id that begins with one).
 * @throws NoMonitoringLine
 */
export function thresholdsOf(terms: CriteriaTerms, day: string, region: string): Thresholds {
  const line = monitoringLine(terms, Number(day.slice(0, 4)), region);
  if (line === undefined) throw new NoMonitoringLine(`No monitoring line for ${day.slice(0, 4)}.`);
  return {
    line,
    nearLinePercent: terms.nearLinePercent,
    collapsePercent: terms.collapsePercent,
    rigidSpendingPercent: terms.rigidSpendingPercent,
    chronicBurden: terms.chronicBurden,
  };
}

/** The approved criteria in force on a day: the newest whose effective date is not later. */
export function criteriaInForce(all: readonly Criteria[], day: string): Criteria | undefined {
  let best: Criteria | undefined;
  for (const candidate of all) {
    if (candidate.status !== 'approved' || candidate.effectiveFrom > day) continue;
    if (best === undefined || candidate.effectiveFrom > best.effectiveFrom) best = candidate;
  }
  return best;
}
