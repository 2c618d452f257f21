import { riskCode } from '../../contracts/cases/case.ts';
import type { GateResult } from '../../contracts/cases/closure.ts';
import type { Requirement, ReviewRefusal } from '../../contracts/cases/review.ts';
import { problems } from '../../contracts/problems.ts';
import { signalIds } from '../../contracts/screening/triage.ts';
import type { MeasureWarning } from '../assistance/measures.ts';
import { requirementNames, riskNames } from './case-labels.ts';
import type { NoticeFault } from './notice.ts';

/** Why an action on a review was refused, for the official who tried; `missing` names what an approval lacked. */
export function refusalSentence(refusal: ReviewRefusal, missing: readonly Requirement[] = []): string {
  if (refusal !== 'not-given' || missing.length === 0) return problems[refusal][1];
  return `材料不全，不能通过，还须提供：${missing.map((name) => requirementNames[name]).join('、')}。`;
}

export function warningSentence(warning: MeasureWarning): string {
  switch (warning.code) {
    case 'RISK_WITHOUT_MEASURE':
      return `风险“${riskNames[warning.risk]}”还没有相应的帮扶措施。`;
    case 'NO_DEVELOPMENT_MEASURE':
      return '本户有劳动力，还没有开发式帮扶措施。';
    case 'NO_SAFEGUARD_REFERRAL':
      return '本户无劳动力，还没有转介兜底保障。';
    case 'MEASURES_OVERDUE':
      return `帮扶措施应在 ${warning.due} 前录入，已逾期。`;
  }
}

const noticeFaults: Record<NoticeFault, string> = {
  'id-number': '公示内容含身份证号码。',
  phone: '公示内容含电话号码。',
  account: '公示内容含账号或其他长号码。',
  health: '公示内容涉及健康状况。',
  risk: '公示内容涉及具体风险或家庭经济状况。',
  'full-name': '公示内容含家庭成员全名。',
};

export function noticeFaultSentence(fault: NoticeFault): string {
  return noticeFaults[fault];
}

const guaranteeNames: Record<string, string> = {
  food: '吃饭',
  clothing: '穿衣',
  compulsoryEducation: '义务教育',
  basicMedicalInsurance: '基本医疗',
  housing: '住房安全',
  drinkingWater: '饮水安全',
};

/** The Chinese sentence that explains a gate to an official: that it holds, or why not. Made when read, never stored. */
export function gateSentence(result: GateResult): string {
  if (result.exempt === true) return '自然消除，不要求此项。';
  const { gate, holds, observed, required } = result;
  switch (gate) {
    case 'SIX_MONTHS':
      return holds ? `纳入已满六个月（${required['day']}）。` : `纳入未满六个月，${required['day']} 起方可办理。`;
    case 'MEASURE_DONE':
      if (holds) return `已完成帮扶措施 ${observed['completed']} 项。`;
      return Number(observed['completed']) === 0
        ? '还没有已完成的帮扶措施。'
        : '本户有劳动力，还没有已完成的开发式帮扶措施。';
    case 'INCOME_ABOVE_LINE':
      return holds ? '最近一次入户和最近两轮排查的人均参考收入均不低于监测线。' : incomeSentence(result);
    case 'GUARANTEES_SAFE': {
      if (holds) return '“两不愁三保障”及饮水安全均有保障。';
      const open = Object.keys(observed).filter((name) => observed[name] === false);
      return open.length === 0
        ? '没有入户记录，保障情况不明。'
        : `没有保障：${open.map((name) => guaranteeNames[name] ?? name).join('、')}。`;
    }
    case 'RIGID_SPENDING_SOLVED':
      if (holds) return '最近一次入户没有刚性支出过大的情形。';
      if (observed['rigid'] === null) return '没有入户记录，刚性支出情况不明。';
      return `自付刚性支出 ${yuan(observed['spent'])} 元，仍达到收入预警值 ${yuan(observed['threshold'])} 元。`;
    case 'RISKS_RESOLVED': {
      const left = riskCode.options.filter((code) => observed[code] === 'unresolved').map((code) => riskNames[code]);
      return holds ? '已记录的风险均已解决。' : `尚未解决的风险：${left.join('、')}。`;
    }
    case 'NO_NEW_RISK':
      return holds ? '没有新增风险、未结理赔和未答复异议。' : newRiskSentence(result);
    case 'NOT_WHOLLY_UNABLE':
      if (holds) return `家中有 ${observed['working']} 人有劳动能力。`;
      return observed['working'] === null
        ? '没有入户记录，劳动能力情况不明。'
        : '全家没有劳动能力，暂不标注风险消除，继续兜底保障。';
  }
}

function incomeSentence({ observed, required }: GateResult): string {
  const parts = Object.entries(observed).flatMap(([name, seen]) => {
    const of = name === 'visit' ? '最近一次入户' : `${name.slice(0, 4)} 年第 ${name.slice(5)} 季度排查`;
    const line = required[name];
    if (typeof seen !== 'number') return [`${of}没有结果`];
    if (typeof line !== 'number') return [`${of}的年度没有监测线`];
    return seen < line ? [`${of}人均参考收入 ${yuan(seen)} 元，低于监测线 ${yuan(line)} 元`] : [];
  });
  // Beside the visit there are two rounds, or some are still to come.
  if (Object.keys(observed).length < 3) parts.push('封存的排查不足两轮');
  return `${parts.join('；')}。`;
}

function newRiskSentence({ observed }: GateResult): string {
  const { signals, openClaims, unansweredObjections } = observed;
  const parts: string[] = [];
  if (typeof signals !== 'string') parts.push('没有入户记录');
  else if (signals.split(' ').includes('INCOME_COLLAPSE')) parts.push('人均参考收入骤降');
  else if (signalIds.some((id) => signals.includes(id))) parts.push('最近一次入户发现新的风险');
  if (Number(openClaims) > 0) parts.push(`有 ${openClaims} 件理赔未结`);
  if (Number(unansweredObjections) > 0) parts.push(`有 ${unansweredObjections} 条异议未答复`);
  return `${parts.join('；')}。`;
}

/** Fen as yuan, two places. */
function yuan(fen: unknown): string {
  return (Number(fen) / 100).toFixed(2);
}
