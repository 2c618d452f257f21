import * as z from 'zod';

/**
 * 疑点规则: the named rules of data quality (docs/domain.md, 8), in the order they are listed; then the surveyor's sample, what cannot be right by itself, and what the system lacks or can hardly take any more.
 * A code once used keeps its meaning.
 */
export const qualityRules = [
  'CLOSED_WITHIN_SIX_MONTHS',
  'INCOME_BELOW_LINE_AT_CLOSURE',
  'ASSISTED_WITHOUT_DEVELOPMENT',
  'DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE',
  'NO_MONITORING_CONTACT',
  'MEASURES_MISSING',
  'RISK_WITHOUT_MEASURE',
  'ILLNESS_WITHOUT_COST',
  'LACK_OF_LABOUR_WITH_LABOUR',
  'WHOLLY_UNABLE_NOT_FLAGGED',
  'WAGES_TOO_SMALL',
  'IN_SCHOOL_YET_WORKING',
  'ALLOWANCE_WITHOUT_TRANSFERS',
  'ID_NUMBER_MALFORMED',
  'DISABILITY_WITHOUT_CERTIFICATE',
  'INSURED_AFTER_DEATH',
  'SAMPLE_DISAGREES',
  'HISTORY_CONTRADICTS',
  'CALENDAR_MISSING',
  'LIMIT_NEAR',
] as const;
export const qualityRule = z.enum(qualityRules);
export type QualityRule = z.infer<typeof qualityRule>;

/** `serious`: a household may have been wronged, or the record cannot be right. `attention`: somebody should look. */
export const qualitySeverity = z.enum(['serious', 'attention']);
export type QualitySeverity = z.infer<typeof qualitySeverity>;
