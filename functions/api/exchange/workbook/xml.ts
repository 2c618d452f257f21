import { SaxesParser } from 'saxes';
import { Problem } from '../../../contracts/problems.ts';

/** Receives the events of a document in order. Names have no prefixes: `x:c` and `c` are the same. */
export interface Reader {
  /** @param path names from the root down to this element */
  open?(path: readonly string[], attributes: Readonly<Record<string, string>>): void;
  /** @param text everything directly inside it, sections of characters included */
  close?(path: readonly string[], text: string): void;
}

/** Elements of all documents of a workbook together: a worksheet that is coloured far beyond its table has many. */
const MOST_ELEMENTS = 1_000_000;
const MOST_ENTITIES = 300_000;
/** A worksheet is six elements deep. */
const DEEPEST = 32;
const MOST_ATTRIBUTES = 64;
const AMPERSAND = 0x26;
/** Bytes handed to the parser at once. */
const PIECE = 65_536;

/** Counts over the whole workbook. */
export interface Budget {
  elements: number;
  entities: number;
}

export function newBudget(): Budget {
  return { elements: MOST_ELEMENTS, entities: MOST_ENTITIES };
}

/**
 * Parses an XML document in chunks, in linear time, and stops as soon as a limit is passed. No document types, and no entities
 * but the five and numeric ones.
 * @throws Problem sheet-invalid for anything that is no such XML, sheet-too-large
 */
export function readDocument(bytes: Uint8Array, budget: Budget, reader: Reader): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const path: string[] = [];
  const texts: string[] = [];
  let attributes = 0;
  const invalid = () => {
    throw new Problem('sheet-invalid');
  };
  parser.on('error', invalid);
  parser.on('doctype', invalid);
  parser.on('opentagstart', () => {
    attributes = 0;
    budget.elements -= 1;
    if (budget.elements < 0) throw new Problem('sheet-too-large');
    if (path.length === DEEPEST) invalid();
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES) invalid();
  });
  parser.on('opentag', (tag) => {
    path.push(local(tag.name));
    texts.push('');
    reader.open?.(path, withoutPrefixes(tag.attributes));
  });
  const append = (text: string) => {
    const last = texts.length - 1;
    if (last >= 0) texts[last] += text;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    reader.close?.(path, texts.pop() ?? '');
    path.pop();
  });
  const decoder = decoderOf(bytes);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    for (const byte of piece) if (byte === AMPERSAND) budget.entities -= 1;
    if (budget.entities < 0) throw new Problem('sheet-too-large');
    parser.write(decoded(decoder, piece));
  }
  parser.close();
}

type Decoder = InstanceType<typeof TextDecoder>;

/** UTF-8, or UTF-16 by its mark: what the format allows. */
function decoderOf([first, second]: Uint8Array): Decoder {
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

function decoded(decoder: Decoder, piece: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch {
    throw new Problem('sheet-invalid');
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** `r:id` is the one attribute in use that has a prefix, and no other of its element is called `id`. */
function withoutPrefixes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));
}
