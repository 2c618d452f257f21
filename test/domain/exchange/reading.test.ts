import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import { writeCsv } from '../../../functions/domain/exchange/csv.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';
import { workbookBytes } from '../../workbooks.ts';

describe('a table', () => {
  const titles = ['户编号', '纳入日期', '纳入时人口', '监测对象类别', '致贫返贫风险', '帮扶措施', '措施开始日期'];
  const sheet = {
    name: '',
    rows: [
      ['原监测对象名册'],
      titles,
      ['A1', '2021-06-01', '2', '边缘易致贫户', '因病', '健康帮扶', '2021-07-01'],
      [null, null, null, null, null, '社会救助', '2021-08-01'],
      [null, '2022-06-01', '3', '边缘易致贫户', '因学', '其他教育帮扶', '2022-07-01'],
      ['B2', '2021-06-01', '2', '边缘易致贫户', '因病', null, null],
      ['A1', null, null, null, null, '产业帮扶', '2022-08-01'],
    ],
  };
  /** The places in lists that a kind of measure, or the day of an admission, was read to. */
  const places = (...rows: Cell[][]) =>
    [...(readTable(kinds.cases, { name: '', rows: [titles, ...rows] }).drafts[0]?.values.keys() ?? [])].filter((path) =>
      /kind|admittedOn/.test(path),
    );

  it('brings the rows of a group together, with each list in its order', () => {
    const { header, faults, drafts } = readTable(kinds.cases, sheet);
    expect([header, faults]).toEqual([1, []]);
    expect(drafts.map(({ rows }) => rows)).toEqual([[2, 3, 4, 6], [5]]);
    expect(nested(drafts[0]?.values ?? new Map())).toMatchObject({
      household: 'A1',
      episodes: [
        { admittedOn: '2021-06-01', measures: [{ kind: 'health' }, { kind: 'social-assistance' }] },
        {
          admittedOn: '2022-06-01',
          people: 3,
          measures: [{ kind: 'other-education' }, { kind: 'industry', startedOn: '2022-08-01' }],
        },
      ],
    });
    expect(nested(drafts[1]?.values ?? new Map())).not.toHaveProperty('episodes.0.measures');
  });

  it('counts each list from 0 without a gap, as the API names what it refuses', () => {
    expect(places(...sheet.rows.slice(2))).toEqual([
      'episodes/0/admittedOn',
      'episodes/0/measures/0/kind',
      'episodes/0/measures/1/kind',
      'episodes/1/admittedOn',
      'episodes/1/measures/0/kind',
      'episodes/1/measures/1/kind',
    ]);
    const begun = ['A1', '2021-06-01', '2', '边缘易致贫户', '因病'];
    expect(places([...begun, null], [null, null, null, null, null, '健康帮扶'])).toEqual([
      'episodes/0/admittedOn',
      'episodes/0/measures/0/kind',
    ]);
    // The day of admission may be repeated beside each measure.
    expect(places([...begun, '健康帮扶'], [...begun, '社会救助'])).toEqual([
      'episodes/0/admittedOn',
      'episodes/0/measures/0/kind',
      'episodes/0/measures/1/kind',
    ]);
    const without = ['A1', null, null, null, null, '健康帮扶'];
    expect(places(without, begun)).toEqual(['episodes/0/measures/0/kind', 'episodes/1/admittedOn']);
  });

  it('tells what a later row says otherwise', () => {
    const contradicting = {
      name: '',
      rows: [
        ['户编号', '户类型', '姓名', '与户主关系', '身份证号码'],
        ['A1', '脱贫户', '甲', '户主', '1'],
        ['A1', '一般户', '乙', '配偶', '2'],
      ],
    };
    const [draft] = readTable(kinds.households, contradicting).drafts;
    expect(draft?.faults).toMatchObject([{ spot: { row: 2, column: 1 }, code: 'differs' }]);
  });

  it('takes a row whose household cannot be read for one of its own, with those below it', () => {
    const titles = ['户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
    const lost = { number: '4.40904001001001E+17' };
    const rows = [
      titles,
      ['A1', '脱贫户', '甲', '户主', '1'],
      [lost, '脱贫户', '乙', '户主', '2'],
      [null, null, '丙', '子女', '3'],
      ['C3', '脱贫户', '丁', '户主', '4'],
      [lost, '脱贫户', '戊', '户主', '5'],
    ];
    const { drafts } = readTable(kinds.households, { name: '', rows });
    expect(drafts.map(({ rows: of, faults }) => [of, faults.map(({ code }) => code)])).toEqual([
      [[1], []],
      [[2, 3], ['digits-lost']],
      [[4], []],
      [[5], ['digits-lost']],
    ]);
  });

  it('gives a row whose village is another no household of the village above', () => {
    const titles = ['行政村编码', '户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
    const rows = [
      titles,
      ['440904001001', '1', '脱贫户', '甲', '户主', '1'],
      ['440904001001', null, null, '乙', '子女', '2'],
      ['440904001002', null, '脱贫户', '丙', '子女', '3'],
      ['440904001002', '1', '脱贫户', '丁', '户主', '4'],
      [null, '2', '脱贫户', '戊', '户主', '5'],
    ];
    const { drafts } = readTable(kinds.households, { name: '', rows });
    expect(drafts.map(({ rows: of }) => of)).toEqual([[1, 2], [3], [4], [5]]);
    expect(drafts[1]?.values.has('household')).toBe(false);
  });

  it('with rows of totals does not take them for more of the household above', () => {
    const titles = [
      '序号',
      '户编号',
      '纳入日期',
      '纳入时人口',
      '监测对象类别',
      '致贫返贫风险',
      '帮扶措施',
      '措施金额（元）',
    ];
    const rows = [
      titles,
      ['1', 'A1', '2021-06-01', '2', '边缘易致贫户', '因病', '健康帮扶', '10'],
      ['小 计：', null, null, '2', null, null, null, '10'],
      [null, null, null, null, null, null, '社会救助', '20'],
      ['2', 'B2', '2021-06-01', '3', '边缘易致贫户', '因病', null, null],
      [null, '合计', null, '5', null, null, null, '30'],
      ['本页合计', null, null, null, null, null, null, null],
    ];
    const { drafts } = readTable(kinds.cases, { name: '', rows });
    expect(drafts.map(({ rows: of, faults }) => [of, faults.map(({ code, spot }) => [code, spot.column])])).toEqual([
      [[1, 3], []],
      [[2], [['total-row', 0]]],
      [[4], []],
      [[5], [['total-row', 1]]],
    ]);
    // A word in the middle of a row is none of it.
    const note = {
      name: '',
      rows: [
        [...titles, '备注'],
        ['1', 'A1', null, null, null, null, null, null, '合计'],
      ],
    };
    expect(readTable(kinds.cases, note).drafts[0]?.faults).toEqual([]);
  });

  it('has its headings within the first five rows, or none', () => {
    const under = (rows: number) =>
      readTable(kinds.households, {
        name: '',
        rows: [...Array.from({ length: rows }, () => ['户编号']), ['户编号', '姓名', '户类型']],
      });
    expect([under(4).header, under(5).header]).toEqual([4, undefined]);
  });
});

describe('a table of many rows', () => {
  const titles = ['户编号', '姓名', '保险责任', '出险日期', '发票号码', '发票金额（元）'];
  const table = (length: number) => ({
    name: '',
    rows: [titles, ...Array.from({ length }, (_, n) => ['A', '甲', '因病', '2023-1-1', `F${n}`, '1'])],
  });

  it('in one group copies each of them so many times, however many there are', () => {
    /** The elements that were spread or walked through, of all arrays. */
    const walked = (length: number) => {
      const sheet = table(length);
      const iterate = Array.prototype[Symbol.iterator];
      let count = 0;
      Array.prototype[Symbol.iterator] = function iterated(this: unknown[]) {
        count += this.length;
        return iterate.call(this);
      };
      const { drafts } = readTable(kinds.claims, sheet);
      Array.prototype[Symbol.iterator] = iterate;
      expect(drafts.map(({ rows }) => rows.length)).toEqual([length]);
      return count;
    };
    expect(walked(800)).toBeLessThan(2.5 * walked(400));
  });

  it('makes no drafts where there are more than it may have', () => {
    expect(readTable(kinds.claims, table(5), 5)).toMatchObject({ rows: 5, drafts: [{ rows: [1, 2, 3, 4, 5] }] });
    expect(readTable(kinds.claims, table(6), 5)).toMatchObject({ rows: 6, drafts: [] });
  });
});

describe('a row', () => {
  const TITLES = ['序号', '户编号', '姓名', '保险责任', '出险日期', '发票号码', '发票金额（元）'];
  const read = (...rows: Cell[][]) => readTable(kinds.claims, { name: '', rows: [TITLES, ...rows] }).drafts;

  it('with nothing but its number counts as blank; a text may have four thousand characters', () => {
    expect(read(['1', null, ''], ['2'], [])).toEqual([]);
    const [fits, long] = [4_000, 4_001].map((length) => read([null, 'A', '甲'.repeat(length)])[0]?.faults);
    expect(fits).toEqual([]);
    expect(long).toEqual([{ spot: { row: 1, column: 2 }, code: 'too-long', detail: '内容超过 4000 字。' }]);
    expect(read([null, 'A', '半\ud83c'])[0]?.faults).toEqual([
      { spot: { row: 1, column: 2 }, code: 'not-text', detail: '内容中有残缺的字符，请重新录入。' },
    ]);
    expect(read([null, 'A', '整\ud83c\udf31'])[0]?.faults).toEqual([]);
    expect(read([null, 'A', '#N/A'])[0]?.faults).toEqual([
      { spot: { row: 1, column: 2 }, code: 'formula-error', detail: '公式没有结果，请直接填写内容。' },
    ]);
  });

  it('belongs to the event above when it repeats or leaves blank what names it, and to another when it does not', () => {
    const first = [null, 'A', '甲', '因病', '2023-1-1', 'F1', '1'];
    const drafts = read(
      first,
      [null, null, null, null, null, 'F2', '2'],
      [null, 'A', '甲', '因病', '2023-1-1', 'F3', '3'],
      [null, 'A', '乙', '因病', '2023-1-1', 'F4', '4'],
    );
    expect(drafts.map(({ rows }) => rows)).toEqual([[1, 2, 3], [4]]);
    expect(nested(drafts[0]?.values ?? new Map())).toMatchObject({
      invoices: [
        { number: 'F1', total: 100 },
        { number: 'F2', total: 200 },
        { number: 'F3', total: 300 },
      ],
    });
    // A blank part of the name is the one above: the same person's other event.
    const other = read(first, [null, null, null, null, '2023-2-2', 'F5', '5']);
    expect(other.map(({ values }) => [values.get('name'), values.get('eventOn')])).toEqual([
      ['甲', '2023-01-01'],
      [undefined, '2023-02-02'],
    ]);
    // So it is for the rows that name that event in full.
    expect(
      read(
        first,
        [null, null, null, null, '2023-2-2', 'F5', '5'],
        [null, 'A', '甲', '因病', '2023-2-2', 'F6', '6'],
      ).map(({ rows }) => rows),
    ).toEqual([[1], [2, 3]]);
    const [draft] = read([null, 'A', '甲', '因病', '2023-1-1', null, '1']);
    expect(draft?.spots.get('invoices/0/number')).toEqual({ row: 1, column: 5 });
  });

  it('that says nothing of an invoice makes none, whether it is the first of its event or stands between others', () => {
    const bare = [null, 'A', '甲', '因病', '2023-1-1', null, null];
    const invoice = (number: string) => [null, null, null, null, null, number, '1'];
    const places = (...rows: Cell[][]) =>
      [...(read(...rows)[0]?.values.keys() ?? [])].filter((path) => /number/.test(path));
    expect(places(bare, invoice('F1'))).toEqual(['invoices/0/number']);
    expect(places(bare, invoice('F1'), bare, invoice('F2'))).toEqual(['invoices/0/number', 'invoices/1/number']);
    // What is missing of an invoice is missing in its own row.
    const [draft] = read(bare, invoice('F1'), bare, [...invoice('F2').slice(0, 6), null]);
    expect(draft?.spots.get('invoices/1/total')).toEqual({ row: 4, column: 6 });
  });

  it('with nothing but spaces in a cell says nothing there', () => {
    const drafts = read([null, 'A', '甲', '因病', '2023-1-1', ' ', '1'], [null, '\u3000', ' ', null, null, 'F2', '2']);
    expect(drafts.map(({ rows, faults }) => [rows, faults])).toEqual([[[1, 2], []]]);
    expect(drafts[0]?.values.has('invoices/0/number')).toBe(false);
  });

  it('of which another cell cannot be read stays with its event', () => {
    const drafts = read([null, 'A', '甲', '因病', '2023-1-1', 'F1', '1'], [null, null, null, null, null, 'F2', '若干']);
    expect(drafts.map(({ rows, faults }) => [rows, faults.map(({ code }) => code)])).toEqual([[[1, 2], ['not-money']]]);
  });

  it('that leaves a value blank leaves its place where it was given, or was first left blank', () => {
    const [draft] = read([null, 'A', null, '因病', '2023-1-1', 'F1', '1'], [null, 'A', null, '因病', null, 'F2', '2']);
    expect(draft?.spots.get('eventOn')).toEqual({ row: 1, column: 4 });
    expect(draft?.spots.get('name')).toEqual({ row: 1, column: 2 });
  });

  it('that contradicts the first is told at its cell', () => {
    const titles = ['户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
    const rows = [titles, ['A', '脱贫户', '甲', '户主', '1'], ['A', '一般户', '乙', '配偶', '2']];
    expect(readTable(kinds.households, { name: '', rows }).drafts[0]?.faults).toEqual([
      { spot: { row: 2, column: 1 }, code: 'differs', detail: '“户类型”与上面同一户或同一次的行不同。' },
    ]);
  });
});

describe('a formula', () => {
  it('counts by its result; one without a result is a fault, never an empty cell', async () => {
    const files = unzipSync(await workbookBytes([['户编号', '姓名', '户类型']]));
    const name = 'xl/worksheets/sheet1.xml';
    const cells = [
      '<c r="A2" t="str"><f>A1</f><v>A1</v></c>',
      '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c r="C2"><f>A1</f></c>',
    ];
    const xml = Buffer.from(files[name] ?? [])
      .toString('utf8')
      .replace('</sheetData>', `<row r="2">${cells.join('')}</row></sheetData>`);
    const [sheet] = await readWorkbook(zipSync({ ...files, [name]: Buffer.from(xml) }));
    if (sheet === undefined) throw new Error('There is no sheet.');
    const [draft] = readTable(kinds.households, sheet).drafts;
    expect(draft?.faults.map(({ spot, code }) => [spot.column, code])).toEqual([
      [1, 'formula-error'],
      [2, 'formula-error'],
    ]);
    const [csv] = await readWorkbook(Buffer.from('户编号,姓名,户类型\nA1,#N/A,脱贫户\n'));
    expect(csv && readTable(kinds.households, csv).drafts[0]?.faults.map(({ code }) => code)).toEqual([
      'formula-error',
    ]);
  });
});

it('a CSV file keeps long numbers and leading zeros as texts, and runs nothing', () => {
  const csv = writeCsv({
    name: '',
    rows: [['440904001001', '0001', '12', '=1+1', '+86', '-', '@x', "'=", '"a",\nb', { number: '-1.50' }, true, null]],
  });
  expect(csv).toBe(`\uFEFF"440904001001\t","0001\t",12,'=1+1,'+86,'-,'@x,''=,"""a"",\nb",-1.50,是,\r\n`);
});
