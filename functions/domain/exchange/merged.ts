import { type Cell, type Merged, mergedSum, money, type Worksheet, whole } from './cells.ts';
import type { Column, Kind } from './kind.ts';
import { HEADER_WITHIN, readTable } from './reading.ts';

/**
 * A worksheet in which what is merged over several rows stands in each of them, as whoever looks at it reads it: a household's number beside all its members,
 * a heading in both rows of the headings. A number that each row needs for itself, an amount or a count, is not to be had that way: its cells are marked, and
 * reading them is a fault. Rows with nothing of their own stay blank, since rows are merged to be high, too.
 */
export function unmerged(kind: Kind, worksheet: Worksheet): Worksheet {
  const { merged = [], rows } = worksheet;
  if (merged.length === 0) return worksheet;
  const top = rows.map((cells) => [...cells]);
  for (const each of merged)
    for (let row = each.first; row <= each.last && row < HEADER_WITHIN; row += 1)
      put(top, row, each, toldBy(rows, each));
  const { header, columns } = readTable(kind, { ...worksheet, rows: top }, 0);
  if (header === undefined) return worksheet;
  const places = new Map(
    [...columns].map(([field, place]) => [place, kind.columns.find((one) => one.field === field)]),
  );
  const hasOwn = rows.map((cells) => cells.some((cell, place) => places.has(place) && cell !== null && cell !== ''));
  const made = rows.map((cells, row) => (row <= header ? (top[row] ?? []) : [...cells]));
  for (const each of merged) {
    const column = places.get(each.column);
    const value = toldBy(rows, each);
    // A heading that reaches into the table says nothing there.
    if (column === undefined || value === null || each.first <= header) continue;
    const below = Array.from({ length: each.last - each.first }, (_, n) => each.first + 1 + n).filter(
      (row) => hasOwn[row],
    );
    if (below.length === 0) continue;
    if (!isSum(column)) for (const row of below) put(made, row, each, value);
    else if (isOfEachRow(kind, column))
      for (const row of [each.first, ...below]) put(made, row, each, mergedSum(value));
  }
  return { ...worksheet, rows: made };
}

function toldBy(rows: readonly (readonly Cell[])[], { first, column }: Merged): Cell {
  return rows[first]?.[column] ?? null;
}

function put(rows: readonly Cell[][], row: number, { column }: Merged, cell: Cell): void {
  const cells = rows[row];
  if (cells !== undefined && column < cells.length) cells[column] = cell;
}

function isSum({ parse }: Column): boolean {
  return parse === money || parse === whole;
}

/** Whether a value counts for its row alone, not for the group or the item of a group that several rows tell of. */
function isOfEachRow({ group, begins }: Kind, { field }: Column): boolean {
  const stars = field.split('*').length - 1;
  return group === undefined || stars === 2 || (stars === 1 && begins === undefined);
}
