import { unzipSync, zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import { writeCsv } from '../../../functions/domain/exchange/csv.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, testId, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';
import {
  byHeading,
  filled,
  get,
  marks,
  opened,
  outcomes,
  told,
  upload,
  workbook,
  workbookBytes,
} from '../../workbooks.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());
afterEach(() => stack.local.gateway.faults.clear());

const person = (n: number, relation: string, more: Record<string, Cell> = {}): Record<string, Cell> => ({
  姓名: `测试${n}`,
  与户主关系: relation,
  身份证号码: testId(n, '19620115'),
  ...more,
});
const household = (village: string, number: string): Record<string, Cell> => ({
  户编号: `${village}-${number}`,
  户类型: '脱贫户',
  登记日期: '2022/1/1',
});
const send = (path: string, as: As, bytes: Uint8Array, type?: string) => upload(stack, path, as, bytes, type);
const list = async (village: string) => (await stack.get(`/v1/households?region=${village}`, OFFICER)).body.items;

describe('a template', () => {
  it('is filled in, sent, and the households are there; sent again it changes nothing', async () => {
    const rows = await filled(stack, 'households', TOWN, [
      person(1, '户主', { ...household(VILLAGE, '0001'), 登记日期: '2022年1月1日', 家庭住址: '测试村 1 号' }),
      person(2, '配偶'),
      person(3, '之子'),
      person(4, '户主', {
        行政村编码: { number: VILLAGE },
        户编号: '0002',
        户类型: '一般农户',
        登记日期: { at: '2022-03-05T00:00:00' },
      }),
    ]);
    const bytes = await workbookBytes(rows);
    const first = told(await send('households', TOWN, bytes));
    expect(first).toMatchObject({ counts: { registered: 2 }, items: [{ rows: [2, 3, 4] }, { rows: [5] }] });
    const [one, two] = await list(VILLAGE);
    expect([one.id, one.address, one.members.length, one.registeredOn]).toEqual([
      `${VILLAGE}-0001`,
      '测试村 1 号',
      3,
      '2022-01-01',
    ]);
    expect([two.id, two.origin, two.registeredOn]).toEqual([`${VILLAGE}-0002`, 'general', '2022-03-05']);
    const again = told(await send('households', TOWN, bytes));
    expect(again.counts).toEqual({ unchanged: 2 });
    expect((await stack.get(`/v1/households/${VILLAGE}-0001/history`, OFFICER)).body.changes).toHaveLength(1);
  });

  it.each(['households', 'visits', 'cases', 'claims', 'hospital-bills', 'ledger', 'roster'])(
    'of %s explains every column on a second sheet, and its name is Chinese',
    async (kind) => {
      const file = await get(stack, `/v1/exchange/${kind}/template`, OFFICER);
      expect(file.disposition).toMatch(/^attachment; filename="download\.xlsx"; filename\*=UTF-8''%E/);
      const [titles] = (await opened(file)).rows;
      const { name, rows } = await opened(file, 1);
      expect(name).toBe('填写说明');
      expect(rows.slice(rows.findIndex(([cell]) => cell === '列名') + 1).map(([title]) => title)).toEqual(titles);
      const csv = await get(stack, `/v1/exchange/${kind}/template?format=csv`, OFFICER);
      expect((await opened(csv)).rows).toEqual([titles]);
    },
  );
});

describe('a file as officials have it', () => {
  const titles = ['序 号', '户编号*', '户类型', '与户主关系', '姓　名', '身份证号', '性别'];
  const above: Cell[][] = [['测试区农户花名册'], [], [null, null, '填报单位：测试镇']];

  it('with titles, stray spaces, numbered empty rows and a number with a G in front is understood', async () => {
    const rows: Cell[][] = [
      ...above,
      titles,
      [
        { number: '1' },
        `　${VILLAGE}-0011 `,
        '脱贫户 ',
        '户 主',
        '\t测试11　',
        `G${testId(11, '19620115').slice(0, 10)} ${testId(11, '19620115').slice(10)}`,
        '男',
      ],
      [{ number: '2' }, null, null, '之女', '测试12', testId(12, '19620115').toLowerCase(), '女'],
      [{ number: '3' }, null, null, null, null, null, null],
    ];
    const answer = told(await send('households', TOWN, await workbookBytes(rows)));
    expect(answer).toMatchObject({ counts: { registered: 1 }, items: [{ rows: [5, 6] }], passed: ['序 号', '性别'] });
    expect(
      (await list(VILLAGE))
        .find(({ id }: { id: string }) => id.endsWith('0011'))
        .members.map(({ name }: { name: string }) => name),
    ).toEqual(['测试11', '测试12']);
  });

  it('with faults comes back with the faulty cells marked and a sentence beside each row, and may be mended and sent again', async () => {
    const wrong = `${testId(23, '19620115').slice(0, 17)}${testId(23, '19620115').endsWith('5') ? '6' : '5'}`;
    const rows: Cell[][] = [
      ...above,
      titles,
      [{ number: '1' }, `${VILLAGE}-0021`, '脱贫户', '户主', '测试21', testId(21, '19620115'), '男'],
      [{ number: '2' }, `${VILLAGE}-0022`, '贫困户', '户主', '测试22', testId(22, '19620115'), '男'],
      [{ number: '3' }, `${VILLAGE}-0023`, '脱贫户', '户主', '测试23', wrong, '男'],
      [{ number: '4' }, `${VILLAGE}-0024`, '脱贫户', '户主', '测试24', { number: '4.4090419620115E+17' }, '男'],
      [{ number: '5' }, `${VILLAGE}-0025`, '脱贫户', '户主', null, testId(25, '19620115'), '男'],
      [{ number: '6' }, `${VILLAGE}-0026`, '脱贫户', '配偶', '测试26', testId(26, '19620115'), '男'],
    ];
    const bytes = await workbookBytes(rows);
    const file = await send('households?report=xlsx', TOWN, bytes);
    expect([file.status, marks(file)]).toEqual([200, ['C6', 'F7', 'F8', 'E9', 'D10']]);
    const report = await opened(file);
    expect(report.rows.slice(0, 3).map(([cell]) => cell)).toEqual(['测试区农户花名册', null, null]);
    const shown = [4, 5, 6, 7, 8, 9].map((row) => byHeading(report, row, 3));
    expect(shown.map((row) => row['结果'])).toEqual(['已登记', '未通过', '未通过', '未通过', '未通过', '未通过']);
    expect(shown.map((row) => row['错误'])).toEqual([
      null,
      '户类型：只能填写：脱贫户、一般农户。',
      expect.stringMatching(/^身份证号：.*校验位不符/),
      expect.stringMatching(/^身份证号：.*数字格式/),
      '姓　名：此项必填。',
      expect.stringMatching(/^与户主关系：.*户主/),
    ]);
    const answer = told(await send('households', TOWN, bytes));
    expect(answer.counts).toEqual({ unchanged: 1, refused: 5 });
    expect(answer.items[2].problem.errors).toEqual([
      { cell: 'F7', code: 'id-number-check-digit', detail: expect.any(String) },
    ]);
    // The report itself, mended.
    const mended = report.rows.map((row) => [...row]);
    Object.assign(mended[5] ?? [], { 2: '脱贫户' });
    Object.assign(mended[6] ?? [], { 5: testId(23, '19620115') });
    expect(outcomes(told(await send('households', TOWN, await workbookBytes(mended))))).toEqual([
      ...['unchanged', 'registered', 'registered', 'invalid-body', 'invalid-body', 'head-not-single'],
    ]);
  });

  it('with unknown, missing or repeated headings is not taken in at all, and every one is named', async () => {
    const rows: Cell[][] = [
      ['户编号', '户类型', '姓名', '姓名', '身份证号码', '联系电话2', null],
      [`${VILLAGE}-0031`, '脱贫户', '测试31', '测试31', testId(31), '1', '没有列名'],
    ];
    const answer = await send('households', TOWN, await workbookBytes(rows));
    expect([answer.status, told(answer).code]).toEqual([422, 'sheet-columns']);
    expect(
      told(answer).errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
    ).toEqual([...['D1 column-twice', 'F1 unknown-column', 'G1 column-untitled', 'A1 column-missing']]);
    expect(told(answer).errors[1].detail).toContain('“联系电话2”');
    const file = await send('households?report=xlsx', TOWN, await workbookBytes(rows));
    expect([file.status, marks(file)]).toEqual([422, ['A1', 'D1', 'F1', 'G1']]);
    expect(byHeading(await opened(file), 1)['结果']).toBe('未提交');
    expect((await list(VILLAGE)).some(({ id }: { id: string }) => id.endsWith('0031'))).toBe(false);
  });

  it('as CSV of Excel in China comes in like any other; as text/csv it must be UTF-8', async () => {
    const id = testId(41, '19620115');
    // 户编号,户类型,与户主关系,姓名,身份证号码 / …,脱贫户,户主,测试41,… in GB18030.
    const gb = (text: string) =>
      Buffer.concat(
        [...text].map((each) => Buffer.from(GB18030[each] ?? each, GB18030[each] === undefined ? 'utf8' : 'hex')),
      );
    const csv = gb(`户编号,户类型,与户主关系,姓名,身份证号码\r\n${VILLAGE}-0041,脱贫户,户主,"测试41",${id}\r\n`);
    expect(told(await send('households', TOWN, csv, 'text/csv'))).toMatchObject({
      status: 422,
      code: 'sheet-encoding',
    });
    expect(told(await send('households', TOWN, csv)).counts).toEqual({ registered: 1 });
    const rows = await filled(stack, 'households', TOWN, [person(42, '户主', household(VILLAGE, '0042'))]);
    expect(told(await send('households', TOWN, Buffer.from(writeCsv({ name: '', rows })), 'text/csv')).counts).toEqual({
      registered: 1,
    });
  });
});

describe('the caller', () => {
  it('is refused row by row what the API refuses them', async () => {
    const rows = await filled(stack, 'households', TOWN, [
      person(51, '户主', household(VILLAGE, '0051')),
      person(52, '户主', household(OTHER_TOWN_VILLAGE, '0052')),
      person(53, '户主', household('440904999999', '0053')),
    ]);
    const bytes = await workbookBytes(rows);
    expect(outcomes(told(await send('households', TOWN, bytes)))).toEqual([
      'registered',
      'outside-region',
      'outside-region',
    ]);
    expect(await list(OTHER_TOWN_VILLAGE)).toEqual([]);
    expect(told(await send('households', WORKER, bytes))).toMatchObject({ status: 403, code: 'role-not-allowed' });
  });

  it('of a village gets its village only, with masked numbers', async () => {
    await send(
      'households',
      OFFICER,
      await workbookBytes(
        await filled(stack, 'households', TOWN, [person(54, '户主', household(OTHER_VILLAGE, '0001'))]),
      ),
    );
    const { rows } = await opened(await get(stack, `/v1/exchange/households?region=${VILLAGE}`, WORKER));
    const places = rows[0]?.map(String) ?? [];
    const at = (title: string) => rows.slice(1).map((row) => row[places.indexOf(title)]);
    expect(new Set(at('行政村编码'))).toEqual(new Set([VILLAGE]));
    expect(at('身份证号码').every((id) => /^\d{6}\*{8}\d{3}[\dX]$/.test(String(id)))).toBe(true);
    expect(at('姓名')).toContain('测试1');
    for (const region of [OTHER_VILLAGE, VILLAGE.slice(0, 9)]) {
      const refused = await get(stack, `/v1/exchange/households?region=${region}`, WORKER);
      expect(told(refused)).toMatchObject({ status: 403, code: 'outside-region' });
    }
    const csv = await get(stack, `/v1/exchange/households?region=${VILLAGE}&format=csv`, WORKER);
    expect((await opened(csv)).rows).toHaveLength(rows.length);
  });

  it('is the only one in whose name anything is called: the function has no call to a table of its own', () => {
    const calls = stack.local.gateway.meter.snapshot().calls.filter(({ principal }) => principal.endsWith('-exchange'));
    expect(calls).toEqual([]);
  });
});

describe('a file', () => {
  it('whose second request is not answered is told row by row, and sent again it is completed', async () => {
    const rows = await filled(
      stack,
      'households',
      TOWN,
      Array.from({ length: 1_010 }, (_, n) => ({
        ...person(n, '户主', household(OTHER_VILLAGE, `9${n}`)),
        身份证号码: testId(n, n < 1_000 ? '19480202' : '19480203'),
      })),
    );
    const bytes = await workbookBytes(rows);
    // The first call is the upload itself.
    stack.local.gateway.faults.add({
      principal: 'apigateway',
      service: 'lambda',
      action: 'Invoke',
      kind: 'lose-answer',
      nth: 3,
    });
    const first = await send('households', OFFICER, bytes);
    expect([first.status, told(first).counts]).toEqual([200, { registered: 500, unanswered: 500, 'not-sent': 10 }]);
    stack.local.gateway.faults.clear();
    expect(told(await send('households', OFFICER, bytes)).counts).toEqual({ unchanged: 1_000, registered: 10 });
  });

  it('that is no sheet, an old or encrypted one, too large or empty is refused with a sentence', async () => {
    const code = async (bytes: Uint8Array, type?: string) => told(await send('households', OFFICER, bytes, type)).code;
    expect(await code(Buffer.from('{}'), 'application/json')).toBe('file-type');
    expect(await code(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('sheet-unreadable');
    expect(await code(Buffer.from('PK\x03\x04 nothing'))).toBe('sheet-unreadable');
    expect(await code(Buffer.from('a,"b'))).toBe('sheet-unreadable');
    expect(await code(Buffer.from('一,二\n三,四\n'))).toBe('sheet-columns');
    expect(await code(await workbookBytes((await filled(stack, 'households', OFFICER, [])).slice(0, 1)))).toBe(
      'sheet-empty',
    );
    expect(await code(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(65 * 1024 * 1024) }))).toBe(
      'sheet-too-large',
    );
    const far = Buffer.from(
      '<worksheet><sheetData><row r="99999999"><c r="XFD99999999"><v>1</v></c></row></sheetData></worksheet>',
    );
    expect(await code(zipSync({ 'xl/worksheets/sheet1.xml': far }))).toBe('sheet-too-large');
    const hanging = Buffer.from(`<worksheet><sheetData>${'<c '.repeat(70_000)}`);
    expect(await code(zipSync({ 'xl/worksheets/sheet1.xml': hanging }))).toBe('sheet-invalid');
    expect(await code(Buffer.alloc(4_194_305))).toBe('body-too-large');
  });

  it('tells what may be filled in by the words of the column, never by our codes', async () => {
    const rows = await filled(stack, 'households', TOWN, [
      person(62, '户主', { 户编号: `${VILLAGE}-0062`, 登记日期: '2022/1/1' }),
      person(63, '', household(VILLAGE, '0063')),
    ]);
    const { items } = told(await send('households', TOWN, await workbookBytes(rows)));
    const details = items.flatMap(({ problem }: { problem: { detail: string; errors: { detail: string }[] } }) => [
      problem.detail,
      ...problem.errors.map(({ detail }) => detail),
    ]);
    expect(details).toContain('只能填写：脱贫户、一般农户。');
    for (const detail of details) expect(detail).not.toMatch(/[a-z]{3}/);
  });

  it('may hold the table on a later sheet, behind a cover', async () => {
    const rows = await filled(stack, 'households', TOWN, [person(61, '户主', household(VILLAGE, '0061'))]);
    const bytes = await workbook({ name: '封面', rows: [['测试区'], ['农户花名册']] }, { name: '花名册', rows });
    expect(told(await send('households', TOWN, bytes))).toMatchObject({ sheet: '花名册', counts: { registered: 1 } });
    // A list of who is monitored has some of the headings, and is not the table.
    const part = {
      name: '监测对象',
      rows: [
        ['户编号', '姓名'],
        [`${VILLAGE}-0061`, '测试61'],
      ],
    };
    expect(told(await send('households', TOWN, await workbook(part, { name: '花名册', rows })))).toMatchObject({
      sheet: '花名册',
      counts: { unchanged: 1 },
    });
  });

  it('with a worksheet for each village is not taken in by one of them alone; what is hidden does not count', async () => {
    const rowsFor = async (n: number) =>
      await filled(stack, 'households', OFFICER, [person(n, '户主', household(VILLAGE, `00${n}`))]);
    const sheets = [
      { name: '一村', rows: await rowsFor(71) },
      { name: '二村', rows: await rowsFor(72) },
    ] as const;
    const both = await workbook(sheets[0], sheets[1]);
    expect(told(await send('households', OFFICER, both))).toMatchObject({
      code: 'sheet-several',
      detail: '有2张工作表都是“农户花名册”：一村、二村。一次只导入一张：请合成一张，或分成几个文件提交。',
    });
    for (const state of ['hidden', 'veryHidden']) {
      const files = unzipSync(both);
      const xml = Buffer.from(files['xl/workbook.xml'] ?? []).toString('utf8');
      files['xl/workbook.xml'] = Buffer.from(xml.replace('name="一村"', `state="${state}" name="一村"`));
      expect(told(await send('households?check=true', OFFICER, zipSync(files)))).toMatchObject({
        sheet: '二村',
        items: [{ outcome: 'not-sent' }],
      });
    }
    const empty = { name: '三村', rows: (await rowsFor(73)).slice(0, 1) };
    expect(told(await send('households', OFFICER, await workbook(empty, sheets[0])))).toMatchObject({ sheet: '一村' });
  });
});

/** The characters of one small file in GB18030, which Node writes no file in. */
const GB18030: Record<string, string> = {
  户: 'bba7',
  编: 'b1e0',
  号: 'bac5',
  类: 'c0e0',
  型: 'd0cd',
  与: 'd3eb',
  主: 'd6f7',
  关: 'b9d8',
  系: 'cfb5',
  姓: 'd0d5',
  名: 'c3fb',
  身: 'c9ed',
  份: 'b7dd',
  证: 'd6a4',
  码: 'c2eb',
  脱: 'cdd1',
  贫: 'c6b6',
  测: 'b2e2',
  试: 'cad4',
};
