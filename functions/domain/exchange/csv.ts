import { type Cell, LARGEST_WORKSHEET, trimmed, type Worksheet, type WorksheetSize } from './cells.ts';

/** Characters that begin a formula, full-width forms included: some spreadsheets read `＝` as `=`. */
const SIGNS = '=+\\-@＝＋－＠\\t\\r';
/** Direction marks and zero-width characters: the sign after them is the first one visible. */
const UNSEEN = '\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2069\\uFEFF\\s';
/** What a spreadsheet would run as a formula when it opens the file. */
const FORMULA = new RegExp(`^'*[${UNSEEN}]*[${SIGNS}]`);
const GUARDED = new RegExp(`^'+[${UNSEEN}]*[${SIGNS}]`);
/** Text that a spreadsheet would turn into a number, losing digits or leading zeros; a tab after it keeps it a text. */
const LONG_NUMBER = /^(0\d+|\d{12,})$/;

/** The first worksheet as CSV (RFC 4180), with the byte order mark that Excel needs for UTF-8. No text in it can become a formula. */
export function writeCsv({ rows }: Worksheet): string {
  return `\uFEFF${csvLines(rows)}`;
}

/** Rows as lines, for a file that is written bit by bit: its mark is whoever begins it's. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if (typeof cell === 'object')
    return 'number' in cell ? cell.number : cell.at.replace('T00:00:00', '').replace('T', ' ');
  const safe = FORMULA.test(cell) ? `'${cell}` : LONG_NUMBER.test(cell) ? `${cell}\t` : cell;
  return /[",\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A file has more fields than a worksheet may have. */
export class CsvTooLarge extends Error {
  override readonly name = 'CsvTooLarge';
}

/**
 * Fields of RFC 4180, also with bare line feeds; every cell is text. Undefined when a quotation never ends.
 * @throws CsvTooLarge
 */
export function readCsv(text: string, most: WorksheetSize = LARGEST_WORKSHEET): Cell[][] | undefined {
  let places = 0;
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  const FIELD = /(?:"((?:[^"]|"")*)"[^\S\r\n,]*|([^",\r\n][^,\r\n]*)|())(,|\r\n|\n|\r|$)/y;
  FIELD.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (FIELD.lastIndex < text.length) {
    const found = FIELD.exec(text);
    if (found === null) return undefined;
    const [, quoted, bare = '', , end] = found;
    places += 1;
    if (places > most.places || rows.length >= most.rows || row.length >= most.columns) throw new CsvTooLarge();
    row.push(shown(quoted === undefined ? bare : quoted.replaceAll('""', '"')));
    if (end === ',') {
      // A comma at the very end of the file is followed by one more empty field.
      if (FIELD.lastIndex === text.length) row.push(null);
      else continue;
    }
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

const SEPARATORS: Readonly<Record<string, string>> = {
  ';': '分号',
  '；': '全角分号',
  '\t': '制表符',
  '，': '中文逗号',
  '|': '竖线',
};
/** Headings are among the first five lines. */
const LOOKED_AT = { lines: 5, characters: 20_000 };

/** What separates the columns where it is no comma, in Chinese: other software writes such files. */
export function otherSeparator(text: string): string | undefined {
  const lines = text
    .slice(0, LOOKED_AT.characters)
    .split(/\r\n|\r|\n/, LOOKED_AT.lines)
    .map((line) => line.replaceAll(/"[^"]*"/g, ''));
  const most = (sign: string) => Math.max(...lines.map((line) => line.split(sign).length - 1));
  const found = Object.keys(SEPARATORS).sort((a, b) => most(b) - most(a))[0] ?? '';
  return most(found) > most(',') ? SEPARATORS[found] : undefined;
}

/** The original text of a field, without the guards against formulas and lost digits. */
function shown(raw: string): Cell {
  const plain = GUARDED.test(raw) ? raw.slice(1) : raw;
  const text = trimmed(plain);
  return text === '' ? null : text;
}
