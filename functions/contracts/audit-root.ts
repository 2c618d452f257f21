import * as z from 'zod';
import { instant, isoDate } from './values.ts';

/** How far a chain had come: its subject, its newest link and that link's hash. Ids are keyed hashes: nothing here is about a person. */
export const auditHead = z.strictObject({
  id: z.string().min(1).max(60),
  sequence: z.int().min(1),
  hash: z.string().min(16).max(128),
});
export type AuditHead = z.infer<typeof auditHead>;

/** The daily root: how far every chain of the district had come, as the digests of the parts that list them. */
export const auditRoot = z.strictObject({
  district: z.string().regex(/^\d{6}$/),
  on: isoDate,
  at: instant,
  chains: z.int().min(0),
  /** Each a file of one head a line, named by the SHA-256 of its bytes (hexadecimal). */
  parts: z.array(z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), chains: z.int().min(1) })),
});
export type AuditRoot = z.infer<typeof auditRoot>;
