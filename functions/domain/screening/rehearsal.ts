import type { CriteriaTerms } from '../../contracts/screening/criteria.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import type { Signal, TriageClass } from '../../contracts/screening/triage.ts';
import type { Visit } from '../../contracts/screening/visit.ts';
import { thresholdsOf } from './thresholds.ts';
import { triage } from './triage.ts';

/** A household's sealed class and signals beside those it would have under other criteria. */
export interface Rehearsed {
  household: string;
  people: number;
  from: TriageClass;
  to: TriageClass;
  perCapita: number;
  gained: Signal[];
  lost: Signal[];
}

/**
 * Triages a sealed row's visit again with the row's facts, under other criteria. Whether the household was lifted only
 * decides the type of a case, which is not computed here.
 * @throws NoMonitoringLine when the terms have no line for the visit's year
 */
export function rehearseRow(row: SheetRow, visit: Visit, terms: CriteriaTerms): Rehearsed | undefined {
  if (row.class === null) return undefined;
  const result = triage(
    { ...visit, insurancePayouts: visit.insurancePayouts + row.ownPayouts },
    { origin: 'general', previousPerCapita: row.previousPerCapita ?? undefined, openCase: row.openCase },
    thresholdsOf(terms, visit.visitedOn, row.household),
  );
  const had = new Set(row.signals.map(({ id }) => id));
  const has = new Set(result.signals.map(({ id }) => id));
  return {
    household: row.household,
    people: row.people,
    from: row.class,
    to: result.class,
    perCapita: result.perCapita,
    gained: result.signals.filter(({ id }) => !had.has(id)),
    lost: row.signals.filter(({ id }) => !has.has(id)),
  };
}
