import type { ProductTerms } from '../../functions/contracts/insurance/product.ts';

/**
 * Terms like the district's: 30,000 yuan for an accidental death is the article's, everything else is invented, since the real terms are not public.
 */
export const illustrativeProduct: ProductTerms = {
  name: '防返贫综合保险（示例条款）',
  effectiveFrom: '2023-01-01',
  status: 'illustrative',
  source: '意外身故 3 万元据报道；其余为示例，非正式条款',
  lines: {
    'accidental-death': { kind: 'lump-sum', waitingDays: 0, amount: 3_000_000, capPerEvent: 3_000_000 },
    'accidental-disability': {
      kind: 'graded',
      waitingDays: 0,
      amount: 3_000_000,
      shares: [100, 90, 80, 70, 60, 50, 40, 30, 20, 10],
      capPerEvent: 3_000_000,
    },
    illness: {
      kind: 'cost',
      waitingDays: 30,
      deductible: 500_000,
      tiers: [
        { upTo: 1_000_000, percent: 50 },
        { upTo: 3_000_000, percent: 60 },
        { upTo: null, percent: 70 },
      ],
      capPerPerson: 5_000_000,
    },
    'accident-medical': {
      kind: 'cost',
      waitingDays: 0,
      deductible: 10_000,
      tiers: [{ upTo: null, percent: 80 }],
      capPerPerson: 1_000_000,
    },
    education: {
      kind: 'staged',
      waitingDays: 0,
      amounts: { 'high-school': 100_000, vocational: 150_000, university: 300_000 },
      capPerEvent: 300_000,
    },
    disaster: {
      kind: 'loss',
      waitingDays: 0,
      housing: { collapsed: 2_000_000, severe: 1_000_000, moderate: 300_000 },
      assetsPercent: 40,
      capPerEvent: 2_500_000,
    },
  },
  capPerHousehold: 10_000_000,
  partialOnLimit: false,
  secondApproverAbove: 1_000_000,
  promptFrom: 500_000,
  clocks: {
    survey: { days: 3, kind: 'working' },
    decision: { days: 30, kind: 'calendar' },
    documents: { days: 60, kind: 'calendar' },
    refusalNotice: { days: 3, kind: 'calendar' },
    payment: { days: 10, kind: 'calendar' },
  },
};

/** The policy of 2023: 49 million yuan of cover (article). */
export function policy2023(product: string) {
  return {
    number: 'DB-FFP-2023',
    year: 2023,
    insurer: '示例财产保险公司',
    from: '2023-01-01',
    to: '2023-12-31',
    premium: 254_880_000,
    limit: 4_900_000_000,
    product,
  };
}
