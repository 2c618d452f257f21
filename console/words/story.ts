import { codes } from './codes.ts';
import type { Language } from './language.tsx';

/** The rest of what a household's story says in Chinese, beside the words for codes. */
const phrases: readonly (readonly [string, string])[] = [
  ['登记入册', 'Registered'],
  ['出生', 'Birth'],
  ['迁入', 'Moved in'],
  ['死亡', 'Death'],
  ['迁出', 'Moved out'],
  ['登记残疾证', 'Disability certificate'],
  ['更正登记', 'Correction'],
  ['分户', 'Split'],
  ['他户并入', 'Another household joined'],
  ['注销', 'Cancelled'],
  ['新的线索并入', 'Another clue'],
  ['监测线索', 'Clue'],
  ['审核开始', 'Review began'],
  ['审核：', 'Review: '],
  ['审核', 'Review'],
  ['逾期上报', 'Escalated'],
  ['张贴公示', 'Notice published'],
  ['公示期满', 'Notice ended'],
  ['公示异议', 'Objection'],
  ['答复异议', 'Objection answered'],
  ['纳入监测', 'Case opened'],
  ['未予纳入', 'Not admitted'],
  ['明确帮扶责任人', 'Helper assigned'],
  ['认定风险', 'Risk recorded'],
  ['风险消除', 'Closed'],
  ['制定措施', 'Measure planned'],
  ['措施进展', 'Measure'],
  ['不予消除风险', 'Closure refused'],
  ['随户迁移', 'Moved with the household'],
  ['不予通过', 'rejected'],
  ['通过', 'approved'],
  ['退回', 'sent back'],
  ['抽样复核', 'Sample visit'],
  ['入户排查', 'Screening visit'],
  ['（暂定）', ' (provisional)'],
  [' 封存：', ' sealed: '],
  ['未走访', 'missed'],
  ['，人均 ', ', a head '],
  ['帮扶：', 'Help: '],
  ['理赔（', 'Claim ('],
  ['助学', 'education'],
  ['报案', 'reported'],
  ['受理', 'registered'],
  ['核查保障', 'cover checked'],
  ['索要材料', 'documents requested'],
  ['提交材料', 'document uploaded'],
  ['查勘', 'surveyed'],
  ['理算', 'adjudicated'],
  ['核赔', 'approved'],
  ['支付指令', 'payment instructed'],
  ['结案', 'closed'],
  ['元', 'yuan'],
  ['（', ' ('],
  ['）', ')'],
  ['：', ': '],
  ['，', ', '],
];

let english: readonly (readonly [string, string])[] | undefined;

/** A line of a household's story, which the server tells in Chinese, phrase by phrase: the longest first, so that none is cut by a shorter one. */
export function storyTitle(title: string, language: Language): string {
  if (language === 'zh') return title;
  english ??= [
    ...phrases,
    ...Object.values(codes).flatMap((table) => Object.values<readonly [string, string]>(table)),
  ].toSorted((a, b) => b[0].length - a[0].length);
  return english.reduce((text, [zh, en]) => text.replaceAll(zh, en), title);
}
