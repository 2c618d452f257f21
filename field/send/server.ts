import { table } from 'virtual:routes';
import { learn } from '../app/clock.ts';

/** A refusal of the API: `code` decides what the page does, `detail` is the sentence for the person. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`${status} ${String(body['code'] ?? '')}`);
    this.status = status;
    this.code = String(body['code'] ?? 'unknown');
    this.detail = String(body['detail'] ?? '');
    this.body = body;
  }

  /** Whether something on the way refused it, and not the API, whose refusals have codes: a firewall that dislikes a word, a network that wants a login. */
  get isOnTheWay(): boolean {
    return (
      this.code === 'unknown' && this.status >= 400 && this.status < 500 && this.status !== 401 && this.status !== 429
    );
  }

  /** Whether the same request may hold later: a busy server, too many requests, a session that ended. */
  get passes(): boolean {
    return (
      this.status >= 500 ||
      this.status === 429 ||
      this.status === 401 ||
      this.code === 'unknown' ||
      this.code === 'conflict'
    );
  }
}

/** A request as it is kept and sent: a route by its name in the table. */
export interface Request {
  route: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

/** Longer than a bad connection takes for a batch, shorter than a person waits. */
const PATIENCE_MS = 30_000;

/** Asks the API once. @throws Refused when it refuses; anything else when there is no answer */
export async function ask<T>(
  { route, params = {}, query, body }: Request,
  token: string | undefined,
  leaving?: AbortSignal,
): Promise<T> {
  if (leaving?.aborted === true) throw new Error('Nobody is here any more.');
  const { method = 'GET', path = '' } = table[route] ?? {};
  const address = path.replace(/\{(\w+)\}/g, (_whole, key: string) => encodeURIComponent(params[key] ?? ''));
  const abort = new AbortController();
  const end = () => abort.abort();
  leaving?.addEventListener('abort', end);
  const timer = setTimeout(end, PATIENCE_MS);
  const asked = Date.now();
  try {
    const response = await fetch(query === undefined ? address : `${address}?${new URLSearchParams(query)}`, {
      method,
      cache: 'no-store',
      signal: abort.signal,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    learn(response.headers.get('date'), asked);
    if (!response.ok) throw new Refused(response.status, Object(await response.json().catch(() => ({}))));
    return await response.json();
  } finally {
    clearTimeout(timer);
    leaving?.removeEventListener('abort', end);
  }
}
