import type { CriteriaTerms } from '../../contracts/screening/criteria.ts';
import {
  type CaseType,
  type Origin,
  type Signal,
  severities,
  type TriageResult,
} from '../../contracts/screening/triage.ts';
import type { Findings } from '../../contracts/screening/visit.ts';

/** What the rules know about a household beside its visit. */
export interface HouseholdFacts {
  origin: Origin;
  /** Per-capita income of the newest earlier sealed row, fen. */
  previousPerCapita?: number | undefined;
  openCase: boolean;
}

/** The thresholds of one village and year, taken from the dated criteria once and used for many visits. */
export interface Thresholds
  extends Pick<CriteriaTerms, 'nearLinePercent' | 'collapsePercent' | 'rigidSpendingPercent' | 'chronicBurden'> {
  /** Monitoring line of the visit's year and region, fen per person. */
  line: number;
}

type Triaged = Pick<Findings, 'income' | 'insurancePayouts' | 'selfPaid' | 'guarantees' | 'shocks' | 'members'>;

/** Reference income per person in fen, floored towards −∞ (docs/domain.md, 3); `payouts` is the total of all insurers. */
export function perCapitaIncome(visit: Pick<Triaged, 'income' | 'selfPaid' | 'members'>, payouts: number): number {
  const { medical, education, other } = visit.selfPaid;
  return Math.floor((netIncome(visit) + payouts - medical - education - other) / visit.members.length);
}

function netIncome({ income }: Pick<Triaged, 'income'>): number {
  return income.wages + income.business + income.property + income.transfer - income.businessCosts;
}

/** The smallest whole fen that is not below `percent` of an amount; + 0 keeps a negative zero out. */
function percentOf(amount: number, percent: number): number {
  return Math.ceil((amount * percent) / 100) + 0;
}

/**
 * Judges one visit by the rules of docs/domain.md, 3, version 2023.1. Pure: the same visit, facts and thresholds give the same
 * result in any year, in a Lambda function or on a phone. Signals come in the order of the rules' table.
 * @param visit its `insurancePayouts` must be the total of all insurers, this system's own included
 */
export function triage(visit: Triaged, facts: HouseholdFacts, thresholds: Thresholds): TriageResult {
  const signals: Signal[] = [];
  const { line } = thresholds;
  const { guarantees, selfPaid, members } = visit;
  const perCapita = perCapitaIncome(visit, visit.insurancePayouts);

  const belowLine = perCapita < line;
  if (belowLine) {
    signals.push({ id: 'INCOME_BELOW_LINE', observed: perCapita, threshold: line });
  } else if (perCapita * 100 < line * thresholds.nearLinePercent) {
    signals.push({
      id: 'INCOME_NEAR_LINE',
      observed: perCapita,
      threshold: percentOf(line, thresholds.nearLinePercent),
    });
  }

  const previous = facts.previousPerCapita;
  if (previous !== undefined && previous > 0 && perCapita * 100 < previous * thresholds.collapsePercent) {
    signals.push({
      id: 'INCOME_COLLAPSE',
      observed: perCapita,
      threshold: percentOf(previous, thresholds.collapsePercent),
    });
  }

  const spent = selfPaid.medical + selfPaid.education + selfPaid.other;
  if (spent > 0) {
    const available = netIncome(visit) + visit.insurancePayouts;
    if (spent * 100 >= available * thresholds.rigidSpendingPercent) {
      signals.push({
        id: 'RIGID_SPENDING',
        observed: spent,
        threshold: percentOf(available, thresholds.rigidSpendingPercent),
      });
    }
  }

  if (!guarantees.food) signals.push({ id: 'FOOD_UNSAFE', observed: false, threshold: true });
  if (!guarantees.clothing) signals.push({ id: 'CLOTHING_UNSAFE', observed: false, threshold: true });
  if (!guarantees.compulsoryEducation) signals.push({ id: 'EDUCATION_UNSAFE', observed: false, threshold: true });
  if (!guarantees.basicMedicalInsurance) signals.push({ id: 'MEDICAL_UNSAFE', observed: false, threshold: true });
  if (!guarantees.housing) signals.push({ id: 'HOUSING_UNSAFE', observed: false, threshold: true });
  if (!guarantees.drinkingWater) signals.push({ id: 'WATER_UNSAFE', observed: false, threshold: true });
  if (facts.openCase) signals.push({ id: 'OPEN_CASE', observed: true, threshold: false });

  let seriouslyIll = 0;
  let chronicallyIll = 0;
  let severelyDisabled = 0;
  let able = 0;
  let inSchool = 0;
  for (const member of members) {
    if (member.health === 'serious-illness') seriouslyIll += 1;
    else if (member.health === 'chronic-illness') chronicallyIll += 1;
    if (member.disabilityGrade !== undefined && member.disabilityGrade <= 2) severelyDisabled += 1;
    if (member.labour !== 'none') able += 1;
    if (member.inSchool) inSchool += 1;
  }
  if (seriouslyIll > 0) signals.push({ id: 'SERIOUS_ILLNESS', observed: seriouslyIll, threshold: 1 });
  if (chronicallyIll > 0 && selfPaid.medical >= thresholds.chronicBurden) {
    signals.push({ id: 'CHRONIC_BURDEN', observed: selfPaid.medical, threshold: thresholds.chronicBurden });
  }
  if (severelyDisabled > 0) signals.push({ id: 'SEVERE_DISABILITY', observed: severelyDisabled, threshold: 1 });
  if (able === 0) signals.push({ id: 'NO_LABOUR', observed: 0, threshold: 1 });
  if (able === 1 && inSchool >= 2) signals.push({ id: 'SOLE_EARNER', observed: inSchool, threshold: 2 });
  if (visit.shocks.length > 0) signals.push({ id: 'RECENT_SHOCK', observed: visit.shocks.length, threshold: 1 });

  if (signals.length === 0) return { class: 'secure', caseType: null, perCapita, signals };
  if (!signals.some((signal) => severities[signal.id] === 'risk'))
    return { class: 'concern', caseType: null, perCapita, signals };
  return {
    class: 'monitor',
    caseType: facts.openCase ? null : caseTypeOf(belowLine, facts.origin),
    perCapita,
    signals,
  };
}

function caseTypeOf(belowLine: boolean, origin: Origin): CaseType {
  if (!belowLine) return 'sudden-hardship';
  return origin === 'lifted' ? 'unstable-lifted' : 'marginal';
}
