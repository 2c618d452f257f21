import * as z from 'zod';
import { regionCode } from '../regions.ts';
import { caseType, origin, signal, triageClass } from './triage.ts';
import { dryRunVisit } from './visit.ts';

/** A signal as it is shown: with its severity and the sentence made from it. */
export const explainedSignal = signal.extend({ severity: z.enum(['risk', 'attention']), message: z.string() });

export const explainedTriage = z.object({
  class: triageClass,
  caseType: caseType.nullable(),
  perCapita: z.int(),
  signals: z.array(explainedSignal),
});

export const triageRequest = z.strictObject({
  region: regionCode,
  items: z
    .array(
      z.strictObject({
        visit: dryRunVisit,
        household: z.strictObject({ origin, previousPerCapita: z.int().optional(), openCase: z.boolean() }),
      }),
    )
    .min(1)
    .max(100),
});

export const triageResponse = z.object({ items: z.array(explainedTriage), criteria: z.string(), rules: z.string() });
