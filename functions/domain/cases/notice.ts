import { type RiskCode, riskCode } from '../../contracts/cases/case.ts';
import type { Procedure } from '../../contracts/cases/review.ts';
import type { CaseType } from '../../contracts/screening/triage.ts';
import { caseTypeNames } from './case-labels.ts';
import type { NoticePeriod } from './clocks.ts';

/** All that a public notice may tell (docs/domain.md, 9; Personal Information Protection Law). */
export interface NoticeFacts {
  procedure: Procedure;
  /** Names of the divisions, as in 观珠镇沙垌村. */
  town: string;
  village: string;
  /** The head's full name; only the family name reaches the text. */
  head: string;
  caseType: CaseType;
  people: number;
  period: NoticePeriod;
}

export type NoticeFault = 'id-number' | 'phone' | 'account' | 'health' | 'risk' | 'full-name';

/** A notice holds something it must not: it is not published, and a person must look at it. `faults` never repeat what was found. */
export class NoticeHoldsPersonalData extends Error {
  override readonly name = 'NoticeHoldsPersonalData';
  readonly faults: readonly NoticeFault[];

  constructor(faults: readonly NoticeFault[]) {
    super(`The notice would hold: ${faults.join(', ')}.`);
    this.faults = faults;
  }
}

/**
 * The text of a public notice: village, head (family name and asterisks), type, household size, decision, dates.
 * @param memberNames full names of everybody in the household
 * @throws NoticeHoldsPersonalData
 */
export function publicNotice(facts: NoticeFacts, memberNames: readonly string[]): string {
  const { procedure, town, village, period } = facts;
  const household = `${town}${village}${maskedName(facts.head)}户（家庭人口${facts.people}人）`;
  const type = caseTypeNames[facts.caseType];
  const decision =
    procedure === 'admission'
      ? `经入户核实、数据比对和村级评议，拟将${household}纳入防止返贫监测对象，类别为${type}。`
      : `经入户核实和村级评议，拟将防止返贫监测对象${household}标注为风险消除，原类别为${type}。`;
  const dates = `本公示于${chineseDay(period.publishedOn)}发布，公示期自${chineseDay(period.firstDay)}至${chineseDay(period.lastDay)}。`;
  const text = `公示：${decision}${dates}如有异议，请在公示期内向村民委员会或镇人民政府提出，也可在线提出。`;
  const faults = noticeFaults(text, { names: [facts.head, ...memberNames], places: [town, village] });
  if (faults.length > 0) throw new NoticeHoldsPersonalData(faults);
  return text;
}

/** Family names of two characters; the commonest, so that 欧阳 is not shown as 欧. */
const compoundSurnames = new Set(
  '欧阳 上官 司马 司徒 司空 司寇 诸葛 东方 南宫 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 夏侯 钟离 轩辕 端木 申屠 太史 淳于 闻人 独孤 赫连 拓跋 呼延 百里 东郭 西门 公冶 宗政 濮阳 澹台 鲜于 闾丘 万俟 完颜 纳兰'.split(
    ' ',
  ),
);

/** Family name and an asterisk for each character after it, at least one. */
export function maskedName(full: string): string {
  const letters = [...squeezed(full)];
  const family = letters.length > 2 && compoundSurnames.has(letters.slice(0, 2).join('')) ? 2 : 1;
  return letters.slice(0, family).join('') + '*'.repeat(Math.max(1, letters.length - family));
}

const healthWords =
  /[病癌瘤残疾患]|伤残|透析|住院|手术|医疗|医药|健康|精神|智力|失能|瘫痪|怀孕|抑郁|肝炎|艾滋|结核|尿毒|中风|偏瘫|失明|聋哑/;
const riskWords =
  /因[灾学残]|灾害|受灾|事故|意外|劳动力|劳动能力|失业|就业|务工|经营|产业|失败|辍学|失学|上学|住房|危房|饮水|低保|最低生活|收入|支出|欠债|负债|贷款|理赔|监测线/;
/** Internal codes where Chinese words should be. */
const riskIds = riskCode.options.filter((code: RiskCode) => code !== 'other');

/**
 * What a text holds that no public notice may. Numbers are found behind spaces, dashes, full-width or Chinese digits and masks;
 * names behind spaces. A notice has no use for a number of seven digits, so any is refused.
 * @param places names of divisions, which may look like a person's name; they are not searched
 */
export function noticeFaults(
  text: string,
  { names, places = [] }: { names: readonly string[]; places?: readonly string[] },
): NoticeFault[] {
  const told = places.filter((place) => place !== '').reduce((rest, place) => rest.replaceAll(place, '〿'), text);
  const words = squeezed(told);
  const faults = new Set<NoticeFault>(numberFaults(words));
  if (healthWords.test(words)) faults.add('health');
  if (riskWords.test(words) || riskIds.some((id) => told.toLowerCase().includes(id))) faults.add('risk');
  if (names.map(squeezed).some((name) => [...name].length > 1 && words.includes(name))) faults.add('full-name');
  return [...faults];
}

function numberFaults(words: string): NoticeFault[] {
  const digits = words
    .replace(/[〇零一二三四五六七八九]/g, (digit) => String('〇一二三四五六七八九零'.indexOf(digit) % 10))
    .replace(/[-—–.,，、/_()（）]/g, '');
  return [...digits.matchAll(/\d{7,}X?|\d{3,}\*{2,}\d{2,}/gi)].map(([found]) => kindOfNumber(found));
}

function kindOfNumber(found: string): NoticeFault {
  const { length } = found;
  if (found.includes('*')) return /^\d{6}/.test(found) ? 'id-number' : 'phone';
  if (length === 18 || length === 15) return 'id-number';
  if (/^(86)?1\d{10}$/.test(found) || /^0\d{9,11}$/.test(found) || length <= 8) return 'phone';
  return 'account';
}

/** Removes what could hide a word from the search: full-width forms, spaces, dots in names, invisible characters. */
function squeezed(text: string): string {
  return text.normalize('NFKC').replace(/[\s·•・\u200b-\u200f\u2060\ufeff]/g, '');
}

function chineseDay(day: string): string {
  return `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;
}
