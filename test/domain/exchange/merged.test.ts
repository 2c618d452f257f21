import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import type { Kind } from '../../../functions/domain/exchange/kind.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { unmerged } from '../../../functions/domain/exchange/merged.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';
import { workbookBytes } from '../../workbooks.ts';

/** A worksheet as a spreadsheet writes it with merged cells. */
async function bytesOf(rows: readonly (readonly Cell[])[], merged: readonly string[]): Promise<Uint8Array> {
  const files = unzipSync(await workbookBytes(rows));
  const place = 'xl/worksheets/sheet1.xml';
  const xml = Buffer.from(files[place] ?? []).toString('utf8');
  const cells = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  files[place] = Buffer.from(xml.replace('</sheetData>', `</sheetData><mergeCells>${cells}</mergeCells>`));
  return zipSync(files);
}

async function read(kind: Kind, rows: readonly (readonly Cell[])[], merged: readonly string[]) {
  const [sheet] = readWorkbook(await bytesOf(rows, merged));
  if (sheet === undefined) throw new Error('There is no sheet.');
  const worksheet = unmerged(kind, sheet);
  const { header, faults, drafts } = readTable(kind, worksheet);
  return {
    ...{ header, faults, drafts, rows: worksheet.rows },
    values: drafts.map(({ values }) => nested(values)),
    wrong: drafts.flatMap((draft) => draft.faults.map(({ code, spot }) => [code, spot.row, spot.column])),
  };
}

describe('a merged cell', () => {
  const ledger = ['类别', '发生日期', '户编号', '名称', '金额（元）', '资金来源'];

  it('counts for each row it reaches over, as it is read by whoever looks at it', async () => {
    const { values, wrong } = await read(
      kinds.ledger,
      [
        ledger,
        ['住房修缮', '2023-4-1', 'A1', null, '100', '衔接资金'],
        [null, null, 'A2', null, '200', null],
        [null, null, 'A3', null, '300', null],
        ['助农贷款', '2023-4-2', 'A4', '甲', '400', null],
      ],
      ['A2:A4', 'B2:B4', 'F2:F4'],
    );
    expect(wrong).toEqual([]);
    const repair = { kind: 'housing-repair', occurredOn: '2023-04-01', funder: '衔接资金' };
    expect(values).toEqual([
      { ...repair, household: 'A1', amount: 10_000 },
      { ...repair, household: 'A2', amount: 20_000 },
      { ...repair, household: 'A3', amount: 30_000 },
      { kind: 'loan', occurredOn: '2023-04-02', household: 'A4', what: '甲', amount: 40_000 },
    ]);
  });

  it('with a village counts for all its households', async () => {
    const titles = ['行政村编码', '户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
    const { values, wrong } = await read(
      kinds.households,
      [
        titles,
        ['440904001001', '1', '脱贫户', '甲', '户主', '1'],
        [null, null, null, '乙', '配偶', '2'],
        [null, '2', '脱贫户', '丙', '户主', '3'],
      ],
      ['A2:A1048576', 'B2:B3', 'C2:C3'],
    );
    expect(wrong).toEqual([]);
    expect(values).toMatchObject([
      { village: '440904001001', household: '1', members: [{ name: '甲' }, { name: '乙' }] },
      { village: '440904001001', household: '2', members: [{ name: '丙' }] },
    ]);
  });

  it('with an amount of which each row needs its own is refused in all of them, also when its report comes in again', async () => {
    const rows = [
      ledger,
      ['住房修缮', '2023-4-1', 'A1', null, { number: '3000' }, null],
      ['住房修缮', '2023-4-1', 'A2', null, null, null],
      ['住房修缮', '2023-4-1', 'A3', null, '300', null],
    ];
    const first = await read(kinds.ledger, rows, ['E2:E3']);
    const refused = [
      ['merged-sum', 1, 4],
      ['merged-sum', 2, 4],
    ];
    expect(first.wrong).toEqual(refused);
    expect(first.rows.map((row) => row[4])).toEqual(['金额（元）', '#合并单元格 3000', '#合并单元格 3000', '300']);
    expect((await read(kinds.ledger, first.rows, [])).wrong).toEqual(refused);
  });

  it('with an amount of the household, or of an episode, is told once for all its rows', async () => {
    const titles = ['户编号', '纳入日期', '纳入时人口', '监测对象类别', '致贫返贫风险', '帮扶措施', '措施金额（元）'];
    const { values, wrong } = await read(
      kinds.cases,
      [
        titles,
        ['A1', '2021-6-1', '3', '边缘易致贫户', '因病', '健康帮扶', '10'],
        [null, null, null, null, null, '社会救助', '20'],
      ],
      ['A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:E3'],
    );
    expect(wrong).toEqual([]);
    expect(values).toMatchObject([
      { household: 'A1', episodes: [{ people: 3, measures: [{ amount: 1_000 }, { amount: 2_000 }] }] },
    ]);
  });

  it('makes nothing of rows that have nothing of their own: rows are merged to be high', async () => {
    const { values, wrong } = await read(
      kinds.ledger,
      [
        ledger,
        ['住房修缮', '2023-4-1', 'A1', null, '100', null],
        [null, null, null, null, null, null],
        ['住房修缮', '2023-4-1', 'A2', null, '200', null],
      ],
      ['A2:A3', 'B2:B3', 'C2:C3', 'D2:D3', 'E2:E3', 'F2:F3'],
    );
    expect(wrong).toEqual([]);
    expect(values).toHaveLength(2);
  });

  it('is no value of a column when it is a heading or a title', async () => {
    const { header, faults, values, wrong } = await read(
      kinds.ledger,
      [
        ['帮扶台账'],
        [],
        ['类别', '发生日期', '户编号', '名称', '资金', null],
        [null, null, null, null, '金额（元）', '资金来源'],
        ['住房修缮', '2023-4-1', 'A1', null, '100', '衔接资金'],
      ],
      ['A1:F1', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:D4', 'E3:F3'],
    );
    expect([header, faults, wrong]).toEqual([3, [], []]);
    expect(values).toEqual([
      { kind: 'housing-repair', occurredOn: '2023-04-01', household: 'A1', amount: 10_000, funder: '衔接资金' },
    ]);
    // Over two rows throughout, it is the lower one that counts.
    const both = await read(
      kinds.ledger,
      [ledger, [], ['住房修缮', '2023-4-1', 'A1', null, '100', null]],
      ['A1:A2', 'B1:B2', 'C1:C2', 'D1:D2', 'E1:E2', 'F1:F2'],
    );
    expect([both.header, both.values.length]).toEqual([1, 1]);
  });

  it('that reaches over more than a worksheet may hold refuses the file, and one that is none', async () => {
    const rows = [ledger, ...Array.from({ length: 1_000 }, (_, n) => ['住房修缮', '2023-4-1', `A${n}`])];
    const many = Array.from({ length: 401 }, () => 'A2:A1001');
    const refusal = async (merged: readonly string[]) => {
      const bytes = await bytesOf(rows, merged);
      try {
        return readWorkbook(bytes).length;
      } catch (error) {
        return error;
      }
    };
    expect(await refusal(many)).toMatchObject({ code: 'sheet-too-large' });
    expect(await refusal(['A2:0'])).toMatchObject({ code: 'sheet-invalid' });
    expect(await refusal(['A2'])).toBe(1);
  });
});
