import { parseSync } from 'vite';

/** A node of a source's syntax tree (ESTree with TypeScript), where it begins and ends in the text, and its parts. */
export class Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly #raw: Readonly<Record<string, unknown>>;

  private constructor(raw: Readonly<Record<string, unknown>>) {
    this.#raw = raw;
    this.type = String(raw['type']);
    this.start = Number(raw['start']);
    this.end = Number(raw['end']);
  }

  /** @throws Error when the text is no TypeScript */
  static parse(file: string, code: string): Node {
    const { program, errors } = parseSync(file, code);
    const [error] = errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    return new Node(Object(program));
  }

  /** A field that is no node: an operator, a name, a value. */
  field(name: string): unknown {
    return this.#raw[name];
  }

  child(name: string): Node | undefined {
    return nodeOf(this.#raw[name]);
  }

  /** Every node directly below, with the name of the field it is in. */
  get children(): readonly { in: string; node: Node }[] {
    return Object.entries(this.#raw).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((each: unknown) => {
        const node = nodeOf(each);
        return node === undefined ? [] : [{ in: name, node }];
      }),
    );
  }

  static of(raw: Readonly<Record<string, unknown>>): Node {
    return new Node(raw);
  }
}

function nodeOf(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
    ? Node.of({ ...value })
    : undefined;
}

/** The line of a place in a text, from 1. */
export function lineOf(code: string, at: number): number {
  return code.slice(0, at).split('\n').length;
}
