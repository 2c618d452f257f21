import { describe, expect, it } from 'vitest';
import type { QualityObserved } from '../../../../functions/contracts/reports/quality-finding.ts';
import type { QualityRule } from '../../../../functions/contracts/reports/quality-rule.ts';
import type { Rule } from '../../../../functions/domain/reports/quality/rule.ts';
import { sentenceOfFinding } from '../../../../functions/domain/reports/quality/rules.ts';

/** A case, what it says, and what the rule sees: undefined when it cannot look. */
interface Case<Facts> {
  says: string;
  facts: Facts;
  sees: readonly QualityObserved[] | undefined;
}

/** The rules that have had their table. */
export const covered = new Set<QualityRule>();

/** A rule's own block: each case, and that one of them fires and one does not. */
export function table<Facts>(rules: readonly Rule<Facts>[], code: QualityRule, cases: readonly Case<Facts>[]): void {
  covered.add(code);
  describe(code, () => {
    const rule = rules.find((one) => one.code === code);
    it.each(cases)('$says', ({ facts, sees }) => {
      expect(rule?.observe(facts)).toEqual(sees);
      for (const observed of sees ?? [])
        expect(sentenceOfFinding({ rule: code, observed })).toMatch(/^[^{}]*[\u4e00-\u9fff][^{}]*。$/);
    });
    it('has a case that fires and one that does not', () => {
      expect(cases.some(({ sees }) => sees !== undefined && sees.length > 0)).toBe(true);
      expect(cases.some(({ sees }) => sees?.length === 0)).toBe(true);
    });
  });
}
