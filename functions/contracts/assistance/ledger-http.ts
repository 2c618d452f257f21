import * as z from 'zod';
import { reason } from '../cases/case.ts';
import { check, cursor, limit, rowProblem } from '../http.ts';
import { regionCode } from '../regions.ts';
import { fromBeforeTo, instant, isoDate } from '../values.ts';
import { entryId, entryKinds, helpOutcome } from './ledger-entry.ts';

export { newHelpRequest } from './ledger-entry.ts';
export const MOST_ENTRIES = 500;

/** Rows are parsed one by one, so that a wrong row does not hold up the others. */
export const ledgerRequest = z.strictObject({ rows: z.array(z.unknown()).min(1), check });
export const ledgerResponse = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['recorded', 'unchanged', 'refused']),
      id: entryId.optional(),
      problem: rowProblem.optional(),
    }),
  ),
  recorded: z.int(),
  unchanged: z.int(),
  refused: z.int(),
});

export const ledgerQuery = z
  .strictObject({
    region: regionCode,
    kind: z.enum([...entryKinds, 'reversal']).optional(),
    from: isoDate.optional(),
    to: isoDate.optional(),
    limit,
    cursor: cursor.optional(),
  })
  .refine(...fromBeforeTo);
/** What every line of the ledger has; the rest is its kind's. */
export const ledgerLine = z.looseObject({
  id: entryId,
  kind: z.enum([...entryKinds, 'reversal']),
  occurredOn: isoDate,
  region: regionCode,
  evidence: z.array(z.string()).optional(),
  recordedAt: instant,
});
export type LedgerLine = z.infer<typeof ledgerLine>;
export const ledgerPage = z.object({
  items: z.array(z.unknown()),
  /** Of the whole list; told with its first page. */
  total: z.int().optional(),
  amount: z.int().optional(),
  next: z.string().optional(),
});

export const reversalParams = z.strictObject({ id: entryId });
/** The entry's own region and day, and the day from which it no longer counts. */
export const reversalRequest = z.strictObject({ region: regionCode, occurredOn: isoDate, on: isoDate, reason });
export const reversalResponse = z.object({ id: entryId, reverses: entryId });

export const fundsResponse = z.object({
  items: z.array(z.object({ fund: z.string(), received: z.int(), spent: z.int(), balance: z.int() })),
});

export const helpId = z.string().regex(/^help-[0-9a-f]{16}$/);
export const helpParams = z.strictObject({ id: helpId });
export const helpQuery = z.strictObject({ region: regionCode, limit, cursor: cursor.optional() });
const helpView = z.object({
  id: helpId,
  household: z.string(),
  person: z.string(),
  askedOn: isoDate,
  wants: z.string(),
  channel: z.string(),
  words: z.string(),
  dueOn: isoDate,
  overdue: z.boolean(),
  outcome: z.unknown(),
});
export const helpPage = z.object({
  items: z.array(helpView),
  total: z.int(),
  overdue: z.int(),
  next: z.string().optional(),
});
export const helpResponse = helpView;
export const helpOutcomeRequest = z.strictObject({ outcome: helpOutcome });
