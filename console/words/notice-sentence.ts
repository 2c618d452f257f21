import { caseTypeNames } from '../../functions/domain/cases/case-labels.ts';
import type { Language } from './language.tsx';

/** As domain/cases/notice.ts writes it; the text that is published is the Chinese one. */
const WRITTEN =
  /^公示：经入户核实.*(?:拟将(.+)户（家庭人口(\d+)人）纳入防止返贫监测对象，类别为(.+?)|拟将防止返贫监测对象(.+)户（家庭人口(\d+)人）标注为风险消除，原类别为(.+?))。本公示于(.+?)发布，公示期自(.+?)至(.+?)。/;
const types: Readonly<Record<string, string>> = {
  [caseTypeNames['unstable-lifted']]: 'unstable after leaving poverty',
  [caseTypeNames.marginal]: 'marginal',
  [caseTypeNames['sudden-hardship']]: 'sudden hardship',
};

/** What a public notice says. One that is written otherwise stays as it was published. */
export function noticeSentence(text: string, language: Language): string {
  const found = WRITTEN.exec(text);
  if (language === 'zh' || found === null) return text;
  const [, admitted, , type, closed, , formerType, published, from, to] = found;
  const people = found[2] ?? found[5];
  const of = `the household of ${admitted ?? closed} (${people} people)`;
  const decision =
    admitted === undefined
      ? `After a home visit and the village’s appraisal the case of ${of} is to be closed; it was: ${types[formerType ?? ''] ?? formerType}.`
      : `After a home visit, comparison of data and the village’s appraisal ${of} is to be monitored; type: ${types[type ?? ''] ?? type}.`;
  const days = `Published ${dayOf(published)}, it stands from ${dayOf(from)} to ${dayOf(to)}.`;
  return `Notice: ${decision} ${days} Objections may be made in that time to the villagers’ committee, the town’s government, or online.`;
}

function dayOf(chinese = ''): string {
  const [year = '', month = '', day = ''] = chinese.match(/\d+/g) ?? [];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
