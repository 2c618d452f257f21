import type { Signal } from '../../functions/contracts/screening/triage.ts';
import { sentenceOf } from '../../functions/domain/screening/sentences.ts';
import type { Language } from './language.tsx';

export function yuan(fen: unknown): string {
  return `${(Number(fen) / 100).toFixed(2)} yuan`;
}

/** Why a signal holds. The Chinese sentence is the rule's own. */
export function signalSentence(signal: Pick<Signal, 'id' | 'observed' | 'threshold'>, language: Language): string {
  if (language === 'zh') return sentenceOf(signal);
  const seen = Number(signal.observed);
  const limit = signal.threshold;
  switch (signal.id) {
    case 'INCOME_BELOW_LINE':
      return `Income per head ${yuan(seen)} is below the line of ${yuan(limit)}.`;
    case 'INCOME_NEAR_LINE':
      return `Income per head ${yuan(seen)} is near the line (below ${yuan(limit)}).`;
    case 'INCOME_COLLAPSE':
      return `Income per head has fallen to ${yuan(seen)}, below the warning value of ${yuan(limit)}.`;
    case 'RIGID_SPENDING':
      return `Self-paid costs of ${yuan(seen)} reach the warning value of ${yuan(limit)}.`;
    case 'FOOD_UNSAFE':
      return 'Food is not secured.';
    case 'CLOTHING_UNSAFE':
      return 'Clothing is not secured.';
    case 'EDUCATION_UNSAFE':
      return 'Compulsory education is not secured.';
    case 'MEDICAL_UNSAFE':
      return 'Basic medical insurance is not secured.';
    case 'HOUSING_UNSAFE':
      return 'Housing is not safe.';
    case 'WATER_UNSAFE':
      return 'Drinking water is not safe.';
    case 'OPEN_CASE':
      return 'The household is monitored; its risk is not gone yet.';
    case 'SERIOUS_ILLNESS':
      return `${seen} seriously ill in the family.`;
    case 'CHRONIC_BURDEN':
      return `A chronic illness, with self-paid medical costs of ${yuan(seen)} (from ${yuan(limit)}).`;
    case 'SEVERE_DISABILITY':
      return `${seen} with a disability of grade 1 or 2.`;
    case 'NO_LABOUR':
      return 'Nobody in the family can work.';
    case 'SOLE_EARNER':
      return `One earner for ${seen} in school.`;
    case 'RECENT_SHOCK':
      return `${seen} recent shocks.`;
  }
}
