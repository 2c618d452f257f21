import * as z from 'zod';

/** The closure's gates in the order they are shown (docs/domain.md, 5). */
export const gateId = z.enum([
  'SIX_MONTHS',
  'MEASURE_DONE',
  'INCOME_ABOVE_LINE',
  'GUARANTEES_SAFE',
  'RIGID_SPENDING_SOLVED',
  'RISKS_RESOLVED',
  'NO_NEW_RISK',
  'NOT_WHOLLY_UNABLE',
]);
export type GateId = z.infer<typeof gateId>;

/** Named values of a gate. Amounts are fen, days `2023-10-11`; null is unknown. */
const gateValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type GateValues = z.infer<typeof gateValues>;

/** The result of one gate: observed and required values share their names. `source` says where the observed values come from. */
export const gateResult = z.strictObject({
  gate: gateId,
  holds: z.boolean(),
  /** The method (`natural`) exempts from this gate, so that it holds whatever was observed. */
  exempt: z.literal(true).optional(),
  observed: gateValues,
  required: gateValues,
  /** `case`, `visit:<id>`, `sheet:<round>`, `measures`, `claims`, `objections`, `criteria`. */
  source: z.array(z.string()),
});
export type GateResult = z.infer<typeof gateResult>;
