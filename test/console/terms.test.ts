import { expect, test } from 'vitest';
import { fieldsOf, withValues } from '../../console/screens/insurance/terms-fields.ts';
import {
  firstTerms,
  missingLines,
  stagesOf,
  withLine,
  withoutLine,
  withStage,
  withTiers,
} from '../../console/screens/insurance/terms-shape.ts';
import { illustrativeProduct } from '../../demo/claims/product.ts';
import { educationStage, lineId, productTerms } from '../../functions/contracts/insurance/product.ts';

test('every number of terms is a field, in what officials count in, and goes back where it came from', () => {
  const fields = fieldsOf(illustrativeProduct);
  const at = (...path: (string | number)[]) => fields.find((field) => field.path.join() === path.join());
  expect(at('lines', 'illness', 'tiers', 1, 'upTo')).toMatchObject({ value: 30_000, unit: 'yuan' });
  expect(at('lines', 'illness', 'tiers', 1, 'percent')).toMatchObject({ value: 60, unit: 'percent' });
  expect(at('lines', 'illness', 'waitingDays')).toMatchObject({ value: 30, unit: 'days' });
  expect(at('lines', 'accidental-disability', 'shares', 9)).toMatchObject({ value: 10, unit: 'percent' });
  // Accidents have no waiting period, and no field for one.
  expect(at('lines', 'accident-medical', 'waitingDays')).toBeUndefined();
  expect(withValues(illustrativeProduct, Object.fromEntries(fields.map(({ key, value }) => [key, value])))).toEqual(
    illustrativeProduct,
  );

  const changed = withValues(illustrativeProduct, { 'lines/illness/deductible': 1234.56 });
  expect(changed.lines.illness?.deductible).toBe(123_456);
  expect({ ...changed, lines: { ...changed.lines, illness: illustrativeProduct.lines.illness } }).toEqual(
    illustrativeProduct,
  );
});

test('what a district without terms begins with is whole, and marked as illustrative', () => {
  expect(productTerms.parse(firstTerms).status).toBe('illustrative');
});

test('lines and tiers come and go, and what is left is always terms', () => {
  let terms = firstTerms;
  for (const line of missingLines(firstTerms)) terms = withLine(terms, line);
  expect(missingLines(terms)).toEqual([]);
  expect(productTerms.parse(terms)).toEqual(terms);

  const more = withTiers(terms, 'illness', 'more');
  const tiersOf = ({ lines }: typeof terms) => lines.illness?.tiers.map(({ upTo, percent }) => [upTo, percent]);
  expect([tiersOf(terms), tiersOf(more)]).toEqual([
    [
      [1_000_000, 50],
      [null, 60],
    ],
    [
      [1_000_000, 50],
      [2_000_000, 60],
      [null, 60],
    ],
  ]);
  expect(productTerms.parse(more)).toEqual(more);
  expect(tiersOf(withTiers(more, 'illness', 'fewer'))).toEqual(tiersOf(terms));
  const one = withTiers(terms, 'illness', 'fewer');
  expect(tiersOf(one)).toEqual([[null, 50]]);
  // The last tier, more than ten, and tiers of a line without any: nothing changes.
  expect(withTiers(one, 'illness', 'fewer')).toBe(one);
  expect(withTiers(terms, 'disaster', 'more')).toBe(terms);
  let many = terms;
  for (let n = 0; n < 20; n += 1) many = withTiers(many, 'illness', 'more');
  expect(many.lines.illness?.tiers).toHaveLength(10);
  expect(productTerms.parse(many)).toEqual(many);

  const without = withoutLine(terms, 'accidental-death');
  expect(missingLines(without)).toEqual(['accidental-death']);
  let last = terms;
  for (const line of lineId.options) last = withoutLine(last, line);
  expect(Object.keys(last.lines)).toHaveLength(1);

  const school = withStage(terms, 'compulsory');
  expect(stagesOf(school).flatMap(({ stage, isPaid }) => (isPaid ? [stage] : []))).toEqual([
    'compulsory',
    'high-school',
    'vocational',
    'university',
  ]);
  expect(productTerms.parse(school)).toEqual(school);
  expect(withStage(school, 'compulsory')).toEqual(terms);
  let stage = school;
  for (const each of educationStage.options) if (each !== 'kindergarten') stage = withStage(stage, each);
  expect(Object.keys(stage.lines.education?.amounts ?? {})).toEqual(['university']);
  expect(stagesOf(firstTerms)).toEqual([]);
});
