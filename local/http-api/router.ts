/** A route key, `METHOD /path/{parameter}` or `$default`, ready to be matched. */
interface Pattern<T> {
  method: string;
  segments: readonly string[];
  target: T;
}

export interface Match<T> {
  target: T;
  parameters: Record<string, string>;
}

/** Chooses routes as an HTTP API does: a full match first (literal parts before parameters), then a greedy one, then `$default`. */
export class Router<T> {
  readonly #patterns: readonly Pattern<T>[];
  readonly #fallback: T | undefined;

  constructor(routes: readonly { key: string; target: T }[]) {
    this.#fallback = routes.find(({ key }) => key === '$default')?.target;
    this.#patterns = routes
      .flatMap(({ key, target }) => {
        const [method, path] = key.split(' ', 2);
        return method === undefined || path === undefined
          ? []
          : [{ method, segments: path.split('/').slice(1), target }];
      })
      .sort((a, b) => compare(a, b));
  }

  /** @param path decoded, beginning with a slash */
  match(method: string, path: string): Match<T> | undefined {
    const parts = path.split('/').slice(1);
    for (const pattern of this.#patterns) {
      if (pattern.method !== 'ANY' && pattern.method !== method) continue;
      const parameters = parametersOf(pattern.segments, parts);
      if (parameters !== undefined) return { target: pattern.target, parameters };
    }
    return this.#fallback === undefined ? undefined : { target: this.#fallback, parameters: {} };
  }
}

function parametersOf(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    const name = parameter(segment);
    if (segment.endsWith('+}')) {
      parameters[name ?? ''] = parts.slice(index).join('/');
      return parameters;
    }
    if (name === undefined ? segment !== part : part === '') return undefined;
    if (name !== undefined) parameters[name] = part;
  }
  return segments.length === parts.length ? parameters : undefined;
}

/** The name in `{name}` or `{name+}`. */
function parameter(segment: string): string | undefined {
  return /^\{([^}+]+)\+?\}$/.exec(segment)?.[1];
}

/** Literal before parameter before greedy, from the left; a method of its own before ANY. */
function compare(a: Pattern<unknown>, b: Pattern<unknown>): number {
  const greedy = (pattern: Pattern<unknown>): number => (pattern.segments.at(-1)?.endsWith('+}') === true ? 1 : 0);
  if (greedy(a) !== greedy(b)) return greedy(a) - greedy(b);
  for (let index = 0; index < Math.max(a.segments.length, b.segments.length); index += 1) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function rank(segment: string | undefined): number {
  if (segment === undefined) return 3;
  if (segment.endsWith('+}')) return 2;
  return parameter(segment) === undefined ? 0 : 1;
}
