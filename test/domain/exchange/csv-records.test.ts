import { expect, it } from 'vitest';
import { recordEnds } from '../../../functions/domain/exchange/csv-records.ts';

const ends = (text: string, isLast = true) => recordEnds(Buffer.from(text), isLast);

it.each([
  ['a,b\r\nc,d\r\n', [5, 10]],
  ['a\nb', [2, 3]],
  ['a\rb\r', [2, 4]],
  ['"a\r\nb",c\r\nd', [10, 11]],
  ['"a ""b\n"" c"\nd\n', [13, 15]],
  ['\n\n', [1, 2]],
  ['', []],
])('a record of %j ends where no quotation is open', (text, expected) => {
  expect(ends(text)).toEqual(expected);
});

it('of a piece, what may go on behind it is no record yet', () => {
  expect(ends('a\nb', false)).toEqual([2]);
  expect(ends('a\r', false)).toEqual([]);
  expect(ends('a\nb\r', false)).toEqual([2]);
  expect(ends('"a\n', false)).toEqual([]);
});

it('in GB 18030 no byte of a character is taken for an end or a quotation mark', () => {
  // 轝 is 0xdd 0x5c, 侐 0x81 0x5a; every second byte there is at least 0x30, and these marks are below.
  expect(recordEnds(Uint8Array.from([0xdd, 0x5c, 0x81, 0x30, 0x84, 0x36, 0x0a, 0x61]), true)).toEqual([7, 8]);
});
