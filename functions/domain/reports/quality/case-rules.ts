import type { RiskCode } from '../../../contracts/cases/case.ts';
import { matches } from '../../assistance/measures.ts';
import { addMonths } from '../../calendar.ts';
import { riskNames } from '../../cases/case-labels.ts';
import type { EpisodeFacts } from './quality-facts.ts';
import type { Rule } from './rule.ts';

/** Risks that only one kind of measure addresses (docs/domain.md, 8). */
const NEEDS_MATCH: readonly RiskCode[] = ['illness', 'education', 'drinking-water'];
/** 四人以上且半数以上有劳动能力. */
const LARGE_HOUSEHOLD = 4;

function standing({ measures }: EpisodeFacts): EpisodeFacts['measures'] {
  return measures.filter(({ status }) => status !== 'abandoned');
}

/** Measures are recorded within a month of admission: until then a missing one is only a warning in the case itself. */
function isDue({ today, admittedOn, closed }: EpisodeFacts): boolean {
  return closed !== undefined || today > addMonths(admittedOn, 1);
}

function has({ risks }: EpisodeFacts, code: RiskCode): boolean {
  return risks.some((risk) => risk.code === code && risk.gone === undefined);
}

/** Checks an episode's risks and measures against each other and against what visits found. */
export const caseRules: readonly Rule<EpisodeFacts>[] = [
  {
    code: 'MEASURES_MISSING',
    severity: 'serious',
    name: '纳入满一个月仍无帮扶措施',
    explanation: '纳入后一个月内须落实帮扶措施；请录入措施。',
    observe: (facts) =>
      facts.closed === undefined && isDue(facts) && standing(facts).length === 0
        ? [{ admittedOn: facts.admittedOn, due: addMonths(facts.admittedOn, 1) }]
        : [],
    sentence: ({ admittedOn, due }) => `${admittedOn} 纳入，应于 ${due} 前落实措施，至今一项也没有。`,
  },
  {
    code: 'RISK_WITHOUT_MEASURE',
    severity: 'serious',
    name: '因病、因学、因水风险无对应措施',
    explanation: '健康、教育、饮水风险须有与之对应的帮扶措施；请补录措施，或说明风险已消失。',
    observe: (facts) =>
      isDue(facts)
        ? NEEDS_MATCH.filter(
            (code) => has(facts, code) && !standing(facts).some(({ kind }) => matches(code, kind)),
          ).map((risk) => ({ risk }))
        : [],
    sentence: ({ risk }) =>
      `有“${NEEDS_MATCH.flatMap((code) => (code === risk ? [riskNames[code]] : [])).join('')}”风险，没有对应的帮扶措施。`,
  },
  {
    code: 'ILLNESS_WITHOUT_COST',
    severity: 'attention',
    name: '因病风险却无自付医疗费',
    explanation: '有因病风险的户一般有自付医疗支出；请核实支出或风险。',
    observe: (facts) => {
      if (facts.closed !== undefined || !has(facts, 'illness')) return [];
      if (facts.visit === null) return undefined;
      return facts.visit.selfPaid.medical === 0 ? [{ medical: 0 }] : [];
    },
    sentence: () => '有因病风险，最近一次入户的自付医疗费却为零。',
  },
  {
    code: 'LACK_OF_LABOUR_WITH_LABOUR',
    severity: 'attention',
    name: '缺劳动力风险与劳动力状况不符',
    explanation: '四人以上且半数以上有劳动能力的户，一般不缺劳动力；请核实风险或成员劳动能力。',
    observe: (facts) => {
      if (facts.closed !== undefined || !has(facts, 'lack-of-labour')) return [];
      if (facts.visit === null) return undefined;
      const people = facts.visit.members.length;
      // As in triage, weak labour counts as labour.
      const able = facts.visit.members.filter(({ labour }) => labour !== 'none').length;
      return people >= LARGE_HOUSEHOLD && able * 2 >= people ? [{ people, able }] : [];
    },
    sentence: ({ people, able }) => `登记为缺劳动力风险，家中 ${people} 人却有 ${able} 人有劳动能力。`,
  },
  {
    code: 'ALLOWANCE_WITHOUT_TRANSFERS',
    severity: 'attention',
    name: '享受低保却无转移性收入',
    explanation: '低保金是转移性收入；请核实低保是否发放、收入是否漏填。',
    observe: (facts) => {
      const allowances = standing(facts).filter(
        ({ kind, startedOn }) => kind === 'minimum-living-allowance' && startedOn !== undefined,
      );
      if (facts.closed !== undefined || allowances.length === 0) return [];
      const { visit } = facts;
      if (visit === null) return undefined;
      // Income covers the 12 months up to the visit, so only an allowance paid in them must appear.
      const since = addMonths(visit.visitedOn, -12);
      const paid = allowances.find(
        ({ startedOn, endedOn }) =>
          startedOn !== undefined && startedOn < visit.visitedOn && (endedOn === undefined || endedOn > since),
      );
      return paid?.startedOn !== undefined && visit.income.transfer === 0
        ? [{ startedOn: paid.startedOn, transfer: 0 }]
        : [];
    },
    sentence: ({ startedOn }) => `${startedOn} 起享受最低生活保障，最近一次入户的转移性收入却为零。`,
  },
];
