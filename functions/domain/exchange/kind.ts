import type { CellCode, Parse, Value } from './cells.ts';

/**
 * A column of a table officials fill in. `field` is the path of its value in the request the API takes, `income/wages`; where a star
 * stands, the rows of a group are counted.
 */
export interface Column {
  field: string;
  title: string;
  /** Other headings that are accepted for it. */
  aliases?: readonly string[];
  parse: Parse;
  /** The column must exist; whether its cells may be empty is for the API to say. */
  required?: true;
  /** What to fill in, as the template explains it. */
  hint: string;
  example: string;
  /** The only words allowed: one of them, or several separated by 、. */
  words?: readonly string[];
  several?: true;
}

/** A table that can be taken in. */
export interface Kind {
  title: string;
  columns: readonly Column[];
  /** Headings that are allowed and ignored: columns our exports add, and notes officials keep. */
  shown: readonly string[];
  /** How the table is filled in, in a sentence or two. */
  explanation: string;
  /** Rows of a file at most, so that the whole of it is answered within a request. */
  most: number;
  /** The fields that name a group: rows with the same values, and rows below that leave them blank, form one group. Without them each row is its own group. */
  group?: readonly string[];
  /** A value in this field begins another item of the first star; when it is not set, every row does. */
  begins?: string;
  /** For paths only the API has: the column to mark instead. */
  told?: Readonly<Record<string, string>>;
  /** For refusals without a field: the column to mark, by problem code. */
  blamed?: Readonly<Record<string, string>>;
  /** Whether rows name members, whom only the registry can identify. */
  people?: true;
  /** Turns the values of a row into the request the API takes. */
  finish?: (draft: Draft, context: Context) => void;
}

/** A cell's place in the worksheet as it was sent, both counted from 0. */
export interface Spot {
  row: number;
  column: number;
}

export interface Fault {
  spot: Spot;
  code: string;
  detail: string;
}

/** A request being assembled: values by path, and the cell each came from. */
export interface Draft {
  /** The rows it is made of, counted from 0. */
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
  /** The members of a household, or why they cannot be told. */
  members: (household: string) => readonly Member[] | { code: string; detail: string };
  /** The members a household had on a day before. */
  membersBefore: (household: string, day: string) => readonly Member[];
}

/** Reports a wrong value at its own cell or, when it has none, at the first cell of its row. */
export function fault(draft: Draft, path: string, code: CellCode | (string & {}), detail: string): void {
  const spot = draft.spots.get(path) ?? { row: draft.rows[0] ?? 0, column: 0 };
  draft.faults.push({ spot, code, detail });
}

/** The value at a path when it is text. */
export function textAt({ values }: Draft, path: string): string | undefined {
  const value = values.get(path);
  return typeof value === 'string' ? value : undefined;
}
