import { expect, test } from 'vitest';
import { searchOf } from '../../console/screens/households/search.ts';

test('what is typed into the search is told apart by its shape', () => {
  const region = '440904';
  expect(searchOf(region, '0012')).toEqual({ region, number: '0012' });
  expect(searchOf(region, ' a12 ')).toEqual({ region, number: 'A12' });
  expect(searchOf(region, '陈小 ')).toEqual({ region, name: '陈小' });
  expect(searchOf(region, '11010519491231 002x')).toEqual({ region, idNumber: '11010519491231002X' });
});
