import {
  type Cell,
  type CellCode,
  isFailedFormula,
  isMergedSum,
  type Parsed,
  type Value,
  type Worksheet,
} from './cells.ts';
import type { Column, Draft, Fault, Kind, Spot } from './kind.ts';

/** At most so many rows of titles above the headings. */
export const HEADER_WITHIN = 5;
/** Columns added by an error report; a corrected report that is sent again is a table like any other. */
export const REPORT_COLUMNS = ['结果', '错误'] as const;

/** A table as it was understood. */
export interface Table {
  /** The row of the headings, from 0; undefined when there is none. */
  header: number | undefined;
  /** Faults of the headings; with any of them nothing is imported. */
  faults: readonly Fault[];
  /** Headings that are known and ignored. */
  passed: readonly string[];
  drafts: readonly Draft[];
  /** Rows with something in them below the headings. */
  rows: number;
  /** Where each field is. */
  columns: ReadonlyMap<string, number>;
}

/**
 * Finds the headings among the first rows and reads the rows below, group by group.
 * @param most of a table with more rows only their number is told: no draft is made
 */
export function readTable(kind: Kind, worksheet: Worksheet, most = Number.POSITIVE_INFINITY): Table {
  const header = headerOf(kind, worksheet);
  if (header === undefined) return { header, faults: [], passed: [], drafts: [], rows: 0, columns: new Map() };
  const { faults, passed, columns } = readHeadings(kind, worksheet, header);
  const filled = worksheet.rows.flatMap((cells, at) =>
    at > header && !isEmpty(cells, columns) ? [{ cells, at }] : [],
  );
  const rows = filled.length > most ? [] : filled.map((row) => totalsIn(row) ?? readRow(row, columns));
  return {
    header,
    faults,
    passed,
    columns: new Map(columns.map(({ column, place }) => [column.field, place])),
    drafts: gathered(kind, rows, columns),
    rows: filled.length,
  };
}

interface Placed {
  column: Column;
  place: number;
}

/** Headings are compared without regard to full-width forms, spaces, the star of a required field or a unit in brackets. */
function plain(heading: string): string {
  return heading.normalize('NFKC').replace(/[\s*★\u200b\ufeff]/g, '');
}

/** No heading is longer, with a unit in brackets. */
const LONGEST_HEADING = 60;

/** Money is read as yuan: under a heading in ten thousands it would be taken for a ten-thousandth of what it is. */
const OTHER_UNIT = /[百千万亿]元?\)$/;

function isNamed(heading: string, titles: readonly string[]): boolean {
  if (heading.length > LONGEST_HEADING) return false;
  const given = plain(heading);
  const bare = OTHER_UNIT.test(given) ? given : given.replace(/\(.*\)$/, '');
  return titles.some((title) =>
    [given, bare].some((each) => each === plain(title) || each === plain(title).replace(/\(.*\)$/, '')),
  );
}

function columnNamed({ columns }: Kind, heading: string): Column | undefined {
  return columns.find(({ title, aliases = [] }) => isNamed(heading, [title, ...aliases]));
}

/**
 * Of the first five rows the one with the most known headings; one alone is not enough, since a title may read like a heading. Headings that are merged over
 * two rows stand in both: then it is the lower one.
 */
function headerOf(kind: Kind, { rows }: Worksheet): number | undefined {
  const known = rows
    .slice(0, HEADER_WITHIN)
    .map((cells) => cells.filter((cell) => typeof cell === 'string' && columnNamed(kind, cell)).length);
  const most = Math.max(...known);
  if (most < 2) return undefined;
  let header = known.indexOf(most);
  while (known[header + 1] === most) header += 1;
  return header;
}

function readHeadings(
  kind: Kind,
  worksheet: Worksheet,
  header: number,
): { faults: Fault[]; passed: string[]; columns: Placed[] } {
  const faults: Fault[] = [];
  const passed: string[] = [];
  const columns: Placed[] = [];
  const wrong = (column: number, code: CellCode, detail: string) =>
    faults.push({ spot: { row: header, column }, code, detail });
  const titles = worksheet.rows[header] ?? [];
  const width = Math.max(...worksheet.rows.slice(header).map(({ length }) => length));
  for (let place = 0; place < width; place += 1) {
    const cell = titles[place] ?? null;
    const heading = typeof cell === 'string' ? cell : cell === null ? '' : JSON.stringify(cell);
    const column = columnNamed(kind, heading);
    if (heading === '') {
      if (worksheet.rows.some((row, n) => n > header && (row[place] ?? null) !== null))
        wrong(place, 'column-untitled', '此列有内容但没有列名。');
    } else if (column !== undefined) {
      if (columns.some((each) => each.column === column)) wrong(place, 'column-twice', `“${column.title}”出现了两次。`);
      else columns.push({ column, place });
    } else if (isNamed(heading, [...kind.shown, ...REPORT_COLUMNS])) passed.push(heading);
    else wrong(place, 'unknown-column', `没有“${heading}”这一列，请删除或改为模板中的列名。`);
  }
  for (const column of kind.columns) {
    if (column.required && !columns.some((each) => each.column === column))
      wrong(0, 'column-missing', `缺少“${column.title}”列。`);
  }
  return { faults, passed, columns };
}

/** Whether a row has no value to import; rows with only a line number count as empty. */
function isEmpty(cells: readonly Cell[], columns: readonly Placed[]): boolean {
  return columns.every(({ place }) => {
    const cell = cells[place] ?? null;
    return cell === null || cell === '';
  });
}

interface Row {
  at: number;
  /** By field, with the cell's place. */
  values: Map<string, { value: Value; place: number }>;
  faults: Fault[];
  /** Whether it sums up others: it belongs to no group, nor do those below belong to it. */
  isTotal?: true;
}

const TOTAL = /^(本页|累计)?(合计|总计|小计|共计)[:：]?$/;

/** A row that begins with a word for a sum, which the household above it must not be given; undefined for every other. */
function totalsIn({ cells, at }: { cells: readonly Cell[]; at: number }): Row | undefined {
  const first = cells.findIndex((cell) => cell !== null && cell !== '');
  const cell = cells[first];
  if (typeof cell !== 'string' || cell.length > LONGEST_HEADING || !TOTAL.test(plain(cell))) return undefined;
  const fault = { code: 'total-row', detail: '这是合计行，不导入；其余各行不受影响。' };
  return { at, values: new Map(), faults: [{ spot: { row: at, column: first }, ...fault }], isTotal: true };
}

/** No field of the API takes a longer text. */
const LONGEST_ENTRY = 4_000;

function readRow({ cells, at }: { cells: readonly Cell[]; at: number }, columns: readonly Placed[]): Row {
  const row: Row = { at, values: new Map(), faults: [] };
  for (const { column, place } of columns) {
    const cell = cells[place] ?? null;
    if (cell === null || cell === '') continue;
    const parsed: Parsed = isFailedFormula(cell)
      ? { code: 'formula-error', detail: '公式没有结果，请直接填写内容。' }
      : isMergedSum(cell)
        ? { code: 'merged-sum', detail: '这个数所在的单元格合并了几行，分不到每一行。请取消合并，每行各自填写。' }
        : typeof cell === 'string' && cell.length > LONGEST_ENTRY
          ? { code: 'too-long', detail: `内容超过 ${LONGEST_ENTRY} 字。` }
          : typeof cell === 'string' && !cell.isWellFormed()
            ? // One such text would have the API refuse the rows of a whole request, and nothing could be marked.
              { code: 'not-text', detail: '内容中有残缺的字符，请重新录入。' }
            : column.parse(cell);
    if ('value' in parsed) {
      if (parsed.value !== '') row.values.set(column.field, { value: parsed.value, place });
    } else row.faults.push({ spot: { row: at, column: place }, ...parsed });
  }
  return row;
}

/** Brings the rows of each group together, wherever they are. */
function gathered(kind: Kind, rows: readonly Row[], columns: readonly Placed[]): Draft[] {
  const groups = new Map<string, Row[]>();
  const naming = new Set(columns.flatMap(({ column, place }) => (kind.group?.includes(column.field) ? [place] : [])));
  let current: (string | undefined)[] = [];
  for (const row of rows) {
    if (row.isTotal) {
      groups.set(`total ${row.at}`, [row]);
      continue;
    }
    const names = kind.group?.map((field) => row.values.get(field)?.value) ?? [];
    // A row whose group cannot be read belongs to no other group, least of all the one above; blank rows below belong to it.
    if (row.faults.some(({ spot }) => naming.has(spot.column))) current = [`row ${row.at}`];
    else if (names.some((name) => name !== undefined)) current = named(names, current);
    const key = kind.group === undefined ? String(row.at) : JSON.stringify(current);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => draftOf(kind, group, columns));
}

/** What names a row, with what it leaves blank from the row above; but nothing is taken from another village, household or person than its own. */
function named(names: readonly (Value | undefined)[], above: readonly (string | undefined)[]): (string | undefined)[] {
  let isOther = false;
  return names.map((name, place) => {
    const before = above[place];
    if (name === undefined) return isOther ? undefined : before;
    isOther ||= before !== undefined && before !== String(name);
    return String(name);
  });
}

/** One group as the values of one request. */
function draftOf(kind: Kind, group: readonly Row[], columns: readonly Placed[]): Draft {
  const draft: Draft = {
    rows: group.map(({ at }) => at),
    values: new Map(),
    spots: new Map(),
    faults: group.flatMap(({ faults }) => faults),
  };
  let item = 0;
  let within = 0;
  for (const row of group) {
    // Rows without a value for an item make no item; it would be an empty place in the list.
    const starred = [...row.values.keys()].filter((field) => field.includes('*'));
    const begins = kind.begins === undefined ? starred.length > 0 : isAnother(draft, row, kind.begins, item);
    if (begins && holds(draft, kind, item)) {
      item += 1;
      within = 0;
    } else if (starred.some(isTwiceStarred) && holds(draft, kind, item, within)) within += 1;
    for (const { column, place } of columns) {
      const path = pathOf(column.field, item, within);
      const spot: Spot = { row: row.at, column: place };
      const cell = row.values.get(column.field);
      if (cell === undefined) {
        // A missing value is reported at its blank cell, in the first row of its item.
        if (!draft.spots.has(path)) draft.spots.set(path, spot);
      } else if (!draft.values.has(path)) {
        draft.values.set(path, cell.value);
        draft.spots.set(path, spot);
      } else if (JSON.stringify(draft.values.get(path)) !== JSON.stringify(cell.value))
        draft.faults.push({ spot, code: 'differs', detail: `“${column.title}”与上面同一户或同一次的行不同。` });
    }
  }
  return draft;
}

function isTwiceStarred(field: string): boolean {
  return field.split('*').length === 3;
}

/** Whether an item, or a place within it, has values already. */
function holds({ values }: Draft, { columns }: Kind, item: number, within?: number): boolean {
  return columns.some(({ field }) =>
    within === undefined
      ? field.includes('*') && values.has(pathOf(field, item, 0))
      : isTwiceStarred(field) && values.has(pathOf(field, item, within)),
  );
}

/** Whether a row has a value in this field, and another than the item has. */
function isAnother({ values }: Draft, row: Row, field: string, item: number): boolean {
  const given = row.values.get(field);
  return given !== undefined && String(values.get(pathOf(field, item, 0))) !== String(given.value);
}

/** The path with its stars replaced: the first by the item's place, the second by the place within it. */
export function pathOf(field: string, item: number, within: number): string {
  return field.replace('*', String(item)).replace('*', String(within));
}
