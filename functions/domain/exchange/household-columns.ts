import { householdId, householdIdOf, numberOf, villageOf } from '../../contracts/values.ts';
import { isSameName } from '../registry/names.ts';
import { code, day, idNumber, text } from './cells.ts';
import { oneOf, originWords, relationWords, written } from './column-labels.ts';
import { type Column, type Context, type Draft, fault, type Kind, type Member, textAt } from './kind.ts';

/** How a household is named in every table: in full, or by its number beside its village. */
export const villageColumn: Column = {
  field: 'village',
  title: '行政村编码',
  aliases: ['村编码', '行政区划代码'],
  parse: code,
  hint: '12 位区划代码。户编号填写完整编号时可以不填。',
  example: '440904001001',
};
export const householdColumn: Column = {
  field: 'household',
  title: '户编号',
  aliases: ['农户编号', '户编码'],
  parse: code,
  required: true,
  hint: '完整编号（12 位村编码-户号），或只填户号并填写行政村编码。同一户的其余行可以不填。',
  example: '440904001001-0001',
};
export const nameColumn: Column = {
  field: 'name',
  title: '姓名',
  parse: text,
  hint: '须与登记一致。',
  example: '陈测试',
};
export const idColumn: Column = {
  field: 'idNumber',
  title: '身份证号码',
  aliases: ['证件号码', '身份证号', '公民身份号码'],
  parse: idNumber,
  hint: '18 位，单元格须为文本格式。',
  example: '11010519491231002X',
};
/** Columns our exports add to a household and an import ignores. */
export const shownOfHousehold: readonly string[] = [
  '序号',
  '区县',
  '乡镇',
  '镇街',
  '行政村',
  '村名',
  '自然村',
  '户主',
  '户主姓名',
  '家庭人口',
  '人口数',
];

/** The household a row names, if any: by its full id, or by its number and its village. */
export function householdNamed(draft: Draft, village: string | undefined): string | undefined {
  const given = textAt(draft, 'household');
  if (given === undefined || householdId.safeParse(given).success) return given;
  const beside = textAt(draft, 'village') ?? village;
  return beside === undefined ? undefined : householdIdOf(beside, given);
}

/** Replaces the household's number by its full id. */
export function nameHousehold(draft: Draft, { village }: Context): void {
  const household = householdNamed(draft, village);
  const beside = textAt(draft, 'village');
  if (household !== undefined && beside !== undefined && !household.startsWith(`${beside}-`))
    fault(draft, 'village', 'differs', '与户编号中的村编码不同。');
  draft.values.delete('village');
  if (household !== undefined) draft.values.set('household', household);
  else if (draft.values.has('household'))
    fault(draft, 'household', 'village-missing', '只填户号时，请同时填写行政村编码。');
}

/**
 * Replaces a name, and an ID number if there is one, by the person's id.
 * @param at the path the two have in common, `members/0/`; empty for a row about one person
 * @param day also searches the members of the day before, since a person who died is no longer a member
 */
export function namePerson(draft: Draft, context: Context, at = '', day?: string): void {
  const household = textAt(draft, 'household');
  const name = textAt(draft, `${at}name`);
  const id = textAt(draft, `${at}idNumber`);
  draft.values.delete(`${at}name`);
  draft.values.delete(`${at}idNumber`);
  if (household === undefined || name === undefined) return;
  const members = context.members(household);
  if ('code' in members) {
    if (!draft.faults.some((each) => each.code === members.code))
      fault(draft, 'household', members.code, members.detail);
    return;
  }
  const found = named(members, name, id);
  const known = found.length > 0 || day === undefined ? found : named(context.membersBefore(household, day), name, id);
  const [person] = known;
  if (person === undefined)
    fault(draft, `${at}name`, 'person-not-member', '本户没有登记此人，请核对姓名和身份证号码。');
  else if (known.length > 1) fault(draft, `${at}name`, 'person-ambiguous', '本户有同名的人，请填写身份证号码。');
  else draft.values.set(`${at}person`, person.person);
}

/** Members of a name; with an ID number, those whose masked number it can be. */
function named(members: readonly Member[], name: string, id: string | undefined): Member[] {
  return members.filter(
    (member) =>
      isSameName(member.name, name) &&
      (id === undefined ||
        (member.idNumber.slice(0, 6) === id.slice(0, 6) && member.idNumber.slice(-4) === id.slice(-4))),
  );
}

/** 农户花名册: a row for each person. */
export const households: Kind = {
  title: '农户花名册',
  explanation: '每人一行。一户的第一行填写户的信息，其余成员的行可以留空或合并单元格。每户有且只有一名户主。',
  most: 2_000,
  group: ['village', 'household'],
  columns: [
    villageColumn,
    householdColumn,
    {
      field: 'origin',
      title: '户类型',
      aliases: ['农户类型'],
      parse: oneOf(originWords),
      words: written(originWords),
      required: true,
      hint: '每户填一次。',
      example: '脱贫户',
    },
    {
      field: 'registeredOn',
      title: '登记日期',
      parse: day,
      hint: '每户填一次，不填为导入当天。',
      example: '2022-01-01',
    },
    {
      field: 'address',
      title: '家庭住址',
      aliases: ['住址'],
      parse: text,
      hint: '每户填一次，可以不填。',
      example: '测试村 1 号',
    },
    {
      field: 'phone',
      title: '联系电话',
      aliases: ['手机号码', '电话'],
      parse: code,
      hint: '11 位手机号码，可以不填。',
      example: '13800001111',
    },
    { ...nameColumn, field: 'members/*/name', required: true, hint: '每人一行。' },
    {
      field: 'members/*/relation',
      title: '与户主关系',
      parse: oneOf(relationWords),
      words: written(relationWords),
      required: true,
      hint: '每户有且只有一名户主。',
      example: '户主',
    },
    { ...idColumn, field: 'members/*/idNumber', required: true },
  ],
  shown: [...shownOfHousehold, '性别', '年龄', '出生日期', '状态', '是否监测对象', '备注'],
  told: { number: 'household', members: 'members/0/relation' },
  blamed: { 'person-twice-in-row': 'members/0/idNumber' },
  finish: (draft, context) => {
    nameHousehold(draft, context);
    const household = textAt(draft, 'household');
    draft.values.delete('household');
    if (household === undefined || draft.faults.length > 0) return;
    draft.values.set('village', villageOf(household));
    draft.values.set('number', numberOf(household));
  },
};
