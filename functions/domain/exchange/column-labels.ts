import type { Cell, Parse } from './cells.ts';
import { trimmed } from './cells.ts';

/** The Chinese words for a code: we write the first and also read the others; what screens call it is among them (test/domain/exchange/tables.test.ts). */
export type Words = Readonly<Record<string, readonly [string, ...string[]]>>;

/** Words from a table with one name per code. */
export function named(names: Readonly<Record<string, string>>): Words {
  return Object.fromEntries(Object.entries(names).map(([code, name]): [string, readonly [string]] => [code, [name]]));
}

export function written(words: Words): string[] {
  return Object.values(words).map(([word]) => word);
}

/** The word of a code, or the code itself when it has none. */
export function wordOf(words: Words, code: string): string {
  return words[code]?.[0] ?? code;
}

function codeOf(words: Words, raw: string): string | undefined {
  const plain = raw.normalize('NFKC').replace(/\s/g, '');
  return Object.entries(words).find(([, known]) => known.includes(plain))?.[0];
}

function asText(cell: Exclude<Cell, null>): string {
  if (typeof cell === 'string') return trimmed(cell);
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  return 'number' in cell ? cell.number : cell.at;
}

const only = (words: Words) => ({ code: 'not-allowed' as const, detail: `只能填写：${written(words).join('、')}。` });

/** Parses a word of a list to its code. */
export function oneOf(words: Words): Parse {
  return (cell) => {
    const code = codeOf(words, asText(cell));
    return code === undefined ? only(words) : { value: code };
  };
}

/** Parses several words, separated by 、 or commas, to their codes. */
export function someOf(words: Words): Parse {
  return (cell) => {
    const codes = listOf(asText(cell)).map((word) => codeOf(words, word));
    const known = codes.filter((each) => each !== undefined);
    return known.length < codes.length ? only(words) : { value: known };
  };
}

/** Parses several texts, separated likewise. */
export const texts: Parse = (cell) => ({ value: listOf(asText(cell)) });

function listOf(raw: string): string[] {
  return raw
    .split(/[、,，;；\n]/)
    .map(trimmed)
    .filter((each) => each !== '');
}

export const yesNoWords = {
  yes: ['是', '有', '√', '✓', 'Y', '1'],
  no: ['否', '无', '没有', '×', 'N', '0'],
} as const satisfies Words;

export const inSchoolWords: Words = { yes: [...yesNoWords.yes, '在校'], no: [...yesNoWords.no, '不在校'] };

/** Parses yes or no, in these words, to a boolean. */
export function yesNoIn(words: Words): Parse {
  return (cell) => {
    const code = codeOf(words, asText(cell));
    return code === undefined ? only(words) : { value: code === 'yes' };
  };
}

export const yesNo: Parse = yesNoIn(yesNoWords);

export const originWords: Words = { lifted: ['脱贫户'], general: ['一般农户', '一般户'] };

export const relationWords: Words = {
  head: ['户主', '本人'],
  spouse: ['配偶', '妻子', '丈夫'],
  child: ['子女', '之子', '之女', '儿子', '女儿'],
  'child-in-law': ['儿媳或女婿', '之儿媳', '之女婿', '儿媳', '女婿', '儿媳女婿'],
  grandchild: [
    '孙子女',
    '之孙子',
    '之孙女',
    '之外孙子',
    '之外孙女',
    '之曾孙子',
    '之曾孙女',
    '孙子',
    '孙女',
    '外孙',
    '外孙女',
    '孙辈',
  ],
  parent: ['父母', '之父', '之母', '之岳父', '之岳母', '之公公', '之婆婆', '父亲', '母亲'],
  grandparent: ['祖父母', '之祖父', '之祖母', '之外祖父', '之外祖母', '祖父', '祖母'],
  sibling: ['兄弟姐妹', '之兄弟姐妹', '兄弟', '姐妹'],
  other: ['其他', '其它'],
};

export const sexWords: Words = { male: ['男'], female: ['女'] };

export const labourWords: Words = {
  full: ['普通劳动力', '技能劳动力', '有劳动能力', '有劳动力', '有劳力'],
  weak: ['弱劳动力', '半劳动力', '弱劳动力或半劳动力', '弱劳力'],
  none: ['无劳动力', '丧失劳动力', '无劳动能力', '无劳力'],
};
export const healthWords: Words = {
  healthy: ['健康'],
  'chronic-illness': ['长期慢性病', '慢性病'],
  'serious-illness': ['患有大病', '大病'],
};
export const gradeWords: Words = {
  1: ['一级', '1级', '1'],
  2: ['二级', '2级', '2'],
  3: ['三级', '3级', '3'],
  4: ['四级', '4级', '4'],
};
export const purposeWords: Words = { screening: ['排查', '季度排查', '入户排查'], sample: ['抽查', '抽样复核'] };
export const shockWords: Words = {
  disaster: ['自然灾害', '灾害'],
  accident: ['意外事故'],
  'industry-failure': ['产业失败', '产业项目失败'],
  'job-loss': ['失业'],
};
export const classWords: Words = { secure: ['放心户'], concern: ['关心户'], monitor: ['监测户'] };
export const missedWords: Words = {
  'whole-household-away': ['举家外出'],
  'nobody-at-home': ['家中无人'],
  refused: ['拒绝入户'],
  'in-hospital': ['住院'],
  'road-blocked': ['道路不通'],
  other: ['其他'],
  cancelled: ['已注销'],
  'no-reason': ['未说明原因'],
};
export const closureWords: Words = { assisted: ['帮扶消除'], natural: ['自然消除'] };

export const lineWords: Words = {
  'accidental-death': ['意外身故', '意外死亡'],
  'accidental-disability': ['意外伤残'],
  illness: ['大病医疗', '疾病医疗', '因病'],
  'accident-medical': ['意外医疗'],
  education: ['助学', '因学', '教育'],
  disaster: ['灾害', '因灾'],
};
/** What a hospital's invoice can be about. */
export const hospitalLineWords: Words = { illness: ['大病医疗', '疾病医疗', '因病'], 'accident-medical': ['意外医疗'] };

export const giverWords: Words = {
  union: ['工会'],
  enterprise: ['企业'],
  association: ['社会组织', '协会'],
  individual: ['个人'],
  government: ['机关单位', '政府'],
};

export const entryWords: Words = {
  placement: ['帮扶就业'],
  'unemployed-hired': ['吸纳失业人员就业', '登记失业人员吸纳就业'],
  'start-up': ['帮扶创业'],
  training: ['技能培训'],
  post: ['公益性岗位'],
  'post-subsidy': ['公益性岗位补贴'],
  'award-application': ['以奖代补申请'],
  'award-acceptance': ['以奖代补验收', '以奖代补现场验收'],
  'award-payment': ['以奖代补发放'],
  loan: ['助农贷款', '助农扶农贷款'],
  'housing-repair': ['住房修缮', '修缮住房'],
  goods: ['发放物资', '发放畜禽物资'],
  offspring: ['繁育', '繁育增收'],
  'donation-received': ['捐款收入'],
  'donation-spent': ['捐款支出'],
  'company-jobs': ['企业帮助就业', '社会企业帮助就业创业'],
  'team-visit': ['工作队走访'],
};
