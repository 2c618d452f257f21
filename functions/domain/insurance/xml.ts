/** An element of a document without mixed content: text or children. */
export interface XmlElement {
  /** Without its prefix. */
  name: string;
  /** What its prefix, or none, stands for here; empty for nothing. */
  namespace: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
}

/** No XML, or more than a payment message may hold: no document types, no entities but the five, no processing instructions inside. */
export class NotXml extends Error {
  override readonly name = 'NotXml';
}

const TOKEN =
  /<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }),
);
/** A pain message is seven elements deep. */
const DEEPEST = 32;
/** None of its elements has more than two. */
const MOST_ATTRIBUTES = 64;
const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Reads a small, plain XML document: enough for ISO 20022 messages, and nothing that makes XML dangerous (DTDs, external or nested entities).
 * @throws NotXml
 */
export function readXml(source: string): XmlElement {
  const text = source.replace(/^\ufeff/, '').replace(/^\s*<\?xml[^?]*\?>/, '');
  const root: XmlElement = { name: '', namespace: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  /** The names of the open elements as they are written, and the prefixes that each of them declares. */
  const written = [''];
  const scopes = [NONE];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const parent = stack.at(-1);
    if (token === null || parent === undefined) throw new NotXml('This is no plain XML.');
    const [, closing, name, attributes = '', empty, words] = token;
    if (words !== undefined) parent.text += decoded(words);
    else if (name === undefined) continue;
    else if (closing === '/') {
      if (written.at(-1) !== name || stack.length === 1) throw new NotXml('An element is closed that is not open.');
      stack.pop();
      written.pop();
      scopes.pop();
    } else {
      const given = attributesOf(attributes);
      const own = declared(given);
      const [local = name, prefix = ''] = name.split(':').reverse();
      const element: XmlElement = {
        name: local,
        namespace: (own.has(prefix) ? own : scopes.findLast((scope) => scope.has(prefix)))?.get(prefix) ?? '',
        attributes: given,
        children: [],
        text: '',
      };
      parent.children.push(element);
      if (empty === '') {
        stack.push(element);
        written.push(name);
        scopes.push(own);
      }
      if (stack.length > DEEPEST) throw new NotXml('Elements are nested too deep.');
    }
  }
  const [only] = root.children;
  if (stack.length !== 1 || only === undefined || root.children.length !== 1 || root.text.trim() !== '')
    throw new NotXml('A document has one root element.');
  return only;
}

/** The prefixes that attributes declare, the empty one for `xmlns` itself. */
function declared(attributes: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
    name === 'xmlns' ? [['', value]] : name.startsWith('xmlns:') ? [[name.slice('xmlns:'.length), value]] : [],
  );
  return found.length === 0 ? NONE : new Map(found);
}

function attributesOf(source: string): Record<string, string> {
  const found = [...source.matchAll(ATTRIBUTE)];
  if (found.length > MOST_ATTRIBUTES) throw new NotXml('An element has too many attributes.');
  return Object.fromEntries(found.map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]));
}

function decoded(source: string): string {
  return source.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point =
      code === null ? undefined : Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16);
    const found =
      point === undefined
        ? ENTITIES.get(name)
        : point > 0 && point <= 0x10ffff
          ? String.fromCodePoint(point)
          : undefined;
    // Half a character is none.
    if (found === undefined || !found.isWellFormed() || !whole.endsWith(';'))
      throw new NotXml('An entity is not known.');
    return found;
  });
}

/** Text as it may stand in an element or attribute. */
export function escaped(words: string): string {
  return words
    .replace(/[&<>"']/g, (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }[sign]};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}

/** The first child of this name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** The text of the element at a path of names below this one. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | undefined {
  return path.reduce(child, element)?.text.trim();
}
