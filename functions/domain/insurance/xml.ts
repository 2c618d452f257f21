/** An element of a document without mixed content: text or children. Namespaces are kept as they are written. */
export interface XmlElement {
  name: string;
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
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** A pain message is seven elements deep. */
const DEEPEST = 32;

/**
 * Reads a small, plain XML document: enough for ISO 20022 messages, and nothing that makes XML dangerous (DTDs, external or nested entities).
 * @throws NotXml
 */
export function readXml(source: string): XmlElement {
  const text = source.replace(/^\ufeff/, '').replace(/^\s*<\?xml[^?]*\?>/, '');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const parent = stack.at(-1);
    if (token === null || parent === undefined) throw new NotXml('This is no plain XML.');
    const [, closing, name, attributes = '', empty, words] = token;
    if (words !== undefined) parent.text += decoded(words);
    else if (name === undefined) continue;
    else if (closing === '/') {
      if (parent.name !== name || stack.length === 1) throw new NotXml('An element is closed that is not open.');
      stack.pop();
    } else {
      const element: XmlElement = { name, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty === '') stack.push(element);
      if (stack.length > DEEPEST) throw new NotXml('Elements are nested too deep.');
    }
  }
  const [only] = root.children;
  if (stack.length !== 1 || only === undefined || root.children.length !== 1 || root.text.trim() !== '')
    throw new NotXml('A document has one root element.');
  return only;
}

function attributesOf(source: string): Record<string, string> {
  return Object.fromEntries(
    [...source.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]),
  );
}

function decoded(source: string): string {
  return source.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point =
      code === null ? undefined : Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16);
    const found =
      point === undefined ? ENTITIES[name] : point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
    if (found === undefined || !whole.endsWith(';')) throw new NotXml('An entity is not known.');
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
