import { day, moment, money, text } from './cells.ts';
import {
  gradeWords,
  healthWords,
  inSchoolWords,
  labourWords,
  oneOf,
  purposeWords,
  shockWords,
  someOf,
  written,
  yesNo,
  yesNoIn,
} from './column-labels.ts';
import {
  householdColumn,
  idColumn,
  nameColumn,
  nameHousehold,
  namePerson,
  shownOfHousehold,
  villageColumn,
} from './household-columns.ts';
import { type Column, type Kind, textAt } from './kind.ts';

const amount = (field: string, title: string, aliases: readonly string[] = []): Column => ({
  field,
  title: `${title}（元）`,
  aliases,
  parse: money,
  required: true,
  hint: '全户近 12 个月合计，没有请填 0。每户填一次。',
  example: '0',
});

const safe = (field: string, title: string): Column => ({
  field: `guarantees/${field}`,
  title,
  parse: yesNo,
  words: ['是', '否'],
  required: true,
  hint: '有保障填“是”。每户填一次。',
  example: '是',
});

/** 入户排查记录: the form of a visit, a row for each member. */
export const visits: Kind = {
  title: '入户排查记录',
  explanation: '每名家庭成员一行，须与登记的成员一致。一户的第一行填写户的信息，其余成员的行可以留空或合并单元格。',
  most: 2_000,
  group: ['village', 'household'],
  people: true,
  columns: [
    villageColumn,
    householdColumn,
    { field: 'visitedOn', title: '入户日期', parse: day, required: true, hint: '每户填一次。', example: '2023-10-11' },
    {
      field: 'recordedAt',
      title: '填表时间',
      parse: moment,
      hint: '不填为入户日期零时。更正已提交的记录时，须填写更晚的时间，以最晚的一次为准。',
      example: '2023-10-11 9:30',
    },
    {
      field: 'visitor',
      title: '走访人',
      aliases: ['入户人', '调查员'],
      parse: text,
      required: true,
      hint: '每户填一次。',
      example: '李走访',
    },
    {
      field: 'purpose',
      title: '走访类别',
      parse: oneOf(purposeWords),
      words: written(purposeWords),
      hint: '不填为排查；抽查只由第三方调查员填写。',
      example: '排查',
    },
    amount('income/wages', '工资性收入'),
    amount('income/business', '生产经营性收入'),
    amount('income/property', '财产性收入'),
    amount('income/transfer', '转移性收入'),
    amount('income/businessCosts', '生产经营性支出'),
    amount('insurancePayouts', '其他保险赔付', ['保险赔付']),
    amount('selfPaid/medical', '自付医疗支出'),
    amount('selfPaid/education', '自付教育支出'),
    amount('selfPaid/other', '其他刚性支出'),
    safe('food', '吃饭有保障'),
    safe('clothing', '穿衣有保障'),
    safe('compulsoryEducation', '义务教育有保障'),
    safe('basicMedicalInsurance', '基本医疗有保障'),
    safe('housing', '住房安全有保障'),
    safe('drinkingWater', '饮水安全有保障'),
    {
      field: 'shocks',
      title: '突发变故',
      parse: someOf(shockWords),
      several: true,
      words: written(shockWords),
      hint: '可填几种，用顿号隔开；没有不填。',
      example: '',
    },
    { field: 'note', title: '备注', parse: text, hint: '可以不填。', example: '' },
    { ...nameColumn, field: 'members/*/name', required: true },
    { ...idColumn, field: 'members/*/idNumber', hint: '同户有同名的人时填写；可以是遮蔽的号码。' },
    {
      field: 'members/*/labour',
      title: '劳动能力',
      aliases: ['劳动技能'],
      parse: oneOf(labourWords),
      words: written(labourWords),
      required: true,
      hint: '每人填写。',
      example: '普通劳动力',
    },
    {
      field: 'members/*/health',
      title: '健康状况',
      parse: oneOf(healthWords),
      words: written(healthWords),
      required: true,
      hint: '每人填写。',
      example: '健康',
    },
    {
      field: 'members/*/disabilityGrade',
      title: '残疾等级',
      parse: oneOf(gradeWords),
      words: written(gradeWords),
      hint: '没有残疾证不填。',
      example: '',
    },
    {
      field: 'members/*/inSchool',
      title: '是否在校生',
      aliases: ['在校生'],
      parse: yesNoIn(inSchoolWords),
      words: written(inSchoolWords),
      required: true,
      hint: '每人填写。',
      example: '否',
    },
  ],
  shown: [...shownOfHousehold, '与户主关系', '性别', '年龄', '上次分类', '上次人均纯收入'],
  told: { 'members/*/person': 'members/*/name', members: 'members/0/name' },
  finish: (draft, context) => {
    nameHousehold(draft, context);
    const items = new Set(
      [...draft.values.keys()].flatMap((path) => (path.startsWith('members/') ? [path.split('/')[1] ?? ''] : [])),
    );
    for (const item of items) {
      const at = `members/${item}/`;
      namePerson(draft, context, at);
      const grade = textAt(draft, `${at}disabilityGrade`);
      if (grade !== undefined) draft.values.set(`${at}disabilityGrade`, Number(grade));
    }
    const visitedOn = textAt(draft, 'visitedOn');
    if (context.round !== undefined) draft.values.set('round', context.round);
    if (visitedOn !== undefined && !draft.values.has('recordedAt'))
      draft.values.set('recordedAt', `${visitedOn}T00:00:00+08:00`);
    if (!draft.values.has('purpose')) draft.values.set('purpose', 'screening');
    if (!draft.values.has('shocks')) draft.values.set('shocks', []);
  },
};
