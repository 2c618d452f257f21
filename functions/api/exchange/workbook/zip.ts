import { inflateRawSync } from 'node:zlib';
import { Problem } from '../../../contracts/problems.ts';

/** A file inside a ZIP archive, as the archive's own directory names it. */
interface Entry {
  method: number;
  compressed: Uint8Array;
}

/** Files in the largest workbook that is taken: each worksheet has two or three. */
const MOST_FILES = 1_000;
/** Bytes all files that are read may unpack to: several times the largest honest workbook. What the archive says of sizes is not believed. */
const MOST_BYTES = 24 * 1024 * 1024;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const FILE = 0x04034b50;
/** The longest an archive's end record may be: 22 bytes and a comment. */
const LONGEST_END = 22 + 0xffff;
const STORED = 0;
const DEFLATED = 8;

/** The files of a ZIP archive. Nothing is unpacked before it is asked for, and never more than a fixed number of bytes together. */
export class Archive {
  readonly #entries: ReadonlyMap<string, Entry>;
  #left = MOST_BYTES;

  /** @throws Problem sheet-unreadable when it is no archive, sheet-too-large when it has too many files */
  constructor(bytes: Uint8Array) {
    try {
      this.#entries = directoryOf(bytes);
    } catch (error) {
      // Places beyond its end: a directory that does not belong to the bytes.
      throw error instanceof RangeError ? new Problem('sheet-unreadable') : error;
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The bytes of a file, undefined when there is none. @throws Problem sheet-unreadable, sheet-too-large */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const bytes = this.#unpacked(entry);
    this.#left -= bytes.length;
    return bytes;
  }

  #unpacked({ method, compressed }: Entry): Uint8Array {
    if (method === STORED && compressed.length <= this.#left) return compressed;
    if (method === STORED || this.#left === 0) throw new Problem('sheet-too-large');
    if (method !== DEFLATED) throw new Problem('sheet-unreadable');
    try {
      return inflateRawSync(compressed, { maxOutputLength: this.#left });
    } catch (error) {
      const isTooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      throw new Problem(isTooLong ? 'sheet-too-large' : 'sheet-unreadable');
    }
  }
}

function directoryOf(bytes: Uint8Array): Map<string, Entry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  if (count > MOST_FILES) throw new Problem('sheet-too-large');
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n += 1) {
    if (view.getUint32(at, true) !== ENTRY) throw new Problem('sheet-unreadable');
    const isEncrypted = (view.getUint16(at + 8, true) & 1) === 1;
    if (isEncrypted) throw new Problem('sheet-unreadable', { detail: '文件已加密，请另存为不加密的 .xlsx。' });
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const method = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 20, true);
    const start = contentAt(view, view.getUint32(at + 42, true));
    if (start + size > bytes.length) throw new Problem('sheet-unreadable');
    const named = Buffer.from(bytes.subarray(at + 46, at + 46 + (name ?? 0))).toString('utf8');
    // Some writers put a slash in front, or one of the other kind between.
    entries.set(named.replaceAll('\\', '/').replace(/^\/+/, ''), {
      method,
      compressed: bytes.subarray(start, start + size),
    });
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

/** Where the record lies that ends an archive: the last one there is. */
function endOf(view: DataView): number {
  const first = Math.max(0, view.byteLength - LONGEST_END);
  for (let at = view.byteLength - 22; at >= first; at -= 1) if (view.getUint32(at, true) === END) return at;
  throw new Problem('sheet-unreadable');
}

/** Where a file's content begins, behind its own header. */
function contentAt(view: DataView, header: number): number {
  if (view.getUint32(header, true) !== FILE) throw new Problem('sheet-unreadable');
  return header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
}
