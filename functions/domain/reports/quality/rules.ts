import type { Finding } from '../../../contracts/reports/quality-finding.ts';
import type { QualityRule, QualitySeverity } from '../../../contracts/reports/quality-rule.ts';
import { calendarRules } from './calendar-rules.ts';
import { caseRules } from './case-rules.ts';
import { closureRules } from './closure-rules.ts';
import { householdRules, memberRules, sampleRules } from './household-rules.ts';
import { limitRules } from './limit-rules.ts';
import { numberRules } from './number-rules.ts';
import { deathRules, historyRules } from './register-rules.ts';
import type { ToldRule } from './rule.ts';

const all: readonly ToldRule[] = [
  ...closureRules,
  ...caseRules,
  ...householdRules,
  ...memberRules,
  ...numberRules,
  ...deathRules,
  ...sampleRules,
  ...historyRules,
  ...calendarRules,
  ...limitRules,
];
const byCode = new Map<QualityRule, ToldRule>(all.map((rule) => [rule.code, rule]));

/** A rule by its code. @throws Error for a code without a rule: the table was written by a newer version */
export function ruleOf(code: QualityRule): ToldRule {
  const rule = byCode.get(code);
  if (rule === undefined) throw new Error(`There is no rule ${code}.`);
  return rule;
}

export function severityOf({ rule, observed }: Pick<Finding, 'rule' | 'observed'>): QualitySeverity {
  const { severity } = ruleOf(rule);
  return typeof severity === 'function' ? severity(observed) : severity;
}

/** The Chinese sentence for one finding. Made when read, never stored. */
export function sentenceOfFinding({ rule, observed }: Pick<Finding, 'rule' | 'observed'>): string {
  return ruleOf(rule).sentence(observed);
}
