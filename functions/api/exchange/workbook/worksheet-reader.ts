import { Problem } from '../../../contracts/problems.ts';
import { type Cell, LARGEST_WORKSHEET, type Merged, NO_RESULT } from '../../../domain/exchange/cells.ts';
import type { Reader } from './xml.ts';

const MOST_CELLS = 400_000;
/** A cell holds so many characters in every program that writes workbooks. */
const LONGEST_TEXT = 32_767;
/** Characters of all cells together, those they share counted each time. */
const MOST_CHARACTERS = 16_000_000;

/** What cells refer to. */
export interface Shared {
  texts: readonly string[];
  isDate: (style: number) => boolean;
  /** Digits a number is shown with at least: `0000` makes `0007` of 7. */
  digits: (style: number) => number;
  is1904: boolean;
}

/** Counts over all worksheets. */
export interface Room {
  places: number;
  cells: number;
  characters: number;
}

export function newRoom(): Room {
  return { places: LARGEST_WORKSHEET.places, cells: MOST_CELLS, characters: MOST_CHARACTERS };
}

const DAY = 86_400_000;
/** Day 0 of a workbook; the 1904 system begins 1,462 days later. */
const EPOCH = Date.UTC(1899, 11, 30);
const LATER = 1_462;

const SHEET_DATA = ['worksheet', 'sheetData', 'row', 'c'].join();

const MERGED = ['worksheet', 'mergeCells', 'mergeCell'].join();

/** Reads a worksheet into rows from A1 on, and which cells are merged downwards. Cells that only have a style, and rows of such cells, are left out. */
export function worksheetReader(
  { texts, isDate, digits: digitsShown, is1904 }: Shared,
  room: Room,
): Reader & { rows: Cell[][]; merged: Merged[] } {
  const rows: Cell[][] = [];
  const merged: Merged[] = [];
  let row = -1;
  let column = -1;
  let type = 'n';
  let style = 0;
  let value: string | undefined;
  let inline: string | undefined;
  let hasFormula = false;

  const put = (cell: Cell) => {
    if (cell === null) return;
    if (row >= LARGEST_WORKSHEET.rows || column >= LARGEST_WORKSHEET.columns) throw new Problem('sheet-too-large');
    if (typeof cell === 'string') room.characters -= cell.length;
    room.cells -= 1;
    while (rows.length <= row) rows.push([]);
    const cells = rows[row] ?? [];
    room.places -= Math.max(0, column + 1 - cells.length);
    if (Math.min(room.cells, room.places, room.characters) < 0) throw new Problem('sheet-too-large');
    while (cells.length <= column) cells.push(null);
    cells[column] = cell;
  };

  const made = (): Cell => {
    if (type === 'e' || (hasFormula && value === undefined && inline === undefined)) return NO_RESULT;
    const given = type === 'inlineStr' ? inline : value;
    if (given === undefined || given === '') return null;
    switch (type) {
      case 's':
        return textOf(texts[Number(given)]);
      case 'str':
      case 'inlineStr':
        return textOf(given);
      case 'b':
        return given.trim() === '1' || given.trim() === 'true';
      case 'd':
        return dateOf(Date.parse(/[Z+]|T.*-/.test(given) ? given : `${given}${given.includes('T') ? 'Z' : ''}`));
      case 'n':
        return numberOf(given.trim());
      default:
        throw new Problem('sheet-invalid');
    }
  };

  /** A number in the digits of the file; as a date where it is shown as one, or, counted from 1904, moved to how all others are counted. */
  const numberOf = (digits: string): Cell => {
    const number = Number(digits);
    if (digits === '' || !Number.isFinite(number)) throw new Problem('sheet-invalid');
    if (isDate(style)) return dateOf(EPOCH + Math.round((number + (is1904 ? LATER : 0)) * (DAY / 1000)) * 1000);
    // Whoever sees `0007` in front of them means that household, and not 7.
    if (/^\d+$/.test(digits) && digits.length < digitsShown(style)) return digits.padStart(digitsShown(style), '0');
    return is1904 ? { number: digits, serial: String(number + LATER) } : { number: digits };
  };

  return {
    rows,
    merged,
    open(path, attributes) {
      const name = path.at(-1);
      if (name === 'row' && path.length === 3) {
        row = attributes['r'] === undefined ? row + 1 : placeOf(attributes['r']) - 1;
        column = -1;
      } else if (name === 'c' && path.join() === SHEET_DATA) {
        column = attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']);
        type = attributes['t'] ?? 'n';
        style = Number(attributes['s'] ?? 0);
        value = undefined;
        inline = undefined;
        hasFormula = false;
      } else if (name === 'f' && path.length === 5) hasFormula = true;
      else if (name === 'mergeCell' && path.join() === MERGED) merged.push(mergedAt(attributes['ref'] ?? ''));
    },
    close(path, text) {
      const name = path.at(-1);
      if (name === 'v' && path.length === 5) value = text;
      else if (name === 't' && path[4] === 'is' && !path.includes('rPh')) inline = (inline ?? '') + text;
      else if (name === 'c' && path.join() === SHEET_DATA) put(made());
    },
  };
}

function textOf(text: string | undefined): Cell {
  if (text === undefined) throw new Problem('sheet-invalid');
  if (text.length > LONGEST_TEXT) throw new Problem('sheet-too-large');
  return text === ''
    ? null
    : text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function dateOf(instant: number): Cell {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) throw new Problem('sheet-invalid');
  return { at: date.toISOString().slice(0, 19) };
}

function placeOf(digits: string): number {
  if (!/^[1-9]\d{0,8}$/.test(digits)) throw new Problem('sheet-invalid');
  return Number(digits);
}

/** `B3:C7` is column 1 from row 2 to row 6: its value stands in the first of its columns. */
function mergedAt(reference: string): Merged {
  const [from = '', to = from] = reference.split(':');
  const rowOf = (corner: string) => placeOf(corner.replace(/^\$?[A-Z]+\$?/, '')) - 1;
  return { column: columnOf(from), first: rowOf(from), last: rowOf(to) };
}

/** `AB12` is 27, counted from 0. */
function columnOf(reference: string): number {
  const letters = /^\$?([A-Z]{1,6})\$?[1-9]\d{0,8}$/.exec(reference)?.[1];
  if (letters === undefined) throw new Problem('sheet-invalid');
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
