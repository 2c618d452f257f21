import { code, day, money, text } from './cells.ts';
import { hospitalLineWords, lineWords, oneOf, written } from './column-labels.ts';
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

const eventOn: Column = {
  field: 'eventOn',
  title: '出险日期',
  aliases: ['就诊日期', '事故日期'],
  parse: day,
  required: true,
  hint: '每次事故填一次。',
  example: '2023-05-10',
};
const invoices: readonly Column[] = [
  {
    field: 'invoices/*/number',
    title: '发票号码',
    aliases: ['票据号码'],
    parse: code,
    hint: '每张发票一行。',
    example: 'FP20230510A',
  },
  {
    field: 'invoices/*/total',
    title: '发票金额（元）',
    aliases: ['票据金额'],
    parse: money,
    hint: '每张发票一行。',
    example: '1234.50',
  },
];
const withInvoices = { invoices: 'invoices/0/number' };

/** 村镇代报案: a row for each invoice of each event. */
export const claims: Kind = {
  title: '防返贫保险报案',
  explanation: '每张发票一行，没有发票的事故一行。同一事故的其余行可以只填发票。由村、镇、区干部代农户报案。',
  most: 300,
  group: ['village', 'household', 'name', 'idNumber', 'line', 'eventOn'],
  people: true,
  columns: [
    villageColumn,
    householdColumn,
    { ...nameColumn, required: true, hint: '出险人，须与登记一致。' },
    { ...idColumn, hint: '同户有同名的人时填写。' },
    {
      field: 'line',
      title: '保险责任',
      aliases: ['险种'],
      parse: oneOf(lineWords),
      words: written(lineWords),
      required: true,
      hint: '每次事故填一次。',
      example: '大病医疗',
    },
    eventOn,
    { field: 'claimed', title: '申请金额（元）', parse: money, hint: '可以不填。', example: '' },
    ...invoices,
  ],
  shown: [
    ...shownOfHousehold,
    '案件编号',
    '保单编号',
    '报案日期',
    '当前环节',
    '办理时限',
    '核定金额',
    '赔付金额',
    '到账日期',
    '拒赔原因',
    '备注',
  ],
  told: { person: 'name', ...withInvoices },
  blamed: { 'date-in-future': 'eventOn', 'claim-duplicate': 'invoices/0/number', 'person-not-member': 'name' },
  finish: (draft, context) => {
    nameHousehold(draft, context);
    namePerson(draft, context, '', textAt(draft, 'eventOn'));
  },
};

/** 医院就医票据: a row for each invoice of any patient. */
export const hospitalBills: Kind = {
  title: '医院就医票据',
  explanation: '每张发票一行，由区级导入医院推送的票据，批量报案。同一次就医的其余行可以只填发票。',
  most: 2_000,
  group: ['hospital', 'idNumber', 'line', 'eventOn'],
  columns: [
    {
      field: 'hospital',
      title: '医疗机构',
      aliases: ['医院', '医院名称'],
      parse: text,
      required: true,
      hint: '每次就医填一次。',
      example: '测试县人民医院',
    },
    { ...idColumn, required: true },
    {
      field: 'line',
      title: '保险责任',
      aliases: ['险种'],
      parse: oneOf(hospitalLineWords),
      words: written(hospitalLineWords),
      required: true,
      hint: '每次就医填一次。',
      example: '大病医疗',
    },
    eventOn,
    ...invoices,
  ],
  shown: ['序号', '姓名', '科室', '备注'],
  told: withInvoices,
  blamed: { 'date-in-future': 'eventOn', 'claim-duplicate': 'invoices/0/number' },
};

/** 参保名册 of the insurer: a row for each certificate. */
export const roster: Kind = {
  title: '参保名册',
  explanation: '每份凭证一行。同一名册再次导入不会重复；填写退保日期的，凭证到该日为止。',
  most: 5_000,
  columns: [
    { ...nameColumn, required: true, hint: '被保险人。' },
    { ...idColumn, required: true },
    {
      field: 'certificate',
      title: '保险凭证号',
      aliases: ['凭证号', '分单号'],
      parse: code,
      required: true,
      hint: '数字、大写字母和短横线。',
      example: 'C-20230001',
    },
    {
      field: 'enrolledOn',
      title: '参保日期',
      aliases: ['生效日期'],
      parse: day,
      required: true,
      hint: '保障第一天。',
      example: '2023-01-01',
    },
    { field: 'removedOn', title: '退保日期', parse: day, hint: '保障最后一天，未退保不填。', example: '' },
  ],
  shown: ['序号', '乡镇', '行政村', '性别', '年龄', '备注'],
};
