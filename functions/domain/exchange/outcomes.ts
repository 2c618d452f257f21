import type { RowOutcome } from '../../contracts/exchange/exchange-http.ts';
import type { Cell } from './cells.ts';
import type { Draft, Fault, Kind, Spot } from './kind.ts';
import { pathOf, REPORT_COLUMNS, type Table } from './reading.ts';

/** What became of a draft. */
export interface Outcome {
  draft: Draft;
  outcome: RowOutcome;
  /** For a refusal: the reason and the cells that caused it. */
  problem?: { code: string; detail: string; errors: readonly Fault[] };
}

const outcomeNames: Record<RowOutcome, string> = {
  registered: '已登记',
  accepted: '已接收',
  imported: '已导入',
  reported: '已报案',
  recorded: '已录入',
  enrolled: '已参保',
  removed: '已退保',
  unchanged: '已有，未变',
  duplicate: '已有，未变',
  known: '已报过案',
  refused: '未通过',
  unanswered: '结果不明，请重新提交',
  'not-sent': '未提交',
};

/** A refusal by what is wrong in its cells. */
export function refusedFor(draft: Draft, errors: readonly Fault[] = draft.faults): Outcome {
  const [first] = errors;
  return {
    draft,
    outcome: 'refused',
    problem: { code: 'invalid-body', detail: first?.detail ?? '内容有误。', errors },
  };
}

/** The cell for a path in the API's answer: its own, that of the column marked instead of it, or the nearest one around it. */
export function spotOf(kind: Kind, draft: Draft, path: string): Spot {
  const asked = draft.spots.get(told(kind, path)) ?? draft.spots.get(path);
  if (asked !== undefined) return asked;
  for (let around = path; around !== ''; around = around.split('/').slice(0, -1).join('/')) {
    const named =
      draft.spots.get(told(kind, around)) ??
      draft.spots.get(around) ??
      [...draft.spots].find(([known]) => known.startsWith(`${around}/`))?.[1];
    if (named !== undefined) return named;
  }
  return rowSpot(kind, draft, '');
}

/** Fields that name a row; the first one its table has is used. */
const NAMING = ['household', 'idNumber', 'kind'];

/** The cell to mark for a whole row: that of the field the reason is about, or the one that names the row. */
export function rowSpot({ blamed = {} }: Kind, draft: Draft, reason: string): Spot {
  const named = [blamed[reason] ?? '', ...NAMING].flatMap((field) => draft.spots.get(field) ?? []);
  return named[0] ?? [...draft.spots.values()][0] ?? { row: draft.rows[0] ?? 0, column: 0 };
}

function told({ told: under = {} }: Kind, path: string): string {
  const [item = 0, within = 0] = (path.match(/(?<=\/)\d+(?=\/|$)/g) ?? []).map(Number);
  const pattern = path.replace(/(?<=\/)\d+(?=\/|$)/g, '*');
  const field = under[pattern];
  return field === undefined ? path : pathOf(field, item, within);
}

/** An error report: the worksheet as it was sent, with the result of each row beside it. */
export interface Report {
  rows: readonly (readonly Cell[])[];
  header: number;
  /** `row:column`, from 0. */
  marked: ReadonlySet<string>;
}

export function reportOf(
  worksheet: { rows: readonly (readonly Cell[])[] },
  { header = 0, faults }: Pick<Table, 'header' | 'faults'>,
  outcomes: readonly Outcome[],
): Report {
  const [outcomeColumn, errorColumn] = reportColumns(worksheet.rows, header);
  const rows = worksheet.rows.map((row) => padded(row, errorColumn + 1));
  const put = (row: number, column: number, text: string) => {
    const cells = rows[row];
    if (cells !== undefined) cells[column] = text;
  };
  for (const row of rows.slice(header)) {
    row[outcomeColumn] = null;
    row[errorColumn] = null;
  }
  put(header, outcomeColumn, REPORT_COLUMNS[0]);
  put(header, errorColumn, REPORT_COLUMNS[1]);
  const wrong = [
    ...faults,
    ...outcomes.flatMap(({ draft, outcome, problem }) =>
      outcome === 'refused' ? (problem?.errors ?? []) : draft.faults,
    ),
  ];
  const told = new Map<number, Set<string>>();
  const tell = (row: number, sentence: string) => told.set(row, (told.get(row) ?? new Set()).add(sentence));
  for (const { draft, outcome, problem } of outcomes) {
    for (const row of draft.rows) put(row, outcomeColumn, outcomeNames[outcome]);
    if (problem !== undefined && problem.errors.length === 0) tell(draft.rows[0] ?? header, problem.detail);
  }
  for (const { spot, detail } of wrong)
    tell(spot.row, spot.row === header ? detail : `${String(worksheet.rows[header]?.[spot.column] ?? '')}：${detail}`);
  for (const [row, sentences] of told) if (row !== header) put(row, errorColumn, [...sentences].join('\n'));
  const heading = told.get(header);
  if (heading !== undefined) put(header, errorColumn, `${REPORT_COLUMNS[1]}：${[...heading].join('')}`);
  return { rows, header, marked: new Set(wrong.map(({ spot }) => `${spot.row}:${spot.column}`)) };
}

/** Where the report's columns go: over those of an earlier report, or after the last column. */
function reportColumns(rows: readonly (readonly Cell[])[], header: number): [number, number] {
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const titles = rows[header] ?? [];
  const place = (name: string) => titles.findIndex((title) => typeof title === 'string' && title.startsWith(name));
  const [outcome, error] = [place(REPORT_COLUMNS[0]), place(REPORT_COLUMNS[1])];
  return outcome >= 0 && error >= 0 ? [outcome, error] : [width, width + 1];
}

function padded(row: readonly Cell[], width: number): Cell[] {
  return Array.from({ length: Math.max(width, row.length) }, (_, n) => row[n] ?? null);
}
