import writeWorkbook, { type CellObject, type Feature, type Row } from 'write-excel-file/universal';
import { CSV, XLSX } from '../../../contracts/exchange/exchange-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import type { Cell, Worksheet } from '../../../domain/exchange/cells.ts';
import { writeCsv } from '../../../domain/exchange/csv.ts';
import type { Reply } from '../../../runtime/http.ts';
import { LARGEST_FILE } from '../../../runtime/http.ts';

/** A worksheet to be written, and how it looks. */
export interface Written extends Worksheet {
  /** The row of the headings, from 0: bold, and it stays in sight. */
  header?: number;
  /** Cells with something wrong, `row:column` from 0. */
  marked?: ReadonlySet<string>;
  /** Columns to be filled in: as text, and with a list to choose from. So many rows below the headings are made ready. */
  fill?: { rows: number; columns: readonly { text: boolean; choices: readonly string[] }[] };
}

const HEADING: CellObject = {
  fontWeight: 'bold',
  backgroundColor: '#E2EFDA',
  wrap: true,
  alignVertical: 'center',
  borderStyle: 'thin',
  borderColor: '#A6A6A6',
};
/** From this length on, text is wrapped. */
const LONG_TEXT = 24;
const MARKED: CellObject = { backgroundColor: '#FFC7CE', textColor: '#9C0006' };

/** Text goes out as it is, so that more of it fits into an answer than of a file in base64. */
const LARGEST_TEXT = 5_500_000;

/** A download of worksheets under a Chinese name. A CSV file has room for the first one only. @throws Problem export-too-large */
export async function download(
  worksheets: readonly [Written, ...Written[]],
  format: 'xlsx' | 'csv',
  name: string,
  status = 200,
): Promise<Reply> {
  const body = format === 'csv' ? writeCsv(worksheets[0]) : await writeXlsx(worksheets);
  const isTooLarge = typeof body === 'string' ? Buffer.byteLength(body) > LARGEST_TEXT : body.length > LARGEST_FILE;
  if (isTooLarge) throw new Problem('export-too-large');
  return {
    status,
    body,
    contentType: format === 'csv' ? `${CSV}; charset=utf-8` : XLSX,
    fileName: `${name}.${format}`,
  };
}

/** A workbook as bytes. Text is written as text: nothing in it can become a formula. */
async function writeXlsx(worksheets: readonly Written[]): Promise<Uint8Array> {
  const pages = worksheets.map((worksheet) => ({
    sheet: worksheet.name,
    data: [
      ...worksheet.rows.map((row, n) => row.map((cell, column) => styled(worksheet, cell, n, column))),
      ...blankRows(worksheet),
    ],
    columns: widths(worksheet).map((width) => ({ width })),
    ...(worksheet.header === undefined ? {} : { stickyRowsCount: worksheet.header + 1 }),
  }));
  const blob = await writeWorkbook(pages, {
    fontFamily: '等线',
    fontSize: 11,
    features: [choices(worksheets)],
  }).toBlob();
  return new Uint8Array(await blob.arrayBuffer());
}

function styled(worksheet: Written, cell: Cell, row: number, column: number): CellObject {
  const style = row === worksheet.header ? HEADING : undefined;
  const mark = worksheet.marked?.has(`${row}:${column}`) ? MARKED : undefined;
  return { ...written(cell), ...style, ...mark };
}

function written(cell: Cell): CellObject {
  if (cell === null) return {};
  if (typeof cell === 'string')
    return {
      value: cell,
      type: String,
      format: '@',
      ...(cell.length > LONG_TEXT ? { wrap: true, alignVertical: 'top' } : {}),
    };
  if (typeof cell === 'boolean') return { value: cell, type: Boolean };
  if ('number' in cell)
    return {
      value: Number(cell.number),
      type: Number,
      ...(/^-?\d+\.\d+$/.test(cell.number) ? { format: '0.00' } : {}),
    };
  return {
    value: new Date(`${cell.at}Z`),
    type: Date,
    format: cell.at.endsWith('T00:00:00') ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm:ss',
  };
}

/** Rows made ready to be filled in: a column of long numbers is text before anybody types. */
function blankRows({ fill }: Written): Row[] {
  if (fill === undefined) return [];
  const row = fill.columns.map(({ text }): CellObject => (text ? { value: '', type: String, format: '@' } : {}));
  return Array.from({ length: fill.rows }, () => row);
}

/** Wide enough for what stands there, a Chinese character counted twice; narrow enough to be seen at once. */
function widths({ rows }: Worksheet): number[] {
  const most: number[] = [];
  for (const row of rows.slice(0, 200)) {
    for (const [column, cell] of row.entries())
      most[column] = Math.max(most[column] ?? 8, Math.min(48, lengthOf(cell) + 2));
  }
  return most;
}

function lengthOf(cell: Cell): number {
  if (cell === null || typeof cell === 'boolean') return 4;
  const text = typeof cell === 'string' ? cell : 'number' in cell ? cell.number : cell.at.slice(0, 10);
  return text.length + (text.match(/[^\x20-\x7e]/g)?.length ?? 0);
}

/** A list may hold so many characters. */
const LONGEST_LIST = 255;

/** Lists to choose from, for the rows made ready: other words are let through, because the reader knows more than one for a thing. */
function choices(worksheets: readonly Written[]): Feature<Blob> {
  const lists = ({ header = 0, fill, rows }: Written): string[] =>
    (fill?.columns ?? []).flatMap(({ choices: words }, column) => {
      const list = words.join(',');
      if (fill === undefined || words.length === 0 || list.length > LONGEST_LIST) return [];
      const range = `${letters(column)}${header + 2}:${letters(column)}${rows.length + fill.rows}`;
      return [
        `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${range}"><formula1>"${list}"</formula1></dataValidation>`,
      ];
    });
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml, _, { sheetIndex }) => {
            const worksheet = worksheets[sheetIndex];
            const made = worksheet === undefined ? [] : lists(worksheet);
            // The order of a worksheet's parts is fixed: validations come right before the margins.
            return made.length === 0
              ? xml
              : xml.replace(
                  /<pageMargins|<\/worksheet>/,
                  (next) => `<dataValidations count="${made.length}">${made.join('')}</dataValidations>${next}`,
                );
          },
        },
      },
    },
  };
}

/** A column's letters: A, …, Z, AA. */
export function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : `${letters(Math.floor(column / 26) - 1)}${last}`;
}
