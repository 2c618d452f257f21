import * as z from 'zod';
import { regionCode, villageCode } from './regions.ts';
import { householdId, roundId } from './values.ts';

export const nothing = z.strictObject({});
export const cursor = z.string().regex(/^[A-Za-z0-9_-]{1,400}$/);
/** How many items a page holds at most; the answer's `next` continues it. */
export const limit = z.coerce.number().int().min(1).max(200).default(50);

export const optionalRegionQuery = z.strictObject({ region: regionCode.optional() });
export const regionPageQuery = z.strictObject({ region: regionCode, limit, cursor: cursor.optional() });
export const householdParams = z.strictObject({ id: householdId });
export const roundParams = z.strictObject({ id: roundId });
export const sheetParams = z.strictObject({ id: roundId, village: villageCode });

/** Of a batch: everything is looked at as if it were to be taken, with the same answer, and nothing is written. */
export const check = z.boolean().optional();

const fieldError = z.object({ pointer: z.string(), code: z.string(), detail: z.string() });
/** RFC 9457 problem details. */
export const problemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(fieldError).optional(),
});

/** Why a row of a batch was refused: a problem code, its sentence, and the fields. */
export const rowProblem = z.object({ code: z.string(), detail: z.string(), errors: z.array(fieldError).optional() });
