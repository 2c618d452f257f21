import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes } from '../../../console/words/codes.ts';
import { oneOf, someOf, wordOf, written } from '../../../functions/domain/exchange/column-labels.ts';
import { kinds } from '../../../functions/domain/exchange/kinds.ts';
import { nested } from '../../../functions/domain/exchange/nested.ts';
import { readTable } from '../../../functions/domain/exchange/reading.ts';
import { type Tables, tablesNow, wordLists } from '../../contracts/tables.ts';
import { SAFE } from '../../harmless.ts';

const releases = globSync('test/contracts/*/tables.json')
  .sort()
  .map((file) => {
    const tables: Tables = JSON.parse(readFileSync(file, 'utf8'));
    return { release: basename(dirname(file)), tables };
  });
const kindNamed = (name: string) => Object.entries(kinds).find(([kind]) => kind === name)?.[1] ?? kinds.households;

/** Officials keep their files: a heading or word that was read once is read for ever, and a heading that was written stays where it was. */
describe.each(releases)('the tables of $release', ({ tables }) => {
  it.each(Object.entries(tables.read))('%s are read under each heading they were ever given', (name, recorded) => {
    const kind = kindNamed(name);
    for (const [field, { headings, required }] of Object.entries(recorded.columns)) {
      expect(kind.columns.find((column) => column.field === field)?.required === true).toBe(required);
      for (const heading of headings) {
        const others = kind.columns.filter((column) => column.field !== field).map(({ title }) => title);
        const { faults, columns } = readTable(kind, { name: '', rows: [[...others, heading]] });
        expect([heading, faults, columns.get(field)]).toEqual([heading, [], others.length]);
      }
    }
    const titles = kind.columns.map(({ title }) => title);
    expect(readTable(kind, { name: '', rows: [[...titles, ...recorded.shown]] }).passed).toEqual(recorded.shown);
    const { group = [], told = {}, blamed = {} } = kind;
    expect({ group, told, blamed }).toEqual({ group: recorded.group, told: recorded.told, blamed: recorded.blamed });
  });

  it.each(Object.entries(tables.words))('%s are read as the codes they stood for', (name, recorded) => {
    const words = wordLists[name] ?? {};
    for (const [code, known] of Object.entries(recorded)) {
      for (const word of known) expect([word, oneOf(words)(` ${word}　`)]).toEqual([word, { value: code }]);
      expect(wordOf(words, code)).toBe(known[0]);
    }
    expect(someOf(words)(written(words).join('；'))).toEqual({ value: Object.keys(recorded) });
  });

  it('are written with the same headings, in their order; new ones come after', () => {
    for (const [name, headings] of Object.entries(tables.written))
      expect(tablesNow().written[name]?.slice(0, headings.length)).toEqual(headings);
  });
});

it('the newest release is recorded whole', () => {
  expect(releases.at(-1)?.tables).toEqual(tablesNow());
});

describe('a word that an official reads on a screen', () => {
  /** What each code is called in the console, on the phone, and in a household's story. */
  type Shown = Readonly<Record<string, readonly string[]>>;
  const inConsole = (pairs: Readonly<Record<string, readonly [zh: string, en: string]>>): Shown =>
    Object.fromEntries(Object.entries(pairs).map(([code, [zh]]) => [code, [zh]]));
  const yesNo: Shown = { true: ['是', '有'], false: ['否', '无'] };
  const line: Shown = { ...inConsole(codes.line), education: ['教育', '助学'] };
  const { reversal: _, ...entryKinds } = codes.entryKind;
  const shown: Readonly<Record<string, readonly Shown[]>> = {
    'households origin': [inConsole(codes.origin)],
    'households members/*/relation': [inConsole(codes.relation)],
    'visits purpose': [{ screening: ['排查', '入户排查'], sample: ['抽查', '抽样复核'] }],
    'visits guarantees/food': [yesNo],
    'visits guarantees/clothing': [yesNo],
    'visits guarantees/compulsoryEducation': [yesNo],
    'visits guarantees/basicMedicalInsurance': [yesNo],
    'visits guarantees/housing': [yesNo],
    'visits guarantees/drinkingWater': [yesNo],
    'visits shocks': [
      { disaster: ['自然灾害'], accident: ['意外事故'], 'industry-failure': ['产业失败'], 'job-loss': ['失业'] },
    ],
    'visits members/*/labour': [inConsole(codes.labour), { full: ['有劳力'], weak: ['弱劳力'], none: ['无劳力'] }],
    'visits members/*/health': [inConsole(codes.health)],
    'visits members/*/disabilityGrade': [{ 1: ['一级', '1'], 2: ['二级', '2'], 3: ['三级', '3'], 4: ['四级', '4'] }],
    'visits members/*/inSchool': [yesNo, { true: ['在校'], false: ['不在校'] }],
    'cases episodes/*/caseType': [inConsole(codes.caseType)],
    'cases episodes/*/risks': [inConsole(codes.risk)],
    'cases episodes/*/measures/*/kind': [inConsole(codes.measure)],
    'cases episodes/*/closed/method': [inConsole(codes.closureMethod)],
    'claims line': [line],
    'hospital-bills line': [{ illness: line['illness'] ?? [], 'accident-medical': line['accident-medical'] ?? [] }],
    'ledger kind': [inConsole(entryKinds)],
    'ledger accepted': [{ yes: ['通过', '验收合格', '合格', '是'], no: ['不通过', '验收不合格', '不合格', '否'] }],
    'ledger giverKind': [inConsole(codes.giverKind)],
  };
  const columns = Object.entries(kinds).flatMap(([kind, table]) =>
    table.columns.flatMap((column) =>
      column.words === undefined ? [] : [{ name: `${kind} ${column.field}`, column }],
    ),
  );

  it('is looked at for each column that takes only some words', () => {
    expect(columns.map(({ name }) => name).sort()).toEqual(Object.keys(shown).sort());
  });

  it.each(columns)('is read where it is filled in: $name', ({ name, column: { parse, several } }) => {
    for (const [code, words] of (shown[name] ?? []).flatMap((one) => Object.entries(one)))
      for (const word of words) {
        const parsed = parse(word);
        const value = 'value' in parsed ? parsed.value : parsed.detail;
        expect([word, String(value)]).toEqual([word, code]);
        expect(Array.isArray(value)).toBe(several === true);
      }
  });
});

describe('a template', () => {
  it.each(Object.entries(kinds))('of %s says how each column is filled in, and in which words', (_, kind) => {
    expect(kind.title).not.toBe('');
    expect(kind.explanation).toMatch(/。$/);
    for (const { title, hint, words } of kind.columns) {
      expect([title, hint]).toEqual([title, expect.stringMatching(/。$/)]);
      if (words !== undefined) expect(words.every((word) => word !== '')).toBe(true);
    }
    expect(kind.most).toBe(
      {
        农户花名册: 2_000,
        入户排查记录: 2_000,
        原监测对象名册: 1_000,
        防返贫保险报案: 300,
        医院就医票据: 2_000,
        帮扶台账: 2_000,
        参保名册: 5_000,
      }[kind.title],
    );
  });

  it('offers the words that are written, wherever only some are allowed', () => {
    const offered = (kind: keyof typeof kinds) =>
      Object.fromEntries(
        kinds[kind].columns.flatMap(({ title, words, several }) =>
          words === undefined ? [] : [[several ? `${title}…` : title, words.join(' ')]],
        ),
      );
    expect(offered('households')).toMatchObject({ 户类型: '脱贫户 一般农户' });
    expect(offered('visits')).toEqual({
      走访类别: '排查 抽查',
      吃饭有保障: '是 否',
      穿衣有保障: '是 否',
      义务教育有保障: '是 否',
      基本医疗有保障: '是 否',
      住房安全有保障: '是 否',
      饮水安全有保障: '是 否',
      '突发变故…': '自然灾害 意外事故 产业失败 失业',
      劳动能力: '普通劳动力 弱劳动力 无劳动力',
      健康状况: '健康 长期慢性病 患有大病',
      残疾等级: '一级 二级 三级 四级',
      是否在校生: '是 否',
    });
    expect(offered('cases')).toMatchObject({
      监测对象类别: '脱贫不稳定户 边缘易致贫户 突发严重困难户',
      消除方式: '帮扶消除 自然消除',
    });
    expect(Object.keys(offered('cases'))).toContain('致贫返贫风险…');
    expect(Object.keys(offered('cases'))).toContain('帮扶措施');
    expect(offered('claims')).toEqual({ 保险责任: '意外身故 意外伤残 大病医疗 意外医疗 助学 灾害' });
    expect(offered('hospital-bills')).toEqual({ 保险责任: '大病医疗 意外医疗' });
    expect(offered('ledger')).toMatchObject({
      验收结果: '通过 不通过',
      捐赠方类别: '工会 企业 社会组织 个人 机关单位',
    });
    expect(offered('roster')).toEqual({});
  });

  it('of the ledger says what each kind writes into the columns they share', () => {
    const hint = (field: string) => kinds.ledger.columns.find((column) => column.field === field)?.hint;
    expect(hint('what')).toBe(
      '帮扶就业填用工单位；吸纳失业人员就业填用工单位；帮扶创业填创业项目；技能培训填培训课程；公益性岗位填岗位；以奖代补申请填奖补项目；助农贷款填借款人；发放物资填物资；捐款支出填用途；企业帮助就业填企业；工作队走访填工作队。',
    );
    expect(hint('count')).toBe('吸纳失业人员就业填人数；发放物资填数量；繁育填数量；企业帮助就业填人次。');
    expect(hint('reference')).toBe(
      '公益性岗位补贴填公益性岗位的台账编号；以奖代补验收填奖补申请的台账编号；以奖代补发放填奖补申请的台账编号；繁育填发放物资的台账编号。',
    );
  });

  /** What the examples of a template say as a request. */
  function exampleOf(kind: keyof typeof kinds): unknown {
    const { columns, finish } = kinds[kind];
    const rows = [columns.map(({ title }) => title), columns.map(({ example }) => example)];
    const [draft] = readTable(kinds[kind], { name: '', rows }).drafts;
    if (draft === undefined) throw new Error('The example is no row.');
    const members = [{ person: 'p-0000000000000001', name: '陈测试', idNumber: '110105********002X' }];
    finish?.(draft, { members: () => members, membersBefore: () => members, round: '2023Q4' });
    expect(draft.faults).toEqual([]);
    return nested(draft.values);
  }

  it('shows an example that is taken in as it stands', () => {
    expect(exampleOf('households')).toEqual({
      village: '440904001001',
      number: '0001',
      origin: 'lifted',
      registeredOn: '2022-01-01',
      address: '测试村 1 号',
      phone: '13800001111',
      members: [{ name: '陈测试', relation: 'head', idNumber: '11010519491231002X' }],
    });
    expect(exampleOf('visits')).toEqual({
      household: '440904001001-0001',
      round: '2023Q4',
      visitedOn: '2023-10-11',
      recordedAt: '2023-10-11T09:30:00+08:00',
      visitor: '李走访',
      purpose: 'screening',
      income: { wages: 0, business: 0, property: 0, transfer: 0, businessCosts: 0 },
      insurancePayouts: 0,
      selfPaid: { medical: 0, education: 0, other: 0 },
      guarantees: SAFE,
      shocks: [],
      members: [{ person: 'p-0000000000000001', labour: 'full', health: 'healthy', inSchool: false }],
    });
    expect(exampleOf('cases')).toEqual({
      household: '440904001001-0001',
      episodes: [
        {
          admittedOn: '2021-06-01',
          people: 4,
          caseType: 'marginal',
          risks: ['illness', 'education'],
          measures: [{ kind: 'health', startedOn: '2021-07-01', completedOn: '2021-12-01', amount: 300_000 }],
          closed: { on: '2022-01-10', method: 'assisted', perCapita: 1_200_000 },
        },
      ],
    });
    const illness = { line: 'illness', eventOn: '2023-05-10', invoices: [{ number: 'FP20230510A', total: 123_450 }] };
    expect(exampleOf('claims')).toEqual({
      household: '440904001001-0001',
      person: 'p-0000000000000001',
      ...illness,
    });
    expect(exampleOf('hospital-bills')).toEqual({
      hospital: '测试县人民医院',
      idNumber: '11010519491231002X',
      ...illness,
    });
    expect(exampleOf('ledger')).toEqual({
      kind: 'placement',
      occurredOn: '2023-04-01',
      household: '440904001001-0001',
      region: '440904001001',
      person: 'p-0000000000000001',
      employer: '测试制衣厂',
    });
    expect(exampleOf('roster')).toEqual({
      name: '陈测试',
      idNumber: '11010519491231002X',
      certificate: 'C-20230001',
      enrolledOn: '2023-01-01',
    });
  });
});
