import type { HouseholdView } from '../../../contracts/registry/households-http.ts';
import { type Cell, code, idNumber, text } from '../../../domain/exchange/cells.ts';
import type { Column, Kind } from '../../../domain/exchange/kind.ts';
import type { Written } from './write.ts';

/** Rows made ready below the headings. */
const READY_ROWS = 300;
const TEXTS: ReadonlySet<Column['parse']> = new Set([text, code, idNumber]);

/** What a template for visits stands filled in with: its households and their members, so that a village only adds what it saw. */
export function knownRows({ columns }: Kind, households: readonly HouseholdView[]): Cell[][] {
  const members = households.flatMap(({ id, members: all }) =>
    all.map(({ name, idNumber: masked }, place) => ({ id: place === 0 ? id : null, name, masked })),
  );
  return members.map(({ id, name, masked }) => {
    const known: Readonly<Record<string, Cell>> = {
      household: id,
      'members/*/name': name,
      'members/*/idNumber': masked,
    };
    return columns.map(({ field }) => known[field] ?? null);
  });
}

/** An empty table, and a second worksheet that explains each column with an example: so that nobody sends the example in. */
export function templateOf(kind: Kind, known: readonly Cell[][] = []): [Written, Written] {
  const table: Written = {
    name: kind.title,
    rows: [kind.columns.map(({ title }) => title), ...known],
    header: 0,
    fill: {
      rows: READY_ROWS,
      columns: kind.columns.map(({ parse, words = [], several }) => ({
        text: TEXTS.has(parse),
        choices: several ? [] : words,
      })),
    },
  };
  const explained = kind.columns.map(({ title, required, hint, words, example, aliases = [] }) => [
    title,
    required ? '必有' : '可无',
    hint,
    words?.join('、') ?? '',
    example,
    aliases.join('、'),
  ]);
  const notes = [
    kind.explanation,
    '表头可以在前五行的任意一行，上方可以有标题；列的次序不限；不认识的列不导入，会提示。',
    `一个文件最多 ${kind.most} 行。出错的行改好后，可以把整个文件重新导入，已导入的行不会重复。`,
    '身份证号码等长号码所在的列须为文本格式，否则末几位会被表格软件改掉；建议使用 XLSX，不用 CSV。',
    `可以保留而不导入的列：${kind.shown.join('、')}、结果、错误。`,
  ];
  return [
    table,
    {
      name: '填写说明',
      rows: [
        ...notes.map((note) => [note]),
        [],
        ['列名', '此列', '怎样填写', '可填内容', '示例', '也可写作'],
        ...explained,
      ],
      header: notes.length + 1,
    },
  ];
}
