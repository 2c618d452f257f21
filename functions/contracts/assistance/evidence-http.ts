import * as z from 'zod';
import { caseId, measureId } from '../cases/case.ts';
import { householdParams } from '../http.ts';
import { regionCode } from '../regions.ts';
import { householdId, instant, isoDate, roundId } from '../values.ts';
import { entryId } from './ledger-entry.ts';

/** A phone shrinks a photograph to 300 KB; more than this is not shrunk at all. */
const MOST_BYTES = 1_000_000;
/** Photographs of one visit, measure or entry. */
export const MOST_PHOTOGRAPHS = 6;

export const evidenceId = z.string().regex(/^photo-[0-9a-f]{16}$/);

/** What a photograph shows: a visit, a measure of a case, an entry of the ledger (佐证照片). */
export const evidenceOf = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('visit'),
    round: roundId,
    household: householdId,
    visit: z.string().regex(/^[\w-]{22}$/),
  }),
  z.strictObject({ kind: z.literal('measure'), case: caseId, measure: measureId }),
  z.strictObject({ kind: z.literal('entry'), region: regionCode, occurredOn: isoDate, entry: entryId }),
]);
export type EvidenceOf = z.infer<typeof evidenceOf>;

export const evidenceRequest = z.strictObject({
  of: evidenceOf,
  type: z.enum(['image/jpeg', 'image/png']),
  bytes: z.int().min(1).max(MOST_BYTES),
  /** Of the file, base64: the photograph's key is made from it, and no other bytes are taken. */
  sha256: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
});
/** Put the bytes to `url` with exactly these headers, within `expiresInSeconds`; then confirm. `known`: it lies there already, nothing is to be done. */
export const evidenceAnswer = z.object({
  evidence: evidenceId,
  known: z.boolean(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  expiresInSeconds: z.int().optional(),
});
export const evidenceParams = z.strictObject({ id: evidenceId });
export const evidenceConfirmed = z.object({ evidence: evidenceId });

export const evidenceHouseholdParams = householdParams;
export const evidenceEntryParams = z.strictObject({ id: entryId });
export const evidenceEntryQuery = z.strictObject({ region: regionCode });
/** `url` shows the photograph for a minute. */
export const evidenceList = z.object({
  items: z.array(
    z.object({
      id: evidenceId,
      of: evidenceOf,
      type: z.string(),
      bytes: z.int(),
      receivedAt: instant,
      by: z.string(),
      url: z.string(),
    }),
  ),
  expiresInSeconds: z.int(),
});
