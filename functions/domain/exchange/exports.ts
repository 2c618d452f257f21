import type { Divisions } from '../../contracts/regions.ts';
import { villageOf } from '../../contracts/values.ts';
import type { Cell, Worksheet } from './cells.ts';

/** A column of an exported table. */
export interface Outgoing<T> {
  title: string;
  cell: (item: T) => Cell;
}

/** Items as a worksheet: the headings, then a row for each. */
export function worksheetOf<T>(name: string, columns: readonly Outgoing<T>[], items: readonly T[]): Worksheet {
  return {
    name,
    rows: [columns.map(({ title }) => title), ...items.map((item) => columns.map(({ cell }) => cell(item)))],
  };
}

export function column<T>(title: string, cell: (item: T) => Cell | undefined): Outgoing<T> {
  return { title, cell: (item) => cell(item) ?? null };
}

/** Fen as a number of yuan with two decimals, computed on the digits. */
export function yuan(fen: number | null | undefined): Cell {
  if (fen === null || fen === undefined) return null;
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return { number: `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` };
}

export function count(value: number | null | undefined): Cell {
  return value === null || value === undefined ? null : { number: String(value) };
}

export function date(day: string | null | undefined): Cell {
  return day === null || day === undefined ? null : { at: `${day}T00:00:00` };
}

const SHANGHAI = 8 * 3_600_000;

/** An instant as local time in Asia/Shanghai. */
export function time(instant: string | null | undefined): Cell {
  return instant === null || instant === undefined
    ? null
    : { at: new Date(Date.parse(instant) + SHANGHAI).toISOString().slice(0, 19) };
}

export function yesOrNo(value: boolean | null | undefined): Cell {
  return value === null || value === undefined ? null : value ? '是' : '否';
}

/** Names of regions; empty for callers who may not read the divisions. */
export interface Names {
  town: (code: string) => string;
  village: (code: string) => string;
}

export function namesOf(divisions: Divisions | undefined): Names {
  const towns = new Map(divisions?.towns.map(({ code, name }) => [code, name]));
  const villages = new Map(
    divisions?.towns.flatMap((town) => town.villages.map(({ code, name }) => [code, name] as const)),
  );
  return {
    town: (code) => towns.get(code.slice(0, 9)) ?? '',
    village: (code) => villages.get(code.slice(0, 12)) ?? '',
  };
}

/** The columns every table begins with: where a household is, in words and codes. */
export function whereabouts<T>(names: Names, household: (item: T) => string): Outgoing<T>[] {
  return [
    column('乡镇', (item) => names.town(household(item))),
    column('行政村', (item) => names.village(household(item))),
    column('行政村编码', (item) => villageOf(household(item))),
    column('户编号', household),
  ];
}
