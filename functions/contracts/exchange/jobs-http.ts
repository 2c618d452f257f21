import * as z from 'zod';
import { policyId } from '../insurance/policy.ts';
import { regionCode, villageCode } from '../regions.ts';
import { fromBeforeTo, instant, isoDate, roundId } from '../values.ts';
import { exportKind, importKind, rowOutcome } from './exchange-http.ts';

export const exportJobId = z.string().regex(/^export-[0-9a-f]{24}$/);
export const exportJobParams = z.strictObject({ id: exportJobId });

/** A table of any size, as CSV. Of visits a sealed round is named; of the ledger days may be. */
export const exportRequest = z
  .strictObject({
    kind: exportKind,
    region: regionCode,
    round: roundId.optional(),
    from: isoDate.optional(),
    to: isoDate.optional(),
  })
  .refine(...fromBeforeTo);
export type ExportRequest = z.infer<typeof exportRequest>;

/**
 * How far an export is. `waiting`: nobody works on it at this instant, because a step has just ended, or because the token under which it ran did; whoever
 * asked for it may let it go on. The files one after the other are the table: only the first has headings.
 */
export const exportJob = z.object({
  id: exportJobId,
  kind: exportKind,
  region: regionCode,
  state: z.enum(['running', 'waiting', 'done', 'failed']),
  askedAt: instant,
  /** Rows that are written. */
  rows: z.int(),
  /** The files are gone then. */
  expiresAt: instant,
  problem: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** Once it is done: addresses that end after ten minutes; asked again, there are new ones. */
  files: z.array(z.object({ rows: z.int(), url: z.string() })).optional(),
});
export type ExportJob = z.infer<typeof exportJob>;

export const importJobId = z.string().regex(/^import-[0-9a-f]{24}$/);
export const importJobParams = z.strictObject({ id: importJobId });

/** 200 MB are a million rows. */
export const LARGEST_IMPORT = 200_000_000;

/** A CSV file of any size that is to be taken in. Rows that belong together, of one household or claim, stand one below the other. */
export const importRequest = z.strictObject({
  kind: importKind,
  bytes: z.int().min(1).max(LARGEST_IMPORT),
  /** Of visits. */
  round: roundId.optional(),
  /** For rows that name a household by its number alone. */
  village: villageCode.optional(),
  /** Of a roster. */
  policy: policyId.optional(),
});
export type ImportRequest = z.infer<typeof importRequest>;

/** How far an import is; the states are an export's, and before the first step `announced`. */
export const importJob = z.object({
  id: importJobId,
  kind: importKind,
  state: z.enum(['announced', 'running', 'waiting', 'done', 'failed']),
  askedAt: instant,
  bytes: z.int(),
  /** Bytes that are done with, and the rows in them. */
  read: z.int(),
  rows: z.int(),
  counts: z.partialRecord(rowOutcome, z.int()),
  expiresAt: instant,
  problem: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** While it is announced: where the file is to be put within ten minutes, with these headers. */
  upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }).optional(),
  /** Workbooks of up to 500 rows each, as they were sent, with an outcome beside every row and the faulty cells marked. */
  files: z.array(z.object({ rows: z.int(), url: z.string() })).optional(),
});
export type ImportJob = z.infer<typeof importJob>;
