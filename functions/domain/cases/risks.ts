import { type AlertKind, type Clue, type RiskCode, riskCode } from '../../contracts/cases/case.ts';
import type { Signal, SignalId } from '../../contracts/screening/triage.ts';
import type { Findings } from '../../contracts/screening/visit.ts';

type Seen = Pick<Findings, 'selfPaid' | 'shocks'>;

/** Signals that show a risk but not which one: the reviewer chooses (docs/domain.md, 3). */
const chosenByReviewer: ReadonlySet<SignalId> = new Set([
  'INCOME_BELOW_LINE',
  'INCOME_NEAR_LINE',
  'INCOME_COLLAPSE',
  'OPEN_CASE',
]);

const byShock: Record<Seen['shocks'][number], RiskCode> = {
  disaster: 'disaster',
  accident: 'accident',
  'industry-failure': 'industry-failure',
  'job-loss': 'unstable-employment',
};

const byAlert: Record<AlertKind, RiskCode> = {
  'large-medical-bill': 'illness',
  'disability-registration': 'disability',
  dropout: 'education',
  'job-loss': 'unstable-employment',
  disaster: 'disaster',
};

/** The risks one signal of a visit points to; none where the reviewer chooses. */
function risksOfSignal(id: SignalId, { selfPaid, shocks }: Seen): RiskCode[] {
  switch (id) {
    case 'RIGID_SPENDING': {
      const largest = Math.max(selfPaid.medical, selfPaid.education, selfPaid.other);
      if (selfPaid.medical === largest) return ['illness'];
      return [selfPaid.education === largest ? 'education' : 'other'];
    }
    case 'RECENT_SHOCK':
      return shocks.map((shock) => byShock[shock]);
    case 'EDUCATION_UNSAFE':
      return ['education'];
    case 'MEDICAL_UNSAFE':
    case 'SERIOUS_ILLNESS':
    case 'CHRONIC_BURDEN':
      return ['illness'];
    case 'HOUSING_UNSAFE':
      return ['housing'];
    case 'WATER_UNSAFE':
      return ['drinking-water'];
    case 'SEVERE_DISABILITY':
      return ['disability'];
    case 'NO_LABOUR':
    case 'SOLE_EARNER':
      return ['lack-of-labour'];
    case 'FOOD_UNSAFE':
    case 'CLOTHING_UNSAFE':
      return ['other'];
    case 'INCOME_BELOW_LINE':
    case 'INCOME_NEAR_LINE':
    case 'INCOME_COLLAPSE':
    case 'OPEN_CASE':
      return [];
  }
}

/**
 * The risks a visit's signals suggest, each once and in the order of the list, and whether some signal leaves the choice to
 * the reviewer.
 */
export function risksOf(
  signals: readonly Pick<Signal, 'id'>[],
  seen: Seen,
): { risks: RiskCode[]; reviewerChooses: boolean } {
  const found = new Set(signals.flatMap(({ id }) => risksOfSignal(id, seen)));
  return {
    risks: riskCode.options.filter((code) => found.has(code)),
    reviewerChooses: signals.some(({ id }) => chosenByReviewer.has(id)),
  };
}

/** The risk a clue names; undefined for clues that name none. */
export function riskOfClue(clue: Clue): RiskCode | undefined {
  if (clue.source === 'declaration') return clue.trouble;
  return clue.source === 'alert' ? byAlert[clue.kind] : undefined;
}
