import { describe, expect, it } from 'vitest';
import type { GateResult } from '../../../functions/contracts/cases/closure.ts';
import {
  currentStep,
  inboxesOf,
  ladderInForce,
  ladders,
  NoLadder,
  pinnedLadder,
} from '../../../functions/domain/cases/ladder.ts';
import { gateSentence, refusalSentence } from '../../../functions/domain/cases/sentences.ts';
import { started, upTo } from './reviewers.ts';

describe('the ladders as shipped', () => {
  it('ask of each step its tier, its days and what an approval brings; nobody decides twice', () => {
    const told = ladders.map(({ procedure, effectiveFrom, steps, total, remindBefore, sameStepAgain }) => ({
      procedure,
      effectiveFrom,
      total: `${total.days} ${total.kind}`,
      remindBefore,
      sameStepAgain,
      steps: steps.map((step) =>
        step.kind === 'notice'
          ? `${step.id} ${step.days}`
          : [
              step.id,
              step.tier,
              step.clock.days,
              step.clock.kind,
              step.clock.start,
              ...step.requires,
              ...(step.gates ? ['gates'] : []),
            ].join(' '),
      ),
    }));
    const common = { effectiveFrom: '2021-01-01', total: '15 calendar', remindBefore: [1], sameStepAgain: false };
    expect(told).toEqual([
      {
        ...common,
        procedure: 'admission',
        steps: [
          'home-verification village 3 calendar step authorisation risks',
          'data-comparison district 5 calendar step caseType',
          'village-appraisal village 3 calendar step votes',
          'public-notice 5',
          'town-review town 3 calendar step',
          'district-approval district 3 calendar step helper',
        ],
      },
      {
        ...common,
        procedure: 'closure',
        steps: [
          'home-verification village 3 calendar step',
          'village-appraisal village 3 calendar step votes',
          'public-notice 5',
          'town-review town 3 calendar step',
          'district-approval district 3 calendar step monitoringContact gates',
        ],
      },
    ]);
  });

  it('say which is missing', () => {
    expect(() => ladderInForce(ladders, 'closure', '2020-12-31')).toThrow('No ladder for closure on 2020-12-31.');
    const [first] = ladders;
    if (first === undefined) throw new Error('There is no ladder.');
    const other = { ...first, effectiveFrom: '2022-01-01' };
    expect(() => pinnedLadder([other], { ladder: { procedure: 'closure', effectiveFrom: '2022-01-01' } })).toThrow(
      'No ladder for closure from 2022-01-01.',
    );
    expect(pinnedLadder([other, ...ladders], { ladder: { procedure: 'admission', effectiveFrom: '2021-01-01' } })).toBe(
      first,
    );
    const short = { ...first, steps: first.steps.slice(1) };
    expect(() => currentStep(short, started())).toThrow('The ladder has no step home-verification.');
    expect(() => currentStep(short, started())).toThrow(NoLadder);
  });

  it('put an overdue step into the next tier’s inbox too; nothing lies above the district, and a notice is in none', () => {
    const boxes = (step: Parameters<typeof upTo>[0], escalated = true) => {
      const [ladder] = ladders;
      if (ladder === undefined) throw new Error('There is no ladder.');
      return inboxesOf(ladder, { ...upTo(step), escalated });
    };
    expect(boxes('home-verification')).toEqual(['village', 'town']);
    expect(boxes('home-verification', false)).toEqual(['village']);
    expect(boxes('town-review')).toEqual(['town', 'district']);
    expect(boxes('district-approval')).toEqual(['district']);
    expect(boxes('public-notice')).toEqual([]);
  });
});

describe('a gate says in words', () => {
  const gate = (name: GateResult['gate'], holds: boolean, observed: object = {}, required: object = {}) =>
    gateSentence({ gate: name, holds, observed, required } as unknown as GateResult);

  it('that it holds, or what is in the way', () => {
    expect(gate('SIX_MONTHS', true, {}, { day: '2023-08-01' })).toBe('纳入已满六个月（2023-08-01）。');
    expect(gate('SIX_MONTHS', false, {}, { day: '2023-08-01' })).toBe('纳入未满六个月，2023-08-01 起方可办理。');
    expect(gate('MEASURE_DONE', true, { completed: 2 })).toBe('已完成帮扶措施 2 项。');
    expect(gate('MEASURE_DONE', false, { completed: 0 })).toBe('还没有已完成的帮扶措施。');
    expect(gate('MEASURE_DONE', false, { completed: 1 })).toBe('本户有劳动力，还没有已完成的开发式帮扶措施。');
    expect(gate('GUARANTEES_SAFE', true)).toBe('“两不愁三保障”及饮水安全均有保障。');
    expect(gate('GUARANTEES_SAFE', false, {})).toBe('没有入户记录，保障情况不明。');
    const none = {
      food: false,
      clothing: false,
      compulsoryEducation: false,
      basicMedicalInsurance: false,
      housing: false,
      drinkingWater: false,
    };
    expect(gate('GUARANTEES_SAFE', false, none)).toBe('没有保障：吃饭、穿衣、义务教育、基本医疗、住房安全、饮水安全。');
    expect(gate('GUARANTEES_SAFE', false, { ...none, food: true, clothing: true, housing: true, heat: false })).toBe(
      '没有保障：义务教育、基本医疗、饮水安全、heat。',
    );
    expect(gate('RIGID_SPENDING_SOLVED', true)).toBe('最近一次入户没有刚性支出过大的情形。');
    expect(gate('RIGID_SPENDING_SOLVED', false, { rigid: null })).toBe('没有入户记录，刚性支出情况不明。');
    expect(gate('RIGID_SPENDING_SOLVED', false, { rigid: true, spent: 123_400, threshold: 100_000 })).toBe(
      '自付刚性支出 1234.00 元，仍达到收入预警值 1000.00 元。',
    );
    expect(gate('RISKS_RESOLVED', true)).toBe('已记录的风险均已解决。');
    expect(gate('RISKS_RESOLVED', false, { housing: 'unresolved', illness: 'unresolved', education: 'resolved' })).toBe(
      '尚未解决的风险：因病、因住房安全。',
    );
    expect(gate('NOT_WHOLLY_UNABLE', true, { working: 2 })).toBe('家中有 2 人有劳动能力。');
    expect(gate('NOT_WHOLLY_UNABLE', false, { working: null })).toBe('没有入户记录，劳动能力情况不明。');
    expect(gate('NOT_WHOLLY_UNABLE', false, { working: 0 })).toBe('全家没有劳动能力，暂不标注风险消除，继续兜底保障。');
    expect(
      gateSentence({
        gate: 'SIX_MONTHS',
        holds: true,
        exempt: true,
        observed: {},
        required: {},
      } as unknown as GateResult),
    ).toBe('自然消除，不要求此项。');
  });

  it('which incomes lie below their line, or are missing', () => {
    const income = (observed: object, required: object) => gate('INCOME_ABOVE_LINE', false, observed, required);
    const lines = { visit: 800_000, '2023Q3': 800_000, '2023Q4': 800_000 };
    expect(gate('INCOME_ABOVE_LINE', true)).toBe('最近一次入户和最近两轮排查的人均参考收入均不低于监测线。');
    expect(income({ visit: 799_999, '2023Q3': 800_000, '2023Q4': null }, lines)).toBe(
      '最近一次入户人均参考收入 7999.99 元，低于监测线 8000.00 元；2023 年第 4 季度排查没有结果。',
    );
    expect(income({ visit: 800_000, '2023Q3': 1 }, { visit: 800_000 })).toBe(
      '2023 年第 3 季度排查的年度没有监测线；封存的排查不足两轮。',
    );
  });

  it('which new risk there is', () => {
    const risk = (observed: object) => gate('NO_NEW_RISK', false, observed);
    expect(gate('NO_NEW_RISK', true)).toBe('没有新增风险、未结理赔和未答复异议。');
    const quiet = { signals: '', openClaims: 0, unansweredObjections: 0 };
    const sentences = [
      risk({ ...quiet, signals: null }),
      risk({ ...quiet, signals: 'HOUSING_UNSAFE' }),
      risk({ ...quiet, openClaims: 2 }),
      risk({ ...quiet, unansweredObjections: 1 }),
      risk({ signals: 'INCOME_COLLAPSE', openClaims: 1, unansweredObjections: 3 }),
    ];
    expect(sentences).toEqual([
      '没有入户记录。',
      '最近一次入户发现新的风险。',
      '有 2 件理赔未结。',
      '有 1 条异议未答复。',
      '人均参考收入骤降；有 1 件理赔未结；有 3 条异议未答复。',
    ]);
  });

  it('and a refusal names what an approval lacked', () => {
    expect(refusalSentence('not-given', ['votes', 'helper'])).toMatch(/^材料不全，不能通过，还须提供：.+、.+。$/);
    expect(refusalSentence('not-given')).not.toMatch(/还须提供/);
    expect(refusalSentence('stale-decision', ['votes'])).not.toMatch(/还须提供/);
  });
});
