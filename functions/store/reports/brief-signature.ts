import { createHash, createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { BRIEF_DOCUMENT, type BriefDocument, type SealedClaims } from '../../contracts/reports/brief-document.ts';
import type { PublishedBrief } from './briefs.ts';

const kms = new KMSClient({});
/** Of each half of a signature over P-256. */
const HALF = 32;

/**
 * The document of a published brief, sealed with the cell's key.
 * @throws Error when BRIEF_KEY is not set; what KMS throws, for the caller's retry policy
 */
export async function sealedBrief({ round, publishedAt, brief }: PublishedBrief): Promise<BriefDocument> {
  const KeyId = process.env['BRIEF_KEY'];
  if (KeyId === undefined) throw new Error('BRIEF_KEY is not set.');
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  const jwk = jwkOf(PublicKey ?? new Uint8Array());
  const text = JSON.stringify(brief);
  const claims: SealedClaims = {
    district: brief.region,
    round,
    asOf: brief.asOf,
    publishedAt,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  const header = { alg: 'ES256', typ: BRIEF_DOCUMENT, kid: thumbprintOf(jwk), jwk };
  const input = `${encoded(header)}.${encoded(claims)}`;
  const { Signature } = await kms.send(
    new SignCommand({ KeyId, Message: Buffer.from(input), MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' }),
  );
  const signature = Buffer.from(halvesOf(Signature ?? new Uint8Array())).toString('base64url');
  return { brief: text, seal: `${input}.${signature}` };
}

interface Jwk {
  crv: 'P-256';
  kty: 'EC';
  x: string;
  y: string;
}

function jwkOf(spki: Uint8Array): Jwk {
  const { x, y } = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' }).export({ format: 'jwk' });
  if (x === undefined || y === undefined) throw new Error('The key of briefs is on no curve.');
  return { crv: 'P-256', kty: 'EC', x, y };
}

/** RFC 7638: the members in the order of their names, hashed. */
function thumbprintOf({ crv, kty, x, y }: Jwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** KMS answers DER (a sequence of two integers); a JWS has both halves one after the other, 32 bytes each. */
function halvesOf(der: Uint8Array): Uint8Array {
  const halves = new Uint8Array(2 * HALF);
  let at = 2;
  for (const place of [0, 1]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    const short = number.subarray(Math.max(0, number.length - HALF));
    halves.set(short, (place + 1) * HALF - short.length);
    at += 2 + length;
  }
  return halves;
}
