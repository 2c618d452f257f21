import * as z from 'zod';
import { regionCode, villageCode } from '../regions.ts';
import { householdId, roundId } from '../values.ts';
import { criteria, criteriaTerms } from './criteria.ts';
import { signal, signalIds, triageClass } from './triage.ts';

export const criteriaList = z.object({ items: z.array(criteria) });

export const criteriaParams = z.strictObject({ id: criteria.shape.id });

/** Villages a rehearsal runs over at most; `next` of the answer, sent as `after`, goes on behind them. */
export const MOST_VILLAGES_A_REHEARSAL = 120;
/** A sealed round triaged again under other criteria. Nothing is stored and nobody is notified. */
export const rehearsalRequest = z.strictObject({
  round: roundId,
  region: regionCode,
  terms: criteriaTerms,
  after: villageCode.optional(),
});
const rehearsedCount = z.object({ households: z.int(), people: z.int() });
export const rehearsalResponse = z.object({
  round: roundId,
  region: regionCode,
  villages: z.int(),
  /** Visited households that were triaged again. */
  triaged: rehearsedCount,
  before: z.record(triageClass, rehearsedCount),
  after: z.record(triageClass, rehearsedCount),
  /** Households that would gain or lose a signal, with or without a change of class. */
  bySignal: z.array(z.object({ id: z.enum(signalIds), gained: z.int(), lost: z.int() })),
  /** Every household whose class would change. */
  items: z.array(
    z.object({
      household: householdId,
      people: z.int(),
      from: triageClass,
      to: triageClass,
      perCapita: z.int(),
      gained: z.array(signal),
      lost: z.array(signal),
    }),
  ),
  next: villageCode.optional(),
});
