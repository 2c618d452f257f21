import { describe, expect, it } from 'vitest';
import type { ArithmeticStep } from '../../../functions/contracts/insurance/adjudication.ts';
import { claimRejectCode, claimStage, documentKind } from '../../../functions/contracts/insurance/claim.ts';
import {
  arithmeticSentences,
  claimStageNames,
  missingView,
  rejectSentences,
  waitingNames,
} from '../../../functions/domain/insurance/claim-labels.ts';
import { waitingStep } from '../../../functions/domain/insurance/claim-stages.ts';

describe('the words of a claim', () => {
  it('name each stage and each step that waits, no two alike', () => {
    expect(claimStage.options.map((stage) => claimStageNames[stage]).join(' ')).toBe(
      '已报案 已受理 待补充资料 已查勘 已理算 已核赔 支付中 已到账 退汇 已结案 已拒赔 已撤案 已复议',
    );
    expect(waitingStep.map((step) => waitingNames[step]).join(' ')).toBe(
      '补充资料 查勘 核赔 复核 登记收款账户 核对收款账户 生成支付指令 等待银行回执 告知拒赔',
    );
    expect(claimRejectCode.options.map((code) => rejectSentences[code])).toEqual([
      '出险时不在保险名册内。',
      '出险日期不在保险期间内。',
      '出险日期在等待期内。',
      '该项责任不在保险条款内。',
      '累计自付费用未超过免赔额。',
      '赔偿限额已用完。',
      '同一事故已经报案。',
      '未在期限内补齐资料。',
      '经查勘，不属于保险事故。',
    ]);
  });

  it('name what is missing, and how many of several', () => {
    const names = missingView(documentKind.options.map((kind) => ({ anyOf: [kind], count: 1 }))).map(
      (one) => one.names,
    );
    expect(names.join(' ')).toBe(
      '户籍注销证明 火化证明 居民死亡医学证明 事故证明 关系证明 收款账户证明 伤残鉴定 医疗发票 费用清单 病历 入学证明 缴费凭证 受灾证明 现场照片 其他材料',
    );
    expect(missingView([{ anyOf: ['household-cancellation', 'cremation-certificate'], count: 1 }])).toEqual([
      {
        anyOf: ['household-cancellation', 'cremation-certificate'],
        count: 1,
        names: '户籍注销证明、火化证明（任 1 项）',
      },
    ]);
    expect(missingView([{ anyOf: ['invoice', 'other'], count: 2 }])[0]?.names).toBe('医疗发票、其他材料');
  });

  it('let a family follow the arithmetic with a pencil', () => {
    const step = (name: ArithmeticStep['step'], terms: ArithmeticStep['terms'] = {}): ArithmeticStep => ({
      step: name,
      amount: 123_456,
      terms,
    });
    const sentences = arithmeticSentences({
      steps: [
        step('bill', { invoice: 'F1', total: 100, reimbursed: 200, excluded: 300 }),
        step('accepted'),
        step('accumulated', { before: 5 }),
        step('deductible', { deductible: 500_000 }),
        step('tier', { part: 1_000_000, percent: 60 }),
        step('rounded'),
        step('person-cap', { cap: 5_000_000 }),
        step('approved-before', { approved: 100 }),
        step('claimed-cap', { accepted: 200 }),
        step('lump-sum'),
        step('graded', { grade: 3, sum: 3_000_000, percent: 80 }),
        step('staged'),
        step('housing', { loss: 100, sum: 200 }),
        step('assets', { loss: 100, percent: 40 }),
        step('event-cap', { cap: 100 }),
        step('household-cap', { left: 100 }),
        step('limit', { left: 100 }),
      ],
    });
    expect(sentences).toEqual([
      '发票 F1：总额 1.00 元，已报销 2.00 元，不合规 3.00 元，计入 1234.56 元。',
      '本次计入合规自付 1234.56 元。',
      '加上本保险期间此前的 0.05 元，累计 1234.56 元。',
      '扣除免赔额 5000.00 元，余 1234.56 元。',
      '其中 10000.00 元 按 60% 计。',
      '各档合计，四舍五入到分：1234.56 元。',
      '每人期间上限 50000.00 元，取 1234.56 元。',
      '减去此前已核 1.00 元，余 1234.56 元。',
      '不超过本次计入的 2.00 元：1234.56 元。',
      '定额给付 1234.56 元。',
      '伤残 3 级，按 30000.00 元 的 80% 给付 1234.56 元。',
      '按学段给付 1234.56 元。',
      '住房损失 1.00 元，按受损程度最高 2.00 元，给付 1234.56 元。',
      '财产损失 1.00 元，按 40% 给付 1234.56 元。',
      '每次事故上限 1.00 元，取 1234.56 元。',
      '每户期间上限尚余 1.00 元，取 1234.56 元。',
      '保单限额尚余 1.00 元，核定 1234.56 元。',
    ]);
  });
});
