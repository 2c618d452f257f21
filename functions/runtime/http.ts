import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { passingErrors } from '../contracts/passing-errors.ts';
import { Problem, type ProblemCode, problems } from '../contracts/problems.ts';
import { contains } from '../contracts/regions.ts';
import type { Role } from '../contracts/roles.ts';
import { claimed } from './claims.ts';
import { config } from './config.ts';
import { idsIn, told } from './errors.ts';
import { fieldErrors } from './field-errors.ts';
import { addressOf } from './front.ts';
import { logger } from './logger.ts';
import { named } from './network.ts';
import { type Grant, refusalOf } from './permission.ts';

/** A route as data. CDK, the local API, OpenAPI and the authorization tests read the same entry. */
export interface Route extends Grant {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** The Lambda function that answers, one per resource, as `room/name`: its code begins in `functions/api/<room>/<name>.ts`. */
  function: string;
  summary: string;
  /** Path parameters, query and body; a route without one takes none, and refuses what is sent nevertheless. */
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  answers: z.ZodType;
  /** Content types of a file it takes as its body instead of JSON. */
  takes?: readonly string[];
  /** Content types of files it answers, beside or instead of JSON. */
  gives?: readonly string[];
}

/** Who calls: from the token the authorizer has checked. */
export interface Caller {
  sub: string;
  role: Role | 'public';
  /** What the caller may see: a division code; of a public caller no code at all, so that no region is inside it. */
  region: string;
}

type Parsed<R extends Route, Part extends 'params' | 'query' | 'body'> =
  R extends Record<Part, infer S extends z.ZodType> ? z.output<S> : unknown;
type Body<R extends Route> = R extends { takes: readonly string[] } ? Uint8Array : Parsed<R, 'body'>;

export interface Request<R extends Route> {
  caller: Caller;
  params: Parsed<R, 'params'>;
  query: Parsed<R, 'query'>;
  /** Of a route that takes files: its bytes. */
  body: Body<R>;
  /** The instant of the request, ms since 1970. */
  now: number;
  /** The address it came from: only to count callers of public routes, never kept or logged as it is. */
  address: string;
  /** Where this API answers, `https://…` without a slash at the end; never what a client says it is. */
  origin: string;
  /** The header as it came, to call this API again in the caller's name. Never kept or logged. */
  authorization: string;
}

export interface Reply {
  status: number;
  /** JSON; when a content type is named, text or the bytes of a file. */
  body: unknown;
  contentType?: string;
  /** A question that is asked again and again, and names nobody: whoever has this answer already is told that it still holds (304). */
  lasting?: boolean;
  /** Offers the body for download under this name, which may be Chinese. */
  fileName?: string;
}

export type Operation<R extends Route> = (request: Request<R>) => Promise<Reply>;

/** 1 MiB: four times the largest honest request (500 households). The gateway's own limit is 10 MB. */
const LARGEST_BODY = 1_048_576;
/** 4 MiB: as base64 in its event it stays below the 6 MB of an invocation, and so does an answer. */
export const LARGEST_FILE = 4_194_304;

const nothing = z.strictObject({});

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;
type Result = APIGatewayProxyStructuredResultV2;

/**
 * The one composition of every API function: finds the route, checks role and shape, runs the operation, answers problems as
 * RFC 9457. An operation sees only parsed values and throws `Problem` to refuse.
 */
export function httpHandler<Routes extends Record<string, Route>, Name extends keyof Routes & string>(
  routes: Routes,
  operations: { [N in Name]: Operation<Routes[N]> },
) {
  const table = new Map(Object.keys(operations).map((name) => [routeKey(routes, name), name]));
  return middy<Event, Result>()
    .use({
      onError: async (request) => {
        request.response = problemOf(named(request.error), request.event);
      },
      after: async (request) => {
        logger.info('answered', { route: request.event.routeKey, status: request.response?.statusCode });
      },
    })
    .handler(async (event) => {
      // The same sandbox serves one request after the other: nothing of the last one may stand in the lines of this one.
      logger.resetKeys();
      logger.appendKeys({ requestId: event.requestContext.requestId, ...idsIn(event.pathParameters) });
      const address = addressOf(event.headers, event.requestContext.http.sourceIp);
      const name = table.get(event.routeKey);
      const route = name === undefined ? undefined : routes[name];
      if (name === undefined || route === undefined) throw new Problem('not-found');
      const caller = callerOf(event, route);
      const operation: Operation<Route> | undefined = Object.entries<Operation<never>>(operations).find(
        ([key]) => key === name,
      )?.[1];
      if (operation === undefined) throw new Problem('not-found');
      const reply = await operation({
        caller,
        params: parsed(route.params ?? nothing, event.pathParameters ?? {}, 'invalid-parameter'),
        query: parsed(route.query ?? nothing, event.queryStringParameters ?? {}, 'invalid-parameter'),
        body: route.takes === undefined ? jsonOf(event, route) : fileOf(event, route.takes),
        now: event.requestContext.timeEpoch,
        address,
        origin: originOf(event),
        authorization: event.headers['authorization'] ?? '',
      });
      return reply.lasting === true ? ifChanged(answer(reply), event.headers['if-none-match']) : answer(reply);
    });
}

/** Of a page this API writes itself: the styles it was written with, and nothing that runs, loads, frames or sends. */
function pagePolicy(page: string): string {
  const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return `default-src 'none'; style-src ${styles.join(' ') || "'none'"}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function answer({ status, body, contentType, fileName }: Reply): Result {
  const headers = {
    'content-type': contentType ?? 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(contentType?.startsWith('text/html') ? { 'content-security-policy': pagePolicy(String(body)) } : {}),
    ...(fileName === undefined ? {} : { 'content-disposition': disposition(fileName) }),
  };
  if (body instanceof Uint8Array)
    return { statusCode: status, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  return { statusCode: status, headers, body: contentType === undefined ? JSON.stringify(body) : String(body) };
}

/** RFC 9110, 8.8: a browser may keep the answer, and asks with its tag whether it still holds. */
function ifChanged(result: Result, known: string | undefined): Result {
  const etag = `"${createHash('sha256')
    .update(result.body ?? '')
    .digest('base64url')
    .slice(0, 22)}"`;
  const headers = { ...result.headers, etag, 'cache-control': 'private, no-cache' };
  // A proxy that compressed the body has made the tag a weak one.
  const held = known?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) === true;
  return held ? { statusCode: 304, headers } : { ...result, headers };
}

/** RFC 6266: the name in UTF-8 (RFC 5987), and for old clients its extension behind a plain word. */
function disposition(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="download${/\.[a-z]+$/.exec(name)?.[0] ?? ''}"; filename*=UTF-8''${encoded}`;
}

/**
 * Where this very API answers. On AWS that is made from its id, which no client chooses, whatever name it was called by; on one machine it is
 * the port the request came to, as the server tells it.
 */
function originOf({ headers, requestContext: { apiId, domainName } }: Event): string {
  if (/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(domainName))
    return `http://127.0.0.1:${headers['x-forwarded-port'] ?? ''}`;
  const region = config.region();
  return `https://${apiId}.execute-api.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function routeKey(routes: Record<string, Route>, name: string): string {
  const route = routes[name];
  if (route === undefined) throw new Error(`There is no route ${name}.`);
  return `${route.method} ${route.path}`;
}

function callerOf(event: Event, route: Route): Caller {
  if (route.roles === 'public') return { sub: 'public', role: 'public', region: 'public' };
  const found = claimed(event.requestContext.authorizer?.jwt?.claims);
  const refusal = refusalOf(route, found, config.district());
  if (refusal !== undefined) throw new Problem(refusal);
  return found;
}

function jsonOf(event: Event, { body }: Route): unknown {
  if (body === undefined) return undefined;
  const bytes = bytesOf(event, LARGEST_BODY);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    // Only an escape can bring half a character; to look at every text of every request would be for nothing.
    value = HALVES.test(text) ? JSON.parse(text, wellFormed) : JSON.parse(text);
  } catch {
    throw new Problem('malformed-json');
  }
  return parsed(body, value, 'invalid-body');
}

/** How the halves of characters beyond the first 65,536 are escaped. */
const HALVES = /\\u[dD][89a-fA-F]/;

/** Half a character is no text: it can be no key, and what is kept of it would come back as something else. */
function wellFormed(name: string, value: unknown): unknown {
  if (name.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new SyntaxError('Half a character is no text.');
}

function fileOf(event: Event, takes: readonly string[]): Uint8Array {
  const type = (event.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === undefined || !takes.includes(type)) throw new Problem('file-type');
  return bytesOf(event, LARGEST_FILE);
}

function bytesOf(event: Event, largest: number): Buffer {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largest) throw new Problem('body-too-large');
  return bytes;
}

function parsed(schema: z.ZodType, value: unknown, code: ProblemCode): unknown {
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw new Problem(code, { errors: fieldErrors(result.error) });
  return result.data;
}

/** Refuses what lies outside the caller's region before anything is read, so that nothing about it can be learnt. */
export function mustContain(caller: Caller, region: string): void {
  if (!contains(caller.region, region)) throw new Problem('outside-region');
}

/**
 * Finds what an opaque id names, if it lies in the caller's region. What lies elsewhere is answered like what does not exist, only here:
 * nobody learns from an answer whether somebody outside their region is monitored, insured or helped.
 * @throws Problem `unknown`
 */
export function within<T>(
  { region }: Caller,
  found: T | undefined,
  regionOf: (found: T) => string,
  unknown: ProblemCode,
): T {
  if (found === undefined || !contains(region, regionOf(found))) throw new Problem(unknown);
  return found;
}

function problemOf(error: unknown, event: Event): Result {
  const problem = error instanceof Problem ? error : new Problem(codeOf(error));
  if (problem === error) logger.info('refused', { route: event.routeKey, code: problem.code });
  else logger.error('failed', { route: event.routeKey, code: problem.code, ...told(error) });
  const body = {
    type: `urn:shouwang:problem:${problem.code}`,
    title: problems[problem.code][1],
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    requestId: event.requestContext.requestId,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    ...problem.extra,
  };
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(problem.status === 503 ? { 'retry-after': RETRY_AFTER } : {}),
    },
    body: JSON.stringify(body),
  };
}

/** Seconds: on-demand capacity grows within minutes, a burst passes sooner. */
const RETRY_AFTER = '5';

const passing: ReadonlySet<string> = new Set(passingErrors);

/** Errors other than refusals that can end a request: by name, since runtime does not import the store. */
function codeOf(error: unknown): ProblemCode {
  const name = error instanceof Error ? error.name : '';
  // Another writer won at every attempt.
  if (name === 'ConditionFailed') return 'conflict';
  return passing.has(name) ? 'unavailable' : 'internal';
}
