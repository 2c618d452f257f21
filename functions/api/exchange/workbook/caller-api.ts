import * as z from 'zod';
import { rowProblem } from '../../../contracts/http.ts';
import { Problem, type ProblemCode, problems } from '../../../contracts/problems.ts';
import { ownFront } from '../../../runtime/front.ts';

/** This API, called in the caller's name: what they may not do is refused here too. */
export interface CallerApi {
  origin: string;
  authorization: string;
  /** When everything must be answered. */
  deadline: AbortSignal;
}

/** A second less than the function may run, and time to write the report. */
const WITHIN_MS = 24_000;

export function callerApi({ origin, authorization }: { origin: string; authorization: string }): CallerApi {
  return { origin, authorization, deadline: AbortSignal.timeout(WITHIN_MS) };
}

export interface Answered {
  status: number;
  body: unknown;
}

/** An answer of the API, or undefined when none came: nobody knows then whether the request was carried out. */
export async function call(
  { origin, authorization, deadline }: CallerApi,
  path: string,
  body?: string,
): Promise<Answered | undefined> {
  try {
    const response = await fetch(`${origin}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, ...ownFront(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: deadline,
    });
    const answer: unknown = await response.json();
    return response.status >= 500 ? undefined : { status: response.status, body: answer };
  } catch {
    // Any network failure means the same to the caller, and its message may repeat what was sent.
    return undefined;
  }
}

const refusal = z.object({ code: z.string(), detail: z.string(), errors: rowProblem.shape.errors });
export type Refusal = z.infer<typeof refusal>;

/** As many items as a list answers at once. */
export const MOST_A_PAGE = 200;

/** Why the API refused. */
export function refusalOf({ status, body }: Answered): Refusal {
  const found = refusal.safeParse(body);
  if (found.success) return found.data;
  const code = status === 429 ? 'too-many-requests' : status === 413 ? 'body-too-large' : 'internal';
  return { code, detail: problems[code][1] };
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

/**
 * What the API tells, parsed.
 * @throws Problem the API's own refusal; read-interrupted when it did not answer
 */
export async function ask<S extends z.ZodType>(api: CallerApi, path: string, schema: S): Promise<z.output<S>> {
  const answered = await call(api, path);
  if (answered === undefined) throw new Problem('read-interrupted');
  if (answered.status === 200) return schema.parse(answered.body);
  const { code, detail, errors } = refusalOf(answered);
  throw new Problem(isProblemCode(code) ? code : 'internal', { detail, ...(errors === undefined ? {} : { errors }) });
}

/** One page of a list, and where the next begins. @param path with its query */
export async function askPage<S extends z.ZodType>(
  api: CallerApi,
  path: string,
  item: S,
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Promise<{ items: z.output<S>[]; next?: string | undefined }> {
  const page = z.object({ items: z.array(item), next: z.string().optional() });
  return await ask(api, `${path}&limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`, page);
}

/** Every item of a paged list. @param path with its query, to which the cursor is added */
export async function askAll<S extends z.ZodType>(api: CallerApi, path: string, item: S): Promise<z.output<S>[]> {
  const all: z.output<S>[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await askPage(api, path, item, { limit: MOST_A_PAGE, cursor });
    all.push(...items);
    if (next === undefined) return all;
    cursor = next;
  }
}
