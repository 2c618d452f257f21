import type { Brief } from '../../contracts/reports/brief.ts';
import type { Cell, Worksheet } from '../exchange/cells.ts';
import { classWords, wordOf } from '../exchange/column-labels.ts';
import { count, yuan } from '../exchange/exports.ts';
import { units } from './document.ts';

/** The brief as sheets of a workbook, each with two rows of title: figures, rounds, parts. */
export function briefTables({ name, asOf, illustrative, figures, rounds, parts }: Brief): Worksheet[] {
  const worksheet = (title: string, headings: readonly string[], rows: readonly (readonly Cell[])[]): Worksheet => ({
    name: title,
    rows: [
      [`${name}防止返贫监测帮扶简报`],
      [`截至 ${asOf}${illustrative ? '　监测线为示例数值，并非本省公布的标准。' : ''}`],
      headings,
      ...rows,
    ],
  });
  return [
    worksheet(
      '指标',
      ['指标', '数值', '单位', '口径', '代码'],
      figures.map(({ key, zh, unit, value, definition }) => [
        zh,
        unit === 'fen' ? yuan(value) : count(value),
        units[unit],
        definition,
        key,
      ]),
    ),
    worksheet(
      '各轮排查',
      ['轮次', '入户户数', ...(['secure', 'concern', 'monitor'] as const).map((each) => wordOf(classWords, each))],
      rounds.map(({ round, visited, secure, concern, monitor }) => [
        round,
        ...[visited, secure, concern, monitor].map(count),
      ]),
    ),
    worksheet(
      '分地区',
      ['地区编码', '地区', '脱贫户', '现有监测对象', '奖补和岗位惠及户'],
      parts.map((part) => [part.region, part.name, ...[part.registered, part.open, part.helped].map(count)]),
    ),
  ];
}
