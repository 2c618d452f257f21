import { ExpressionError } from './expression.ts';
import { isRecord } from './json.ts';

/** What one expression reads. */
export interface Reads {
  /** Variables read that the expression does not bind itself. */
  readonly variables: ReadonlySet<string>;
}

/**
 * Walks the tree of an expression as the JSONata parser makes it.
 * @param may which of `$states.result` and `$states.errorOutput` means something there
 * @throws ExpressionError when it reads a context item (there is none), `$$`, `$eval`, or a part of `$states` that is not there
 */
export function checkExpression(tree: unknown, field: string, may: 'result' | 'errorOutput' | undefined): Reads {
  const variables = new Set<string>();
  const refuse = (message: string): never => {
    throw new ExpressionError('UNSUPPORTED_JSONATA_EXPRESSION', message, field);
  };

  const path = (steps: readonly unknown[], top: boolean, bound: ReadonlySet<string>): void => {
    const [first, second] = steps;
    if (named(first, 'variable', 'states')) {
      if (named(second, 'name', 'errorOutput') && may !== 'errorOutput')
        refuse("Reference to '$states.errorOutput' is only supported in the Assign and Output of a Catch.");
      if (named(second, 'name', 'result') && may !== 'result')
        refuse(
          "Reference to '$states.result' is only supported in the Assign and Output of a Task, Parallel or Map state.",
        );
    }
    steps.forEach((step, index) => {
      walk(step, top && index === 0, bound);
    });
  };

  const walk = (node: unknown, top: boolean, bound: ReadonlySet<string>): void => {
    if (Array.isArray(node)) {
      for (const item of node) walk(item, top, bound);
      return;
    }
    if (!isRecord(node)) return;
    const value = typeof node['value'] === 'string' ? node['value'] : '';
    switch (node['type']) {
      case 'path':
        path(list(node['steps']), top, bound);
        break;
      case 'name':
      case 'wildcard':
      case 'descendant':
        if (top)
          refuse(
            `Reference to '${node['type'] === 'name' ? value : node['type'] === 'wildcard' ? '*' : '**'}' at the top level is not supported.`,
          );
        break;
      case 'variable':
        if (value === '$') refuse("Reference to '$$' is not supported.");
        else if (value === '') top && refuse("Reference to '$' at the top level is not supported.");
        else if (value === 'eval' && !bound.has('eval')) refuse("Function '$eval' is not supported.");
        else if (!bound.has(value)) variables.add(value);
        break;
      case 'lambda': {
        const own = list(node['arguments']).flatMap((argument) =>
          isRecord(argument) && typeof argument['value'] === 'string' ? [argument['value']] : [],
        );
        walk(node['body'], top, new Set([...bound, ...own]));
        break;
      }
      case 'block': {
        // A name bound in a block is known to the expressions after it, and (a function calling itself) to its own.
        let known = bound;
        for (const expression of list(node['expressions'])) {
          if (isRecord(expression) && expression['type'] === 'bind' && isRecord(expression['lhs']))
            known = new Set([...known, String(expression['lhs']['value'])]);
          walk(expression, top, known);
        }
        break;
      }
      case 'bind':
        walk(node['rhs'], top, isRecord(node['lhs']) ? new Set([...bound, String(node['lhs']['value'])]) : bound);
        break;
      case 'sort':
        for (const term of list(node['terms'])) if (isRecord(term)) walk(term['expression'], false, bound);
        break;
      case 'transform':
        for (const part of ['pattern', 'update', 'delete']) walk(node[part], false, bound);
        break;
      default:
        for (const part of ['procedure', 'arguments', 'expressions', 'condition', 'then', 'else', 'expression', 'rhs'])
          walk(node[part], top, bound);
        // The constructor `{…}` keeps its pairs in `lhs`, an operator its left side.
        walk(node['lhs'], top, bound);
    }
    for (const stage of [...list(node['stages']), ...list(node['predicate'])])
      if (isRecord(stage)) walk(stage['expr'], false, bound);
    if (isRecord(node['group'])) walk(node['group']['lhs'], false, bound);
  };

  walk(tree, true, new Set());
  variables.delete('states');
  return { variables };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function named(node: unknown, type: string, value: string): boolean {
  return isRecord(node) && node['type'] === type && node['value'] === value;
}
