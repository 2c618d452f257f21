import { ExpressionError } from './expression.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from './json.ts';

/** One finding about a definition, as ValidateStateMachineDefinition tells it. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  readonly location?: string;
}

/** Collects findings; a definition with any of them does not run. */
export class Diagnostics {
  readonly found: Diagnostic[] = [];

  schema(message: string, location: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, location);
  }

  add(code: string, message: string, location?: string): void {
    this.found.push({ severity: 'ERROR', code, message, ...(location !== undefined && { location }) });
  }
}

/** A JSON object of a definition together with where it stands, so that every finding can say so. */
export class Fields {
  readonly value: JsonObject;
  /** `/States/Name/Retry[0]`; '' for the machine itself. */
  readonly location: string;
  readonly #diagnostics: Diagnostics;

  constructor(value: JsonObject, location: string, diagnostics: Diagnostics) {
    this.value = value;
    this.location = location;
    this.#diagnostics = diagnostics;
  }

  at(key: string): string {
    return `${this.location}/${key}`;
  }

  has(key: string): boolean {
    return this.value[key] !== undefined;
  }

  refuse(message: string, key?: string): void {
    this.#diagnostics.schema(message, key === undefined ? this.location || '/' : this.at(key));
  }

  require(...keys: readonly string[]): void {
    const missing = keys.filter((key) => !this.has(key));
    if (missing.length > 0) this.refuse(`These fields are required: [${missing.join(', ')}]`);
  }

  only(allowed: ReadonlySet<string>): void {
    for (const key of Object.keys(this.value)) {
      if (!allowed.has(key)) this.refuse(`Field '${key}' is not supported`);
    }
  }

  string(key: string): string | undefined {
    const value = this.value[key];
    if (value === undefined || typeof value === 'string') return value;
    this.refuse('Expected value of type [STRING]', key);
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.value[key];
    if (value === undefined || typeof value === 'boolean') return value;
    this.refuse('Expected value of type [BOOLEAN]', key);
    return undefined;
  }

  choice<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    const found = allowed.find((name) => name === value);
    if (found === undefined) this.refuse(`Value should be one of the following: [${allowed.join(', ')}]`, key);
    return found;
  }

  /** A literal number in [least, most]; `whole` ones only when asked. */
  number(key: string, least: number, most: number, whole: boolean): number | undefined {
    const value = this.value[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || (whole && !Number.isInteger(value))) {
      this.refuse(`Expected value of type [${whole ? 'INTEGER' : 'NUMBER'}]`, key);
      return undefined;
    }
    if (value < least) this.refuse(`Value must be greater than or equal to ${least}`, key);
    else if (value > most) this.refuse(`Value must be less than or equal to ${most}`, key);
    return value;
  }

  object(key: string): Fields | undefined {
    const value = this.value[key];
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return new Fields(value, this.at(key), this.#diagnostics);
    this.refuse('Expected value of type [OBJECT]', key);
    return undefined;
  }

  /** The objects of an array; `least` is how many there must be. */
  objects(key: string, least = 0): Fields[] {
    const value = this.value[key];
    if (value === undefined) return [];
    if (!isJsonArray(value)) {
      this.refuse('Expected value of type [ARRAY]', key);
      return [];
    }
    if (value.length < least) this.refuse('Array cannot be empty', key);
    return value.flatMap((item, index) => {
      const location = `${this.at(key)}[${index}]`;
      if (isJsonObject(item)) return [new Fields(item, location, this.#diagnostics)];
      this.#diagnostics.schema('Expected value of type [OBJECT]', location);
      return [];
    });
  }

  strings(key: string): string[] {
    const value = this.value[key];
    if (value === undefined) return [];
    const strings: readonly Json[] = isJsonArray(value) ? value : [];
    const names = strings.filter((item) => typeof item === 'string');
    if (!isJsonArray(value) || names.length !== strings.length)
      this.refuse('Expected value of type [ARRAY of STRING]', key);
    else if (names.length === 0) this.refuse('Array cannot be empty', key);
    return names;
  }

  /** Runs a compilation, turning an expression that does not compile into a finding at its field. */
  compile<T>(base: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#diagnostics.add(error.code, error.message, `${base}/${error.location}`);
      return undefined;
    }
  }
}
