import { cleanIdNumber } from '../registry/id-number.ts';

/**
 * A cell of a worksheet, read or written: text; a number in the digits the file holds, so that nothing is lost before it is looked at, with the day it
 * stands for where the file counts days from 1904; a wall clock time `2023-01-05T00:00:00` without a zone, as spreadsheets have it; yes or no; nothing.
 */
export type Cell = string | { number: string; serial?: string } | { at: string } | boolean | null;

/** A cell that reaches over several rows, all counted from 0: what it says stands in the first of them alone. */
export interface Merged {
  column: number;
  first: number;
  last: number;
}

export interface Worksheet {
  name: string;
  rows: readonly (readonly Cell[])[];
  merged?: readonly Merged[];
}

/** The largest row and column of a worksheet, and the most cells, counted up to the last filled one of each row. */
export interface WorksheetSize {
  rows: number;
  columns: number;
  places: number;
}
export const LARGEST_WORKSHEET: WorksheetSize = { rows: 99_999, columns: 702, places: 2_000_000 };

/** What a cell is parsed to. Lists hold words. */
export type Value = string | number | boolean | readonly string[];
export type Parsed = { value: Value } | { code: CellCode; detail: string };
export type Parse = (cell: Exclude<Cell, null>) => Parsed;

export type CellCode =
  | 'not-text'
  | 'digits-lost'
  | 'not-money'
  | 'too-precise'
  | 'not-whole'
  | 'not-a-date'
  | 'not-a-month'
  | 'not-allowed'
  | 'not-for-kind'
  | 'missing'
  | 'differs'
  | 'village-missing'
  | 'person-not-member'
  | 'person-ambiguous'
  | 'formula-error'
  | 'merged-sum'
  | 'total-row'
  | 'too-long'
  | 'unknown-column'
  | 'column-missing'
  | 'column-twice'
  | 'column-untitled';

const fault = (code: CellCode, detail: string): Parsed => ({ code, detail });

/** Marks a formula whose result the file does not hold. */
export const NO_RESULT = '#公式无结果';

/** A formula that failed or has no stored result: it must not be read as an empty cell or a text. */
export function isFailedFormula(cell: Cell): boolean {
  return (
    typeof cell === 'string' &&
    (cell === NO_RESULT || /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!)$/.test(cell))
  );
}

const MERGED_SUM = '#合并单元格';

/** Marks a number that is merged over rows of which each needs its own, with what stood there. */
export function mergedSum(cell: Cell): string {
  const shown = typeof cell === 'object' && cell !== null && 'number' in cell ? cell.number : cell;
  return typeof shown === 'string' ? `${MERGED_SUM} ${shown}` : MERGED_SUM;
}

/** It must be taken neither for one row nor for all of them, nor when a report with it is sent in again. */
export function isMergedSum(cell: Cell): boolean {
  return typeof cell === 'string' && cell.startsWith(MERGED_SUM);
}

const UNSEEN = /[\s\u3000\u200b\ufeff]/;

/** Trims invisible characters: spaces of any width, tabs, byte order marks. Linear time, which a regular expression is not on long gaps. */
export function trimmed(text: string): string {
  let [first, end] = [0, text.length];
  while (first < end && UNSEEN.test(text.charAt(first))) first += 1;
  while (end > first && UNSEEN.test(text.charAt(end - 1))) end -= 1;
  return text.slice(first, end);
}

/** Excel keeps 15 digits of a number; longer ones have been rounded. */
const SAFE_DIGITS = 15;
const LOST = '单元格是数字格式，长号码的末几位已被表格软件改掉。请先把整列设为文本格式，再重新录入号码。';

/** The digits of a cell that holds a whole number, or undefined when it holds none or has lost some. */
function digitsOf({ number }: { number: string }): string | undefined {
  const value = Number(number);
  return Number.isSafeInteger(value) && value >= 0 && value < 10 ** SAFE_DIGITS ? String(value) : undefined;
}

/** Free text; numbers are taken by their digits. */
export const text: Parse = (cell) => {
  if (typeof cell === 'string') return { value: trimmed(cell) };
  if (typeof cell === 'boolean') return fault('not-text', '请填写文字。');
  if ('at' in cell) return { value: cell.at.slice(0, 10) };
  const digits = digitsOf(cell);
  return digits === undefined ? fault('digits-lost', LOST) : { value: digits };
};

/** Half-width, trimmed, without the apostrophe that tells a spreadsheet to take digits as text: other software writes it into the cell. */
function plainOf(text: string): string {
  return trimmed(
    trimmed(text)
      .normalize('NFKC')
      .replace(/^['‘’`]/, ''),
  );
}

/** An identifier: full-width characters become half-width, letters upper case, and spaces are removed. */
export const code: Parse = (cell) => {
  const found = text(cell);
  if (!('value' in found) || typeof found.value !== 'string') return found;
  const plain = plainOf(found.value).replace(/\s/g, '').toUpperCase();
  return isScientific(plain) ? fault('digits-lost', LOST) : { value: plain };
};

/** An ID number, cleaned; the registry checks it. */
export const idNumber: Parse = (cell) => {
  const found = code(cell);
  return 'value' in found && typeof found.value === 'string' ? { value: cleanIdNumber(found.value) } : found;
};

/** How a spreadsheet shows, and writes into a CSV file, a number that is too long for it: `4.40904E+17`. */
function isScientific(plain: string): boolean {
  return /^\d(\.\d+)?E\+\d+$/.test(plain);
}

/** Digits in one piece or in thousands: `1,5` may be meant as one and a half, and must not become fifteen. */
const DECIMAL = /^-?(\d+|\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+)(\.\d+)?$/;

/** The exact decimal a number of a file stands for: to the 15 digits a spreadsheet shows, so that 0.30000000000000004 is 0.3. */
function decimalOf(cell: Exclude<Cell, null>): string | undefined {
  if (typeof cell === 'string') {
    const plain = plainOf(cell)
      .replace(/^(-?)¥ ?/, '$1')
      .replace(/ ?元$/, '');
    return DECIMAL.test(plain) ? plain.replace(/[, ]/g, '') : undefined;
  }
  if (typeof cell === 'boolean' || 'at' in cell) return undefined;
  const shown = String(Number(Number(cell.number).toPrecision(SAFE_DIGITS)));
  return /^-?\d+(\.\d+)?$/.test(shown) ? shown : undefined;
}

/** An amount in yuan as whole fen; computed on the digits, never in floating point. */
export const money: Parse = (cell) => {
  const decimal = decimalOf(cell);
  if (decimal === undefined) return fault('not-money', '请填写金额，单位为元，最多两位小数。');
  const [whole = '', cents = ''] = decimal.split('.');
  const significant = cents.replace(/0+$/, '');
  if (significant.length > 2) return fault('too-precise', '金额最多两位小数。');
  const fen = Number(`${whole}${significant.padEnd(2, '0')}`);
  return Number.isSafeInteger(fen) ? { value: fen === 0 ? 0 : fen } : fault('not-money', '金额过大。');
};

export const whole: Parse = (cell) => {
  const decimal = decimalOf(cell);
  const value = Number(decimal);
  return decimal !== undefined && Number.isSafeInteger(value) ? { value } : fault('not-whole', '请填写整数。');
};

/** Spreadsheets count days from 1900; these bounds are the years this register accepts. */
const FIRST_SERIAL = 7_306;
const LAST_SERIAL = 73_415;
const FIRST_DAY = '1920-01-01';
const AFTER_LAST_DAY = '2101-01-01';
const EPOCH = Date.UTC(1899, 11, 30);
/** Longer texts are not dates and are not searched for one. */
const LONGEST_DATE = 60;

/** `2023-01-05T00:00:00` of a cell: a spreadsheet's own date, its bare number, or 2023-1-5, 2023/1/5, 2023.1.5, 2023年1月5日, 20230105, with or without a time. */
function momentOf(cell: Exclude<Cell, null>): string | undefined {
  const at = givenMoment(cell);
  // A formula that points at an empty cell is day 0, which spreadsheets show as 1900-1-0.
  return at !== undefined && at >= FIRST_DAY && at < AFTER_LAST_DAY ? at : undefined;
}

function givenMoment(cell: Exclude<Cell, null>): string | undefined {
  if (typeof cell === 'boolean') return undefined;
  if (typeof cell === 'object' && 'at' in cell) return cell.at;
  if (typeof cell === 'string' && cell.length > LONGEST_DATE) return undefined;
  const plain = typeof cell === 'string' ? plainOf(cell) : cell.number;
  const serial = typeof cell === 'object' ? Number(cell.serial ?? cell.number) : Number.NaN;
  if (serial >= FIRST_SERIAL && serial <= LAST_SERIAL)
    return new Date(EPOCH + Math.round(serial * 86_400) * 1000).toISOString().slice(0, 19);
  const found =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(plain);
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] =
    found ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? [];
  const two = (part: string) => part.padStart(2, '0');
  const at = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const real = new Date(`${at}Z`);
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(at) ? at : undefined;
}

/** A calendar day, `2023-01-05`. */
export const day: Parse = (cell) => {
  const at = momentOf(cell);
  return at === undefined
    ? fault('not-a-date', '请填写日期，如 2023-1-5、2023/1/5 或 2023年1月5日。')
    : { value: at.slice(0, 10) };
};

/** An instant: the cell's wall clock time in Asia/Shanghai. */
export const moment: Parse = (cell) => {
  const at = momentOf(cell);
  return at === undefined ? fault('not-a-date', '请填写日期和时间，如 2023-1-5 9:30。') : { value: `${at}+08:00` };
};

/** A month, `2023-01`, also as a date within it. */
export const month: Parse = (cell) => {
  const plain =
    typeof cell === 'string' && cell.length <= LONGEST_DATE
      ? /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$/.exec(plainOf(cell))
      : null;
  const given = plain === null ? momentOf(cell)?.slice(0, 7) : `${plain[1]}-${(plain[2] ?? '').padStart(2, '0')}`;
  return given !== undefined && /-(0[1-9]|1[0-2])$/.test(given)
    ? { value: given }
    : fault('not-a-month', '请填写月份，如 2023-01 或 2023年1月。');
};
