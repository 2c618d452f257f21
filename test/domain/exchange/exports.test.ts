import { describe, expect, it } from 'vitest';
import type { CaseLine } from '../../../functions/contracts/cases/cases-http.ts';
import type { ClaimLine } from '../../../functions/contracts/insurance/insurance-http.ts';
import { count, date, namesOf, time, yesOrNo, yuan } from '../../../functions/domain/exchange/exports.ts';
import { casesOut, claimsOut, householdsOut, visitsOut } from '../../../functions/domain/exchange/table-exports.ts';
import { HOUSEHOLD, household, names, register, told, VILLAGE, WHERE } from './exported.ts';

describe('a cell', () => {
  it('holds fen as yuan by its digits, days and local times without a zone, and nothing where nothing is known', () => {
    expect([0, 5, 123, -123, -5, 1_234_567].map((fen) => yuan(fen))).toEqual(
      ['0.00', '0.05', '1.23', '-1.23', '-0.05', '12345.67'].map((number) => ({ number })),
    );
    expect(count(0)).toEqual({ number: '0' });
    expect(date('2023-10-11')).toEqual({ at: '2023-10-11T00:00:00' });
    expect(time('2023-10-11T16:00:01.500Z')).toEqual({ at: '2023-10-12T00:00:01' });
    expect([yesOrNo(true), yesOrNo(false)]).toEqual(['是', '否']);
    for (const cell of [yuan, count, date, time, yesOrNo]) expect([cell(null), cell(undefined)]).toEqual([null, null]);
  });

  it('names the town and the village of a household; whoever may not read the divisions sees codes alone', () => {
    expect([names.town(HOUSEHOLD), names.village(HOUSEHOLD)]).toEqual(['水东街道', '测试社区']);
    expect([names.town('440904999'), names.village('440904999')]).toEqual(['', '']);
    const none = namesOf(undefined);
    expect([none.town(HOUSEHOLD), none.village(HOUSEHOLD)]).toEqual(['', '']);
  });
});

describe('a table', () => {
  it('of households has a row for each person, and one for a household without members', () => {
    const empty = household({
      id: `${VILLAGE}-0002`,
      origin: 'general',
      members: [],
      status: 'cancelled',
      openCase: false,
    });
    expect(told(householdsOut(register(household(), empty)))).toEqual([
      {
        ...WHERE,
        户类型: '脱贫户',
        登记日期: { at: '2022-01-01T00:00:00' },
        家庭住址: '测试村 1 号',
        联系电话: '138****1111',
        姓名: '陈甲',
        与户主关系: '配偶',
        性别: '女',
        年龄: { number: '47' },
        身份证号码: '440904********0010',
        状态: '在册',
        是否监测对象: '是',
      },
      expect.objectContaining({ 姓名: '陈乙', 与户主关系: '户主', 性别: '男', 年龄: { number: '50' } }),
      {
        ...WHERE,
        户编号: `${VILLAGE}-0002`,
        户类型: '一般农户',
        登记日期: { at: '2022-01-01T00:00:00' },
        家庭住址: '测试村 1 号',
        联系电话: '138****1111',
        状态: '已注销',
        是否监测对象: '否',
      },
    ]);
    expect(householdsOut(register()).name).toBe('农户花名册');
  });

  it('of a sealed round tells what was found, or why nobody was met', () => {
    const row = {
      household: HOUSEHOLD,
      people: 2,
      class: 'monitor',
      missed: null,
      perCapita: 650_050,
      perCapitaRound: '2023Q4',
      previousPerCapita: null,
      ownPayouts: 30_000,
      openCase: false,
      caseType: 'unstable-lifted',
      labour: true,
      signals: [{ message: '收入低于监测线。' }, { message: '住房不安全。' }],
      disagreement: true,
      sample: 'concern',
    };
    const missed = {
      ...row,
      class: null,
      missed: 'in-hospital',
      caseType: null,
      sample: null,
      signals: [],
      labour: null,
    };
    const table = visitsOut(register(household()), '2023Q4', [row, missed] as unknown as Parameters<
      typeof visitsOut
    >[2]);
    expect(table.name).toBe('2023Q4 排查表');
    expect(told(table)).toEqual([
      {
        ...WHERE,
        户主: '陈乙',
        家庭人口: { number: '2' },
        排查分类: '监测户',
        '人均纯收入（元）': { number: '6500.50' },
        收入所属轮次: '2023Q4',
        '本系统赔付（元）': { number: '300.00' },
        是否监测对象: '否',
        拟纳入类别: '脱贫不稳定户',
        有劳动力: '是',
        研判依据: '收入低于监测线。住房不安全。',
        多次入户结果不一致: '是',
        抽查分类: '关心户',
      },
      expect.objectContaining({ 未入户原因: '住院', 研判依据: '' }),
    ]);
    const [, second] = told(table);
    for (const heading of ['排查分类', '拟纳入类别', '有劳动力', '抽查分类'])
      expect(second).not.toHaveProperty(heading);
    // Of a household that is not in the register nobody is named.
    const [unknown] = told(visitsOut(register(), '2023Q4', [row] as unknown as Parameters<typeof visitsOut>[2]));
    expect(unknown).not.toHaveProperty('户主');
  });

  it('of cases has a row for each with its newest episode', () => {
    const line: CaseLine = {
      id: 'case-0000000000000001',
      household: HOUSEHOLD,
      stage: 'closing',
      stageName: '风险消除审核中',
      episode: 2,
      people: 4,
      caseType: 'marginal',
      risks: ['illness', 'education'],
      startedAt: '2023-01-01T00:00:00.000Z',
      admittedOn: '2023-02-01',
      closed: { on: '2023-09-01', method: 'natural' },
      review: {
        stepName: '镇级审核',
        totalDueAt: '2023-09-15T16:00:00.000Z',
        overdue: true,
      } as unknown as NonNullable<CaseLine['review']>,
      helper: 'helper-1',
    };
    const bare = { ...line, caseType: null, admittedOn: null, closed: null, review: null, helper: null };
    const table = casesOut(register(household()), [line, bare]);
    expect(table.name).toBe('监测对象名册');
    expect(told(table)).toEqual([
      {
        ...WHERE,
        户主: '陈乙',
        当前环节: '风险消除审核中',
        第几次纳入: { number: '2' },
        纳入时人口: { number: '4' },
        监测对象类别: '边缘易致贫户',
        致贫返贫风险: '因病、因学',
        纳入日期: { at: '2023-02-01T00:00:00' },
        风险消除日期: { at: '2023-09-01T00:00:00' },
        消除方式: '自然消除',
        帮扶责任人账号: 'helper-1',
        审核步骤: '镇级审核',
        审核期限: { at: '2023-09-16T00:00:00' },
        是否逾期: '是',
        案件编号: line.id,
      },
      {
        ...WHERE,
        户主: '陈乙',
        当前环节: '风险消除审核中',
        第几次纳入: { number: '2' },
        纳入时人口: { number: '4' },
        致贫返贫风险: '因病、因学',
        案件编号: line.id,
      },
    ]);
  });

  it('of claims names nobody', () => {
    const line: ClaimLine = {
      id: 'claim-0000000000000001',
      policy: 'policy-0123456789ab',
      line: 'accidental-death',
      household: HOUSEHOLD,
      eventOn: '2023-05-10',
      reportedAt: '2023-05-11T02:00:00.000Z',
      stage: 'approved',
      stageName: '已核赔',
      waiting: {
        step: 'payment',
        stepName: '生成支付指令',
        roles: [],
        dueAt: '2023-06-01T16:00:00.000Z',
        overdue: false,
      } as unknown as NonNullable<ClaimLine['waiting']>,
      claimed: 3_000_000,
      approved: 3_000_000,
      paid: { amount: 3_000_000, on: '2023-06-02' },
      rejected: null,
    };
    const refused = { ...line, waiting: null, claimed: null, approved: null, paid: null, rejected: 'duplicate' };
    const table = claimsOut(register(household()), [line, refused]);
    expect(table.name).toBe('理赔案件');
    expect(told(table)).toEqual([
      {
        ...WHERE,
        案件编号: line.id,
        保单编号: line.policy,
        保险责任: '意外身故',
        出险日期: { at: '2023-05-10T00:00:00' },
        报案时间: { at: '2023-05-11T10:00:00' },
        当前环节: '已核赔',
        待办步骤: '生成支付指令',
        办理时限: { at: '2023-06-02T00:00:00' },
        是否逾期: '否',
        '申请金额（元）': { number: '30000.00' },
        '核定金额（元）': { number: '30000.00' },
        '赔付金额（元）': { number: '30000.00' },
        到账日期: { at: '2023-06-02T00:00:00' },
      },
      {
        ...WHERE,
        案件编号: line.id,
        保单编号: line.policy,
        保险责任: '意外身故',
        出险日期: { at: '2023-05-10T00:00:00' },
        报案时间: { at: '2023-05-11T10:00:00' },
        当前环节: '已核赔',
        拒赔原因: expect.stringMatching(/.{4,}/),
      },
    ]);
    expect(JSON.stringify(told(table))).not.toContain('陈');
  });
});
