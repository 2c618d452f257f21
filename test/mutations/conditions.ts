import type { Mutant } from './instrument.ts';
import { SWITCH } from './instrument.ts';
import { lineOf, Node } from './syntax.ts';

/** Holds of every item, there or not. */
const ALWAYS = 'attribute_exists(pk) OR attribute_not_exists(pk)';

/** A condition of a write: where it stands, and the function whose write it guards. */
export interface Condition {
  file: string;
  line: number;
  /** The function in which it stands, and the how manyth it is there. */
  within: string;
  text: string;
  start: number;
  end: number;
  /** A text whose terms can be told apart. */
  isText: boolean;
}

/** Every condition of a write in a source of `functions/store`, from its syntax tree. */
export function conditionsOf(file: string, code: string): Condition[] {
  const found: Condition[] = [];
  const counts = new Map<string, number>();
  const leaves = (node: Node): Node[] => {
    if (node.type !== 'ConditionalExpression') return [node];
    return ['consequent', 'alternate'].flatMap((side) => {
      const child = node.child(side);
      return child === undefined ? [] : leaves(child);
    });
  };
  const visit = (node: Node, within: string): void => {
    const name = node.type === 'FunctionDeclaration' ? String(node.child('id')?.field('name')) : within;
    const value = node.type === 'Property' ? node.child('value') : undefined;
    if (value !== undefined && node.child('key')?.field('name') === 'ConditionExpression') {
      for (const leaf of leaves(value)) {
        const nth = (counts.get(name) ?? 0) + 1;
        counts.set(name, nth);
        found.push({
          file,
          line: lineOf(code, leaf.start),
          within: `${name} ${nth}`,
          text: code.slice(leaf.start, leaf.end),
          start: leaf.start,
          end: leaf.end,
          isText: leaf.type !== 'Identifier',
        });
      }
      return;
    }
    for (const child of node.children) visit(child.node, name);
  };
  visit(Node.parse(file, code), '');
  return found;
}

/**
 * Puts beside each condition one that always holds and asks for the same names and values, so that DynamoDB takes it; and beside each that joins several
 * terms, one without each of them.
 * @param first the id of the first mutant
 */
export function withoutConditions(file: string, code: string, first: number): { code: string; mutants: Mutant[] } {
  const mutants: Mutant[] = [];
  let text = '';
  let at = 0;
  for (const condition of conditionsOf(file, code)) {
    const written = condition.text === 'ConditionExpression' ? 'ConditionExpression: ' : '';
    const weaker = [`\`(\${${condition.text}}) OR ${ALWAYS}\``, ...withoutEachTerm(condition)];
    const made = weaker.map((to, place) => {
      const id = first + mutants.length;
      const kind = place === 0 ? 'condition' : 'term of a condition';
      mutants.push({ id, file, line: condition.line, kind, from: `${condition.within}: ${condition.text}`, to });
      return `${SWITCH}(${id}) ? ${to} : `;
    });
    text += `${code.slice(at, condition.start)}${written}(${made.join('')}${condition.text})`;
    at = condition.end;
  }
  return { code: text + code.slice(at), mutants };
}

function withoutEachTerm({ text, isText }: Condition): string[] {
  const [quote = ''] = text;
  const terms = isText ? topLevelTerms(text.slice(1, -1)) : [];
  if (terms.length < 2) return [];
  return terms.map((_, left) => {
    const weaker = terms.map((term, place) => (place === left ? `(${term} OR ${ALWAYS})` : term));
    return `${quote}${weaker.join(' AND ')}${quote}`;
  });
}

/** What stands between the ANDs that are in no brackets; those of a template's expressions are in braces. */
function topLevelTerms(text: string): string[] {
  const terms = [''];
  let depth = 0;
  for (const word of text.split(/( AND )/)) {
    if (word === ' AND ' && depth === 0) terms.push('');
    else terms.push(`${terms.pop()}${word}`);
    depth +=
      [...word].filter((one) => '({'.includes(one)).length - [...word].filter((one) => ')}'.includes(one)).length;
  }
  return terms;
}
