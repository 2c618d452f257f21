/** The ready account of the development issuer that a request is made with. */
export interface As {
  account: string;
  region?: string;
  person?: number;
}

/** An answer that was no success; `code` is the problem's. The body is not repeated: it may hold people's data. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(method: string, path: string, status: number, code: string) {
    super(`${method} ${path} answered ${status} ${code}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

const TRIES = 5;
/** Tokens live twelve hours; a new one is asked for an hour before. */
const KEPT_MS = 11 * 3_600_000;

/** Calls the HTTP API as an official's device does: with a token from the issuer, JSON both ways, and retries when it is throttled. */
export class ApiClient {
  readonly #api: string;
  readonly #issuer: string;
  readonly #now: () => number;
  readonly #tokens = new Map<string, { token: Promise<string>; until: number }>();

  /** @param now the stack's clock: when it is virtual it passes a token's twelve hours in an instant */
  constructor(endpoints: { api: string; issuer: string }, now: () => number = Date.now) {
    this.#api = endpoints.api;
    this.#issuer = endpoints.issuer;
    this.#now = now;
  }

  get<T>(path: string, as: As): Promise<T> {
    return this.#call('GET', path, as);
  }

  post<T>(path: string, as: As, body: unknown): Promise<T> {
    return this.#call('POST', path, as, body);
  }

  patch<T>(path: string, as: As, body: unknown): Promise<T> {
    return this.#call('PATCH', path, as, body);
  }

  /** The caller names the shape it expects; the API's own tests hold answers to it. */
  async #call<T>(method: string, path: string, as: As, body?: unknown): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${this.#api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await this.#token(as)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return (await response.json()) as T;
      const problem: unknown = await response.json().catch(() => undefined);
      // The token has expired on the stack's clock: ask for a new one, once.
      if (response.status === 401) this.#tokens.delete(JSON.stringify(as));
      if (attempt < TRIES && [401, 429, 500, 503].includes(response.status)) {
        await new Promise((resolve) => setTimeout(resolve, response.status === 401 ? 0 : 100 * 2 ** attempt));
        continue;
      }
      throw new ApiError(method, path, response.status, textOf(problem, 'code'));
    }
  }

  #token(as: As): Promise<string> {
    const key = JSON.stringify(as);
    const known = this.#tokens.get(key);
    if (known !== undefined && this.#now() < known.until) return known.token;
    const token = this.#ask(as);
    this.#tokens.set(key, { token, until: this.#now() + KEPT_MS });
    token.catch(() => this.#tokens.delete(key));
    return token;
  }

  async #ask({ account, region, person }: As): Promise<string> {
    const form = new URLSearchParams({
      account,
      ...(region === undefined ? {} : { region }),
      ...(person === undefined ? {} : { person: String(person) }),
    });
    const response = await fetch(`${this.#issuer}/token`, { method: 'POST', body: form });
    if (!response.ok) throw new ApiError('POST', '/token', response.status, account);
    return textOf(await response.json(), 'access_token');
  }
}

function textOf(body: unknown, name: string): string {
  const value: unknown = Object(body)[name];
  return typeof value === 'string' ? value : '';
}
