/** A JSON value. Values are shared between states, events and expressions and therefore never changed in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isRecord(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** @throws SyntaxError as `JSON.parse` */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

/** What has no form in JSON: a function, a symbol, a number that is not finite, or nothing at all. */
export class NotJson extends Error {
  /** @param kind of the value met, as JSONata's `$type` would call it */
  constructor(kind: string) {
    super(`A ${kind} is not a JSON value.`);
  }
}

/**
 * A plain copy, free of what a library hangs on its arrays; members that are undefined are left out, as JSON does.
 * @throws NotJson
 */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson('number that is not finite');
      return value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(toJson);
      if (value instanceof Date) return value.toISOString();
      if (value instanceof RegExp || '_jsonata_function' in value || '_jsonata_lambda' in value)
        throw new NotJson('function');
      const copy: Record<string, Json> = {};
      for (const [key, member] of Object.entries(value)) {
        if (member !== undefined) define(copy, key, toJson(member));
      }
      return copy;
    }
    default:
      throw new NotJson(typeof value);
  }
}

/** Sets a member also when it is called `__proto__`, which an assignment would take for the prototype. */
function define(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** Most bytes (UTF-8) of an input, an output, a variable set or a task's arguments. */
export const PAYLOAD_LIMIT = 262_144;

/** Whether the JSON text of a value is longer than Step Functions takes, counted in UTF-8 bytes. */
export function tooLarge(text: string): boolean {
  // A UTF-16 unit takes at most three bytes, so most texts need no counting.
  return text.length * 3 > PAYLOAD_LIMIT && Buffer.byteLength(text) > PAYLOAD_LIMIT;
}
