import jsonata from 'jsonata';
import { QUERY_ERROR, StateFailure } from './failure.ts';
import { registerFunctions, type Sources } from './functions.ts';
import { type Json, type JsonObject, NotJson, toJson } from './json.ts';

/** What an expression may read: `$states` and the variables in scope. */
export interface Scope {
  readonly states: JsonObject;
  readonly variables: JsonObject;
}

/** A field of a definition, ready to be evaluated; a field without expressions answers at once. */
export interface Template {
  (scope: Scope): Json | Promise<Json>;
  /** The expression, when the whole field is one. */
  readonly source?: string;
}

/** A JSONata expression that does not parse, or reads what it must not. */
export class ExpressionError extends Error {
  readonly code: 'INVALID_JSONATA_EXPRESSION' | 'UNSUPPORTED_JSONATA_EXPRESSION';
  readonly location: string;

  constructor(code: ExpressionError['code'], message: string, location: string) {
    super(message);
    this.code = code;
    this.location = location;
  }
}

/** The expression inside `{% … %}`, or undefined for a literal string. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/**
 * Compiles the templates of one definition, each distinct expression once.
 * `seen` hears of every expression and the variables it reads, for the checks made at creation.
 */
export class Compiler {
  readonly #sources: Sources;
  readonly #seen: (source: string, tree: jsonata.ExprNode, field: string) => void;
  readonly #cache = new Map<string, jsonata.Expression>();

  constructor(
    sources: Sources,
    seen: (source: string, tree: jsonata.ExprNode, field: string) => void = () => undefined,
  ) {
    this.#sources = sources;
    this.#seen = seen;
  }

  /**
   * @param field where the value stands in its state, written `Arguments/Payload/ids[0]`
   * @throws ExpressionError
   */
  template(value: Json, field: string): Template {
    const dynamic = this.#dynamic(value, field);
    return dynamic ?? (() => value);
  }

  /** The template of a value that holds an expression, or undefined when it is a constant. */
  #dynamic(value: Json, field: string): Template | undefined {
    if (typeof value === 'string') {
      const source = expressionIn(value);
      return source === undefined ? undefined : this.#expression(source, field);
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) {
      const parts = value.map((item, index) => this.#dynamic(item, `${field}[${index}]`));
      if (parts.every((part) => part === undefined)) return undefined;
      return (scope) => Promise.all(value.map((item, index) => parts[index]?.(scope) ?? item));
    }
    const entries = Object.entries(value);
    const parts = entries.map(([key, member]) => this.#dynamic(member, `${field}/${key}`));
    if (parts.every((part) => part === undefined)) return undefined;
    return async (scope) => {
      const members = await Promise.all(entries.map(([, member], index) => parts[index]?.(scope) ?? member));
      return Object.fromEntries(entries.map(([key], index): [string, Json] => [key, members[index] ?? null]));
    };
  }

  #expression(source: string, field: string): Template {
    let compiled = this.#cache.get(source);
    if (compiled === undefined) {
      try {
        compiled = jsonata(source);
      } catch (error) {
        throw new ExpressionError('INVALID_JSONATA_EXPRESSION', messageOf(error), field);
      }
      registerFunctions(compiled, this.#sources);
      this.#cache.set(source, compiled);
    }
    this.#seen(source, compiled.ast(), field);
    const expression = compiled;
    return Object.assign((scope: Scope) => evaluate(expression, source, field, scope), { source });
  }
}

async function evaluate(expression: jsonata.Expression, source: string, field: string, scope: Scope): Promise<Json> {
  let result: unknown;
  try {
    result = await expression.evaluate(undefined, { ...scope.variables, states: scope.states });
  } catch (error) {
    throw queryFailure(source, field, `threw an error during evaluation. ${codeOf(error)}${messageOf(error)}`);
  }
  if (result === undefined) throw queryFailure(source, field, 'returned nothing (undefined).');
  try {
    return toJson(result);
  } catch (error) {
    if (error instanceof NotJson) throw queryFailure(source, field, 'returned an unsupported result type.');
    throw error;
  }
}

function queryFailure(source: string, field: string, what: string): StateFailure {
  const cause = `The JSONata expression '${source}' specified for the field '${field}' ${what}`;
  return new StateFailure(QUERY_ERROR, cause, { location: field });
}

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? `${String(error.code)}: ` : '';
}

/** An expression answered with something that its field does not take. */
export function unexpectedType(
  template: Template | undefined,
  field: string,
  expected: string,
  value: Json,
): StateFailure {
  const source = template?.source === undefined ? '' : ` '${template.source}'`;
  const cause = `The JSONata expression${source} specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
  return new StateFailure(QUERY_ERROR, cause, { location: field });
}

/**
 * A number of seconds, items or branches that a definition gives as a literal or an expression.
 * @throws StateFailure States.QueryEvaluationError when it is no whole number in [least, most]
 */
export async function wholeNumber(
  template: Template,
  field: string,
  scope: Scope,
  least: number,
  most: number,
): Promise<number> {
  const value = await template(scope);
  if (typeof value !== 'number') throw unexpectedType(template, field, 'number', value);
  if (!Number.isInteger(value))
    throw new StateFailure(QUERY_ERROR, `The ${field} field cannot be parsed as an integer: ${value}`, {
      location: field,
    });
  if (value < least || value > most)
    throw new StateFailure(QUERY_ERROR, `The ${field} field must be between ${least} and ${most}: ${value}`, {
      location: field,
    });
  return value;
}

/** What JSONata's `$type` answers. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
