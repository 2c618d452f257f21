import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import { sealRound, TOWN } from '../../playing-cases.ts';
import { registerFamilies } from '../../playing-claims.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, openRound, VILLAGE, WORKER } from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';
import {
  byHeading,
  errors,
  filled,
  foreseen,
  get,
  marks,
  opened,
  outcomes,
  told,
  upload,
  workbookBytes,
} from '../../workbooks.ts';

type Family = Awaited<ReturnType<typeof registerFamilies>>[number];

let stack: TestStack;
let families: Family[];
let others: Family[];
beforeAll(async () => {
  stack = await TestStack.start();
  families = await registerFamilies(stack, 6);
  others = await registerFamilies(stack, 1, OTHER_VILLAGE).catch(() => []);
});
afterAll(() => stack.stop());

const family = (n: number): Family => {
  const found = families[n];
  if (found === undefined) throw new Error(`There is no family ${n}.`);
  return found;
};
const named = (n: number, place = 0) => ({ 户编号: family(n).household, 姓名: family(n).people[place]?.name ?? '' });
describe('visits', () => {
  const income = {
    '工资性收入（元）': '20,000.50',
    '生产经营性收入（元）': '0',
    '财产性收入（元）': '0',
    '转移性收入（元）': '0',
  };
  const spent = {
    '生产经营性支出（元）': '0',
    '其他保险赔付（元）': '0',
    '自付医疗支出（元）': '0',
    '自付教育支出（元）': '0',
    '其他刚性支出（元）': '0',
  };
  const safe = {
    吃饭有保障: '是',
    穿衣有保障: '是',
    义务教育有保障: '是',
    基本医疗有保障: '是',
    住房安全有保障: '是',
    饮水安全有保障: '是',
  };
  const form = (n: number, more: Record<string, Cell> = {}): Record<string, Cell>[] => {
    const state = { 劳动能力: '普通劳动力', 健康状况: '健康', 是否在校生: '否' };
    const visit = { 入户日期: '2023.10.11', 走访人: '李走访', ...income, ...spent, ...safe };
    return [
      { ...named(n), ...visit, ...state, ...more },
      { 姓名: named(n, 1).姓名, ...state, 劳动能力: '无劳动力', 是否在校生: '是' },
    ];
  };
  const path = 'visits?round=2023Q4';

  it('come in a row a member, are judged, and the sealed sheet goes out', async () => {
    expect(
      told(await upload(stack, 'visits', WORKER, await workbookBytes(await filled(stack, 'visits', WORKER, form(0)))))
        .code,
    ).toBe('invalid-parameter');
    await openRound(stack);
    const rows = [
      ...form(0),
      ...form(1, { 住房安全有保障: '否', 突发变故: '自然灾害、失业' }),
      ...form(2).slice(0, 1),
      ...form(3, { 姓名: '无此人' }),
      { ...form(4)[0], 户编号: `${OTHER_TOWN_VILLAGE}-0001` },
      ...form(5, { 户编号: '0006' }).map((row) => row),
    ];
    const bytes = await workbookBytes(await filled(stack, 'visits', WORKER, rows));
    const before = await foreseen(stack, `${path}&village=${VILLAGE}`, WORKER, bytes);
    const answer = told(await upload(stack, `${path}&village=${VILLAGE}`, WORKER, bytes));
    expect(before).toEqual(errors(answer));
    expect(outcomes(answer)).toEqual([
      'accepted',
      'accepted',
      'members-mismatch',
      'invalid-body',
      'invalid-body',
      'accepted',
    ]);
    expect(errors(answer).map((each) => each.split(' ')[1])).toEqual([
      'members-mismatch',
      'person-not-member',
      'outside-region',
    ]);
    const again = told(await upload(stack, `${path}&village=${VILLAGE}`, WORKER, bytes));
    expect(again.counts).toEqual({ duplicate: 3, refused: 3 });
    expect(told(await get(stack, `/v1/exchange/visits?region=${VILLAGE}&round=2023Q4`, OFFICER)).code).toBe(
      'sheet-not-sealed',
    );

    const rest = await workbookBytes(await filled(stack, 'visits', WORKER, [...form(2), ...form(3), ...form(4)]));
    expect(told(await upload(stack, path, WORKER, rest)).counts).toEqual({ accepted: 3 });
    for (const { household } of others) {
      await stack.post(
        '/v1/rounds/2023Q4/missed',
        { account: 'village-worker', region: OTHER_VILLAGE },
        { village: OTHER_VILLAGE, items: [{ household, reason: 'refused' }] },
      );
    }
    await sealRound(stack, '2023Q4');
    const sheet = await opened(await get(stack, `/v1/exchange/visits?region=${VILLAGE}&round=2023Q4`, WORKER));
    expect(sheet.rows).toHaveLength(7);
    expect(byHeading(sheet, 2)).toMatchObject({
      户编号: family(1).household,
      户主: family(1).people[0]?.name,
      家庭人口: { number: '2' },
      排查分类: '监测户',
      '人均纯收入（元）': { number: '10000.25' },
      研判依据: expect.stringContaining('住房安全没有保障。'),
    });
  });
});

it('a template for visits has the households of a village in it already', async () => {
  const { rows } = await opened(await get(stack, `/v1/exchange/visits/template?village=${VILLAGE}`, WORKER));
  const sheet = { name: '', rows };
  expect(rows).toHaveLength(13);
  expect(byHeading(sheet, 1)).toMatchObject({
    户编号: family(0).household,
    姓名: family(0).people[0]?.name,
    身份证号码: expect.stringContaining('********'),
  });
  expect(byHeading(sheet, 2)).toMatchObject({ 户编号: null, 姓名: family(0).people[1]?.name });
  expect(told(await get(stack, `/v1/exchange/visits/template?village=${OTHER_VILLAGE}`, WORKER)).code).toBe(
    'outside-region',
  );
  expect(told(await get(stack, `/v1/exchange/ledger/template?village=${VILLAGE}`, WORKER)).code).toBe(
    'invalid-parameter',
  );
});

describe('cases', () => {
  it('of a former register come in, a row a measure, and the register goes out', async () => {
    const episode = {
      纳入日期: '2021年6月1日',
      纳入时人口: '2',
      监测对象类别: '边缘易致贫户',
      致贫返贫风险: '因病、因学',
    };
    const closed = {
      风险消除日期: '2022-01-10',
      消除方式: '帮扶消除',
      '消除时人均纯收入（元）': '12000',
      监测联系人姓名: '林联络',
      监测联系人账号: 'contact',
      监测联系人单位: '村委会',
    };
    const helper = { 帮扶责任人姓名: '陈帮扶', 帮扶责任人账号: 'helper', 帮扶责任人单位: '镇农业办' };
    const rows = [
      {
        户编号: family(2).household,
        ...episode,
        ...closed,
        ...helper,
        帮扶措施: '健康帮扶',
        措施开始日期: '2021-07-01',
        措施完成日期: '2021-12-01',
        '措施金额（元）': '3000',
      },
      { 帮扶措施: '其他教育帮扶', 措施开始日期: '2021-08-01' },
      { 纳入日期: '2022-08-01', 纳入时人口: '2', 监测对象类别: '脱贫不稳定户', 致贫返贫风险: '因学' },
      { 户编号: family(3).household, ...episode, 致贫返贫风险: '因懒' },
      { 户编号: family(4).household, ...episode, 纳入时人口: null },
      { 户编号: family(4).household, ...episode, 风险消除日期: '2022-01-10' },
    ];
    const bytes = await workbookBytes(await filled(stack, 'cases', OFFICER, rows));
    const before = await foreseen(stack, 'cases', OFFICER, bytes);
    expect((await stack.get(`/v1/cases?region=440904&household=${family(2).household}`, OFFICER)).body.items).toEqual(
      [],
    );
    const file = await upload(stack, 'cases?report=xlsx', OFFICER, bytes);
    const answer = told(await upload(stack, 'cases', OFFICER, bytes));
    expect(before).toEqual(errors(answer));
    expect([outcomes(answer), answer.items.map(({ rows: of }: { rows: number[] }) => of)]).toEqual([
      ['unchanged', 'invalid-body', 'invalid-body'],
      [[2, 3, 4], [5], [6, 7]],
    ]);
    // A closed episode without a contact comes in: that is a finding of data quality.
    expect(errors(answer)).toEqual(['F5 not-allowed', 'L6 not-allowed', 'M6 missing']);
    expect(marks(file)).toEqual(['F5', 'L6', 'M6']);
    const { body } = await stack.get(`/v1/cases?region=440904&household=${family(2).household}`, OFFICER);
    const { body: view } = await stack.get(`/v1/cases/${body.items[0].id}`, OFFICER);
    expect(view).toMatchObject({ stage: 'open', episode: 2, helper: 'helper' });
    expect(view.measures.map(({ kind, amount }: { kind: string; amount?: number }) => [kind, amount])).toEqual([
      ['health', 300_000],
      ['other-education', undefined],
    ]);
    const sheet = await opened(await get(stack, `/v1/exchange/cases?region=440904`, OFFICER));
    const line = sheet.rows.map((_, row) => byHeading(sheet, row)).find((row) => row['户编号'] === family(2).household);
    expect(line).toMatchObject({
      当前环节: '监测帮扶中',
      监测对象类别: '脱贫不稳定户',
      致贫返贫风险: '因学',
      纳入日期: { at: '2022-08-01T00:00:00' },
      户主: family(2).people[0]?.name,
    });
  });
});

describe('the ledger', () => {
  it('comes in, goes out under the same headings, and sent in again changes nothing', async () => {
    const rows = [
      { 类别: '帮扶就业', 发生日期: '2023/4/1', ...named(0), 名称: '测试制衣厂', 佐证材料: '合同-1、照片-2' },
      { 类别: '公益性岗位', 发生日期: '2023-04-01', ...named(1), 名称: '=保洁' },
      {
        类别: '住房修缮',
        发生日期: '2023-04-02',
        户编号: family(1).household,
        '金额（元）': '20000.10',
        备注: '-屋顶',
      },
      {
        类别: '捐款收入',
        发生日期: '2023-04-03',
        地区编码: '440904001',
        基金名称: '测试基金',
        捐赠方: '测试工会',
        捐赠方类别: '工会',
        '金额（元）': '1000000',
      },
      { 类别: '企业帮助就业', 发生日期: '2023-04-04', 地区编码: '440904001', 名称: '测试公司', 数量: '12' },
      {
        类别: '企业帮助就业',
        发生日期: '2023-04-04',
        地区编码: '440904001',
        名称: '测试公司',
        数量: '12',
        '金额（元）': '5',
        姓名: '测试1',
      },
      { 类别: '帮扶就业', 发生日期: '2023-04-01', ...named(0), 姓名: '无此人', 名称: '测试制衣厂' },
      {
        类别: '帮扶就业',
        发生日期: '2023-04-01',
        户编号: `${OTHER_TOWN_VILLAGE}-0001`,
        姓名: '测试1',
        名称: '测试制衣厂',
      },
      // Half a character, as a workbook escapes it.
      { 类别: '帮扶就业', 发生日期: '2023-04-01', ...named(0), 名称: '制衣厂_xD83C_' },
    ];
    const bytes = await workbookBytes(await filled(stack, 'ledger', TOWN, rows));
    const before = await foreseen(stack, 'ledger', TOWN, bytes);
    const answer = told(await upload(stack, 'ledger', TOWN, bytes));
    expect(before).toEqual(errors(answer));
    expect(answer.counts).toEqual({ recorded: 5, refused: 4 });
    expect(errors(answer)).toEqual([
      ...['J7 not-for-kind', 'F7 not-for-kind', 'F8 person-not-member', 'E9 outside-region', 'H10 not-text'],
    ]);
    const [{ id: post }] = (await stack.get(`/v1/ledger?region=${VILLAGE}&kind=post`, OFFICER)).body.items;
    const subsidy = [
      {
        类别: '公益性岗位补贴',
        发生日期: '2023-05-01',
        户编号: family(1).household,
        关联台账编号: post,
        补贴月份: '2023年4月',
        '金额（元）': '1620',
      },
    ];
    expect(
      told(await upload(stack, 'ledger', TOWN, await workbookBytes(await filled(stack, 'ledger', TOWN, subsidy))))
        .counts,
    ).toEqual({ recorded: 1 });

    for (const format of ['xlsx', 'csv']) {
      const file = await get(stack, `/v1/exchange/ledger?region=440904001&format=${format}`, TOWN);
      expect((await opened(file)).rows).toHaveLength(7);
      expect(told(await upload(stack, 'ledger', TOWN, file.bytes)).counts).toEqual({ unchanged: 6 });
    }
    const csv = (await get(stack, '/v1/exchange/ledger?region=440904001&format=csv', TOWN)).bytes.toString('utf8');
    expect(csv).toContain(",'=保洁,");
    expect((await stack.get('/v1/ledger?region=440904001&from=2023-04-02&to=2023-04-02', OFFICER)).body).toMatchObject({
      total: 1,
      amount: 2_000_010,
    });
    const some = await opened(
      await get(stack, '/v1/exchange/ledger?region=440904001&from=2023-04-02&to=2023-04-03', TOWN),
    );
    expect(some.rows).toHaveLength(3);
  });
});

it('an amount that the register does not take is told in the unit of its column, in Chinese', async () => {
  const rows = ['0', '-5', '100000000.01'].map((amount) => ({
    类别: '住房修缮',
    发生日期: '2023-04-01',
    户编号: family(1).household,
    '金额（元）': amount,
  }));
  const answer = told(
    await upload(stack, 'ledger', TOWN, await workbookBytes(await filled(stack, 'ledger', TOWN, rows))),
  );
  expect(
    answer.items.map(({ problem }: { problem: { errors: { detail: string }[] } }) =>
      problem.errors.map(({ detail }) => detail),
    ),
  ).toEqual(['过小', '过小', '过大'].map((size) => [`金额${size}，请核对；单位为元。`]));
});

it('the brief goes out as a workbook, its amounts as numbers', async () => {
  const file = await get(stack, '/v1/exchange/brief?region=440904', OFFICER);
  const { name, rows } = await opened(file);
  expect([name, rows[2]]).toEqual(['指标', ['指标', '数值', '单位', '口径', '代码']]);
  expect(rows.find((row) => row[4] === 'housing.repaired.amount')?.[1]).toEqual({ number: '20000.1' });
  expect((await opened(file, 2)).name).toBe('分地区');
  expect(told(await get(stack, '/v1/exchange/brief?region=440904', WORKER)).code).toBe('outside-region');
});
