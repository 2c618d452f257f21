import type { DeathFacts } from './quality-facts.ts';
import type { Rule } from './rule.ts';

/** What the register and the insurer's roster say of one another. */
export const deathRules: readonly Rule<DeathFacts>[] = [
  {
    code: 'INSURED_AFTER_DEATH',
    severity: 'serious',
    name: '死亡后仍参保',
    explanation: '登记已死亡的人不应参保；请核实死亡日期，并由保险公司退保。',
    // The insurer taking the person off puts it right: a cover with an end raises nothing.
    observe: ({ today, diedOn, policyTo, covers }) =>
      covers
        .filter(
          ({ enrolledOn, removedOn }) =>
            removedOn === undefined && (enrolledOn > diedOn || (policyTo > diedOn && today > diedOn)),
        )
        .map(({ enrolledOn }) => ({ diedOn, enrolledOn })),
    sentence: ({ diedOn, enrolledOn }) =>
      `${diedOn} 已死亡，${String(enrolledOn) > String(diedOn) ? `却于 ${enrolledOn} 参保` : '至今仍在参保名册'}。`,
  },
];
