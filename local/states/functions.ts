import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { parseJson } from './json.ts';

/** Where expressions get what must not come from the machine they run on. */
export interface Sources {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** An error as the JSONata library throws it: a code, and a message that says what was wrong. */
class FunctionError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** The most numbers `$range` answers with. */
const LONGEST_RANGE = 360_145;

/** The functions Step Functions adds to JSONata, and those of JSONata that read a clock or draw a number. */
export function registerFunctions(expression: jsonata.Expression, sources: Sources): void {
  expression.registerFunction('partition', partition, '<a?n?:a>');
  expression.registerFunction('range', range, '<n?n?n?:a>');
  expression.registerFunction('hash', hash, '<x?s?:s>');
  expression.registerFunction('parse', parse, '<s?:x>');
  expression.registerFunction('uuid', () => uuid(sources.random), '<:s>');
  expression.registerFunction(
    'random',
    (seed?: number) => (seed === undefined ? sources.random() : seeded(seed)),
    '<n?:n>',
  );
  expression.registerFunction('millis', () => sources.now(), '<:n>');
  expression.registerFunction('now', (picture?: string, zone?: string) => now(sources, picture, zone), '<s?s?:s>');
  // Looked up by name like any function, so a name bound to nothing fails as an unknown function does (T1006).
  expression.assign('eval', undefined);
}

const formatted = jsonata('$fromMillis($at, $picture, $zone)');

async function now(sources: Sources, picture?: string, zone?: string): Promise<unknown> {
  const at = sources.now();
  if (picture === undefined) return new Date(at).toISOString();
  return formatted.evaluate(undefined, { at, picture, zone });
}

/** Pieces of `size` items; nothing when there are no items or the size is not positive. */
function partition(items?: readonly unknown[], size?: number): unknown[][] | undefined {
  const step = Math.trunc(size ?? 0);
  if (items === undefined || items.length === 0 || step <= 0) return undefined;
  return Array.from({ length: Math.ceil(items.length / step) }, (_, n) => items.slice(n * step, (n + 1) * step));
}

/** `from`, `from + step`, … up to and including `to`; a range of one number is that number. */
function range(from?: number, to?: number, step?: number): number[] | number | undefined {
  if (from === undefined || to === undefined || step === undefined) return undefined;
  const [first, last, delta] = [Math.trunc(from), Math.trunc(to), Math.trunc(step)];
  if (delta === 0 || (last - first) * delta < 0) return undefined;
  const length = Math.floor((last - first) / delta) + 1;
  if (length > LONGEST_RANGE) throw new FunctionError('D2014', 'Expression evaluation memory limit exceeded');
  if (length === 1) return first;
  return Array.from({ length }, (_, n) => first + n * delta);
}

function hash(data?: unknown, algorithm?: string): string | undefined {
  if (data === undefined || algorithm === undefined) return undefined;
  const name = ALGORITHMS[algorithm];
  if (name === undefined) throw new FunctionError('D3001', `Unsupported hash algorithm: ${algorithm}`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

function parse(text?: string): unknown {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    throw new FunctionError('D3001', 'Argument of function parse is not valid JSON');
  }
}

function uuid(random: () => number): string {
  if (random === Math.random) return randomUUID();
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  hex[12] = '4';
  hex[16] = (8 + Math.floor(random() * 4)).toString(16);
  return `${hex.slice(0, 8).join('')}-${hex.slice(8, 12).join('')}-${hex.slice(12, 16).join('')}-${hex.slice(16, 20).join('')}-${hex.slice(20).join('')}`;
}

/** The same number in [0, 1) for the same seed (the 32-bit mix of mulberry32). */
function seeded(seed: number): number {
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
