import { caseTypeNames, measureNames, riskNames } from '../cases/case-labels.ts';
import { day, money, text, whole } from './cells.ts';
import { closureWords, named, oneOf, someOf, type Words, written } from './column-labels.ts';
import { householdColumn, nameHousehold, shownOfHousehold, villageColumn } from './household-columns.ts';
import type { Column, Kind } from './kind.ts';

export const caseTypeWords = named(caseTypeNames);
export const riskWords = named(riskNames);
export const measureWords = named(measureNames);

const chosen = (field: string, title: string, words: Words, hint: string, example: string): Column => ({
  field,
  title,
  parse: oneOf(words),
  words: written(words),
  hint,
  example,
});

const official = (field: string, title: string, hint: string): Column[] => [
  { field: `${field}/name`, title: `${title}姓名`, parse: text, hint, example: '' },
  { field: `${field}/account`, title: `${title}账号`, parse: text, hint: '在本系统的登录账号。', example: '' },
  { field: `${field}/unit`, title: `${title}单位`, parse: text, hint, example: '' },
];

/** 监测对象名册 of a former register: a row for each measure of each episode. */
export const cases: Kind = {
  title: '原监测对象名册',
  explanation:
    '每项帮扶措施一行；没有措施的监测对象一行。同一户再次纳入的，从填写新的纳入日期的一行起。其余行的户和纳入信息可以留空。导入后标注为“导入”。',
  most: 1_000,
  group: ['village', 'household'],
  begins: 'episodes/*/admittedOn',
  columns: [
    villageColumn,
    householdColumn,
    {
      field: 'episodes/*/admittedOn',
      title: '纳入日期',
      parse: day,
      required: true,
      hint: '每次纳入填一次，按先后排列。',
      example: '2021-06-01',
    },
    {
      field: 'episodes/*/people',
      title: '纳入时人口',
      parse: whole,
      required: true,
      hint: '每次纳入填一次。',
      example: '4',
    },
    {
      ...chosen('episodes/*/caseType', '监测对象类别', caseTypeWords, '每次纳入填一次。', '边缘易致贫户'),
      aliases: ['监测户类型'],
      required: true,
    },
    {
      field: 'episodes/*/risks',
      title: '致贫返贫风险',
      aliases: ['风险类型'],
      parse: someOf(riskWords),
      several: true,
      words: written(riskWords),
      required: true,
      hint: '可填几种，用顿号隔开。每次纳入填一次。',
      example: '因病、因学',
    },
    chosen('episodes/*/measures/*/kind', '帮扶措施', measureWords, '每项措施一行。', '健康帮扶'),
    {
      field: 'episodes/*/measures/*/startedOn',
      title: '措施开始日期',
      parse: day,
      hint: '填写措施时必填。',
      example: '2021-07-01',
    },
    {
      field: 'episodes/*/measures/*/completedOn',
      title: '措施完成日期',
      parse: day,
      hint: '尚未完成不填。',
      example: '2021-12-01',
    },
    {
      field: 'episodes/*/measures/*/amount',
      title: '措施金额（元）',
      parse: money,
      hint: '可以不填。',
      example: '3000',
    },
    {
      field: 'episodes/*/closed/on',
      title: '风险消除日期',
      aliases: ['消除日期'],
      parse: day,
      hint: '已消除的填写，以下各项一并填写。',
      example: '2022-01-10',
    },
    chosen('episodes/*/closed/method', '消除方式', closureWords, '已消除的填写。', '帮扶消除'),
    {
      field: 'episodes/*/closed/perCapita',
      title: '消除时人均纯收入（元）',
      parse: money,
      hint: '已消除的填写。',
      example: '12000',
    },
    ...official('episodes/*/closed/monitoringContact', '监测联系人', '已消除的填写。'),
    ...official('helper', '帮扶责任人', '监测帮扶中的填写。'),
  ],
  shown: [...shownOfHousehold, '状态', '第几次纳入', '当前环节', '备注'],
  told: {
    episodes: 'episodes/0/admittedOn',
    'episodes/*/closed': 'episodes/*/closed/on',
    'episodes/*/measures': 'episodes/*/measures/0/kind',
  },
  finish: (draft, context) => {
    nameHousehold(draft, context);
    const episodes = new Set([...draft.values.keys()].flatMap((path) => /^episodes\/\d+/.exec(path) ?? []));
    for (const episode of episodes) {
      if (![...draft.values.keys()].some((path) => path.startsWith(`${episode}/measures/`)))
        draft.values.set(`${episode}/measures`, []);
    }
  },
};
