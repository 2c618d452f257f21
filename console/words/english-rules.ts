import type { QualityRule } from '../../functions/contracts/reports/quality-rule.ts';

/** The rules of data quality in English; their Chinese names and sentences come with the findings. */
export const englishRules: Record<QualityRule, string> = {
  CLOSED_WITHIN_SIX_MONTHS: 'Closed within six months of admission',
  INCOME_BELOW_LINE_AT_CLOSURE: 'Income below the line at closure',
  ASSISTED_WITHOUT_DEVELOPMENT: 'Closed with help, but without a development measure',
  DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE: 'Dropout or unsafe housing at closure',
  NO_MONITORING_CONTACT: 'No monitoring contact at closure',
  MEASURES_MISSING: 'Measures missing a month after admission',
  RISK_WITHOUT_MEASURE: 'A risk without a matching measure',
  ILLNESS_WITHOUT_COST: 'Risk of illness, but no self-paid cost',
  LACK_OF_LABOUR_WITH_LABOUR: 'Risk of lacking labour, but half can work',
  WHOLLY_UNABLE_NOT_FLAGGED: 'Wholly unable household not flagged',
  WAGES_TOO_SMALL: 'Wages between 0 and 100 yuan',
  IN_SCHOOL_YET_WORKING: 'In school yet working',
  ALLOWANCE_WITHOUT_TRANSFERS: 'Allowance, but no transfers',
  ID_NUMBER_MALFORMED: 'ID number malformed',
  DISABILITY_WITHOUT_CERTIFICATE: 'Disability grade without a certificate',
  INSURED_AFTER_DEATH: 'Insured after death',
  SAMPLE_DISAGREES: 'The surveyor’s sample disagrees',
  HISTORY_CONTRADICTS: 'Dated changes contradict each other',
  CALENDAR_MISSING: 'A year’s holidays are not known yet',
  LIMIT_NEAR: 'Near to what the system takes',
};
