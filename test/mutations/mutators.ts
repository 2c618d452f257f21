import type { Node } from './syntax.ts';

interface Replacement {
  kind: string;
  /** TypeScript of the same place; of a block, nothing stands in its place. */
  to: string;
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '++': ['--'],
  '--': ['++'],
};

/** Calls that become another, or are left out: what they are called on stands instead. */
const METHODS: Readonly<Record<string, string | undefined>> = {
  every: 'some',
  some: 'every',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  padStart: 'padEnd',
  find: 'findLast',
  filter: undefined,
  toSorted: undefined,
  toReversed: undefined,
  slice: undefined,
  trim: undefined,
  toUpperCase: undefined,
};

/**
 * What may stand instead of a node, as StrykerJS does it: conditions held true and false, operators and methods turned, literals emptied or moved by
 * one, bodies left out.
 */
export function replacementsOf(node: Node, parent: Node, code: string): Replacement[] {
  const text = (of: Node | undefined) => (of === undefined ? '' : code.slice(of.start, of.end));
  return [...conditions(node, parent), ...ofItsKind(node, parent, code, text)];
}

/** A test that decides is held true, and held false. */
function conditions(node: Node, parent: Node): Replacement[] {
  const decides = ['IfStatement', 'ConditionalExpression', 'WhileStatement', 'ForStatement', 'DoWhileStatement'];
  const test = parent.child('test');
  if (!decides.includes(parent.type) || test?.start !== node.start || test.end !== node.end) return [];
  const held = parent.type.endsWith('Expression') || parent.type === 'IfStatement' ? ['true', 'false'] : ['false'];
  return held.map((to) => ({ kind: 'condition', to }));
}

function ofItsKind(node: Node, parent: Node, code: string, text: (of: Node | undefined) => string): Replacement[] {
  const operator = String(node.field('operator'));
  const turned = (OPERATORS[operator] ?? []).map((to) => ({ operator: to }));
  switch (node.type) {
    case 'BinaryExpression': {
      // Texts are put together by it, and what would be subtracted from them is no number either way.
      return turned.map((to) => ({
        kind: 'operator',
        to: `${text(node.child('left'))} ${to.operator} ${text(node.child('right'))}`,
      }));
    }
    case 'LogicalExpression':
      // In brackets: `??` does not mix with the other two.
      return turned.map((to) => ({
        kind: 'operator',
        to: `(${text(node.child('left'))}) ${to.operator} (${text(node.child('right'))})`,
      }));
    case 'AssignmentExpression':
      return turned.map((to) => ({
        kind: 'operator',
        to: `${text(node.child('left'))} ${to.operator} ${text(node.child('right'))}`,
      }));
    case 'UpdateExpression':
      return turned.map((to) => ({ kind: 'operator', to: `${text(node.child('argument'))}${to.operator}` }));
    case 'UnaryExpression': {
      const argument = text(node.child('argument'));
      return operator === '!' || operator === '-' ? [{ kind: 'operator', to: argument }] : [];
    }
    case 'Literal':
      return literal(node, parent);
    case 'TemplateLiteral':
      return text(node) === '``' ? [] : [{ kind: 'text', to: "''" }];
    case 'ArrayExpression':
      return node.children.length > 0 ? [{ kind: 'list', to: '[]' }] : [];
    case 'ObjectExpression':
      return node.children.length > 0 ? [{ kind: 'object', to: '{}' }] : [];
    case 'BlockStatement':
      return node.children.length > 0 && !isNeeded(parent) ? [{ kind: 'body', to: '{}' }] : [];
    case 'ChainExpression':
      return [{ kind: 'optional', to: text(node).replace(/\?\.([[(])?/, (_, bracket?: string) => bracket ?? '.') }];
    case 'CallExpression':
      return call(node, code, text);
    default:
      return [];
  }
}

function literal(node: Node, parent: Node): Replacement[] {
  const value = node.field('value');
  if (parent.type === 'TSLiteralType' || parent.type === 'ExpressionStatement') return [];
  if (typeof value === 'boolean') return [{ kind: 'boolean', to: String(!value) }];
  if (typeof value === 'number') return [{ kind: 'number', to: String(value + 1) }];
  if (typeof value === 'string') return [{ kind: 'text', to: value === '' ? "'mutant'" : "''" }];
  return [];
}

function call(node: Node, code: string, text: (of: Node | undefined) => string): Replacement[] {
  const callee = node.child('callee');
  const object = callee?.child('object');
  const name = String(callee?.child('property')?.field('name'));
  if (callee?.type !== 'MemberExpression' || object === undefined || !Object.hasOwn(METHODS, name)) return [];
  const other = METHODS[name];
  const given = code.slice(callee.end, node.end);
  return [{ kind: 'method', to: other === undefined ? text(object) : `${text(object)}.${other}${given}` }];
}

/** Constructors must call the one above them. */
function isNeeded(parent: Node): boolean {
  return parent.type === 'MethodDefinition' || parent.type === 'ClassBody' || parent.type === 'TryStatement';
}
