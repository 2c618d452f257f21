import { screeningCodes } from '../../console/words/codes/screening.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { pairOf, type Said } from '../app/words.ts';
import type { MemberAnswers } from '../keep/forms.ts';

/** What a visit form says, in words: where it is filled in, and where it is read again. */
export const guaranteeNames: Record<keyof Visit['guarantees'], Said> = screeningCodes.guarantee;
export const guaranteeKeys = Object.keys(guaranteeNames).filter(
  (key): key is keyof Visit['guarantees'] => key in guaranteeNames,
);
export const shockNames = {
  disaster: ['自然灾害', 'Disaster'],
  accident: ['意外事故', 'Accident'],
  'industry-failure': ['产业失败', 'Business failed'],
  'job-loss': ['失业', 'Job lost'],
} as const satisfies Record<Visit['shocks'][number], Said>;
export const labourNames = [
  ['full', ['有劳力', 'Works']],
  ['weak', ['弱劳力', 'Weak']],
  ['none', ['无劳力', 'Cannot']],
] as const;
export const healthNames = [
  ['healthy', ['健康', 'Healthy']],
  ['chronic-illness', ['慢性病', 'Chronic']],
  ['serious-illness', ['大病', 'Serious']],
] as const;

/** One after the other; `无` where there is none. */
function listed(names: readonly Said[]): Said {
  if (names.length === 0) return ['无', 'None'];
  const pairs = names.map(pairOf);
  return [pairs.map(([chinese]) => chinese).join('、'), pairs.map(([, english]) => english).join(', ')];
}

/** What is not secured and what befell the family, as two lines. */
export function conditionsOf({ guarantees, shocks }: Pick<Visit, 'guarantees' | 'shocks'>): [Said, Said][] {
  return [
    [
      ['不安全项', 'Not secured'],
      listed(guaranteeKeys.filter((key) => !guarantees[key]).map((key) => guaranteeNames[key])),
    ],
    [['变故', 'Shocks'], listed(shocks.map((shock) => shockNames[shock]))],
  ];
}

/** What was filled in of one member. */
export function memberSaid({ labour, health, disabilityGrade, inSchool }: MemberAnswers): Said {
  return listed([
    ...labourNames.flatMap(([value, name]) => (value === labour ? [name] : [])),
    ...healthNames.flatMap(([value, name]) => (value === health ? [name] : [])),
    ...(disabilityGrade === undefined
      ? []
      : [[`残疾 ${disabilityGrade} 级`, `disability grade ${disabilityGrade}`] satisfies Said]),
    ...(inSchool ? [['在校', 'in school'] satisfies Said] : []),
  ]);
}
