import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ImportKind, RowOutcome } from '../contracts/exchange/exchange-http.ts';
import type { ExportRequest, ImportRequest } from '../contracts/exchange/jobs-http.ts';
import { DocumentsUnavailable, documentAddress } from './documents.ts';

/** A table that is written or taken in step by step, as it is kept: a file of its own beside its parts. */
export interface StoredJob {
  id: string;
  /** `announced`: the file that is to be taken in has not been looked at yet. */
  state: 'announced' | 'running' | 'done' | 'failed';
  askedAt: string;
  expiresAt: string;
  rows: number;
  /** What was written, in order. */
  files: { rows: number }[];
  /** Somebody works on it until then, ms since 1970; 0 when nobody does. */
  leasedUntil: number;
  /** Steps in a row that came to nothing. */
  failures: number;
  problem?: { code: string; detail: string };
}

/** `position` is where the next page begins; undefined at the beginning. */
export type StoredExport = StoredJob & ExportRequest & { position?: string };

export type StoredImport = StoredJob &
  Omit<ImportRequest, 'kind'> & {
    kind: ImportKind;
    /** Bytes of the file that are done with, its headings among them. */
    position: number;
    /** How many bytes these are; 0 as long as nobody has looked. */
    heading: number;
    counts: Partial<Record<RowOutcome, number>>;
  };

/** A job and the version of it that was read: who writes says which version they go on from. */
export interface ReadJob<Job extends StoredJob> {
  job: Job;
  version: string;
}

/** Days for which the files lie there; the bucket's own rule takes them away (infra/stacks/data-stack.ts). */
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
/** How long the job's own requests to S3 may take, seconds. */
const REQUEST_SECONDS = 60;
/** How long somebody has to begin each download or upload, seconds. */
const LINK_SECONDS = 600;

/** What every job begins with. */
export function newJob<State extends StoredJob['state']>(
  kind: 'export' | 'import',
  state: State,
  now: number,
): StoredJob & { state: State } {
  return {
    id: `${kind}-${randomBytes(12).toString('hex')}`,
    state,
    askedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + KEPT_DAYS * DAY_MS).toISOString(),
    rows: 0,
    files: [],
    leasedUntil: 0,
    failures: 0,
  };
}

/** Everything of one job lies in a folder of whoever asked for it: under another account it is not found. */
function placeOf(sub: string, id: string, file: string): string {
  return `exchange/${createHash('sha256').update(sub).digest('hex').slice(0, 32)}/${id}/${file}`;
}

/** @throws DocumentsUnavailable */
export async function readJob<Job extends StoredJob>(
  sub: string,
  id: string,
  now: number,
): Promise<ReadJob<Job> | undefined> {
  const found = await fetch(await documentAddress('GET', placeOf(sub, id, 'job.json'), REQUEST_SECONDS, now));
  // Without the right to list, what is not there is answered 403.
  if (found.status === 403 || found.status === 404) return undefined;
  if (!found.ok) throw new DocumentsUnavailable(`S3 answered ${found.status}.`);
  const job: Job = Object(await found.json());
  return { job, version: found.headers.get('etag') ?? '' };
}

/**
 * Writes a job that goes on from the version `before`, or is new without one.
 * @returns undefined when somebody else has written it meanwhile
 * @throws DocumentsUnavailable
 */
export async function writeJob<Job extends StoredJob>(
  sub: string,
  job: Job,
  before: string | undefined,
  now: number,
): Promise<ReadJob<Job> | undefined> {
  const condition: Record<string, string> = before === undefined ? { 'if-none-match': '*' } : { 'if-match': before };
  const put = await fetch(await documentAddress('PUT', placeOf(sub, job.id, 'job.json'), REQUEST_SECONDS, now), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...condition },
    body: JSON.stringify(job),
  });
  // 409: two at the same instant.
  if (put.status === 412 || put.status === 409) return undefined;
  if (!put.ok) throw new DocumentsUnavailable(`S3 answered ${put.status}.`);
  return { job, version: put.headers.get('etag') ?? '' };
}

function partName(part: number): string {
  return String(part + 1).padStart(5, '0');
}

/** Writes a part: text compressed, bytes as they are. Written again by a step that was repeated, it replaces itself. @throws DocumentsUnavailable */
export async function writePart(
  sub: string,
  id: string,
  { part, type, body }: { part: number; type: string; body: string | Uint8Array },
  now: number,
): Promise<void> {
  const isText = typeof body === 'string';
  const put = await fetch(await documentAddress('PUT', placeOf(sub, id, partName(part)), REQUEST_SECONDS, now), {
    method: 'PUT',
    headers: { 'content-type': type, ...(isText ? { 'content-encoding': 'gzip' } : {}) },
    body: new Uint8Array(isText ? gzipSync(body) : body),
  });
  if (!put.ok) throw new DocumentsUnavailable(`S3 answered ${put.status}.`);
}

/** An address at which a part can be fetched, for ten minutes. */
export function partAddress(sub: string, id: string, part: number, now: number): Promise<string> {
  return documentAddress('GET', placeOf(sub, id, partName(part)), LINK_SECONDS, now);
}

/** An address that takes the one file that was announced: its number of bytes is signed. */
export async function fileAddress(sub: string, id: string, bytes: number, now: number) {
  const headers = { 'content-type': 'text/csv', 'content-length': String(bytes) };
  return { url: await documentAddress('PUT', placeOf(sub, id, 'file'), LINK_SECONDS, now, headers), headers };
}

/** So many bytes of the file from a place on; fewer where it ends; undefined when it was not put. @throws DocumentsUnavailable */
export async function readBytes(
  sub: string,
  id: string,
  { from, bytes }: { from: number; bytes: number },
  now: number,
): Promise<Uint8Array | undefined> {
  const found = await fetch(await documentAddress('GET', placeOf(sub, id, 'file'), REQUEST_SECONDS, now), {
    headers: { range: `bytes=${from}-${from + bytes - 1}` },
  });
  if (found.status === 403 || found.status === 404) return undefined;
  if (!found.ok) throw new DocumentsUnavailable(`S3 answered ${found.status}.`);
  return new Uint8Array(await found.arrayBuffer());
}
