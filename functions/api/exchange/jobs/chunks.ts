import { Problem } from '../../../contracts/problems.ts';
import type { Worksheet } from '../../../domain/exchange/cells.ts';
import { recordEnds } from '../../../domain/exchange/csv-records.ts';
import type { Kind } from '../../../domain/exchange/kind.ts';
import { readTable, type Table } from '../../../domain/exchange/reading.ts';
import { readWorkbook } from '../workbook/read.ts';

/** Bytes read at once: a few thousand rows. */
export const PIECE_BYTES = 400_000;
/** Rows taken in at once: what a request behind takes, and what is marked in one workbook. */
const ROWS = 500;
/** Before a file of UTF-8. */
const MARK = [0xef, 0xbb, 0xbf];
/** Titles and headings stand in the first five rows. */
const HEADING_ROWS = 5;

/** Some rows of a file under its headings. */
export interface Chunk {
  worksheet: Worksheet;
  table: Table;
  rows: number;
  /** Bytes of the file that these rows are. */
  bytes: number;
}

/**
 * Where the headings of a file end, in bytes.
 * @param piece the beginning of the file
 * @throws Problem sheet-columns, sheet-unreadable, sheet-encoding
 */
export function headingBytes(kind: Kind, piece: Uint8Array, isLast: boolean): number {
  const ends = recordEnds(piece, isLast, isMarked(piece) ? MARK.length : 0).slice(0, HEADING_ROWS);
  const [worksheet] = readWorkbook(piece.subarray(0, ends.at(-1) ?? 0));
  const header = worksheet === undefined ? undefined : readTable(kind, worksheet).header;
  const end = header === undefined ? undefined : ends[header];
  if (end === undefined)
    throw new Problem('sheet-columns', { detail: `前五行中没有找到“${kind.title}”的表头，请使用模板中的列名。` });
  return end;
}

/**
 * The next rows of a file, whole groups only: rows of one household or claim stand together, and the last group is left for the next chunk unless the file
 * ends with it. Undefined where no row is left.
 * @param heading the bytes of the headings
 * @param piece what follows, from the beginning of a record on
 * @throws Problem sheet-too-large, when one group is longer than a chunk; sheet-unreadable, sheet-encoding
 */
export function chunkOf(kind: Kind, heading: Uint8Array, piece: Uint8Array, isLast: boolean): Chunk | undefined {
  const all = recordEnds(piece, isLast);
  const ends = all.slice(0, ROWS);
  const ended = isLast && ends.length === all.length;
  const whole = read(kind, heading, piece, ends);
  if (whole === undefined) {
    if (!isLast) throw new Problem('sheet-too-large');
    return undefined;
  }
  const last = whole.table.drafts.at(-1);
  if (ended || kind.group === undefined || last === undefined) return whole;
  // Of a group that is read only in part nothing is taken in.
  const before = Math.min(...last.rows) - (whole.worksheet.rows.length - ends.length);
  const chunk = read(kind, heading, piece, ends.slice(0, Math.max(0, before)));
  if (chunk !== undefined) return chunk;
  // Spreadsheets write thousands of blank rows below a table: they end its last group.
  if (Math.max(...last.rows) < whole.worksheet.rows.length - 1) return whole;
  throw new Problem('sheet-too-large');
}

function isMarked(piece: Uint8Array): boolean {
  return MARK.every((byte, place) => piece[place] === byte);
}

function read(kind: Kind, heading: Uint8Array, piece: Uint8Array, ends: readonly number[]): Chunk | undefined {
  const bytes = ends.at(-1);
  if (bytes === undefined) return undefined;
  const [worksheet] = readWorkbook(Buffer.concat([heading, piece.subarray(0, bytes)]));
  if (worksheet === undefined) return undefined;
  return { worksheet, table: readTable(kind, worksheet), rows: ends.length, bytes };
}
