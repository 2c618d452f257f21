import type { Product, ProductTerms } from '../../../functions/contracts/insurance/product.ts';

/** Numbers of terms as the form edits them: where each stands, and what it is counted in. */
export interface Field {
  path: readonly (string | number)[];
  value: number;
  unit: 'yuan' | 'percent' | 'days';
}

/** What is a share or a number of days; every other number of terms is money. */
const units: Readonly<Record<string, Field['unit']>> = {
  percent: 'percent',
  assetsPercent: 'percent',
  shares: 'percent',
  waitingDays: 'days',
  days: 'days',
};

/** Every number in terms or a part of them, in the order they stand. */
export function fieldsOf(part: unknown, path: readonly (string | number)[] = []): Field[] {
  if (typeof part === 'number') {
    const name = path.findLast((step) => typeof step === 'string');
    const unit = units[String(name)] ?? 'yuan';
    return [{ path, value: unit === 'yuan' ? part / 100 : part, unit }];
  }
  if (Array.isArray(part)) return part.flatMap((each, place) => fieldsOf(each, [...path, place]));
  if (typeof part !== 'object' || part === null) return [];
  // Accidents have no waiting period: there is nothing to fill in.
  return Object.entries(part).flatMap(([name, each]) =>
    name === 'waitingDays' && String(path[1]).startsWith('accident') ? [] : fieldsOf(each, [...path, name]),
  );
}

/** The same part with the numbers of the form, in the order of its fields. */
export function withValues<T>(part: T, values: readonly number[]): T {
  const fields = fieldsOf(part);
  const copy: T = structuredClone(part);
  for (const [place, { path, unit }] of fields.entries()) {
    const value = values[place] ?? 0;
    const holder = path.slice(0, -1).reduce((inside: unknown, step) => Object(inside)[step], copy);
    Object(holder)[path.at(-1) ?? ''] = unit === 'yuan' ? Math.round(value * 100) : value;
  }
  return copy;
}

/** What can be proposed again of terms: all but who proposed and approved them. */
export function termsOf({
  id,
  state,
  proposedBy,
  proposedAt,
  approvedBy,
  approvedAt,
  ...terms
}: Product): ProductTerms {
  return terms;
}

/** What a district without any terms begins with: illustrative, every number to be looked at. */
export const firstTerms: ProductTerms = {
  name: '防返贫综合保险',
  effectiveFrom: '2021-01-01',
  status: 'illustrative',
  source: '示例条款，非保险公司正式条款',
  lines: {
    'accidental-death': { kind: 'lump-sum', waitingDays: 0, amount: 3_000_000, capPerEvent: 3_000_000 },
    illness: {
      kind: 'cost',
      waitingDays: 30,
      deductible: 500_000,
      tiers: [
        { upTo: 1_000_000, percent: 50 },
        { upTo: null, percent: 60 },
      ],
      capPerPerson: 5_000_000,
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
