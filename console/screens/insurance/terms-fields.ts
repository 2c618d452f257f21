import type { Product, ProductTerms } from '../../../functions/contracts/insurance/product.ts';
import { fenOf } from '../../ui/format.ts';

/** Numbers of terms as the form edits them: where each stands, and what it is counted in. */
export interface Field {
  /** Its path as one word: by it the form keeps what was typed, also when a tier or a line comes or goes. */
  key: string;
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
    return [{ key: path.join('/'), path, value: unit === 'yuan' ? part / 100 : part, unit }];
  }
  if (Array.isArray(part)) return part.flatMap((each, place) => fieldsOf(each, [...path, place]));
  if (typeof part !== 'object' || part === null) return [];
  // Accidents have no waiting period: there is nothing to fill in.
  return Object.entries(part).flatMap(([name, each]) =>
    name === 'waitingDays' && String(path[1]).startsWith('accident') ? [] : fieldsOf(each, [...path, name]),
  );
}

/** The same part with the numbers of the form, by the keys of its fields. */
export function withValues<T>(part: T, values: Readonly<Record<string, number>>): T {
  const copy: T = structuredClone(part);
  for (const { key, path, unit, value: before } of fieldsOf(part)) {
    const value = values[key] ?? before;
    const holder = path.slice(0, -1).reduce((inside: unknown, step) => Object(inside)[step], copy);
    Object(holder)[path.at(-1) ?? ''] = unit === 'yuan' ? fenOf(value) : value;
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
