import fc from 'fast-check';
import type { Random } from '../../demo/district/random.ts';

/** The parts of JSON Schema that the API's own description uses. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** Values that a schema allows, by a seed: what names something names, as often as not, something that is there. */
export class Shapes {
  readonly #random: Random;
  readonly #known: ReadonlySet<string>;
  readonly #matching = new Map<string, readonly string[]>();

  /** @param known ids, codes and days of what the system holds */
  constructor(random: Random, known: ReadonlySet<string>) {
    this.#random = random;
    this.#known = known;
  }

  value(schema: Schema): unknown {
    if ('const' in schema) return schema.const;
    if (schema.enum !== undefined) return this.#random.pick(schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options !== undefined) return this.value(this.#random.pick(options));
    if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => this.value(part)));
    switch (schema.type) {
      case 'object':
        return this.#object(schema);
      case 'array':
        return this.#array(schema);
      case 'string':
        return this.#text(schema);
      case 'integer':
      case 'number':
        return this.#number(schema);
      case 'boolean':
        return this.#random.chance(0.5);
      default:
        return null;
    }
  }

  #object({ properties = {}, required = [], additionalProperties: rest, propertyNames }: Schema): unknown {
    const entries = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.#random.chance(0.5))
      .map(([name, schema]): [string, unknown] => [name, this.value(schema)]);
    if (typeof rest === 'object' && propertyNames !== undefined && this.#random.chance(0.7))
      entries.push([String(this.value(propertyNames)), this.value(rest)]);
    return Object.fromEntries(entries);
  }

  #array({ items = {}, minItems = 0, maxItems = 3 }: Schema): unknown {
    const count = this.#random.int(minItems, Math.max(minItems, Math.min(maxItems, 3)));
    return Array.from({ length: count }, () => this.value(items));
  }

  #text({ pattern, minLength = 0, maxLength = 20 }: Schema): string {
    if (pattern === undefined) {
      const length = this.#random.int(minLength, Math.max(minLength, Math.min(maxLength, 20)));
      return Array.from({ length }, () => this.#random.pick([...'户主外出务工 abc019'])).join('');
    }
    const form = new RegExp(pattern);
    // What may be any word names nothing that is there; an id in it would be told to everybody who may read the word.
    const fitting =
      this.#matching.get(pattern) ?? (form.test('ABCD') ? [] : [...this.#known].filter((text) => form.test(text)));
    this.#matching.set(pattern, fitting);
    if (fitting.length > 0 && this.#random.chance(0.8)) return this.#random.pick(fitting);
    const [made = ''] = fc.sample(fc.stringMatching(form), {
      numRuns: 1,
      seed: this.#random.int(0, 2 ** 31 - 1),
    });
    return made;
  }

  #number({ minimum = 0, maximum = 1_000_000, type }: Schema): number {
    const low = Math.max(minimum, -1_000_000);
    const high = Math.min(maximum, 100_000_000);
    if (this.#random.chance(0.2)) return this.#random.pick([minimum, maximum]);
    return type === 'integer' ? this.#random.int(low, high) : low + this.#random.next() * (high - low);
  }
}
