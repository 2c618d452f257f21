import * as z from 'zod';
import { cursor, limit, regionPageQuery, rowProblem } from '../http.ts';
import { regionCode, villageCode } from '../regions.ts';
import { fromBeforeTo, householdId, instant, isoDate, mobilePhone } from '../values.ts';
import { alertKind, caseId, clueId, reason, riskCode } from './case.ts';

const idNumber = z.string().min(1).max(40);

/** Four fields and two choices (自主申报). A neighbour or official may fill it in for the household. */
export const declarationRequest = z.strictObject({
  name: z.string().trim().min(1).max(40),
  idNumber,
  phone: mobilePhone,
  village: villageCode,
  trouble: riskCode,
  declaredBy: z.enum(['self', 'proxy']),
});
export const receipt = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{12}$/);
export const declarationResponse = z.object({ receipt, receivedAt: instant });
export const receiptParams = z.strictObject({ receipt });
/** Where a declaration stands: steps and dates, no person and no household. */
export const declarationStatus = z.object({
  receipt,
  receivedAt: instant,
  status: z.enum(['received', 'passed-on', 'under-review', 'admitted', 'not-admitted', 'closed']),
  message: z.string(),
  step: z.string().nullable(),
});

export const handOverResponse = z.object({ receipt, handedOverAt: instant });

export const declarationsQuery = regionPageQuery;
/** What households declared, the newest first: the name as given, numbers masked, and where each stands, whatever its receipt tells. */
export const declarationsPage = z.object({
  items: z.array(
    z.object({
      ...declarationStatus.shape,
      village: villageCode,
      name: z.string(),
      idNumber: z.string(),
      phone: z.string(),
      declaredBy: z.enum(['self', 'proxy']),
      trouble: riskCode,
      household: householdId.nullable(),
      /** Name and telephone were those on file. */
      verified: z.boolean(),
      handedOver: z.object({ by: z.string(), at: instant }).nullable(),
    }),
  ),
  total: z.int(),
  next: z.string().optional(),
});

export const MOST_ALERTS = 500;
export const alertRow = z.strictObject({ idNumber, kind: alertKind, on: isoDate, village: villageCode.optional() });
export const alertsRequest = z.strictObject({
  department: z.string().trim().min(2).max(40),
  rows: z.array(z.unknown()).min(1),
});
export const alertsResponse = z.object({
  items: z.array(
    z.object({
      row: z.int(),
      outcome: z.enum(['started', 'joined', 'known', 'unmatched', 'refused']),
      case: caseId.optional(),
      clue: clueId.optional(),
      problem: rowProblem.optional(),
    }),
  ),
});
export const alertsQuery = z.strictObject({ region: regionCode, from: isoDate, to: isoDate }).refine(...fromBeforeTo);
/** How many alerts became cases: too many that did not are alert fatigue. */
export const alertsReport = z.object({
  alerts: z.int(),
  unmatched: z.int(),
  matched: z.int(),
  admitted: z.int(),
  /** Percent of the alerts, one decimal. */
  sharePercent: z.number().nullable(),
  byKind: z.record(alertKind, z.object({ alerts: z.int(), admitted: z.int() })),
});

/** `recordedAt`: when the form was finished, by which a phone's clue is known again when it is sent once more on another day; now when left out. */
export const clueRequest = z.strictObject({ household: householdId, reason, recordedAt: instant.optional() });
export const clueResponse = z.object({ case: caseId, outcome: z.enum(['started', 'joined', 'known']) });

export const unmatchedQuery = z.strictObject({ region: regionCode, limit, cursor: cursor.optional() });
export const unmatchedPage = z.object({
  items: z.array(
    z.object({
      id: clueId,
      source: z.enum(['declaration', 'alert']),
      village: villageCode.nullable(),
      at: instant,
      /** What the household or department said. */
      about: z.string(),
      name: z.string().nullable(),
      idNumber: z.string(),
      phone: z.string().nullable(),
    }),
  ),
  next: z.string().optional(),
});
export const clueParams = z.strictObject({ id: clueId });
/** Showing a whole number is an act of its own, with a reason, and is recorded. */
export const clueRevealRequest = z.strictObject({ field: z.enum(['idNumber', 'phone']), reason });
export const clueRevealResponse = z.object({ field: z.string(), value: z.string() });
export const resolutionRequest = z.union([
  z.strictObject({ household: householdId }),
  z.strictObject({ dismissed: reason }),
]);
export const resolutionResponse = z.object({
  id: clueId,
  outcome: z.enum(['started', 'joined', 'known', 'dismissed']),
  case: caseId.optional(),
});
