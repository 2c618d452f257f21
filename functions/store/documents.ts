import { presignedAt, setting } from './presigned.ts';

/** A file as it was announced. With a `sha256` (base64) S3 itself takes no other bytes. */
interface Announced {
  type: string;
  bytes: number;
  sha256?: string;
}

/** How long a village worker has for an upload over a bad line, seconds. */
export const UPLOAD_SECONDS = 900;

function presigned(
  method: 'PUT' | 'HEAD' | 'GET' | 'DELETE',
  key: string,
  signed: Record<string, string>,
  seconds: number,
  now: number,
  query: Record<string, string> = {},
): Promise<string> {
  return presignedAt({ bucket: setting('DOCUMENTS_BUCKET'), method, key, signed, query }, seconds, now);
}

/** Where the papers of claims and the photographs of evidence lie: each kind in a folder of its own, so that a function is let into one only. */
export const documentKeys = {
  paper: (claim: string, id: string): string => `claims/${claim}/${id}`,
  /** @param place the household, or of a ledger entry the region */
  evidence: (place: string, id: string): string => `evidence/${place}/${id}`,
};

/** Where a file lies until it was looked at: nobody is given an address there to read. */
function incoming(key: string): string {
  return `incoming/${key}`;
}

/** An address that takes this one file: its type and its number of bytes are signed, so that nothing else and nothing larger is let in. */
export async function uploadAddress(
  key: string,
  { type, bytes, sha256 }: Announced,
  now: number,
): Promise<{ url: string; headers: Record<string, string> }> {
  const headers = {
    'content-type': type,
    'content-length': String(bytes),
    ...(sha256 === undefined ? {} : { 'x-amz-checksum-sha256': sha256 }),
  };
  return { url: await presigned('PUT', incoming(key), headers, UPLOAD_SECONDS, now), headers };
}

/** How long somebody may take to open a paper, seconds: an address that is passed on is soon good for nothing. */
export const READING_SECONDS = 60;

/** An address at which this one file can be looked at, for a minute. */
export async function readingAddress(key: string, now: number): Promise<string> {
  return await presigned('GET', key, {}, READING_SECONDS, now);
}

/** An address for one request to a file whose name this system makes. */
export async function documentAddress(
  method: 'PUT' | 'GET',
  key: string,
  seconds: number,
  now: number,
  signed: Record<string, string> = {},
): Promise<string> {
  return await presigned(method, key, signed, seconds, now);
}

/** S3 did not answer. */
export class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
}

/** What became of a file that was put: not there, other bytes than its type says, still with the scanner, refused by it, or taken in. */
export type Received = 'missing' | 'other-content' | 'being-scanned' | 'refused' | 'taken';

/**
 * Looks at what was put and takes it in under its own name, once; asked again it is taken. What the bytes are counts, not what they were called.
 * @throws DocumentsUnavailable
 */
export async function receive(key: string, announced: Announced, now: number): Promise<Received> {
  if (await lies(key, announced, now)) return 'taken';
  if (!(await lies(incoming(key), announced, now))) return 'missing';
  const found = await fetch(await presigned('GET', incoming(key), {}, READING_SECONDS, now));
  if (!found.ok) throw new DocumentsUnavailable(`S3 answered ${found.status}.`);
  const bytes = new Uint8Array(await found.arrayBuffer());
  if (typeOf(bytes) !== announced.type) return 'other-content';
  const verdict = process.env['PAPER_SCAN'] === 'tag' ? await scanned(incoming(key), now) : 'clean';
  if (verdict !== 'clean') return verdict;
  const headers = { 'content-type': announced.type, 'content-length': String(bytes.length) };
  const kept = await fetch(await presigned('PUT', key, headers, READING_SECONDS, now), {
    method: 'PUT',
    headers,
    body: bytes,
  });
  if (!kept.ok) throw new DocumentsUnavailable(`S3 answered ${kept.status}.`);
  return 'taken';
}

/**
 * Takes a file away, and what lies of it where files come in; harmless where there is none. The bucket keeps versions that are past for thirty days, as long as a
 * table can be restored.
 * @throws DocumentsUnavailable
 */
export async function removeDocument(key: string, now: number): Promise<void> {
  for (const each of [key, incoming(key)]) {
    const { ok, status } = await fetch(await presigned('DELETE', each, {}, READING_SECONDS, now), { method: 'DELETE' });
    if (!ok) throw new DocumentsUnavailable(`S3 answered ${status}.`);
  }
}

/** Whether a file lies there as it was announced. */
async function lies(key: string, { type, bytes }: Announced, now: number): Promise<boolean> {
  const { status, headers } = await fetch(await presigned('HEAD', key, {}, READING_SECONDS, now), { method: 'HEAD' });
  if (status >= 500) throw new DocumentsUnavailable(`S3 answered ${status}.`);
  // Without the right to list, what is not there is answered 403.
  return status === 200 && headers.get('content-type') === type && headers.get('content-length') === String(bytes);
}

/** How the files that are let in begin. */
const BEGINNINGS: readonly (readonly [string, readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** What the bytes are, whatever they are called. */
export function typeOf(bytes: Uint8Array): string | undefined {
  return BEGINNINGS.find(([, beginning]) => beginning.every((byte, place) => bytes[place] === byte))?.[0];
}

/**
 * What a scanner of the account says, by the tag that GuardDuty's Malware Protection for S3 writes; another scanner writes the same. Asked only where the
 * deployment says that there is one (`PaperScan`).
 */
async function scanned(key: string, now: number): Promise<'clean' | 'being-scanned' | 'refused'> {
  const answer = await fetch(await presigned('GET', key, {}, READING_SECONDS, now, { tagging: '' }));
  if (!answer.ok) throw new DocumentsUnavailable(`S3 answered ${answer.status}.`);
  return verdictOf(await answer.text());
}

/** @param tagging the XML of GetObjectTagging */
export function verdictOf(tagging: string): 'clean' | 'being-scanned' | 'refused' {
  const [, value] = /<Key>GuardDutyMalwareScanStatus<\/Key>\s*<Value>([^<]*)<\/Value>/.exec(tagging) ?? [];
  if (value === undefined) return 'being-scanned';
  return value === 'NO_THREATS_FOUND' ? 'clean' : 'refused';
}
