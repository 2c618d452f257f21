import type { TriageClass } from '../../../contracts/screening/triage.ts';
import type { HouseholdFacts, MemberFacts, SampleFacts } from './quality-facts.ts';
import { type Rule, yuan } from './rule.ts';

/** 100 yuan: a year's wages below it are a mistaken unit, or not wages. */
const LEAST_WAGES = 10_000;

export const householdRules: readonly Rule<HouseholdFacts>[] = [
  {
    code: 'WHOLLY_UNABLE_NOT_FLAGGED',
    severity: 'serious',
    name: '整户无劳动能力却标注风险消除',
    explanation: '整户无劳动能力的监测户应落实兜底保障，暂不标注风险消除；请核实劳动能力或恢复监测。',
    // Only where the risk mark was removed: NO_LABOUR already shows the many households of old people every quarter, and
    // thousands of findings would hide the few that matter. A natural closure is exempt, as at the gates.
    observe: ({ visit, closed }) => {
      if (closed?.method !== 'assisted') return [];
      if (visit === null) return undefined;
      return visit.members.every(({ labour }) => labour === 'none')
        ? [{ closedOn: closed.on, people: visit.members.length }]
        : [];
    },
    sentence: ({ closedOn, people }) =>
      `全家 ${people} 人都没有劳动能力，却于 ${closedOn} 标注风险消除，未按兜底保障户管理。`,
  },
  {
    code: 'WAGES_TOO_SMALL',
    severity: 'attention',
    name: '工资性收入在 0 至 100 元之间',
    explanation: '全年工资性收入不足 100 元多为单位或填报错误；请核实后更正。',
    observe: ({ visit }) => {
      if (visit === null) return undefined;
      const { wages } = visit.income;
      return wages > 0 && wages < LEAST_WAGES ? [{ wages }] : [];
    },
    sentence: ({ wages }) => `全年工资性收入只有 ${yuan(wages)} 元。`,
  },
];

export const memberRules: readonly Rule<MemberFacts>[] = [
  {
    code: 'IN_SCHOOL_YET_WORKING',
    severity: 'attention',
    name: '在校生务工',
    explanation: '成员登记为在校，却有务工记录或全家工资只能由其取得；请核实就学或就业情况。',
    // Wages belong to the household: they point to a student only when nobody else could have earned them. When somebody could, the ledger must name
    // the student. Either check alone would miss cases.
    observe: ({ visit, person, placedOn }) => {
      const seen = visit?.members.find((member) => member.person === person);
      if (visit === null || seen === undefined) return undefined;
      if (!seen.inSchool) return [];
      if (placedOn !== null) return [{ placedOn }];
      const alone = visit.members.every(({ labour, inSchool }) => labour === 'none' || inSchool);
      const { wages } = visit.income;
      return seen.labour !== 'none' && wages > 0 && alone ? [{ wages }] : [];
    },
    sentence: ({ placedOn, wages }) =>
      placedOn === undefined
        ? `一名成员在校，家中没有其他劳动力，却有工资性收入 ${yuan(wages)} 元。`
        : `一名成员在校，台账却记有其 ${placedOn} 就业或上岗。`,
  },
  {
    code: 'DISABILITY_WITHOUT_CERTIFICATE',
    severity: 'attention',
    name: '有残疾等级却无残疾证',
    explanation: '入户登记的残疾等级须有同等级的残疾证；请登记证件或更正等级。',
    observe: ({ visit, person, certificate }) => {
      const seen = visit?.members.find((member) => member.person === person);
      if (seen === undefined) return undefined;
      const grade = seen.disabilityGrade;
      return grade === undefined || certificate?.grade === grade
        ? []
        : [{ grade, certificate: certificate?.grade ?? null }];
    },
    sentence: ({ grade, certificate }) =>
      `一名成员登记为${grade}级残疾，${certificate === null ? '没有残疾证' : `残疾证却为${certificate}级`}。`,
  },
];

const classNames: Record<TriageClass, string> = { secure: '放心户', concern: '关心户', monitor: '监测户' };
const classes: readonly string[] = Object.keys(classNames);

function distance(sealed: unknown, sample: unknown): number {
  return Math.abs(classes.indexOf(String(sealed)) - classes.indexOf(String(sample)));
}

function className(value: unknown): string {
  return Object.entries(classNames).find(([name]) => name === value)?.[1] ?? '';
}

export const sampleRules: readonly Rule<SampleFacts>[] = [
  {
    code: 'SAMPLE_DISAGREES',
    // How far apart: `secure` against `monitor` means a household at risk was overlooked, or the reverse.
    severity: ({ sealed, sample }) => (distance(sealed, sample) > 1 ? 'serious' : 'attention'),
    name: '抽查与排查结果不一致',
    explanation: '第三方抽查的研判类别与本轮已封存的类别不同；请重新入户核实并说明。',
    // Every surveyor's visit is compared, drawn or not: any difference deserves a second look.
    observe: ({ sealed, sample }) =>
      sealed === null || sample === null || sealed === sample ? [] : [{ sealed, sample }],
    sentence: ({ sealed, sample }) => `封存为${className(sealed)}，抽查为${className(sample)}。`,
  },
];
