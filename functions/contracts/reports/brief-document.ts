import * as z from 'zod';
import { instant, isoDate, roundId } from '../values.ts';

/** What a document's seal is, in its protected header; another version is another shape. */
export const BRIEF_DOCUMENT = 'shouwang-brief.v1';

/** What is signed: which brief of whom, and its text by SHA-256. A brief is larger than what KMS signs at once. */
export const sealedClaims = z.strictObject({
  district: z.string().regex(/^[0-9]{6}$/),
  round: roundId,
  asOf: isoDate,
  publishedAt: instant,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SealedClaims = z.infer<typeof sealedClaims>;

/**
 * A district's published brief as it hands it on; figures only, no household is in it. The seal is a JWS (RFC 7515, compact, ES256) over the claims; its
 * header has the public key, and the key's thumbprint (RFC 7638) as `kid`: who takes documents in knows each district's thumbprint.
 */
export const briefDocument = z.strictObject({
  /** The brief as JSON text, to the byte. */
  brief: z.string(),
  seal: z.string(),
});
export type BriefDocument = z.infer<typeof briefDocument>;
