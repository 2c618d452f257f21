import type { Assign, Catcher, ExecutionType } from './definition.ts';
import type { Fields } from './diagnostics.ts';
import { expressionIn, type Template } from './expression.ts';
import type { Retrier } from './failure.ts';
import type { Sources } from './functions.ts';

export interface ParseOptions {
  readonly type: ExecutionType;
  /** SDK services that run locally. */
  readonly services: ReadonlySet<string>;
  readonly sources: Sources;
}

/** The variables assigned in the enclosing scopes. */
export type Names = ReadonlySet<string>;

/** Where the fields of a state are told from: the state's location, and what stands before the field's own name. */
export interface Location {
  readonly state: string;
  /** Empty for the state's own fields, `Choices[0]/` and the like below it. */
  readonly prefix: string;
  /** What of `$states` means something only there: `result` where there is one, `errorOutput` in a catcher. */
  readonly reads?: 'result' | 'errorOutput';
}

/** What the parts of the parser share. */
export interface Parser {
  readonly options: ParseOptions;
  readonly machineLanguage: 'JSONata' | 'JSONPath';
  /** What the states being parsed run as: the machine's type, or that of a Distributed Map's children. */
  readonly type: ExecutionType;
  template(fields: Fields, key: string, base?: Location): Template | undefined;
  assign(fields: Fields, base?: Location): Assign | undefined;
  retry(fields: Fields): Retrier[];
  catch(fields: Fields): Catcher[];
  /** Claims the label of a Distributed Map: the runs of two must not be confused. */
  label(fields: Fields, label: string): void;
  /** Parses a block and answers with its path. */
  block(fields: Fields, path: string, allowed: ReadonlySet<string>, outer: Names, type: ExecutionType): string;
}

const RFC3339 = /^\d{4}-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970 of an RFC 3339 timestamp with `T` and an offset; undefined for anything else, dates that do not exist too. */
export function parseTimestamp(text: string): number | undefined {
  const day = Number(RFC3339.exec(text)?.[2]);
  const parsed = Date.parse(text);
  // Date.parse lets a 31st of February become the 2nd or 3rd of March.
  return Number.isNaN(parsed) || new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== day ? undefined : parsed;
}

/** The longest wait, timeout or heartbeat, in seconds. */
export const LONGEST_SECONDS = 99_999_999;

/** A literal number in [least, most] (whole unless told) or an expression for one. */
export function numeric(
  parser: Parser,
  fields: Fields,
  key: string,
  least = 1,
  most = LONGEST_SECONDS,
  whole = true,
): Template | undefined {
  const value = fields.value[key];
  if (typeof value === 'string') {
    if (expressionIn(value) === undefined)
      fields.refuse(`Expected value of type [${whole ? 'INTEGER' : 'NUMBER'}] or a JSONata expression`, key);
  } else {
    fields.number(key, least, most, whole);
  }
  return parser.template(fields, key);
}
