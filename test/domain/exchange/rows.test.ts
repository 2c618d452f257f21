import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../functions/domain/exchange/cells.ts';
import type { Context, Draft, Kind, Member } from '../../../functions/domain/exchange/kind.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { type Outcome, refusedFor, reportOf, rowSpot, spotOf } from '../../../functions/domain/exchange/outcomes.ts';
import { pathOf, readTable } from '../../../functions/domain/exchange/reading.ts';

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

describe('what became of a row', () => {
  const spots = {
    household: { row: 1, column: 1 },
    'invoices/0/number': { row: 1, column: 5 },
    'invoices/1/number': { row: 2, column: 5 },
    name: { row: 1, column: 2 },
  };
  const draft = (changes: Partial<Draft> = {}): Draft => ({
    rows: [1, 2],
    values: new Map(),
    spots: new Map(Object.entries(spots)),
    faults: [],
    ...changes,
  });
  const place = (path: string, of = draft()) => spotOf(kinds.claims, of, path);

  it('is marked at the cell of the path, of the column marked instead, or nearest around it', () => {
    expect(place('invoices/1/number')).toEqual({ row: 2, column: 5 });
    // What only the API has is told at the column it is made from.
    expect(place('person')).toEqual({ row: 1, column: 2 });
    expect(place('invoices')).toEqual({ row: 1, column: 5 });
    expect(place('invoices/1/total')).toEqual({ row: 2, column: 5 });
    expect(place('invoices/7/total')).toEqual({ row: 1, column: 5 });
    expect(place('household/town/name')).toEqual({ row: 1, column: 1 });
    expect(place('unheard')).toEqual({ row: 1, column: 1 });
    const { told } = kinds.cases;
    expect(told?.['episodes/*/closed']).toBe('episodes/*/closed/on');
    const closed = draft({ spots: new Map([['episodes/1/closed/on', { row: 4, column: 9 }]]) });
    expect(spotOf(kinds.cases, closed, 'episodes/1/closed')).toEqual({ row: 4, column: 9 });
    expect(pathOf('episodes/*/measures/*/kind', 2, 3)).toBe('episodes/2/measures/3/kind');
  });

  it('as a whole is marked where the reason points, else where it is named', () => {
    const whole = (reason: string, of = draft()) => rowSpot(kinds.claims, of, reason);
    expect(whole('claim-duplicate')).toEqual({ row: 1, column: 5 });
    expect(whole('date-in-future')).toEqual({ row: 1, column: 1 });
    expect(whole('person-not-member')).toEqual({ row: 1, column: 2 });
    const by = (...fields: [string, number][]) =>
      whole('other', draft({ spots: new Map(fields.map(([field, column]) => [field, { row: 3, column }])) })).column;
    expect(by(['note', 8], ['kind', 7], ['idNumber', 6])).toBe(6);
    expect(by(['note', 8], ['kind', 7])).toBe(7);
    expect(by(['note', 8])).toBe(8);
    expect(whole('other', draft({ spots: new Map() }))).toEqual({ row: 1, column: 0 });
    expect(whole('other', draft({ spots: new Map(), rows: [] }))).toEqual({ row: 0, column: 0 });
  });

  it('by its own faults is refused with the first of them', () => {
    const faults = [
      { spot: { row: 1, column: 2 }, code: 'not-money', detail: '请填写金额。' },
      { spot: { row: 1, column: 3 }, code: 'not-a-date', detail: '请填写日期。' },
    ];
    expect(refusedFor(draft({ faults }))).toEqual({
      draft: draft({ faults }),
      outcome: 'refused',
      problem: { code: 'invalid-body', detail: '请填写金额。', errors: faults },
    });
    expect(refusedFor(draft(), []).problem?.detail).toBe('内容有误。');
  });
});

describe('the report', () => {
  const titles = ['户编号', '姓名', '金额'];
  const rows: Cell[][] = [['某村名册'], titles, ['A', '甲', 'x'], ['B', '乙'], ['C', '丙', '3']];
  const at = (row: number, changes: Partial<Draft> = {}): Draft => ({
    rows: [row],
    values: new Map(),
    spots: new Map(),
    faults: [],
    ...changes,
  });
  const fault = (row: number, column: number, detail: string) => ({ spot: { row, column }, code: 'c', detail });
  const table = (faults: ReturnType<typeof fault>[] = []) => ({ header: 1, faults });

  it('is the table as it was sent, with the outcome and the sentences beside each row and the faulty cells marked', () => {
    const wrong = at(2, { faults: [fault(2, 2, '请填写金额。')] });
    const outcomes: Outcome[] = [
      refusedFor(wrong),
      { draft: at(3), outcome: 'refused', problem: { code: 'p', detail: '已经登记。', errors: [] } },
      { draft: at(4), outcome: 'registered' },
    ];
    expect(reportOf({ rows }, table(), outcomes)).toEqual({
      header: 1,
      rows: [
        ['某村名册', null, null, null, null],
        [...titles, '结果', '错误'],
        ['A', '甲', 'x', '未通过', '金额：请填写金额。'],
        ['B', '乙', null, '未通过', '已经登记。'],
        ['C', '丙', '3', '已登记', null],
      ],
      marked: new Set(['2:2']),
    });
  });

  it('says each outcome in words', () => {
    const said = (outcome: Outcome['outcome']) => reportOf({ rows }, table(), [{ draft: at(2), outcome }]).rows[2]?.[3];
    expect(
      (['registered', 'accepted', 'imported', 'reported', 'recorded', 'enrolled', 'removed'] as const).map(said),
    ).toEqual(['已登记', '已接收', '已导入', '已报案', '已录入', '已参保', '已退保']);
    expect((['unchanged', 'duplicate', 'known', 'refused', 'unanswered', 'not-sent'] as const).map(said)).toEqual([
      '已有，未变',
      '已有，未变',
      '已报过案',
      '未通过',
      '结果不明，请重新提交',
      '未提交',
    ]);
  });

  it('tells faults of the headings beside the headings, and each sentence once', () => {
    const report = reportOf(
      { rows },
      table([fault(1, 2, '没有这一列。'), fault(1, 1, '重复。'), fault(1, 0, '重复。')]),
      [],
    );
    expect(report.rows[1]).toEqual([...titles, '结果', '错误：没有这一列。重复。']);
    expect(report.marked).toEqual(new Set(['1:2', '1:1', '1:0']));
    const twice = at(2, { faults: [fault(2, 2, '有误。'), fault(2, 2, '有误。'), fault(2, 1, '为空。')] });
    expect(reportOf({ rows }, table(), [refusedFor(twice)]).rows[2]?.[4]).toBe('金额：有误。\n姓名：为空。');
  });

  it('of a row that was not refused still tells what is doubtful, and overwrites an earlier report', () => {
    const doubtful = at(2, { faults: [fault(2, 2, '请核对。')] });
    const first = reportOf({ rows }, table(), [{ draft: doubtful, outcome: 'accepted' }]);
    expect(first.rows[2]).toEqual(['A', '甲', 'x', '已接收', '金额：请核对。']);
    const second = reportOf({ rows: first.rows }, table(), [{ draft: at(2), outcome: 'unchanged' }]);
    expect(second.rows[1]).toEqual([...titles, '结果', '错误']);
    expect(second.rows[2]).toEqual(['A', '甲', 'x', '已有，未变', null]);
    expect(reportOf({ rows: [titles, ['A']] }, { header: undefined, faults: [] } as never, []).rows[0]).toEqual([
      ...titles,
      '结果',
      '错误',
    ]);
  });

  it('puts what concerns several rows beside all of them, and its sentence beside the first', () => {
    const both = at(2, { rows: [2, 3] });
    const outcome: Outcome = {
      draft: both,
      outcome: 'refused',
      problem: { code: 'p', detail: '户已注销。', errors: [] },
    };
    const { rows: told } = reportOf({ rows }, table(), [outcome]);
    expect([told[2]?.slice(3), told[3]?.slice(3)]).toEqual([
      ['未通过', '户已注销。'],
      ['未通过', null],
    ]);
  });
});
