import { Problem } from '../../../contracts/problems.ts';
import { type Cell, LARGEST_WORKSHEET, type Merged, type Worksheet } from '../../../domain/exchange/cells.ts';
import { CsvTooLarge, otherSeparator, readCsv } from '../../../domain/exchange/csv.ts';
import { contentsReader, relationsReader, stylesReader, textsReader } from './parts.ts';
import { newRoom, type Room, worksheetReader } from './worksheet-reader.ts';
import { newBudget, type Reader, readDocument } from './xml.ts';
import { Archive } from './zip.ts';

/**
 * The worksheets of a file, whichever kind it is: its first bytes tell, not its name.
 * @throws Problem sheet-unreadable, sheet-invalid, sheet-too-large, sheet-encoding
 */
export function readWorkbook(bytes: Uint8Array): Worksheet[] {
  const head = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (head.startsWith('PK')) return readXlsx(new Archive(bytes));
  if (head === '\xd0\xcf\x11\xe0')
    throw new Problem('sheet-unreadable', { detail: '这是旧版 .xls 文件，或是加密的文件，请另存为不加密的 .xlsx。' });
  return [{ name: 'CSV', rows: csvRows(decoded(bytes)) }];
}

function csvRows(text: string): Cell[][] {
  const separator = otherSeparator(text);
  if (separator !== undefined)
    throw new Problem('sheet-unreadable', {
      detail: `CSV 文件的各列是用${separator}隔开的，须用英文逗号。请另存为“CSV（逗号分隔）”或 .xlsx 后再提交。`,
    });
  try {
    const rows = readCsv(text);
    if (rows !== undefined) return rows;
  } catch (error) {
    throw error instanceof CsvTooLarge ? new Problem('sheet-too-large') : error;
  }
  throw new Problem('sheet-unreadable', { detail: 'CSV 文件中有引号没有成对。' });
}

const WORKBOOK = 'xl/workbook.xml';
const SHEETS = /^xl\/worksheets\/[^/]+\.xml$/;

/** Rows of one width. @throws Problem sheet-too-large */
function squared(rows: Cell[][]): Cell[][] {
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
  if (width * rows.length > LARGEST_WORKSHEET.places) throw new Problem('sheet-too-large');
  for (const row of rows) while (row.length < width) row.push(null);
  return rows;
}

/** Merged cells as far as their table reaches: whole columns are merged at times. @throws Problem sheet-too-large */
function within(merged: readonly Merged[], rows: readonly (readonly Cell[])[], room: Room): Merged[] {
  const clipped = merged.map((one) => ({ ...one, last: Math.min(one.last, rows.length - 1) }));
  const real = clipped.filter(({ first, last }) => last > first);
  for (const { column, first, last } of real) {
    const cell = rows[first]?.[column] ?? null;
    room.cells -= last - first;
    room.characters -= (last - first) * (typeof cell === 'string' ? cell.length : 0);
  }
  if (Math.min(room.cells, room.characters) < 0) throw new Problem('sheet-too-large');
  return real;
}

/** Everything is counted while parsing, before anything is built. */
function readXlsx(archive: Archive): Worksheet[] {
  const budget = newBudget();
  const read = <R extends Reader>(name: string, reader: R): R => {
    const bytes = archive.read(name);
    if (bytes !== undefined) readDocument(bytes, budget, reader);
    return reader;
  };
  const { contents } = read(WORKBOOK, contentsReader());
  const { targets } = read('xl/_rels/workbook.xml.rels', relationsReader());
  const { texts } = read('xl/sharedStrings.xml', textsReader());
  const { isDate, digits } = read('xl/styles.xml', stylesReader());
  const shared = { texts, isDate, digits, is1904: contents.is1904 };
  const room = newRoom();
  const found = new Map<string, Omit<Worksheet, 'name'>>();
  for (const name of archive.names.filter((one) => SHEETS.test(one))) {
    const { rows, merged } = read(name, worksheetReader(shared, room));
    found.set(name, { rows: squared(rows), merged: within(merged, rows, room) });
  }
  if (!archive.names.includes(WORKBOOK)) throw new Problem('sheet-unreadable');
  // What nobody sees nobody meant to send: a hidden worksheet is mostly an earlier state of the table, or its lists of words.
  return contents.sheets
    .filter(({ isHidden }) => !isHidden)
    .map(({ name, relation }) => ({ name, ...(found.get(targets.get(relation) ?? '') ?? { rows: [] }) }));
}

/** UTF-8 with or without its mark, or what Excel writes in China. */
function decoded(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
      // Where the gateway took other bytes for UTF-8 it has put this sign, and nothing brings them back.
      if (text.includes('\uFFFD') || text.includes('\0')) throw new Problem('sheet-encoding');
      return text;
    } catch (error) {
      if (error instanceof Problem) throw error;
    }
  }
  throw new Problem('sheet-encoding');
}
