import { describe, expect, it } from 'vitest';
import { type Brief, figureKeys } from '../../../functions/contracts/reports/brief.ts';
import { factsOf } from '../../../functions/domain/reports/brief-facts.ts';
import { nothingCounted } from '../../../functions/domain/reports/counted.ts';
import { briefDocument, briefSheet, shown, units } from '../../../functions/domain/reports/document.ts';
import { allFigures } from '../../../functions/domain/reports/figures.ts';
import { BriefsDiffer, rolledUp } from '../../../functions/domain/reports/roll-up.ts';
import { briefTables } from '../../../functions/domain/reports/tables.ts';

const asked = { region: '440904', asOf: '2023-12-31', knownAt: '2024-01-01T16:30:00.000Z' };
/** Every figure tells its place: the first is 1. */
const figures = allFigures(factsOf(asked, nothingCounted(), [])).map((figure, place) => ({
  ...figure,
  value: place + 1,
}));
const brief: Brief = {
  ...asked,
  name: '电白区',
  illustrative: true,
  figures,
  rounds: [
    { round: '2023Q1', visited: 10, secure: 5, concern: 3, monitor: 2 },
    { round: '2023Q2', visited: 20, secure: 20, concern: 0, monitor: 0 },
  ],
  parts: [{ region: '440904001', name: '<水东>&"街道"', registered: 1, open: 2, helped: 3 }],
};
const valued = (key: string, value: number) => figures.map((one) => (one.key === key ? { ...one, value } : one));
/** A page as somebody reads it: its cells, a line each. */
const cellsOf = (page: string) => [...page.matchAll(/<(?:td|th)[^>]*>([^<]*)</g)].map(([, cell]) => cell);

describe('a value', () => {
  it('is shown with its unit, money in yuan with two places', () => {
    expect(shown({ value: 123_456_700, unit: 'fen' })).toBe('1,234,567.00 元');
    expect(shown({ value: 5, unit: 'fen' })).toBe('0.05 元');
    expect(shown({ value: 10_369, unit: 'household' })).toBe('10,369 户');
    expect(units).toEqual({
      household: '户',
      person: '人',
      'household-visit': '户次',
      fen: '元',
      claim: '件',
      post: '个',
      'person-time': '人次',
    });
  });
});

describe('the page of a brief', () => {
  const page = briefDocument(brief);

  it('says whose it is, of which day and as known when, and that its line is illustrative', () => {
    expect(page).toContain('<title>电白区防止返贫监测帮扶简报 2023-12-31</title>');
    expect(page).toContain('<h1>电白区防止返贫监测帮扶简报</h1>');
    expect(page).toContain('<p class="sub">截至 2023-12-31　数据时点 2024-01-02 00:30</p>');
    expect(page).toContain('<p class="mark">监测线为示例数值，并非本省公布的标准。</p>');
    expect(briefDocument({ ...brief, illustrative: false })).not.toContain('class="mark"');
    expect(page.startsWith('<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport"')).toBe(
      true,
    );
    expect(page).toContain('@media print');
    expect(page.trimEnd().endsWith('</body></html>')).toBe(true);
  });

  it('has each figure once, in five parts, with its definition', () => {
    expect([...page.matchAll(/<h2>([^<]*)</g)].map(([, title]) => title)).toEqual([
      '一、脱贫户底数',
      '二、监测对象',
      '三、季度排查',
      '四、防返贫保险',
      '五、帮扶',
      '附：分地区情况',
    ]);
    const cells = cellsOf(page);
    const told = figures.flatMap((figure) => [figure.zh, shown(figure), figure.definition]);
    expect(cells.slice(0, told.length)).toEqual(told);
    const [, ...sections] = page.split('<section>');
    expect(sections.map((section) => section.match(/scope="row"/g)?.length)).toEqual([6, 6, 5, 6, 15, 1]);
  });

  it('leaves the district’s limit to the district', () => {
    expect(page).toContain('风险保障总额');
    expect(briefDocument({ ...brief, region: '4409' })).toContain('风险保障总额');
    expect(briefDocument({ ...brief, region: '440904001' })).not.toContain('风险保障总额');
  });

  it('draws the cases and the rounds to scale', () => {
    const cases = valued('cases.admitted.households', 200).map((one) =>
      one.key === 'cases.closed.households' ? { ...one, value: 150 } : one,
    );
    const drawn = briefDocument({ ...brief, figures: cases });
    expect(drawn).toContain(
      '<svg role="img" aria-label="监测对象" viewBox="0 0 640 90"><text x="0" y="19">累计纳入</text><rect x="90" y="4" width="420.0" height="20" fill="#35618f"/><text x="516" y="19">200 户</text><text x="0" y="47">已消除</text><rect x="90" y="32" width="315.0" height="20" fill="#35618f"/><text x="411" y="47">150 户</text><text x="0" y="75">在册</text><rect x="90" y="60" width="23.1" height="20" fill="#35618f"/><text x="119.1" y="75">11 户</text></svg>',
    );
    expect(drawn).toContain(
      '<svg role="img" aria-label="各季度排查分类" viewBox="0 0 640 66"><text x="0" y="19">2023 年 Q1 季度</text>'.replace(
        'Q1',
        '1',
      ),
    );
    expect(drawn).toContain(
      '<rect x="90.0" y="4" width="105.0" height="20" fill="#4a8f6d"/><rect x="195.0" y="4" width="63.0" height="20" fill="#d9a441"/><rect x="258.0" y="4" width="42.0" height="20" fill="#b8433a"/><text x="306" y="19">10 户（监测 2）</text><text x="0" y="49">2023 年 2 季度</text><rect x="90.0" y="34" width="420.0" height="20" fill="#4a8f6d"/>',
    );
    expect(drawn).toContain(
      '<p class="key"><i class="secure"></i>放心户 <i class="concern"></i>关心户 <i class="monitor"></i>监测户</p>',
    );
    const empty = briefDocument({ ...brief, rounds: [], figures: figures.map((one) => ({ ...one, value: 0 })) });
    expect(empty).not.toContain('各季度排查分类');
    expect(empty.match(/width="0.0"/g)).toHaveLength(3);
    const nobody = briefDocument({
      ...brief,
      rounds: [{ round: '2023Q1', visited: 0, secure: 0, concern: 0, monitor: 0 }],
    });
    expect(nobody).toContain('<text x="96" y="19">0 户（监测 0）</text>');
  });

  it('lists its parts, whose names are text and never markup', () => {
    expect(cellsOf(page).slice(-8)).toEqual([
      '地区',
      '脱贫户',
      '现有监测对象',
      '奖补和岗位惠及户',
      '&lt;水东&gt;&amp;&quot;街道&quot;',
      '1',
      '2',
      '3',
    ]);
    expect(briefDocument({ ...brief, parts: [] })).not.toContain('分地区');
  });
});

describe('a spreadsheet of a brief', () => {
  it('as CSV has a line for each figure, quoted, with the mark that Excel needs', () => {
    const [first] = figures;
    if (first === undefined) throw new Error('There is no figure.');
    const lines = briefSheet({
      ...brief,
      figures: [{ ...first, definition: '“户”与"户"' }, ...valued('insurance.cover', 490).slice(18, 19)],
    });
    expect(lines).toBe(
      '\uFEFF"指标","名称","数值","单位","口径"\r\n"registry.households","脱贫户数","1","户","“户”与""户"""\r\n"insurance.cover","风险保障总额","4.90","元","本年保单的累计赔偿限额（全区一份，只在全区简报中）"\r\n',
    );
  });

  it('as a workbook has figures, rounds and parts, each below its title', () => {
    const [first, rounds, parts] = briefTables(brief);
    expect([first?.name, rounds?.name, parts?.name]).toEqual(['指标', '各轮排查', '分地区']);
    const titles = [['电白区防止返贫监测帮扶简报'], ['截至 2023-12-31　监测线为示例数值，并非本省公布的标准。']];
    expect(first?.rows.slice(0, 4)).toEqual([
      ...titles,
      ['指标', '数值', '单位', '口径', '代码'],
      ['脱贫户数', { number: '1' }, '户', figures[0]?.definition, 'registry.households'],
    ]);
    expect(first?.rows[21]).toEqual([
      '风险保障总额',
      { number: '0.19' },
      '元',
      figures[18]?.definition,
      'insurance.cover',
    ]);
    const numbers = (...all: number[]) => all.map((one) => ({ number: String(one) }));
    expect(rounds?.rows.slice(2)).toEqual([
      ['轮次', '入户户数', '放心户', '关心户', '监测户'],
      ['2023Q1', ...numbers(10, 5, 3, 2)],
      ['2023Q2', ...numbers(20, 20, 0, 0)],
    ]);
    expect(parts?.rows.slice(2)).toEqual([
      ['地区编码', '地区', '脱贫户', '现有监测对象', '奖补和岗位惠及户'],
      ['440904001', '<水东>&"街道"', ...numbers(1, 2, 3)],
    ]);
    expect(briefTables({ ...brief, illustrative: false })[0]?.rows[1]).toEqual(['截至 2023-12-31']);
  });
});

describe('a city’s brief', () => {
  const CITY = { code: '4409', name: '茂名市' };
  const other: Brief = {
    ...brief,
    region: '440902',
    name: '茂南区',
    asOf: '2023-11-30',
    knownAt: '2024-01-03T00:00:00.000Z',
    illustrative: false,
    figures: figures.map((one) => ({ ...one, value: 100 })),
    rounds: [{ round: '2022Q4', visited: 7, secure: 1, concern: 2, monitor: 4 }, ...brief.rounds.slice(0, 1)],
  };

  it('adds up its districts, takes the greatest single payment, and tells of the earliest day and instant', () => {
    const whole = rolledUp(CITY, [brief, other]);
    expect(whole).toMatchObject({
      region: '4409',
      name: '茂名市',
      asOf: '2023-11-30',
      knownAt: '2024-01-01T16:30:00.000Z',
      illustrative: true,
    });
    expect(whole.figures.map(({ key, value }) => [key, value])).toEqual(
      figureKeys.map((key, place) => [key, key === 'insurance.example.accidentalDeath.amount' ? 100 : place + 101]),
    );
    expect(whole.rounds).toEqual([
      { round: '2022Q4', visited: 7, secure: 1, concern: 2, monitor: 4 },
      { round: '2023Q1', visited: 20, secure: 10, concern: 6, monitor: 4 },
      { round: '2023Q2', visited: 20, secure: 20, concern: 0, monitor: 0 },
    ]);
    const at = (key: (typeof figureKeys)[number]) => figureKeys.indexOf(key) + 1;
    expect(whole.parts).toEqual([
      { region: '440902', name: '茂南区', registered: 100, open: 100, helped: 100 },
      {
        region: '440904',
        name: '电白区',
        registered: at('registry.households'),
        open: at('cases.open.households'),
        helped: at('helped.households'),
      },
    ]);
    expect(rolledUp(CITY, [other]).illustrative).toBe(false);
  });

  it.each<[string, Brief[], string]>([
    ['none at all', [], '没有可汇总的简报。'],
    ['one that lies elsewhere', [{ ...brief, region: '440804' }], '电白区（440804）不属于茂名市。'],
    ['a town’s', [{ ...brief, region: '440904001' }], '电白区（440904001）不属于茂名市。'],
    ['one twice', [brief, brief], '电白区（440904）有两份简报。'],
    ['one of fewer figures', [{ ...brief, figures: figures.slice(1) }], '电白区（440904）的简报指标与本版本不同。'],
    [
      'one with a figure twice',
      [{ ...brief, figures: [...figures.slice(1), ...figures.slice(1, 2)] }],
      '电白区（440904）的简报指标与本版本不同。',
    ],
  ])('is not made of %s', (_, briefs, sentence) => {
    expect(() => rolledUp(CITY, briefs)).toThrow(sentence);
    expect(() => rolledUp(CITY, briefs)).toThrow(BriefsDiffer);
  });
});
