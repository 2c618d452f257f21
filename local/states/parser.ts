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
  readonly inCatch?: boolean;
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
  /** Parses a block and answers with its path. */
  block(fields: Fields, path: string, allowed: ReadonlySet<string>, outer: Names, type: ExecutionType): string;
}

/** The longest wait, timeout or heartbeat, in seconds. */
export const LONGEST_SECONDS = 99_999_999;

/** A literal number in [least, most] (whole unless told) or an expression for one. */
export function numeric(parser: Parser, fields: Fields, key: string, least = 1, most = LONGEST_SECONDS, whole = true): Template | undefined {
  const value = fields.value[key];
  if (typeof value === 'string') {
    if (expressionIn(value) === undefined) fields.refuse(`Expected value of type [${whole ? 'INTEGER' : 'NUMBER'}] or a JSONata expression`, key);
  } else {
    fields.number(key, least, most, whole);
  }
  return parser.template(fields, key);
}
