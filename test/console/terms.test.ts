import { expect, test } from 'vitest';
import { fieldsOf, firstTerms, withValues } from '../../console/screens/insurance/terms-fields.ts';
import { illustrativeProduct } from '../../demo/claims/product.ts';
import { productTerms } from '../../functions/contracts/insurance/product.ts';

test('every number of terms is a field, in what officials count in, and goes back where it came from', () => {
  const fields = fieldsOf(illustrativeProduct);
  const at = (...path: (string | number)[]) => fields.find((field) => field.path.join() === path.join());
  expect(at('lines', 'illness', 'tiers', 1, 'upTo')).toMatchObject({ value: 30_000, unit: 'yuan' });
  expect(at('lines', 'illness', 'tiers', 1, 'percent')).toMatchObject({ value: 60, unit: 'percent' });
  expect(at('lines', 'illness', 'waitingDays')).toMatchObject({ value: 30, unit: 'days' });
  expect(at('lines', 'accidental-disability', 'shares', 9)).toMatchObject({ value: 10, unit: 'percent' });
  // Accidents have no waiting period, and no field for one.
  expect(at('lines', 'accident-medical', 'waitingDays')).toBeUndefined();
  expect(
    withValues(
      illustrativeProduct,
      fields.map(({ value }) => value),
    ),
  ).toEqual(illustrativeProduct);

  const place = fields.findIndex(({ path }) => path.join() === 'lines,illness,deductible');
  const changed = withValues(
    illustrativeProduct,
    fields.map(({ value }, n) => (n === place ? 1234.56 : value)),
  );
  expect(changed.lines.illness?.deductible).toBe(123_456);
  expect({ ...changed, lines: { ...changed.lines, illness: illustrativeProduct.lines.illness } }).toEqual(
    illustrativeProduct,
  );
});

test('what a district without terms begins with is whole, and marked as illustrative', () => {
  expect(productTerms.parse(firstTerms).status).toBe('illustrative');
});
