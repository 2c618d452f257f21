import * as z from 'zod';
import { cursor, limit } from '../http.ts';
import { regionCode } from '../regions.ts';
import { explainedSignal, explainedTriage } from '../screening/triage-http.ts';
import { visit } from '../screening/visit.ts';
import { householdId, instant, isoDate, personId, roundId } from '../values.ts';
import { brief, figure, figureKey } from './brief.ts';
import { briefDocument } from './brief-document.ts';

export const briefQuery = z.strictObject({
  region: regionCode,
  /** Today without it. */
  asOf: isoDate.optional(),
  knownAt: instant.optional(),
  /** `html` is printable, and a PDF from any browser; `csv` opens in a spreadsheet. */
  format: z.enum(['json', 'html', 'csv']).default('json'),
});
export const briefAnswer = brief;

export const behindParams = z.strictObject({ key: figureKey });
export const behindQuery = z.strictObject({
  region: regionCode,
  asOf: isoDate.optional(),
  knownAt: instant.optional(),
  limit,
  cursor: cursor.optional(),
});
/** The households a figure is made of; entries that name none (a district's donation) are only summed. */
export const behindAnswer = z.object({
  figure,
  households: z.array(householdId),
  total: z.int(),
  next: z.string().optional(),
});

export const publishedQuery = z.strictObject({ region: regionCode });
export const publishedAnswer = z.object({
  items: z.array(z.object({ round: z.string(), publishedAt: instant, brief, document: briefDocument.optional() })),
});

/** What each visit observed, and the criteria it was judged by. */
export const householdVisitsAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      ...visit.omit({ household: true }).shape,
      submittedBy: z.string(),
      submittedAt: z.string(),
      /** The triage as it was answered then: provisional until the round was sealed. */
      triage: explainedTriage,
      /** The monitoring line of that year in the criteria it was judged by, fen per person. */
      line: z.object({ line: z.int(), illustrative: z.boolean() }).nullable(),
    }),
  ),
});

export const historyAnswer = z.object({
  household: householdId,
  changes: z.array(
    z.object({ version: z.int(), kind: z.string(), on: isoDate, recordedAt: z.string(), by: z.string() }),
  ),
  rounds: z.array(
    z.object({
      round: roundId,
      sealedAt: z.string(),
      class: z.string().nullable(),
      caseType: z.string().nullable(),
      missed: z.string().nullable(),
      perCapita: z.int().nullable(),
      perCapitaRound: roundId.nullable(),
      people: z.int(),
      signals: z.array(explainedSignal),
    }),
  ),
  /** Everything in the order it happened: visits, signals, case, measures, notices, claims, payouts, help. */
  story: z.array(
    z.object({
      on: isoDate,
      at: z.string(),
      kind: z.enum(['change', 'visit', 'screening', 'case', 'notice', 'measure', 'claim', 'payout', 'help']),
      title: z.string(),
      subject: z.string().nullable(),
    }),
  ),
});

export const personParams = z.strictObject({ id: personId });
/** `household`: where the person was found on the register. The reason is kept with who asked. */
export const personExportRequest = z.strictObject({
  household: householdId,
  reason: z.string().trim().min(4).max(200),
});
/** Records as they are kept, of this person alone; what their fields mean stands with the routes that take them in. */
const kept = z.array(z.record(z.string(), z.unknown()));
export const personExportAnswer = z.object({
  person: personId,
  asked: z.object({ by: z.string(), at: instant, reason: z.string() }),
  insured: kept,
  households: z.array(
    z.object({
      household: householdId,
      changes: kept,
      visits: kept,
      rounds: kept,
      cases: kept,
      help: kept,
      requests: kept,
      calls: z.array(isoDate),
      photographs: kept,
      claims: kept,
      /** What others' claims paid to their account. */
      payee: kept,
      looks: kept,
    }),
  ),
});
