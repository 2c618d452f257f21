import * as z from 'zod';

/** The version of the rules of triage; stored with every result so that it can be replayed. */
export const RULES_VERSION = '2023.1';

/** Rule ids in the order their signals are reported, each with its severity (docs/domain.md, 3, rules 2023.1). */
export const severities = {
  INCOME_BELOW_LINE: 'risk',
  INCOME_NEAR_LINE: 'attention',
  INCOME_COLLAPSE: 'risk',
  RIGID_SPENDING: 'risk',
  FOOD_UNSAFE: 'risk',
  CLOTHING_UNSAFE: 'risk',
  EDUCATION_UNSAFE: 'risk',
  MEDICAL_UNSAFE: 'risk',
  HOUSING_UNSAFE: 'risk',
  WATER_UNSAFE: 'risk',
  OPEN_CASE: 'risk',
  SERIOUS_ILLNESS: 'attention',
  CHRONIC_BURDEN: 'attention',
  SEVERE_DISABILITY: 'attention',
  NO_LABOUR: 'attention',
  SOLE_EARNER: 'attention',
  RECENT_SHOCK: 'attention',
} as const;
export type SignalId = keyof typeof severities;
export const signalIds = Object.keys(severities).filter((id): id is SignalId => id in severities);

export const triageClass = z.enum(['secure', 'concern', 'monitor']);
export type TriageClass = z.infer<typeof triageClass>;
export const caseType = z.enum(['unstable-lifted', 'marginal', 'sudden-hardship']);
export type CaseType = z.infer<typeof caseType>;
export const origin = z.enum(['lifted', 'general']);
export type Origin = z.infer<typeof origin>;

/** A rule that fired: the observed value and the threshold. Amounts are fen; people are counted; guarantees are booleans. */
export const signal = z.object({
  id: z.enum(signalIds),
  observed: z.union([z.number(), z.boolean()]),
  threshold: z.union([z.number(), z.boolean()]),
});
export type Signal = z.infer<typeof signal>;

/** A result as it is stored: ids and values, never a sentence. */
export interface TriageResult {
  class: TriageClass;
  caseType: CaseType | null;
  /** Reference income a head, fen, floored towards −∞. */
  perCapita: number;
  signals: Signal[];
}
