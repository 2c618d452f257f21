import type { JsonObject } from './json.ts';

/**
 * The rows of a CSV text (RFC 4180: quoted fields, doubled quotes, line breaks in quotes) as objects of texts.
 * @param headers the names of the columns; without them the first row has them
 * @throws Error when a row has more fields than there are names
 */
export function readCsv(text: string, delimiter: string, headers: readonly string[] | undefined): JsonObject[] {
  const rows = rowsOf(text.replace(/^\uFEFF/, ''), delimiter);
  const names = headers ?? rows.shift() ?? [];
  return rows.map((row, index) => {
    if (row.length > names.length)
      throw new Error(`Row ${index + 1} of the CSV has ${row.length} fields for ${names.length} columns.`);
    return Object.fromEntries(names.map((name, column) => [name, row[column] ?? '']));
  });
}

function rowsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = (): void => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r') field += character;
  }
  endRow();
  return rows;
}
