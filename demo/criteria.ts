import type { CriteriaTerms } from '../functions/contracts/screening/criteria.ts';

/**
 * The shipped criteria. Guangdong's own monitoring lines were not found in public sources: these are illustrative, marked so,
 * and a district replaces them by proposing and approving its province's.
 */
export const illustrativeCriteria: CriteriaTerms = {
  effectiveFrom: '2021-01-01',
  lines: [
    { year: 2021, region: '44', line: 680_000, status: 'illustrative', source: '示例数值，非广东省公布的监测线' },
    { year: 2022, region: '44', line: 740_000, status: 'illustrative', source: '示例数值，非广东省公布的监测线' },
    { year: 2023, region: '44', line: 800_000, status: 'illustrative', source: '示例数值，非广东省公布的监测线' },
  ],
  nearLinePercent: 120,
  collapsePercent: 50,
  rigidSpendingPercent: 40,
  chronicBurden: 500_000,
};
