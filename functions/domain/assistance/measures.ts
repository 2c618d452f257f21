import {
  type Measure,
  type MeasureChange,
  type MeasureKind,
  type MeasureNature,
  type MeasureStatus,
  measureKind,
  type NewMeasure,
  type ReferralOutcome,
} from '../../contracts/assistance/measure.ts';
import type { RecordedRisk, RiskCode } from '../../contracts/cases/case.ts';
import type { Findings } from '../../contracts/screening/visit.ts';
import { addMonths } from '../calendar.ts';

/**
 * 开发式 or 保障性. A measure is `development` when the household's own work earns by it. Infrastructure is not: a road built for the
 * village must not stand in for a household's own livelihood at closure.
 */
const natures: Record<MeasureKind, MeasureNature> = {
  industry: 'development',
  employment: 'development',
  'public-welfare-post': 'development',
  'skills-training': 'development',
  'start-up': 'development',
  finance: 'development',
  housing: 'safeguard',
  'drinking-water': 'safeguard',
  health: 'safeguard',
  'compulsory-education': 'safeguard',
  'other-education': 'safeguard',
  'minimum-living-allowance': 'safeguard',
  'social-assistance': 'safeguard',
  infrastructure: 'safeguard',
};

/** The measures that address each risk (docs/domain.md, 4). */
const matching: Record<RiskCode, readonly MeasureKind[]> = {
  illness: ['health', 'social-assistance', 'minimum-living-allowance'],
  education: ['compulsory-education', 'other-education', 'social-assistance'],
  'drinking-water': ['drinking-water'],
  housing: ['housing'],
  disaster: ['housing', 'social-assistance', 'infrastructure', 'industry'],
  disability: ['health', 'social-assistance', 'minimum-living-allowance', 'public-welfare-post'],
  'lack-of-labour': ['minimum-living-allowance', 'social-assistance', 'public-welfare-post'],
  accident: ['health', 'social-assistance'],
  'industry-failure': ['industry', 'finance', 'employment'],
  'unstable-employment': ['employment', 'public-welfare-post', 'skills-training', 'start-up'],
  other: measureKind.options,
};

/** Measures that need somebody who can work. */
const needsLabour: ReadonlySet<MeasureKind> = new Set([
  'employment',
  'public-welfare-post',
  'skills-training',
  'start-up',
]);
const lastResort: readonly MeasureKind[] = ['minimum-living-allowance', 'social-assistance'];

/** What to suggest first for a household's labour: development; a public-welfare post with safeguards; or safeguards alone. */
const byLabour: Record<HouseholdLabour, readonly MeasureKind[]> = {
  able: ['industry', 'employment', 'skills-training', 'start-up'],
  weak: ['public-welfare-post', ...lastResort],
  none: lastResort,
};

export function natureOf(kind: MeasureKind): MeasureNature {
  return natures[kind];
}

export function matches(risk: RiskCode, kind: MeasureKind): boolean {
  return matching[risk].includes(kind);
}

/** What a household can do together: `able` when a member has full labour, else `weak` when one has weak labour, else `none`. */
export type HouseholdLabour = 'able' | 'weak' | 'none';
export function labourOf(members: readonly Pick<Findings['members'][number], 'labour'>[]): HouseholdLabour {
  if (members.some(({ labour }) => labour === 'full')) return 'able';
  return members.some(({ labour }) => labour === 'weak') ? 'weak' : 'none';
}

export interface Suggestion {
  kind: MeasureKind;
  nature: MeasureNature;
  /** The risks it addresses; empty when only the household's labour suggests it. */
  risks: RiskCode[];
  /** Another authority grants it: a referral is made and followed until it is granted or refused. */
  referral: boolean;
}

/**
 * The suggested measures: those for the household's labour first, then those for its risks; never a post or a job where nobody
 * can work. `other` matches anything, so it suggests nothing of its own.
 */
export function suggestMeasures(risks: readonly RiskCode[], labour: HouseholdLabour): Suggestion[] {
  const named = risks.filter((risk) => risk !== 'other');
  const kinds = new Set([...byLabour[labour], ...named.flatMap((risk) => matching[risk])]);
  return [...kinds]
    .filter((kind) => labour !== 'none' || !needsLabour.has(kind))
    .map((kind) => ({
      kind,
      nature: natures[kind],
      risks: named.filter((risk) => matches(risk, kind)),
      referral: labour === 'none' && lastResort.includes(kind),
    }));
}

export type MeasureWarning =
  | { code: 'RISK_WITHOUT_MEASURE'; risk: RiskCode }
  | { code: 'NO_DEVELOPMENT_MEASURE' }
  | { code: 'NO_SAFEGUARD_REFERRAL' }
  /** Something is still missing a month after admission; `due` was the last day. */
  | { code: 'MEASURES_OVERDUE'; due: string };

/**
 * What is missing among a case's measures: warnings here, gates at closure. Abandoned measures do not count, nor risks marked
 * gone; a measure that is planned or under way does.
 * @param openedOn day the admission was approved; measures are to be recorded within a month of it
 * @param today Asia/Shanghai
 */
export function measureWarnings(facts: {
  risks: readonly RecordedRisk[];
  measures: readonly Pick<Measure, 'kind' | 'status' | 'referral'>[];
  labour: HouseholdLabour;
  openedOn: string;
  today: string;
}): MeasureWarning[] {
  const standing = facts.measures.filter(({ status }) => status !== 'abandoned');
  const warnings: MeasureWarning[] = facts.risks
    .filter(({ code, gone }) => gone === undefined && !standing.some(({ kind }) => matches(code, kind)))
    .map(({ code }) => ({ code: 'RISK_WITHOUT_MEASURE', risk: code }));
  if (facts.labour !== 'none' && !standing.some(({ kind }) => natures[kind] === 'development'))
    warnings.push({ code: 'NO_DEVELOPMENT_MEASURE' });
  if (
    facts.labour === 'none' &&
    !standing.some(({ kind, referral }) => natures[kind] === 'safeguard' && referral !== undefined)
  )
    warnings.push({ code: 'NO_SAFEGUARD_REFERRAL' });
  const due = addMonths(facts.openedOn, 1);
  if (warnings.length > 0 && facts.today > due) warnings.push({ code: 'MEASURES_OVERDUE', due });
  return warnings;
}

/** Referrals nobody has granted or refused yet: they stay on the list of things to follow. */
export function openReferrals<T extends Pick<Measure, 'referral' | 'status'>>(measures: readonly T[]): T[] {
  return measures.filter(
    ({ referral, status }) => status !== 'abandoned' && referral !== undefined && referral.outcome === undefined,
  );
}

export type MeasureRefusal =
  | 'measure-status'
  | 'measure-date-in-future'
  | 'measure-date-before'
  | 'referral-missing'
  | 'referral-settled';
export type Changed = { measure: Measure; refusal?: never } | { refusal: MeasureRefusal; measure?: never };

const priorStates: Record<MeasureChange['to'], readonly MeasureStatus[]> = {
  'under-way': ['planned'],
  completed: ['under-way'],
  abandoned: ['planned', 'under-way'],
};

/** A new measure, planned. @param today Asia/Shanghai; a plan is not made in the future */
export function planMeasure(id: string, plan: NewMeasure, today: string): Changed {
  if (plan.plannedOn > today || (plan.referral !== undefined && plan.referral.on > today))
    return { refusal: 'measure-date-in-future' };
  return { measure: { id, status: 'planned', ...plan, evidence: [] } };
}

/** planned → under-way → completed, or abandoned on the way; dates never run backwards or ahead of `today` (Asia/Shanghai). */
export function changeMeasure(measure: Measure, change: MeasureChange, today: string): Changed {
  if (!priorStates[change.to].includes(measure.status)) return { refusal: 'measure-status' };
  if (change.on > today) return { refusal: 'measure-date-in-future' };
  if (change.on < (measure.startedOn ?? measure.plannedOn)) return { refusal: 'measure-date-before' };
  switch (change.to) {
    case 'under-way':
      return { measure: { ...measure, status: 'under-way', startedOn: change.on } };
    case 'completed': {
      const { on, evidence, amount = measure.amount } = change;
      return {
        measure: {
          ...measure,
          status: 'completed',
          endedOn: on,
          evidence,
          ...(amount === undefined ? {} : { amount }),
        },
      };
    }
    case 'abandoned':
      return { measure: { ...measure, status: 'abandoned', endedOn: change.on, abandonedBecause: change.reason } };
  }
}

/** A referral granted or refused, once. */
export function settleReferral(measure: Measure, outcome: ReferralOutcome, today: string): Changed {
  const { referral } = measure;
  if (referral === undefined) return { refusal: 'referral-missing' };
  if (referral.outcome !== undefined) return { refusal: 'referral-settled' };
  if (outcome.on > today) return { refusal: 'measure-date-in-future' };
  if (outcome.on < referral.on) return { refusal: 'measure-date-before' };
  return { measure: { ...measure, referral: { ...referral, outcome } } };
}
