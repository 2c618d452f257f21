import type { Statement } from '../template/policy-document.ts';

/** One thing somebody wants to do: an action on a resource, and what policies may ask about the request (keys in lower case). */
export interface Access {
  /** `dynamodb:GetItem` */
  action: string;
  resource: string;
  context: Readonly<Record<string, readonly string[]>>;
}

export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

type Test = (access: Access) => boolean;

export interface Rule {
  effect: 'Allow' | 'Deny';
  /** Whom a resource policy speaks of; undefined in the policy of an identity. */
  principals: readonly string[] | undefined;
  applies: Test;
}

/** Prepares statements for quick judging. */
export function compile(statements: readonly Statement[]): Rule[] {
  return statements.map((statement) => {
    const tests: Test[] = [];
    const { Action, NotAction, Resource, NotResource } = statement;
    if (Action !== undefined) tests.push(either(Action, 'i', (access) => access.action));
    if (NotAction !== undefined) tests.push(not(either(NotAction, 'i', (access) => access.action)));
    if (Resource !== undefined) tests.push(either(Resource, '', (access) => access.resource));
    if (NotResource !== undefined) tests.push(not(either(NotResource, '', (access) => access.resource)));
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      for (const [key, values] of Object.entries(keys)) tests.push(condition(operator, key.toLowerCase(), values));
    }
    return {
      effect: statement.Effect,
      principals: statement.Principal === undefined ? undefined : Object.values(statement.Principal).flat(),
      applies: (access) => tests.every((test) => test(access)),
    };
  });
}

/** A matching Deny wins over every Allow; without a matching Allow nothing is permitted. */
export function evaluate(rules: readonly Rule[], access: Access): Decision {
  let allowed = false;
  for (const rule of rules) {
    if (!rule.applies(access)) continue;
    if (rule.effect === 'Deny') return 'explicit-deny';
    allowed = true;
  }
  return allowed ? 'allow' : 'implicit-deny';
}

function either(patterns: readonly string[], flags: string, of: (access: Access) => string): Test {
  if (patterns.includes('*')) return () => true;
  const expressions = patterns.map((pattern) => wildcard(pattern, flags));
  return (access) => {
    const text = of(access);
    return expressions.some((expression) => expression.test(text));
  };
}

function not(test: Test): Test {
  return (access) => !test(access);
}

/** Whether a text is one that a pattern of a policy speaks of. */
export function matches(pattern: string, text: string, flags = ''): boolean {
  return wildcard(pattern, flags).test(text);
}

/** `*` stands for any text, `?` for one character. */
function wildcard(pattern: string, flags = ''): RegExp {
  const source = pattern.replace(/[\\^$.|+()[\]{}*?]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  );
  return new RegExp(`^${source}$`, `s${flags}`);
}

type Matcher = (wanted: readonly string[]) => (value: string) => boolean;

const exactly: Matcher = (wanted) => (value) => wanted.includes(value);
const caseless: Matcher = (wanted) => {
  const lower = wanted.map((each) => each.toLowerCase());
  return (value) => lower.includes(value.toLowerCase());
};
const like: Matcher = (wanted) => {
  const expressions = wanted.map((each) => wildcard(each));
  return (value) => expressions.some((expression) => expression.test(value));
};

const compared =
  (holds: (value: number, wanted: number) => boolean): Matcher =>
  (wanted) =>
  (value) =>
    wanted.some((each) => holds(Number(value), Number(each)));

/** The matcher of an operator, and whether it holds when there is NO match. */
const OPERATORS: Readonly<Record<string, readonly [Matcher, boolean]>> = {
  StringEquals: [exactly, false],
  StringNotEquals: [exactly, true],
  StringEqualsIgnoreCase: [caseless, false],
  StringNotEqualsIgnoreCase: [caseless, true],
  StringLike: [like, false],
  StringNotLike: [like, true],
  ArnEquals: [like, false],
  ArnLike: [like, false],
  ArnNotEquals: [like, true],
  ArnNotLike: [like, true],
  Bool: [caseless, false],
  NumericEquals: [compared((value, wanted) => value === wanted), false],
  NumericNotEquals: [compared((value, wanted) => value === wanted), true],
  NumericLessThan: [compared((value, wanted) => value < wanted), false],
  NumericLessThanEquals: [compared((value, wanted) => value <= wanted), false],
  NumericGreaterThan: [compared((value, wanted) => value > wanted), false],
  NumericGreaterThanEquals: [compared((value, wanted) => value >= wanted), false],
};

function condition(operator: string, key: string, wanted: readonly string[]): Test {
  const [, set, name = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const values = (access: Access): readonly string[] => access.context[key] ?? [];
  if (name === 'Null') return (access) => (values(access).length === 0) === (wanted[0]?.toLowerCase() === 'true');
  const entry = OPERATORS[name];
  // The template reader has refused other operators already; a policy that still holds one permits nothing.
  if (entry === undefined) return () => false;
  const [matcher, negated] = entry;
  const matches = matcher(wanted);
  const holds = (value: string): boolean => matches(value) !== negated;
  return (access) => {
    const present = values(access);
    // As on AWS: ForAllValues holds for a request without the key (so it needs a second condition where that matters).
    if (set === 'ForAllValues:') return present.every(holds);
    if (set === 'ForAnyValue:') return present.some(holds);
    if (present.length === 0) return ifExists !== undefined || negated;
    return negated ? present.every(holds) : present.some(holds);
  };
}
