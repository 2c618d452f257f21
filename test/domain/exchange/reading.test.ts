import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../functions/api/exchange/workbook/read.ts';
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
    ];
    const { drafts } = readTable(kinds.households, { name: '', rows });
    expect(drafts.map(({ rows: of, faults }) => [of, faults.map(({ code }) => code)])).toEqual([
      [[1], []],
      [[2, 3], ['digits-lost']],
      [[4], []],
    ]);
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
