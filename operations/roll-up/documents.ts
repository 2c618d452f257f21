import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, EmbeddedJWK, errors } from 'jose';
import * as z from 'zod';
import { type Brief, brief } from '../../functions/contracts/reports/brief.ts';
import {
  BRIEF_DOCUMENT,
  briefDocument,
  type SealedClaims,
  sealedClaims,
} from '../../functions/contracts/reports/brief-document.ts';

/** A file that is no brief of a trusted district, as it was sealed. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
}

/** A document whose seal holds. */
export interface Opened {
  claims: SealedClaims;
  brief: Brief;
  thumbprint: string;
}

const trustFile = z.record(z.string().regex(/^[0-9]{6}$/), z.string().min(20));

/**
 * Opens files, each sealed by the key that its district is trusted with, and takes of each district the newest until a day.
 * @param trust the file that names each district's thumbprint
 * @returns the documents in the order of their districts, and trusted districts of the region without one
 * @throws DocumentRefused for the first file that does not hold: nothing is summed over a doubtful one
 */
export async function openedDocuments(
  files: readonly string[],
  trust: string,
  { region, until }: { region: string; until: string },
): Promise<{ documents: Opened[]; missing: string[] }> {
  const trusted = parsedFile(trust, trustFile, '信任文件');
  const newest = new Map<string, Opened>();
  for (const file of files) {
    const opened = await openedDocument(file);
    const { district, asOf, publishedAt } = opened.claims;
    if (trusted[district] === undefined) throw new DocumentRefused(`${file}：信任文件里没有 ${district}。`);
    if (trusted[district] !== opened.thumbprint)
      throw new DocumentRefused(`${file}：签名密钥不是 ${district} 登记的密钥。`);
    const known = newest.get(district);
    const isNewer =
      known === undefined || [asOf, publishedAt].join() > [known.claims.asOf, known.claims.publishedAt].join();
    if (asOf <= until && isNewer) newest.set(district, opened);
  }
  const asked = Object.keys(trusted).filter((district) => district.startsWith(region));
  return {
    documents: [...newest.values()].sort((a, b) => (a.claims.district < b.claims.district ? -1 : 1)),
    missing: asked.filter((district) => !newest.has(district)).sort(),
  };
}

/** By whom files say they were sealed; each seal holds by the key it names. */
export async function thumbprints(files: readonly string[]): Promise<{ district: string; thumbprint: string }[]> {
  return await Promise.all(
    files.map(async (file) => {
      const { claims, thumbprint } = await openedDocument(file);
      return { district: claims.district, thumbprint };
    }),
  );
}

async function openedDocument(file: string): Promise<Opened> {
  const { brief: text, seal } = parsedFile(file, briefDocument, '简报文件');
  const { payload, thumbprint } = await verified(file, seal);
  const claims = sealedClaims.safeParse(json(payload));
  const told = brief.safeParse(json(text));
  if (!claims.success || !told.success) throw new DocumentRefused(`${file}：内容不是本版本的简报。`);
  const { sha256, district, asOf } = claims.data;
  const isWhole = createHash('sha256').update(text).digest('hex') === sha256;
  if (!isWhole || told.data.region !== district || told.data.asOf !== asOf)
    throw new DocumentRefused(`${file}：简报内容与签名不符。`);
  return { claims: claims.data, brief: told.data, thumbprint };
}

/** The seal, by the key it names itself; whether that key is the district's is asked afterwards. */
async function verified(file: string, seal: string): Promise<{ payload: string; thumbprint: string }> {
  try {
    const { typ, jwk } = decodeProtectedHeader(seal);
    if (typ !== BRIEF_DOCUMENT) throw new DocumentRefused(`${file}：签名的版本 ${printable(typ)} 不认识。`);
    const { payload } = await compactVerify(seal, EmbeddedJWK, { algorithms: ['ES256'] });
    return { payload: Buffer.from(payload).toString('utf8'), thumbprint: await calculateJwkThumbprint(jwk ?? {}) };
  } catch (error) {
    // A key that is no point of its curve is a DOMException.
    if ([errors.JOSEError, TypeError, SyntaxError, DOMException].some((kind) => error instanceof kind))
      throw new DocumentRefused(`${file}：签名无效。`);
    throw error;
  }
}

/** What a file says of itself, for a terminal: nothing that moves its cursor. */
function printable(typ: unknown): string {
  return typeof typ === 'string' && /^[\w./+-]{1,60}$/.test(typ) ? typ : '（无）';
}

function parsedFile<T>(file: string, shape: z.ZodType<T>, what: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new DocumentRefused(`${file}：读不到${what}。`);
  }
  const result = shape.safeParse(json(text));
  if (!result.success) throw new DocumentRefused(`${file}：不是${what}。`);
  return result.data;
}

/** What a text says as JSON; undefined, which no shape takes, when it is none. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
