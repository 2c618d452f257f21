import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import { type Cell, day, money, type Parse } from '../../../functions/domain/exchange/cells.ts';
import { readCsv, writeCsv } from '../../../functions/domain/exchange/csv.ts';
import { yuan } from '../../../functions/domain/exchange/exports.ts';
import { workbookBytes } from '../../workbooks.ts';

/** Text as people type it, with what spreadsheets and CSV files stumble over. */
const typed = fc
  .string({
    unit: fc.constantFrom(...'=+-@＝＋－＠\u202E\u200F\u2066\'",;\t\n 、中文测试一二三ABCxyz019<>&_'),
    minLength: 1,
    maxLength: 12,
  })
  .map((raw) => raw.trim())
  .filter((raw) => raw !== '');
const days = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const fen = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

const parsed = (parse: Parse, cell: Cell | undefined) =>
  cell === null || cell === undefined ? undefined : parse(cell);

describe('what is written is read back equal', () => {
  it('as XLSX: texts, amounts and days', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(typed, fen, days), { minLength: 1, maxLength: 20 }), async (rows) => {
        const bytes = await workbookBytes(rows.map(([a, b, c]): Cell[] => [a, yuan(b), { at: `${c}T00:00:00` }]));
        const [sheet] = readWorkbook(bytes);
        expect(sheet?.rows.map(([a, b, c]) => [a, parsed(money, b), parsed(day, c)])).toEqual(
          rows.map(([a, b, c]) => [a, { value: b }, { value: c }]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('as CSV: the same, in UTF-8 and in what Excel writes in China', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(typed, fen, days), { minLength: 1, maxLength: 20 }), (rows) => {
        const csv = writeCsv({
          name: '',
          rows: rows.map(([a, b, c]): Cell[] => [a, yuan(b), { at: `${c}T00:00:00` }]),
        });
        expect(readCsv(csv)?.map(([a, b, c]) => [a, parsed(money, b), parsed(day, c)])).toEqual(
          rows.map(([a, b, c]) => [a, { value: b }, { value: c }]),
        );
        for (const line of csv.slice(1).split('\r\n'))
          expect(line).not.toMatch(/^"?[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069]*[=+@＝＋－＠]/);
      }),
    );
  });
});
