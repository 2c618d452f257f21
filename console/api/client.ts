import { table } from 'virtual:routes';
import { QueryClient, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import type * as z from 'zod';
import type { routes } from '../../functions/api/routes.ts';
import { isAtLeast } from '../../functions/contracts/regions.ts';
import type { Role } from '../../functions/contracts/roles.ts';
import { accessToken, currentSession, renew } from '../app/session.ts';

type Routes = typeof routes;
/** A route by its name in the table. */
export type RouteName = keyof Routes & string;
type Part<N extends RouteName, P extends string> =
  Routes[N] extends Record<P, infer S extends z.ZodType> ? Record<P, z.input<S>> : unknown;
type OptionalPart<N extends RouteName, P extends string> =
  Routes[N] extends Record<P, infer S extends z.ZodType> ? { [K in P]?: z.input<S> } : unknown;
export type Input<N extends RouteName> = Part<N, 'params'> & Part<N, 'body'> & Query<N>;
/** A query of which nothing is required may be left out. */
type Query<N extends RouteName> = Routes[N] extends { query: infer S extends z.ZodType }
  ? Record<never, never> extends z.input<S>
    ? OptionalPart<N, 'query'>
    : { query: z.input<S> }
  : unknown;
export type Answer<N extends RouteName> = Routes[N] extends { answers: infer S extends z.ZodType }
  ? z.output<S>
  : never;

/** A refusal of the API: `code` decides what the console does, `detail` is the sentence for the person. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { pointer: string; code: string; detail: string }[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>) {
    super(`${status} ${String(body['code'] ?? '')}`);
    this.status = status;
    this.code = String(body['code'] ?? 'unknown');
    this.detail = String(body['detail'] ?? '');
    this.errors = Array.isArray(body['errors']) ? body['errors'] : [];
    this.extra = body;
  }
}

/** How far the server's clock is ahead of this machine's: days and clocks are shown by the server's. */
let skew = 0;
export function serverNow(): number {
  return Date.now() + skew;
}

interface Sent {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  file?: Blob | undefined;
}

/** Calls a route; the body of a route that takes files goes into `file`. */
export async function call<N extends RouteName>(
  name: N,
  input: Input<N>,
  signal?: AbortSignal,
  file?: Blob,
): Promise<Answer<N>> {
  return (await send(name, { ...Object(input), file }, signal)).json();
}

/** Calls a route that answers a file. */
export async function fetchFile<N extends RouteName>(
  name: N,
  input: Input<N>,
  file?: Blob,
): Promise<{ blob: Blob; name: string }> {
  const response = await send(name, { ...Object(input), file });
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { blob: await response.blob(), name: named === undefined ? 'download' : decodeURIComponent(named) };
}

async function send(name: RouteName, input: Sent, signal?: AbortSignal, again = true): Promise<Response> {
  const { method = 'GET', path = '' } = table[name] ?? {};
  const params: Record<string, unknown> = Object(input.params);
  const query = Object.entries(Object(input.query)).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  const address = path.replace(/\{(\w+)\}/g, (_whole, key: string) => encodeURIComponent(String(params[key] ?? '')));
  const token = accessToken();
  // Nothing is asked for until somebody has signed in again.
  if (token === undefined && currentSession().state === 'ended')
    throw new Refused(401, { code: 'unauthenticated', detail: '请先登录。' });
  const asked = Date.now();
  const response = await fetch(query.length === 0 ? address : `${address}?${new URLSearchParams(query)}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(input.file === undefined ? {} : { 'content-type': input.file.type || 'application/octet-stream' }),
    },
    body: input.file ?? (input.body === undefined ? null : JSON.stringify(input.body)),
    ...(signal === undefined ? {} : { signal }),
  });
  const told = Date.parse(response.headers.get('date') ?? '');
  // The header knows whole seconds only: small differences are none.
  if (!Number.isNaN(told)) skew = Math.abs(told - asked) < 5000 ? 0 : told - asked;
  if (response.ok) return response;
  if (response.status === 401 && again && token !== undefined && (await renew()))
    return send(name, input, signal, false);
  throw new Refused(response.status, Object(await response.json().catch(() => ({}))));
}

/** Whether somebody may call a route: what they may not is not offered. */
export function mayCall({ role, region }: { role: Role; region: string }, name: RouteName): boolean {
  const { roles = [], level } = table[name] ?? {};
  return roles === 'public' || (roles.includes(role) && (level === undefined || isAtLeast(region, level)));
}

/** A route as a query: answers are kept under the route's name, so that a change may say which of them are stale. */
export function read<N extends RouteName>(name: N, input: Input<N>) {
  return queryOptions({ queryKey: [name, input] as const, queryFn: ({ signal }) => call(name, input, signal) });
}

/**
 * A list page by page, as long as somebody asks for more of it. Filters that are undefined are not asked for.
 * @returns the question as `Answered` takes it, the items of all pages so far, and the first page with its totals
 */
export function usePages<N extends RouteName>(name: N, input: Input<N>) {
  const { params, query } = Object(input);
  const pages = useInfiniteQuery({
    queryKey: [name, input, 'pages'] as const,
    queryFn: ({ pageParam, signal }) =>
      call(name, { ...Object({ params }), query: { ...query, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextOf,
  });
  const all = pages.data?.pages ?? [];
  return { pages, first: all[0], items: all.flatMap((page) => itemsOf(page) as ItemOf<N>[]) };
}
type ItemOf<N extends RouteName> = Answer<N> extends { items: (infer I)[] } ? I : never;

/** Every page of a list, up to `most` items: for lists that are looked at as a whole. */
export function readAll<N extends RouteName>(name: N, input: Input<N>, most = 2000) {
  return queryOptions({
    queryKey: [name, input, 'all'] as const,
    queryFn: async ({ signal }) => {
      let answer = await call(name, input, signal);
      let next = nextOf(answer);
      const items: unknown[] = [...itemsOf(answer)];
      while (next !== undefined && items.length < most) {
        answer = await call(name, { ...Object(input), query: { ...Object(input)['query'], cursor: next } }, signal);
        items.push(...itemsOf(answer));
        next = nextOf(answer);
      }
      return Object.assign({}, answer, { items });
    },
  });
}

function itemsOf(answer: unknown): unknown[] {
  const items: unknown = Object(answer)['items'];
  return Array.isArray(items) ? items : [];
}
function nextOf(answer: unknown): string | undefined {
  const next: unknown = Object(answer)['next'];
  return typeof next === 'string' ? next : undefined;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only what the network or a busy server lost is asked for again.
      retry: (count, error) =>
        count < 2 && (!(error instanceof Refused) || error.status === 503 || error.status === 429),
    },
  },
});
