import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import type { Context, Draft, Kind, Member } from '../../../functions/domain/exchange/kind.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';

const VILLAGE = '440904001001';
const HOUSEHOLD = `${VILLAGE}-0001`;
const family: Member[] = [
  { person: 'p-1', name: '陈测试', idNumber: '440904********0010' },
  { person: 'p-2', name: '李同名', idNumber: '440904********0028' },
  { person: 'p-3', name: '李同名', idNumber: '440904********0036' },
];
const dead: Member = { person: 'p-9', name: '陈已故', idNumber: '440904********0095' };
const context = (changes: Partial<Context> = {}): Context => ({
  members: () => family,
  membersBefore: () => [...family, dead],
  ...changes,
});

/** One row of a kind by its headings, read and finished. */
function rowOf(kind: Kind, cells: Record<string, Cell>, changes: Partial<Context> = {}): Draft {
  const needed = kind.columns
    .filter(({ required, title }) => required === true && !(title in cells))
    .map((one) => one.title);
  const titles = [...Object.keys(cells), ...needed];
  const [draft] = readTable(kind, { name: '', rows: [titles, Object.values(cells)] }).drafts;
  if (draft === undefined) throw new Error('There is no row.');
  kind.finish?.(draft, context(changes));
  return draft;
}
const faultsOf = ({ faults }: Draft) => faults.map(({ code, spot, detail }) => [code, spot.column, detail]);
const valuesOf = (draft: Draft) => Object.fromEntries(draft.values);

describe('a household', () => {
  const visit = (cells: Record<string, Cell>, changes: Partial<Context> = {}) => rowOf(kinds.visits, cells, changes);

  it('is named in full, by its number beside its village, or by its number where the village is known', () => {
    expect(valuesOf(visit({ 户编号: HOUSEHOLD }))).toMatchObject({ household: HOUSEHOLD });
    expect(valuesOf(visit({ 行政村编码: VILLAGE, 户编号: '0001' }))).toMatchObject({ household: HOUSEHOLD });
    expect(valuesOf(visit({ 户编号: '0001' }, { village: VILLAGE }))).toMatchObject({ household: HOUSEHOLD });
    expect(valuesOf(visit({ 行政村编码: VILLAGE, 户编号: '0001' }))).not.toHaveProperty('village');
    // The village beside a number counts, not the one the file is for.
    expect(valuesOf(visit({ 行政村编码: VILLAGE, 户编号: '0001' }, { village: '440904001002' }))).toMatchObject({
      household: HOUSEHOLD,
    });
  });

  it('whose village is missing or another is told so at its cell', () => {
    expect(faultsOf(visit({ 户编号: '0001', 入户日期: '2023-10-11' }))).toEqual([
      ['village-missing', 0, '只填户号时，请同时填写行政村编码。'],
    ]);
    expect(faultsOf(visit({ 户编号: HOUSEHOLD, 行政村编码: '440904001002' }))).toEqual([
      ['differs', 1, '与户编号中的村编码不同。'],
    ]);
    expect(faultsOf(visit({ 入户日期: '2023-10-11' }))).toEqual([]);
  });

  it('of a register is split into its village and number, unless something is wrong with it', () => {
    const read = rowOf(kinds.households, { 户编号: HOUSEHOLD, 姓名: '甲' });
    expect(valuesOf(read)).toEqual({ 'members/0/name': '甲', village: VILLAGE, number: '0001' });
    const wrong = rowOf(kinds.households, { 户编号: HOUSEHOLD, 户类型: '富户' });
    expect(valuesOf(wrong)).toEqual({});
    expect(wrong.faults).toMatchObject([{ code: 'not-allowed', detail: '只能填写：脱贫户、一般农户。' }]);
  });
});

describe('a person', () => {
  const claim = (cells: Record<string, Cell>, changes: Partial<Context> = {}) =>
    rowOf(kinds.claims, { 户编号: HOUSEHOLD, ...cells }, changes);

  it('is found by name, and of two of a name by what the masked number shows', () => {
    expect(valuesOf(claim({ 姓名: '陈测试' }))).toEqual({ household: HOUSEHOLD, person: 'p-1' });
    expect(valuesOf(claim({ 姓名: '李同名', 身份证号码: '440904198006150036' }))).toMatchObject({ person: 'p-3' });
    expect(valuesOf(claim({ 姓名: '李同名', 身份证号码: '440904********0028' }))).toMatchObject({ person: 'p-2' });
    expect(faultsOf(claim({ 姓名: '李同名' }))).toEqual([
      ['person-ambiguous', 1, '本户有同名的人，请填写身份证号码。'],
    ]);
    for (const other of ['110904198006150010', '440904198006150011'])
      expect(faultsOf(claim({ 姓名: '陈测试', 身份证号码: other }))).toEqual([
        ['person-not-member', 1, '本户没有登记此人，请核对姓名和身份证号码。'],
      ]);
  });

  it('who died is found among the members of the day before the event', () => {
    const asked: unknown[] = [];
    const membersBefore = (...one: unknown[]) => {
      asked.push(one);
      return [dead];
    };
    expect(valuesOf(claim({ 姓名: '陈已故', 出险日期: '2023-05-10' }, { membersBefore }))).toMatchObject({
      person: 'p-9',
    });
    expect(asked).toEqual([[HOUSEHOLD, '2023-05-10']]);
    expect(faultsOf(claim({ 姓名: '陈已故' }))).toMatchObject([['person-not-member', 1, expect.any(String)]]);
    expect(valuesOf(claim({ 姓名: '陈测试', 出险日期: '2023-05-10' }, { membersBefore }))).toMatchObject({
      person: 'p-1',
    });
    expect(asked).toHaveLength(1);
  });

  it('of a household that cannot be read is told once, at the household', () => {
    const members = () => ({ code: 'household-foreign', detail: '不属于本村。' });
    const draft = claim({ 姓名: '陈测试' }, { members });
    expect(faultsOf(draft)).toEqual([['household-foreign', 0, '不属于本村。']]);
    const two = {
      name: '',
      rows: [
        ['户编号', '姓名', '身份证号码'],
        [HOUSEHOLD, '陈测试', null],
        [null, '李同名', null],
      ],
    };
    const [visit] = readTable(
      { ...kinds.visits, columns: kinds.visits.columns.map(({ required, ...rest }) => rest) },
      two,
    ).drafts;
    if (visit === undefined) throw new Error('There is no row.');
    kinds.visits.finish?.(visit, context({ members }));
    expect(visit.faults.map(({ code }) => code)).toEqual(['household-foreign']);
  });

  it('of a visit is named in each row; what is blank takes its usual value', () => {
    const draft = rowOf(kinds.visits, {
      户编号: HOUSEHOLD,
      入户日期: '2023-10-11',
      姓名: '陈测试',
      残疾等级: '二级',
      突发变故: '失业、灾害',
    });
    expect(nested(draft.values)).toEqual({
      household: HOUSEHOLD,
      visitedOn: '2023-10-11',
      recordedAt: '2023-10-11T00:00:00+08:00',
      purpose: 'screening',
      shocks: ['job-loss', 'disaster'],
      members: [{ person: 'p-1', disabilityGrade: 2 }],
    });
    const given = rowOf(
      kinds.visits,
      { 户编号: HOUSEHOLD, 入户日期: '2023-10-11', 填表时间: '2023-10-12 9:30', 走访类别: '抽查' },
      { round: '2023Q4' },
    );
    expect(nested(given.values)).toMatchObject({
      round: '2023Q4',
      recordedAt: '2023-10-12T09:30:00+08:00',
      purpose: 'sample',
      shocks: [],
    });
    expect(valuesOf(rowOf(kinds.visits, { 户编号: HOUSEHOLD }))).not.toHaveProperty('recordedAt');
  });
});

describe('an act of help', () => {
  const entry = (cells: Record<string, Cell>) => rowOf(kinds.ledger, { 发生日期: '2023-04-01', ...cells });

  it('fills in what its kind takes, under its own names', () => {
    expect(
      valuesOf(
        entry({
          类别: '公益性岗位补贴',
          户编号: HOUSEHOLD,
          关联台账编号: 'e-9',
          补贴月份: '2023年3月',
          '金额（元）': '600',
        }),
      ),
    ).toEqual({
      kind: 'post-subsidy',
      occurredOn: '2023-04-01',
      household: HOUSEHOLD,
      region: VILLAGE,
      post: 'e-9',
      month: '2023-03',
      amount: 60_000,
    });
    expect(valuesOf(entry({ 类别: '企业帮助就业', 地区编码: '440904', 名称: '测试公司', 数量: '12' }))).toEqual({
      kind: 'company-jobs',
      occurredOn: '2023-04-01',
      region: '440904',
      company: '测试公司',
      personTimes: 12,
    });
    expect(
      valuesOf(
        entry({
          类别: '以奖代补验收',
          户编号: HOUSEHOLD,
          地区编码: '440904001',
          关联台账编号: 'e-8',
          验收结果: '通过',
        }),
      ),
    ).toMatchObject({ award: 'e-8', accepted: true, region: '440904001' });
    expect(valuesOf(entry({ 类别: '以奖代补验收', 户编号: HOUSEHOLD, 验收结果: '不通过' }))).toMatchObject({
      accepted: false,
    });
  });

  it('refuses what its kind does not take, so that nothing filled in is dropped', () => {
    const wrong = entry({
      类别: '住房修缮',
      户编号: HOUSEHOLD,
      姓名: '陈测试',
      身份证号码: '440904198006150010',
      名称: '瓦',
      数量: '3',
      关联台账编号: 'e-1',
      补贴月份: '2023-03',
      验收结果: '通过',
      基金名称: '基金',
      捐赠方: '公司',
      捐赠方类别: '企业',
      '金额（元）': '5',
    });
    expect(faultsOf(wrong)).toEqual(
      [5, 6, 7, 8, 9, 10, 11, 12, 3, 4].map((column) => ['not-for-kind', column, '此类别不填这一列。']),
    );
    expect(valuesOf(wrong)).toEqual({
      kind: 'housing-repair',
      occurredOn: '2023-04-01',
      household: HOUSEHOLD,
      region: VILLAGE,
      amount: 500,
    });
    const noMoney = entry({ 类别: '工作队走访', 户编号: HOUSEHOLD, 名称: '一队', '金额（元）': '5' });
    expect(faultsOf(noMoney).map(([code]) => code)).toEqual(['not-for-kind']);
    const noHousehold = entry({ 类别: '企业帮助就业', 户编号: HOUSEHOLD });
    expect(faultsOf(noHousehold).map(([code]) => code)).toEqual(['not-for-kind']);
    expect(valuesOf(noHousehold)).not.toHaveProperty('region');
  });

  it('of a kind that cannot be read is left as it is', () => {
    const lost = entry({ 类别: '慰问', 户编号: HOUSEHOLD, 名称: '米' });
    expect(faultsOf(lost).map(([code]) => code)).toEqual(['not-allowed']);
    expect(valuesOf(lost)).toMatchObject({ household: HOUSEHOLD, what: '米' });
  });
});

describe('a former case', () => {
  it('has a list of measures in each episode, an empty one where none is told', () => {
    const rows = [
      ['户编号', '纳入日期', '纳入时人口', '监测对象类别', '致贫返贫风险', '帮扶措施'],
      [HOUSEHOLD, '2021-06-01', '2', '边缘易致贫户', '因病', '健康帮扶'],
      [null, '2022-06-01', '2', '边缘易致贫户', '因病', null],
    ];
    const [draft] = readTable(kinds.cases, { name: '', rows }).drafts;
    if (draft === undefined) throw new Error('There is no row.');
    kinds.cases.finish?.(draft, context());
    expect(nested(draft.values)).toMatchObject({
      household: HOUSEHOLD,
      episodes: [{ measures: [{ kind: 'health' }] }, { measures: [] }],
    });
  });
});
