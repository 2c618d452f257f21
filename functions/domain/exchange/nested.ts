import type { Value } from './cells.ts';

/** Builds an object from values by path; a number in a path is an index in a list. */
export function nested(values: ReadonlyMap<string, Value>): unknown {
  return tree([...values].map(([path, value]): Entry => ({ path: path.split('/'), value })));
}

interface Entry {
  path: readonly string[];
  value: Value;
}

function tree(entries: readonly Entry[]): unknown {
  const [first] = entries;
  if (first !== undefined && first.path.length === 0) return first.value;
  const parts = new Map<string, Entry[]>();
  for (const { path, value } of entries) {
    const [head = '', ...rest] = path;
    parts.set(head, [...(parts.get(head) ?? []), { path: rest, value }]);
  }
  const made = [...parts].map(([name, inside]): [string, unknown] => [name, tree(inside)]);
  return made.length > 0 && made.every(([name]) => /^\d+$/.test(name))
    ? made.map(([, value]) => value)
    : Object.fromEntries(made);
}
