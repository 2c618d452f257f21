import type { EntryKind } from '../../contracts/assistance/ledger-entry.ts';
import { code, day, money, month, text, whole } from './cells.ts';
import { entryWords, giverWords, oneOf, texts, type Words, wordOf, written } from './column-labels.ts';
import {
  householdColumn,
  idColumn,
  nameColumn,
  nameHousehold,
  namePerson,
  shownOfHousehold,
  villageColumn,
} from './household-columns.ts';
import { type Draft, fault, type Kind, textAt } from './kind.ts';

/** Columns that several kinds share: the field of the entry, and what each kind calls it. */
interface Shared {
  what?: readonly [string, string];
  count?: readonly [string, string];
  reference?: readonly [string, string];
  takes: readonly ('household' | 'person' | 'amount' | 'month' | 'accepted' | 'fund' | 'giver' | 'giverKind')[];
}

const person = ['household', 'person'] as const;

/** The columns each kind of help fills in, beside the date, the region and what any entry may have. */
export const entryColumns: Readonly<Record<EntryKind, Shared>> = {
  placement: { what: ['employer', '用工单位'], takes: person },
  'unemployed-hired': { what: ['employer', '用工单位'], count: ['people', '人数'], takes: [] },
  'start-up': { what: ['trade', '创业项目'], takes: person },
  training: { what: ['course', '培训课程'], takes: person },
  post: { what: ['duty', '岗位'], takes: person },
  'post-subsidy': { reference: ['post', '公益性岗位的台账编号'], takes: ['household', 'month', 'amount'] },
  'award-application': { what: ['project', '奖补项目'], takes: ['household', 'amount'] },
  'award-acceptance': { reference: ['award', '奖补申请的台账编号'], takes: ['household', 'accepted'] },
  'award-payment': { reference: ['award', '奖补申请的台账编号'], takes: ['household', 'amount'] },
  loan: { what: ['borrower', '借款人'], takes: ['household', 'amount'] },
  'housing-repair': { takes: ['household', 'amount'] },
  goods: { what: ['what', '物资'], count: ['quantity', '数量'], takes: ['household'] },
  offspring: { count: ['quantity', '数量'], reference: ['goods', '发放物资的台账编号'], takes: ['household'] },
  'donation-received': { takes: ['fund', 'giver', 'giverKind', 'amount'] },
  'donation-spent': { what: ['purpose', '用途'], takes: ['fund', 'household', 'amount'] },
  'company-jobs': { what: ['company', '企业'], count: ['personTimes', '人次'], takes: [] },
  'team-visit': { what: ['team', '工作队'], takes: ['household'] },
};

export const acceptedWords: Words = {
  yes: ['通过', '验收合格', '合格', '是'],
  no: ['不通过', '验收不合格', '不合格', '否'],
};

function told(part: 'what' | 'count' | 'reference'): string {
  return Object.entries(entryColumns)
    .flatMap(([kind, shared]) =>
      shared[part] === undefined ? [] : [`${wordOf(entryWords, kind)}填${shared[part][1]}`],
    )
    .join('；');
}

/** 帮扶台账: a row for each act of help. */
export const ledger: Kind = {
  title: '帮扶台账',
  explanation: '每笔一行。各类别所填的列不同，见说明；不属于该类别的列须留空。同一笔再次导入不会重复。',
  most: 2_000,
  people: true,
  columns: [
    {
      field: 'kind',
      title: '类别',
      aliases: ['帮扶类别'],
      parse: oneOf(entryWords),
      words: written(entryWords),
      required: true,
      hint: '每笔填写。',
      example: '帮扶就业',
    },
    {
      field: 'occurredOn',
      title: '发生日期',
      aliases: ['日期'],
      parse: day,
      required: true,
      hint: '每笔填写。',
      example: '2023-04-01',
    },
    {
      field: 'region',
      title: '地区编码',
      parse: code,
      hint: '区 6 位、镇 9 位、村 12 位。填写户编号时可以不填，即该户所在的村。',
      example: '',
    },
    villageColumn,
    { ...householdColumn, hint: '受益户：完整编号，或只填户号并填写行政村编码。' },
    { ...nameColumn, hint: '受益人，须与登记一致。就业、创业、培训、公益性岗位必填。' },
    { ...idColumn, hint: '同户有同名的人时填写；可以是遮蔽的号码。' },
    { field: 'what', title: '名称', parse: text, hint: `${told('what')}。`, example: '测试制衣厂' },
    { field: 'count', title: '数量', parse: whole, hint: `${told('count')}。`, example: '' },
    { field: 'amount', title: '金额（元）', parse: money, hint: '涉及资金的类别必填。', example: '' },
    { field: 'month', title: '补贴月份', parse: month, hint: '公益性岗位补贴必填。', example: '' },
    { field: 'reference', title: '关联台账编号', parse: text, hint: `${told('reference')}。`, example: '' },
    {
      field: 'accepted',
      title: '验收结果',
      parse: oneOf(acceptedWords),
      words: written(acceptedWords),
      hint: '以奖代补验收必填。',
      example: '',
    },
    { field: 'fund', title: '基金名称', parse: text, hint: '捐款收入、捐款支出必填。', example: '' },
    { field: 'giver', title: '捐赠方', parse: text, hint: '捐款收入必填。', example: '' },
    {
      field: 'giverKind',
      title: '捐赠方类别',
      parse: oneOf(giverWords),
      words: written(giverWords),
      hint: '捐款收入必填。',
      example: '',
    },
    { field: 'funder', title: '资金来源', parse: text, hint: '可以不填。', example: '' },
    { field: 'evidence', title: '佐证材料', parse: texts, hint: '材料编号，几份用顿号隔开，可以不填。', example: '' },
    { field: 'serial', title: '凭证号', parse: text, hint: '其余各列都相同的几笔，用凭证号区分。', example: '' },
    { field: 'note', title: '备注', parse: text, hint: '可以不填。', example: '' },
  ],
  shown: [...shownOfHousehold, '台账编号', '录入时间', '录入人'],
  told: { person: 'name' },
  finish: (draft, context) => {
    const kind = Object.entries(entryColumns).find(([name]) => name === textAt(draft, 'kind'));
    nameHousehold(draft, context);
    if (kind === undefined) return;
    shape(draft, kind[1]);
    namePerson(draft, context);
    const household = textAt(draft, 'household');
    if (household !== undefined && !draft.values.has('region')) draft.values.set('region', household.slice(0, 12));
  },
};

const sharedFields = ['amount', 'month', 'accepted', 'fund', 'giver', 'giverKind', 'household'] as const;

/** Renames shared columns and refuses those this kind does not take, so that nothing filled in is dropped. */
function shape(draft: Draft, shared: Shared): void {
  const refuse = (field: string) => {
    if (draft.values.has(field)) fault(draft, field, 'not-for-kind', '此类别不填这一列。');
    draft.values.delete(field);
  };
  for (const part of ['what', 'count', 'reference'] as const) {
    const [field] = shared[part] ?? [];
    const value = draft.values.get(part);
    if (field === undefined) refuse(part);
    else {
      const spot = draft.spots.get(part);
      if (spot !== undefined) draft.spots.set(field, spot);
      draft.values.delete(part);
      if (value !== undefined) draft.values.set(field, value);
    }
  }
  for (const field of sharedFields) if (!shared.takes.includes(field)) refuse(field);
  if (!shared.takes.includes('person')) for (const field of ['name', 'idNumber']) refuse(field);
  const accepted = textAt(draft, 'accepted');
  if (accepted !== undefined) draft.values.set('accepted', accepted === 'yes');
}
