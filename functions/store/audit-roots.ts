import { createHash } from 'node:crypto';
import { type AuditHead, type AuditRoot, auditHead, auditRoot } from '../contracts/audit-root.ts';
import { dayOf } from '../domain/calendar.ts';
import { listSummariesAfter, readCases } from './cases/cases.ts';
import { listClaimSummariesAfter, readClaims } from './insurance/claims.ts';
import { keys } from './keys.ts';
import { presignedAt, setting } from './presigned.ts';
import type { Head } from './timeline.ts';

/** Chains read at a time. */
const PAGE = 200;
/** Chains a file lists: 125 bytes each, 0.6 MB. */
const PART = 5_000;
/** An address is signed for the instant of the schedule, and a run may be its third attempt, hours later. */
const SIGNED_SECONDS = 6 * 3_600;

/** The bucket did not do as asked. */
export class RootsUnavailable extends Error {
  override readonly name = 'RootsUnavailable';
}

const names = {
  root: (district: string, on: string): string => `roots/${district}/${on}.json`,
  part: (district: string, sha256: string): string => `heads/${district}/${sha256}.ndjson`,
};

/**
 * Writes the day's root beside those of other days, once: what is there stays, and nobody can delete it (ADR 22). Heads are read a page at a time and
 * written a part at a time, so memory holds 200 documents and 5,000 heads whatever the district has. A part is named by its contents and the root is
 * written last: a run that ended half-way leaves parts that no root names.
 *
 * Ceiling: a page of 200 chains is one Query and two BatchGets, about 40 ms, so 14 minutes are enough for four million chains; ten years of the
 * reference district (about 4,000 claims and 300 new cases a year) are 45,000: 10 s, 45,000 to 100,000 read units, and 6 MB a day.
 * @returns whether this run wrote it, and the digest of the root's own bytes, for the log
 */
export async function writeRoot(
  district: string,
  now: number,
): Promise<{ chains: number; written: boolean; digest: string }> {
  const parts: AuditRoot['parts'] = [];
  let heads: AuditHead[] = [];
  const finish = async (): Promise<void> => {
    if (heads.length === 0) return;
    const text = heads.map((head) => `${JSON.stringify(head)}\n`).join('');
    const sha256 = digestOf(text);
    await putOnce(names.part(district, sha256), text, now);
    parts.push({ sha256, chains: heads.length });
    heads = [];
  };
  for await (const head of chainHeads(district)) {
    heads.push(head);
    if (heads.length === PART) await finish();
  }
  await finish();
  const chains = parts.reduce((sum, part) => sum + part.chains, 0);
  const on = dayOf(now);
  const root: AuditRoot = { district, on, at: new Date(now).toISOString(), chains, parts };
  const text = JSON.stringify(root);
  return { chains, written: await putOnce(names.root(district, on), text, now), digest: digestOf(text) };
}

/** Every chain's newest link, cases before claims. One that moves to another village meanwhile may be left to the next day's root. */
async function* chainHeads(district: string): AsyncGenerator<AuditHead> {
  yield* headsIn((after) => listSummariesAfter(district, after, PAGE), keys.caseSummary, readCases);
  yield* headsIn((after) => listClaimSummariesAfter(district, after, PAGE), keys.claimSummary, readClaims);
}

async function* headsIn(
  list: (after: string) => Promise<readonly { id: string; household: string }[]>,
  keyOf: (household: string, id: string) => { sk: string },
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, { head: Head | null }>>,
): AsyncGenerator<AuditHead> {
  for (let after = ''; ; ) {
    const page = await list(after);
    const found = await read(page.map(({ id }) => id));
    for (const { id } of page) {
      const head = found.get(id)?.head;
      if (head !== undefined && head !== null) yield { id, ...head };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = keyOf(last.household, last.id).sk;
  }
}

/** Puts a file where there is none. @returns false when there was one @throws RootsUnavailable */
async function putOnce(key: string, text: string, now: number): Promise<boolean> {
  const headers = {
    'content-type': key.endsWith('.json') ? 'application/json' : 'application/x-ndjson',
    'if-none-match': '*',
    // A bucket that locks what it holds takes nothing without a checksum.
    'x-amz-checksum-sha256': createHash('sha256').update(text).digest('base64'),
  };
  const url = await presignedAt(
    { bucket: setting('AUDIT_BUCKET'), method: 'PUT', key, signed: headers },
    SIGNED_SECONDS,
    now,
  );
  const { ok, status } = await fetch(url, { method: 'PUT', headers, body: text });
  if (!ok && status !== 412) throw new RootsUnavailable(`S3 answered ${status}.`);
  return ok;
}

/**
 * The newest roots of a district, oldest first. For whoever may list the bucket, no function may.
 * @throws RootsUnavailable when one cannot be read, or says another day than its name
 */
export async function newestRoots(district: string, count: number, now: number): Promise<AuditRoot[]> {
  const prefix = names.root(district, '').replace('.json', '');
  const found: string[] = [];
  // A page names 1,000 days.
  for (let more = true; more; ) {
    const text = await read('', now, { 'list-type': '2', prefix, 'start-after': found.at(-1) ?? '' });
    const keys = [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
    found.push(...keys);
    more = keys.length > 0 && text.includes('<IsTruncated>true</IsTruncated>');
  }
  const roots: AuditRoot[] = [];
  for (const key of found.slice(-count)) {
    const root = rootOf(await read(key, now));
    if (root === undefined || names.root(root.district, root.on) !== key)
      throw new RootsUnavailable(`${key} is no root of its day.`);
    roots.push(root);
  }
  return roots;
}

function rootOf(text: string): AuditRoot | undefined {
  try {
    return auditRoot.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The heads that a root lists, by subject. @throws RootsUnavailable when a part is not there, or is not the one that the root names */
export async function readHeads({ district, parts }: AuditRoot, now: number): Promise<Map<string, AuditHead>> {
  const heads = new Map<string, AuditHead>();
  for (const { sha256, chains } of parts) {
    const text = await read(names.part(district, sha256), now);
    const lines = text.split('\n').filter((line) => line !== '');
    if (digestOf(text) !== sha256 || lines.length !== chains)
      throw new RootsUnavailable(`The part ${sha256} of the root is not what it was.`);
    for (const line of lines) {
      const head = auditHead.parse(JSON.parse(line));
      heads.set(head.id, head);
    }
  }
  return heads;
}

async function read(key: string, now: number, query: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(
    await presignedAt({ bucket: setting('AUDIT_BUCKET'), method: 'GET', key, query }, 60, now),
  );
  if (!answer.ok) throw new RootsUnavailable(`S3 answered ${answer.status}.`);
  return await answer.text();
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
