import type { QualityObserved } from '../../../contracts/reports/quality-finding.ts';
import type { QualityRule, QualitySeverity } from '../../../contracts/reports/quality-rule.ts';
import type { Look } from './difference.ts';
import type { About } from './quality-facts.ts';

/** A rule as officials see it. */
export interface ToldRule {
  code: QualityRule;
  severity: QualitySeverity | ((observed: QualityObserved) => QualitySeverity);
  /** 疑点名称 */
  name: string;
  /** Why it is doubtful and how to correct it, in one sentence. */
  explanation: string;
  /** The sentence for one finding, made when read. Names no person. */
  sentence: (observed: QualityObserved) => string;
}

/** A named rule of data quality: pure, so that the same facts raise the same findings in any run. */
export interface Rule<Facts> extends ToldRule {
  /**
   * What is doubtful about the facts: null when they hold, and undefined when the rule's facts are not known, so that an
   * earlier finding is neither confirmed nor corrected.
   */
  observe: (facts: Facts) => readonly QualityObserved[] | undefined;
}

/** Fen as yuan, `1234.50`. */
export function yuan(fen: unknown): string {
  const amount = Number(fen);
  return `${amount < 0 ? '-' : ''}${Math.floor(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`;
}

/** Runs rules over all their subjects. */
export function looks<Facts>(rules: readonly Rule<Facts>[], about: readonly About<Facts>[]): Look[] {
  return about.flatMap(({ subject, facts }) =>
    rules.map(({ code, observe }) => ({ rule: code, subject, observed: observe(facts) })),
  );
}
