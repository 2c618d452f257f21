import { table } from 'virtual:routes';
import { englishProblems } from '../console/words/english-problems.ts';
import type { Said } from './words.ts';

const BUSY = ['系统繁忙，请稍后再试。', 'The system is busy; try again later.'] as const;
/** What is part of an address was typed into a field here. */
const WRONG = ['填写有误，请按提示更正。', 'Something is filled in wrongly; see below.'] as const;
const NO_NETWORK = 'No network; try again later. What was filled in is still here.';

/** A refusal, with the sentence for the person and the fields it is about. */
export class Refused extends Error {
  /** The server's own sentence, and in English the one of its code. */
  readonly said: Said;
  readonly errors: readonly { pointer: string; code: string; detail: string }[];

  constructor(body: { code?: unknown; detail?: unknown; errors?: unknown }) {
    const detail = typeof body.detail === 'string' ? body.detail : BUSY[0];
    super(detail);
    const known: Readonly<Record<string, string>> = englishProblems;
    this.said =
      body.code === 'invalid-parameter'
        ? WRONG
        : [detail, known[String(body.code)] ?? (body.code === 'no-network' ? NO_NETWORK : BUSY[1])];
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }
}

/** Longer than a bad line takes, shorter than a person waits: then it counts as none. */
const PATIENCE_MS = 45_000;

let told = Date.now();
/** The last instant the server told: days are counted by its clock, not by a phone's. */
export function serverNow(): number {
  return told;
}

/** Calls a public route; nothing about the person goes into the address but a receipt. @throws Refused */
export async function ask<T>(
  route: string,
  {
    params = {},
    query,
    body,
  }: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', path = '' } = table[route] ?? {};
  const address = path.replace(/\{(\w+)\}/g, (_whole, key: string) => encodeURIComponent(params[key] ?? ''));
  let response: Response;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    response = await fetch(query === undefined ? address : `${address}?${new URLSearchParams(query)}`, {
      method,
      signal: abort.signal,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new Refused({ code: 'no-network', detail: '没有网络，请稍后再试。填写的内容还在。' });
  } finally {
    clearTimeout(timer);
  }
  told = Date.parse(response.headers.get('date') ?? '') || Date.now();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(Object(answer));
  return answer;
}

/** What went wrong, for the person. */
export function troubleOf(error: unknown): Said {
  return error instanceof Refused ? error.said : BUSY;
}
