import { expect, test } from 'vitest';
import { fieldAt } from '../../console/ui/field-at.ts';

test('a fault of the request belongs to the field its pointer ends with', () => {
  const names = [['bills', 0, 'total'], ['total'], ['reason'], ['values', 3]];
  expect(fieldAt('/facts/bills/0/total', names)).toEqual(['bills', 0, 'total']);
  expect(fieldAt('/total', names)).toEqual(['total']);
  expect(fieldAt('/change/reason', names)).toEqual(['reason']);
  expect(fieldAt('/facts/bills/0', names)).toBeUndefined();
  expect(fieldAt('', names)).toBeUndefined();
});
