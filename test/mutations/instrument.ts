import { replacementsOf } from './mutators.ts';
import { lineOf, Node } from './syntax.ts';

/** One change to one place of a source. */
export interface Mutant {
  id: number;
  file: string;
  line: number;
  kind: string;
  from: string;
  to: string;
}

/** The name of the function that tells whether a mutant is the one that is switched on; `runner.ts` defines it. */
export const SWITCH = 'isMutant';

/** Nodes below which nothing runs, or what runs is a name and not a value. */
const SKIPPED = /^(TS(?!As|Satisfies|NonNull)|Import|ExportAll|Directive)/;
const KEYS = new Set(['Property', 'PropertyDefinition', 'MethodDefinition']);

/**
 * Puts every mutant of a source beside what it replaces, `(isMutant(7) ? a > b : a >= b)`, so that one load of the tests serves all of them.
 * @param first the id of the first mutant
 */
export function instrument(file: string, code: string, first: number): { code: string; mutants: Mutant[] } {
  const mutants: Mutant[] = [];

  const add = (node: Node, kind: string, to: string): number => {
    const id = first + mutants.length;
    const from = code.slice(node.start, node.end);
    mutants.push({ id, file, line: lineOf(code, node.start), kind, from, to });
    return id;
  };

  const parts = (node: Node): { node: Node; inChain: boolean }[] =>
    node.children
      .filter((child) => !(child.in === 'key' && KEYS.has(node.type) && node.field('computed') !== true))
      .filter((child) => child.in !== 'source' && !(node.type === 'TaggedTemplateExpression' && child.in === 'quasi'))
      .map((child) => ({
        node: child.node,
        // What short-circuits together must stay together.
        inChain: node.type === 'ChainExpression' || (isLink(node) && (child.in === 'object' || child.in === 'callee')),
      }));

  /** The text of a node with everything below it switchable. */
  const below = (node: Node): string => {
    let text = '';
    let at = node.start;
    for (const part of parts(node).toSorted((a, b) => a.node.start - b.node.start)) {
      // A shorthand property is the same place twice.
      if (part.node.start < at) continue;
      text += code.slice(at, part.node.start) + written(part.node, part.inChain, node);
      at = part.node.end;
    }
    return text + code.slice(at, node.end);
  };

  const written = (node: Node, inChain: boolean, parent: Node): string => {
    if (SKIPPED.test(node.type)) return code.slice(node.start, node.end);
    const replacements = inChain && isLink(node) ? [] : replacementsOf(node, parent, code);
    const ids = replacements.map(({ kind, to }) => ({ id: add(node, kind, to), to }));
    const inner = below(node);
    if (node.type === 'BlockStatement') {
      return ids.reduceRight((text, { id }) => `{ if (!${SWITCH}(${id})) ${text} }`, inner);
    }
    return ids.reduceRight(
      (text, { id, to }) => `(${SWITCH}(${id}) ? (${to}) : ${text})`,
      wrap(node, inner, ids.length),
    );
  };

  const root = Node.parse(file, code);
  const text = code.slice(0, root.start) + below(root) + code.slice(root.end);
  return { code: text, mutants };
}

function isLink({ type }: Node): boolean {
  return type === 'MemberExpression' || type === 'CallExpression' || type === 'TSNonNullExpression';
}

/** Arrows and assignments bind looser than a conditional. */
function wrap(node: Node, text: string, replacements: number): string {
  return replacements > 0 && node.type !== 'Literal' ? `(${text})` : text;
}
