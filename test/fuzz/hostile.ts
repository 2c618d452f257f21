import type { Random } from '../../demo/district/random.ts';

/** Texts that have broken other systems: controls, direction marks, halves of characters, delimiters of keys, formulas, paths, markup. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u001b[31m',
  '\r\nSet-Cookie: a=b',
  '\u202e\u2066abc',
  '\ud800',
  'x\udfff',
  '\ufeff440904001001',
  '４４０９０４００１００１',
  '440904001001#VILLAGE',
  'HOUSEHOLD#440904001001-0001',
  '#',
  '|',
  '440904001001-0001 ',
  '=HYPERLINK("http://x","y")',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '{{7*7}}<%= 7*7 %>',
  '{% $states.context %}',
  "'; DROP TABLE households; --",
  '<script>alert(1)</script>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '1e400',
  '0x10',
  '-0',
  '2023-02-30',
  '0000-01-01',
  '9999-12-31',
  '2023-10-11T24:00:00+08:00',
  '2023-10-11T09:00:00+99:99',
  '😀'.repeat(200),
  '汉'.repeat(50_000),
  'a'.repeat(5_000),
];

const NAMES = ['__proto__', 'constructor', 'prototype', 'extra', '', 'pk', '$ref', 'toJSON', 'then', 'length'];

/** Something that is not what was asked for. */
function hostile(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.pick(HOSTILE_TEXTS),
    () => random.pick([null, true, false, 0, -1, -0, 1.5, 1e21, 2 ** 53, -(2 ** 53), 1e308, 5e-324]),
    () => random.pick([[], {}, [[]], [null], [{}], { '': null }]),
    () => nested(random.int(50, 3_000)),
    () => Array.from({ length: random.int(100, 3_000) }, () => 0),
    () => Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`key${n}`, n])),
  ])();
}

/** `[[[[…]]]]`, as deep as told. */
function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let n = 0; n < depth; n += 1) value = n % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The value with one place of it spoilt: something else there, a field too many or too few, an entry twice. */
export function spoilt(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.int(0, value.length - 1);
    if (random.chance(0.15)) return [...value, value[at]];
    return value.map((item, index) => (index === at ? spoilt(item, random) : item));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && random.chance(0.85)) {
    const entries = Object.entries(value);
    const [name] = entries.length === 0 ? [undefined] : random.pick(entries);
    if (name === undefined || random.chance(0.15))
      // Text, so that a name which only looks like the prototype stays a field.
      return JSON.parse(
        `{${[...entries, [random.pick(NAMES), hostile(random)] as const].map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item) ?? 'null'}`).join(',')}}`,
      );
    if (random.chance(0.1)) return Object.fromEntries(entries.filter(([key]) => key !== name));
    return Object.fromEntries(entries.map(([key, item]) => [key, key === name ? spoilt(item, random) : item]));
  }
  return hostile(random);
}

/** Bodies that are no JSON, or more than it allows. */
export function spoiltText(json: string, random: Random): string {
  return random.pick<() => string>([
    () => json.slice(0, random.int(0, Math.max(0, json.length - 1))),
    () => `${json}${json}`,
    () => `\ufeff${json}`,
    () => json.replace(/\d+/, '1e999'),
    () => json.replace('{', `{"${random.pick(NAMES)}":1,"${random.pick(NAMES)}":2,`),
    () => `${'['.repeat(100_000)}`,
    () => '"\\ud800"',
    () => `${json}${' '.repeat(1_100_000)}`,
  ])();
}
