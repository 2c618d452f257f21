import { type Limit, limitNames, limits, type Sizes } from '../../limits.ts';
import type { Rule } from './rule.ts';

const names: Readonly<Record<Limit, { what: string; unit: string }>> = {
  householdsOfVillage: { what: '本村登记户', unit: '户' },
  villages: { what: '全区村（社区）', unit: '个' },
  households: { what: '全区登记户', unit: '户' },
  insured: { what: '保单名册人数', unit: '人' },
};

/** From which share of a limit on it is told, percent. */
const FROM = 80;

/** What comes near to the limits of docs/limits.md. Told by tens of percent, so that one household more is the same finding. */
export const limitRules: readonly Rule<Sizes>[] = [
  {
    code: 'LIMIT_NEAR',
    severity: ({ percent }) => (Number(percent) >= 100 ? 'serious' : 'attention'),
    name: '接近系统承载上限',
    explanation: '数量超过上限后，部分功能会变慢或出错；请在此之前联系系统运维单位扩容或分设。',
    observe: (sizes) =>
      limitNames.flatMap((limit) => {
        const percent = Math.floor((10 * (sizes[limit] ?? 0)) / limits[limit]) * 10;
        return percent < FROM ? [] : [{ limit, percent, most: limits[limit] }];
      }),
    sentence: ({ limit, percent, most }) => {
      const named = names[limitNames.find((one) => one === limit) ?? 'households'];
      return `${named.what}已达系统承载上限（${most} ${named.unit}）的 ${percent}% 以上。`;
    },
  },
];
