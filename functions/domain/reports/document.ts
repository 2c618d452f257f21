import type { Brief, Figure } from '../../contracts/reports/brief.ts';

export const units: Record<Figure['unit'], string> = {
  household: '户',
  person: '人',
  'household-visit': '户次',
  fen: '元',
  claim: '件',
  post: '个',
  'person-time': '人次',
};

/** A value with its unit; money in yuan with two places. */
export function shown({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  const number =
    unit === 'fen'
      ? (value / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2 })
      : value.toLocaleString('zh-CN');
  return `${number} ${units[unit]}`;
}

const DISTRICT_LENGTH = 6;

const groups: readonly (readonly [string, string])[] = [
  ['registry.', '一、脱贫户底数'],
  ['cases.', '二、监测对象'],
  ['screening.', '三、季度排查'],
  ['insurance.', '四、防返贫保险'],
  ['', '五、帮扶'],
];

/** The printable brief: one page of tables and charts that any browser prints or saves as PDF. No person is in it. */
export function briefDocument(brief: Brief): string {
  const sections = groups.map(([prefix, title], place) => {
    const earlier = groups.slice(0, place).map(([before]) => before);
    // The limit belongs to the district, and to the city that sums districts; on a town's page it would show as 0.
    const told = brief.figures.filter(({ key }) => key !== 'insurance.cover' || brief.region.length <= DISTRICT_LENGTH);
    const figures = told.filter(
      ({ key }) => key.startsWith(prefix) && !(prefix === '' && earlier.some((before) => key.startsWith(before))),
    );
    const rows = figures.map(
      (figure) =>
        `<tr><th scope="row">${figure.zh}</th><td>${shown(figure)}</td><td class="d">${figure.definition}</td></tr>`,
    );
    return `<section><h2>${title}</h2>${charts(prefix, brief)}<table>${rows.join('')}</table></section>`;
  });
  const mark = brief.illustrative ? '<p class="mark">监测线为示例数值，并非本省公布的标准。</p>' : '';
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(brief.name)}防止返贫监测帮扶简报 ${brief.asOf}</title><style>${STYLE}</style></head><body>
<h1>${text(brief.name)}防止返贫监测帮扶简报</h1><p class="sub">截至 ${brief.asOf}　数据时点 ${time(brief.knownAt)}</p>${mark}${sections.join('')}${partsTable(brief)}
</body></html>`;
}

function charts(prefix: string, brief: Brief): string {
  if (prefix === 'screening.') return roundsChart(brief.rounds);
  if (prefix !== 'cases.') return '';
  const value = (key: string) => brief.figures.find((figure) => figure.key === key)?.value ?? 0;
  return bars([
    ['累计纳入', value('cases.admitted.households')],
    ['已消除', value('cases.closed.households')],
    ['在册', value('cases.open.households')],
  ]);
}

/** Rounds side by side, each by class. */
function roundsChart(rounds: Brief['rounds']): string {
  if (rounds.length === 0) return '';
  const most = Math.max(1, ...rounds.map(({ visited }) => visited));
  const lines = rounds.map(({ round, visited, secure, concern, monitor }, n) => {
    const y = n * 30;
    const width = (households: number) => (households / most) * 420;
    const parts: readonly (readonly [number, string])[] = [
      [secure, '#4a8f6d'],
      [concern, '#d9a441'],
      [monitor, '#b8433a'],
    ];
    let x = 90;
    const drawn = parts.map(([households, colour]) => {
      const rect = `<rect x="${x.toFixed(1)}" y="${y + 4}" width="${width(households).toFixed(1)}" height="20" fill="${colour}"/>`;
      x += width(households);
      return rect;
    });
    return `<text x="0" y="${y + 19}">${round.slice(0, 4)} 年 ${round.slice(5)} 季度</text>${drawn.join('')}<text x="${x + 6}" y="${y + 19}">${visited} 户（监测 ${monitor}）</text>`;
  });
  return `<svg role="img" aria-label="各季度排查分类" viewBox="0 0 640 ${rounds.length * 30 + 6}">${lines.join('')}</svg><p class="key"><i class="secure"></i>放心户 <i class="concern"></i>关心户 <i class="monitor"></i>监测户</p>`;
}

function bars(all: readonly (readonly [string, number])[]): string {
  const most = Math.max(1, ...all.map(([, value]) => value));
  const lines = all.map(([name, value], n) => {
    const width = ((value / most) * 420).toFixed(1);
    return `<text x="0" y="${n * 28 + 19}">${name}</text><rect x="90" y="${n * 28 + 4}" width="${width}" height="20" fill="#35618f"/><text x="${Number(width) + 96}" y="${n * 28 + 19}">${value} 户</text>`;
  });
  return `<svg role="img" aria-label="监测对象" viewBox="0 0 640 ${all.length * 28 + 6}">${lines.join('')}</svg>`;
}

function partsTable({ parts }: Brief): string {
  if (parts.length === 0) return '';
  const rows = parts.map(
    ({ name, registered, open, helped }) =>
      `<tr><th scope="row">${text(name)}</th><td>${registered}</td><td>${open}</td><td>${helped}</td></tr>`,
  );
  return `<section><h2>附：分地区情况</h2><table><thead><tr><th>地区</th><th>脱贫户</th><th>现有监测对象</th><th>奖补和岗位惠及户</th></tr></thead>${rows.join('')}</table></section>`;
}

/** A spreadsheet of the figures: key, name, value in the unit's own measure, unit, definition. Starts with the byte order mark that makes Excel read UTF-8. */
export function briefSheet({ figures }: Brief): string {
  const rows = figures.map(({ key, zh, unit, value, definition }) => [
    key,
    zh,
    unit === 'fen' ? (value / 100).toFixed(2) : String(value),
    units[unit],
    definition,
  ]);
  const lines = [['指标', '名称', '数值', '单位', '口径'], ...rows].map((cells) =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','),
  );
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function time(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** Names of divisions come from an import: they are text, never markup. */
function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
body{font:15px/1.6 "Noto Serif SC","Songti SC",SimSun,serif;max-width:52rem;margin:0 auto;padding:1.5rem;color:#1d2430;background:#fff}
h1{font-size:1.5rem;text-align:center;margin:.2em 0}h2{font-size:1.1rem;border-bottom:2px solid #35618f;padding-bottom:.2em;margin-top:1.6em}
.sub{text-align:center;color:#556}.mark{border:1px solid #b8433a;color:#b8433a;padding:.3em .8em;text-align:center}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:.3em .5em;border-bottom:1px solid #d8dde5;text-align:left;vertical-align:top}
td{text-align:right;white-space:nowrap}td.d{text-align:left;white-space:normal;color:#667;font-size:.85em;width:45%}thead th{background:#f2f5f9}thead th+th{text-align:right}
svg{width:100%;height:auto;font-size:13px;margin:.4em 0}@media(max-width:34rem){svg{font-size:20px}}.key i{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em}.key .secure{background:#4a8f6d}.key .concern{background:#d9a441}.key .monitor{background:#b8433a}
section{break-inside:avoid}@media(max-width:34rem){body{padding:.8rem}td.d{display:none}}@media print{body{max-width:none;padding:0}}`;
