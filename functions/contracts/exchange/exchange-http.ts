import * as z from 'zod';
import { policyId } from '../insurance/policy.ts';
import { regionCode, villageCode } from '../regions.ts';
import { fromBeforeTo, instant, isoDate, roundId } from '../values.ts';

/** Tables that come in. */
export const importKind = z.enum(['households', 'visits', 'cases', 'claims', 'hospital-bills', 'ledger', 'roster']);
export type ImportKind = z.infer<typeof importKind>;
/** Tables that go out; the brief has a route of its own. */
export const exportKind = z.enum(['households', 'visits', 'cases', 'claims', 'ledger']);
export type ExportKind = z.infer<typeof exportKind>;

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const CSV = 'text/csv';
/** What a browser calls a spreadsheet depends on what is installed. As `text/csv` the gateway hands it on as UTF-8, so other encodings need another. */
export const spreadsheets = [XLSX, CSV, 'application/vnd.ms-excel', 'application/octet-stream'] as const;

const format = z.enum(['xlsx', 'csv']).default('xlsx');

export const importParams = z.strictObject({ kind: importKind });
export const importQuery = z.strictObject({
  /** `xlsx`: the sheet as it was sent, the faulty cells marked, with an outcome and the sentences beside every row. */
  report: z.enum(['json', 'xlsx']).default('json'),
  /** `true`: every cell and every row is checked as the import would, and nothing is written. */
  check: z.enum(['true', 'false']).default('false'),
  /** Of visits. */
  round: roundId.optional(),
  /** For rows that name a household by its number alone. */
  village: villageCode.optional(),
  /** Of a roster. */
  policy: policyId.optional(),
});
export type ImportQuery = z.infer<typeof importQuery>;

/** The faulty cell, as the spreadsheet names it: `C5`. */
const cellFault = z.object({ cell: z.string(), code: z.string(), detail: z.string() });
export const rowOutcome = z.enum([
  'registered',
  'accepted',
  'imported',
  'reported',
  'recorded',
  'enrolled',
  'removed',
  'unchanged',
  'duplicate',
  'known',
  'refused',
  'unanswered',
  'not-sent',
]);
export type RowOutcome = z.infer<typeof rowOutcome>;

/**
 * The outcome of each row, or of rows that belong together. `unanswered`: sent, but no answer came; `not-sent`: never sent. Both may be sent again with the
 * whole file: what was taken in already is not taken in twice.
 */
export const importAnswer = z.object({
  kind: importKind,
  sheet: z.string(),
  items: z.array(
    z.object({
      /** The rows of the sheet, from 1 as the spreadsheet numbers them. */
      rows: z.array(z.int()),
      outcome: rowOutcome,
      problem: z.object({ code: z.string(), detail: z.string(), errors: z.array(cellFault) }).optional(),
    }),
  ),
  counts: z.partialRecord(rowOutcome, z.int()),
  /** Headings that are known but not taken in. */
  passed: z.array(z.string()),
});

export const templateQuery = z.strictObject({
  format,
  /** Of visits: the village whose households and members stand there already. */
  village: villageCode.optional(),
});
export const exportParams = z.strictObject({ kind: exportKind });
export const exportQuery = z
  .strictObject({
    region: regionCode,
    format,
    /** Of visits: a sealed round. */
    round: roundId.optional(),
    /** Of the ledger. */
    from: isoDate.optional(),
    to: isoDate.optional(),
  })
  .refine(...fromBeforeTo);
export type ExportQuery = z.infer<typeof exportQuery>;
export const briefWorkbookQuery = z.strictObject({
  region: regionCode,
  asOf: isoDate.optional(),
  knownAt: instant.optional(),
  format,
});
/** A file; its content types are the route's. */
export const workbookFile = z.unknown();
