import type { CellCode, Parse, Value } from './cells.ts';

/**
 * A column of a table officials fill in. `field` is the path of its value in the request the API takes, `income/wages`; where a star
 * stands, the rows of a group are counted.
 */
export interface Column {
  field: string;
  title: string;
  /** Other headings it is known by. */
  aliases?: readonly string[];
  parse: Parse;
  /** It must be among the headings; whether a cell of it may be empty, the API says. */
  required?: true;
  /** What to fill in, as the template explains it. */
  hint: string;
  example: string;
  /** The only words allowed: one of them, or several parted by 、. */
  words?: readonly string[];
  several?: true;
}

/** A table that can be taken in. */
export interface Kind {
  title: string;
  columns: readonly Column[];
  /** Headings that may stand there and are not taken in: what we write beside the values ourselves, and what officials keep for their own eyes. */
  shown: readonly string[];
  /** How the table is filled in, in a sentence or two. */
  explanation: string;
  /** Rows of a file at most, so that the whole of it is answered within a request. */
  most: number;
  /** The fields that name a group: rows with the same names, and rows below that leave them blank, are one. Without them each row is its own. */
  group?: readonly string[];
  /** The field whose value begins another item of the first star; without it every row does. */
  begins?: string;
  /** Under which of our fields a path that is only the API's is to be marked. */
  told?: Readonly<Record<string, string>>;
  /** The field to be marked when the API refuses a row for a reason and names no field of it. */
  blamed?: Readonly<Record<string, string>>;
  /** Whether members are named, whom only the registry can identify. */
  people?: true;
  /** Turns what was filled in into what the API takes. */
  finish?: (draft: Draft, context: Context) => void;
}

/** A place in the sheet as it was sent, both from 0. */
export interface Spot {
  row: number;
  column: number;
}

export interface Fault {
  spot: Spot;
  code: string;
  detail: string;
}

/** A request in the making: the values by their paths, and the cell each came from. */
export interface Draft {
  /** The sheet's rows it is made of, from 0. */
  rows: number[];
  values: Map<string, Value>;
  spots: Map<string, Spot>;
  faults: Fault[];
}

/** A registered person, as the API shows them to the caller. */
export interface Member {
  person: string;
  name: string;
  /** Masked. */
  idNumber: string;
}

export interface Context {
  round?: string | undefined;
  /** For rows that name a household by its number alone. */
  village?: string | undefined;
  /** The members of a household, or why it cannot be told. */
  members: (household: string) => readonly Member[] | { code: string; detail: string };
  /** The members a household had on a day before. */
  membersBefore: (household: string, day: string) => readonly Member[];
}

/** Says that a value is wrong, at its own cell or, when it has none, at the first of its row. */
export function fault(draft: Draft, path: string, code: CellCode | (string & {}), detail: string): void {
  const spot = draft.spots.get(path) ?? { row: draft.rows[0] ?? 0, column: 0 };
  draft.faults.push({ spot, code, detail });
}

/** The value at a path when it is text. */
export function textAt({ values }: Draft, path: string): string | undefined {
  const value = values.get(path);
  return typeof value === 'string' ? value : undefined;
}
