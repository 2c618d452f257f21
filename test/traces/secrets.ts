import { gunzipSync, inflateRawSync } from 'node:zlib';

export type What = 'idNumber' | 'phone' | 'account' | 'name';

/** What was told of people, to be looked for: numbers in whatever stands in figures, names in whatever stands in Chinese. */
export class Secrets {
  readonly #all = new Map<string, What>();
  readonly #lengths = { figures: new Set<number>(), chinese: new Set<number>() };

  constructor(known: Iterable<readonly [secret: string, what: What]> = []) {
    for (const [secret, what] of known) this.add(secret, what);
  }

  add(secret: string, what: What): void {
    this.#all.set(secret, what);
    this.#lengths[what === 'name' ? 'chinese' : 'figures'].add(secret.length);
  }

  /** Takes out what stands in a public text as well, as a village may be called like somebody: to find it again tells of nobody. */
  removeThoseIn(text: string): void {
    for (const [run] of text.matchAll(CHINESE))
      for (const length of this.#lengths.chinese)
        for (let at = 0; at + length <= run.length; at += 1) this.#all.delete(run.slice(at, at + length));
  }

  get kinds(): Set<What> {
    return new Set(this.#all.values());
  }

  get size(): number {
    return this.#all.size;
  }

  /** What of people stands in a text: as it is, in escapes of JSON or of an address, or in base64. */
  in(text: string): Set<What> {
    const found = this.#plainly(text);
    for (const [pattern, decode] of ENCODINGS)
      for (const [encoded] of text.matchAll(pattern))
        for (const what of this.#plainly(decode(encoded))) found.add(what);
    return found;
  }

  /** The same of bytes, unpacked where they are packed: gzip, and the parts of a zip, such as a workbook. */
  inBytes(bytes: Buffer): Set<What> {
    const found = new Set<What>();
    for (const part of unpacked(bytes))
      for (let at = 0; at < part.length; at += PIECE)
        for (const what of this.in(part.toString('utf8', at, at + PIECE + OVERLAP))) found.add(what);
    return found;
  }

  #plainly(text: string): Set<What> {
    const found = new Set<What>();
    for (const [run] of text.matchAll(/\d{11,}X?/g)) this.#windows(run, this.#lengths.figures, found);
    for (const [run] of text.matchAll(CHINESE)) this.#windows(run, this.#lengths.chinese, found);
    return found;
  }

  #windows(run: string, lengths: ReadonlySet<number>, found: Set<What>): void {
    for (const length of lengths)
      for (let at = 0; at + length <= run.length; at += 1) {
        const what = this.#all.get(run.slice(at, at + length));
        if (what !== undefined) found.add(what);
      }
  }
}

const CHINESE = /[\p{Script=Han}·]{2,}/gu;

/** Bytes looked at together, and how far one piece reaches into the next. */
const PIECE = 8_388_608;
const OVERLAP = 1024;

const ENCODINGS: readonly (readonly [RegExp, (encoded: string) => string])[] = [
  [/(?:\\u[0-9a-f]{4}|\d)+/gi, (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => codeUnit(code))],
  [
    /(?:%[0-9a-f]{2}|\d)+/gi,
    (text) => (text.includes('%') ? Buffer.from(text.replace(/%(..)|(\d)/g, hexOf), 'hex').toString() : ''),
  ],
  [/[A-Za-z0-9+/_-]{12,65536}/g, (text) => Buffer.from(text, 'base64').toString()],
];

function codeUnit(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}

function hexOf(_: string, escaped: string | undefined, figure: string): string {
  return escaped ?? Buffer.from(figure).toString('hex');
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIPPED = Buffer.from('PK\u0003\u0004');

function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.subarray(0, 2).equals(GZIP)) return [gunzipSync(bytes)];
  if (!bytes.subarray(0, 4).equals(ZIPPED)) return [bytes];
  const parts = [bytes];
  for (let at = 0; at !== -1; at = bytes.indexOf(ZIPPED, at + 4)) {
    // A local header: the method at 8, the lengths of name and extra field at 26 and 28, then these and the data.
    const data = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    if (bytes.readUInt16LE(at + 8) === 8) parts.push(inflateRawSync(bytes.subarray(data)));
  }
  return parts;
}
