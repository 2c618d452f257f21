import type { Household } from '../../contracts/registry/household.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import type { Previous } from '../../contracts/screening/round.ts';
import type { TriageResult } from '../../contracts/screening/triage.ts';
import type { Visit } from '../../contracts/screening/visit.ts';
import { ownPayoutsUpTo } from './own-payouts.ts';
import { thresholdsOf } from './thresholds.ts';
import { triage } from './triage.ts';

/** Judges a visit of a registered household: this system's own payouts of the 12 months before it are added to the family's. @throws NoMonitoringLine */
export function triageVisit(
  visit: Visit,
  household: Pick<Household, 'id' | 'origin' | 'activeCase' | 'ownPayouts'>,
  previous: Previous | null,
  criteria: Criteria,
): TriageResult {
  const own = ownPayoutsUpTo(household.ownPayouts, visit.visitedOn);
  return triage(
    own === 0 ? visit : { ...visit, insurancePayouts: visit.insurancePayouts + own },
    {
      origin: household.origin,
      previousPerCapita: previous?.perCapita,
      openCase: household.activeCase?.stage === 'open',
    },
    thresholdsOf(criteria, visit.visitedOn, household.id),
  );
}
