import { natureOf } from '../../assistance/measures.ts';
import { addMonths } from '../../calendar.ts';
import type { EpisodeFacts } from './quality-facts.ts';
import { type Rule, yuan } from './rule.ts';

/** Months an assisted household is helped at least (docs/domain.md, 5). */
const MONTHS_OPEN = 6;

/** What must have been right when an episode was closed. An open episode raises nothing here; a natural closure is exempt as at the gates. */
export const closureRules: readonly Rule<EpisodeFacts>[] = [
  {
    code: 'CLOSED_WITHIN_SIX_MONTHS',
    severity: 'serious',
    name: '纳入不满六个月即消除',
    explanation: '帮扶消除须自批准纳入之日起满六个月；请核实消除是否成立。',
    observe: ({ admittedOn, closed }) =>
      closed?.method === 'assisted' && closed.on < addMonths(admittedOn, MONTHS_OPEN)
        ? [{ admittedOn, closedOn: closed.on }]
        : [],
    sentence: ({ admittedOn, closedOn }) => `${admittedOn} 纳入，${closedOn} 即消除，不满六个月。`,
  },
  {
    code: 'INCOME_BELOW_LINE_AT_CLOSURE',
    severity: 'serious',
    name: '消除时收入低于监测线',
    explanation: '消除时人均收入须不低于当年监测线；请核实收入或恢复监测。',
    observe: ({ closed, lineAtClosure }) => {
      if (closed === undefined) return [];
      if (lineAtClosure === undefined) return undefined;
      return closed.perCapita < lineAtClosure ? [{ perCapita: closed.perCapita, line: lineAtClosure }] : [];
    },
    sentence: ({ perCapita, line }) => `消除时人均收入 ${yuan(perCapita)} 元，低于监测线 ${yuan(line)} 元。`,
  },
  {
    code: 'ASSISTED_WITHOUT_DEVELOPMENT',
    severity: 'serious',
    name: '帮扶消除却无开发式措施',
    explanation: '帮扶消除须至少完成一项开发式帮扶措施；请补录措施或核实消除方式。',
    observe: ({ closed, measures }) => {
      const completed = measures.filter(({ status }) => status === 'completed');
      const helped = completed.some(({ kind }) => natureOf(kind) === 'development');
      return closed?.method === 'assisted' && !helped ? [{ completed: completed.length }] : [];
    },
    sentence: ({ completed }) => `以帮扶方式消除，已完成措施 ${completed} 项，其中没有开发式措施。`,
  },
  {
    code: 'DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE',
    severity: 'serious',
    name: '消除时辍学或住房不安全',
    explanation: '消除时义务教育和住房安全须有保障；请核实或恢复监测。',
    observe: ({ closed, visit }) => {
      if (closed === undefined) return [];
      // When a former register does not tell the findings at closure, the last visit before it is used.
      const found =
        closed.guarantees ?? (visit !== null && visit.visitedOn <= closed.on ? visit.guarantees : undefined);
      if (found === undefined) return undefined;
      const { compulsoryEducation, housing } = found;
      return compulsoryEducation && housing ? [] : [{ compulsoryEducation, housing }];
    },
    sentence: ({ compulsoryEducation, housing }) =>
      `消除时${[compulsoryEducation ? [] : ['义务教育'], housing ? [] : ['住房安全']].flat().join('、')}没有保障。`,
  },
  {
    code: 'NO_MONITORING_CONTACT',
    severity: 'attention',
    name: '消除后无监测联系人',
    explanation: '消除时须落实后续监测联系人；请补充落实并说明。',
    observe: ({ closed }) =>
      closed !== undefined && closed.monitoringContact === undefined ? [{ closedOn: closed.on }] : [],
    sentence: ({ closedOn }) => `${closedOn} 消除，没有登记后续监测联系人。`,
  },
];
