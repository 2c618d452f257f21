import { changeNames } from '../../registry/change-names.ts';
import type { DeathFacts, HistoryFacts } from './quality-facts.ts';
import type { Rule } from './rule.ts';

/** Checks the register against the insurer's roster. */
export const deathRules: readonly Rule<DeathFacts>[] = [
  {
    code: 'INSURED_AFTER_DEATH',
    severity: 'serious',
    name: '死亡后仍参保',
    explanation: '登记已死亡的人不应参保；请核实死亡日期，并由保险公司退保。',
    // Corrected when the insurer removes the person: an ended cover raises nothing.
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

/** Checks a household's recorded changes against each other. */
export const historyRules: readonly Rule<HistoryFacts>[] = [
  {
    code: 'HISTORY_CONTRADICTS',
    severity: 'serious',
    name: '变更先后矛盾',
    explanation: '该户登记的变更日期先后矛盾，统计时按能够成立的先后推算；请核对日期，并说明实际情况。',
    observe: ({ misfits }) => misfits.map(({ on, change }) => ({ on, change: change.kind })),
    sentence: ({ on, change }) =>
      `${on} 的${Object.entries(changeNames).find(([kind]) => kind === change)?.[1] ?? '变更'}与本户其他变更的日期矛盾。`,
  },
];
