import * as z from 'zod';
import { fen, isoDate } from '../values.ts';

/** What a claim can be about (docs/domain.md, 6). */
export const lineId = z.enum([
  'accidental-death',
  'accidental-disability',
  'illness',
  'accident-medical',
  'education',
  'disaster',
]);
export type LineId = z.infer<typeof lineId>;

export const productId = z.string().regex(/^product-[0-9a-f]{12}$/);

/** Whole percent, at most all of it: nobody is paid more than was lost. */
const share = z.int().min(0).max(100);
const sum = fen.min(1);

/**
 * Cost below `upTo` (fen over the deductible; null: without end) and above the tier before is paid by `percent`: marginal, like tax bands.
 */
export const tier = z.strictObject({ upTo: sum.nullable(), percent: share });

const tiers = z
  .array(tier)
  .min(1)
  .max(10)
  .refine(
    (all) =>
      all.every(({ upTo }, place) =>
        place === all.length - 1 ? upTo === null : upTo !== null && upTo > (all[place - 1]?.upTo ?? 0),
      ),
    '各档上限须递增，最后一档不设上限',
  );

/** Days after enrolment before which an event is not covered. */
const waitingDays = z.int().min(0).max(365);
/** Accidents have no waiting period. */
const noWaiting = z.literal(0);
const capPerEvent = sum;

/** Compliant self-paid cost above a deductible, by marginal tiers, capped per person and policy period. */
const costLine = z.strictObject({ kind: z.literal('cost'), waitingDays, deductible: fen, tiers, capPerPerson: sum });
export type CostLine = z.infer<typeof costLine>;

export const educationStage = z.enum(['kindergarten', 'compulsory', 'high-school', 'vocational', 'university']);
export const housingDamage = z.enum(['collapsed', 'severe', 'moderate']);

const lines = z
  .strictObject({
    'accidental-death': z
      .strictObject({ kind: z.literal('lump-sum'), waitingDays: noWaiting, amount: sum, capPerEvent })
      .optional(),
    /** Shares of the sum for grades 1 to 10 (人身保险伤残评定标准), the gravest first. */
    'accidental-disability': z
      .strictObject({
        kind: z.literal('graded'),
        waitingDays: noWaiting,
        amount: sum,
        shares: z
          .array(share)
          .length(10)
          .refine((all) => all.every((one, place) => one <= (all[place - 1] ?? 100)), '伤残等级越轻，给付比例不得越高'),
        capPerEvent,
      })
      .optional(),
    illness: costLine.optional(),
    'accident-medical': costLine.extend({ waitingDays: noWaiting }).optional(),
    education: z
      .strictObject({
        kind: z.literal('staged'),
        waitingDays,
        amounts: z.partialRecord(educationStage, sum),
        capPerEvent,
      })
      .optional(),
    /** A house by its damage; assets by a share of the loss. */
    disaster: z
      .strictObject({
        kind: z.literal('loss'),
        waitingDays,
        housing: z.record(housingDamage, sum),
        assetsPercent: share,
        capPerEvent,
      })
      .optional(),
  })
  .refine((all) => Object.values(all).some((line) => line !== undefined), '至少有一项保险责任');

export const claimClock = z.strictObject({ days: z.int().min(1).max(365), kind: z.enum(['calendar', 'working']) });
export type ClaimClock = z.infer<typeof claimClock>;

/** What is insured and how it is computed, in force from a date. Proposed by one, approved by another, never changed once used. */
export const productTerms = z.strictObject({
  name: z.string().trim().min(1).max(80),
  effectiveFrom: isoDate,
  /** Terms that are not the insurer's published ones stay marked, on every screen. */
  status: z.enum(['official', 'illustrative']),
  source: z.string().trim().min(1).max(200),
  lines,
  /** Everything paid to the people of one household in a policy period. */
  capPerHousehold: sum,
  /** Whether a claim that does not fit into the limit is paid in part; otherwise it is refused. */
  partialOnLimit: z.boolean(),
  /** Above this amount a second person must approve too. */
  secondApproverAbove: fen,
  /** A self-paid medical cost in a screening from which the village is asked whether it was claimed (应赔未赔). */
  promptFrom: sum,
  clocks: z.strictObject({
    /** From registration. */
    survey: claimClock,
    /** From registration to the decision; it stands still while documents are collected. */
    decision: claimClock,
    /** How long a family may collect what was asked for. */
    documents: claimClock,
    refusalNotice: claimClock,
    /** From approval until the money has arrived. */
    payment: claimClock,
  }),
});
export type ProductTerms = z.infer<typeof productTerms>;

export const product = z.strictObject({
  ...productTerms.shape,
  id: productId,
  /** Where it stands between proposal and approval; `status` above says whose terms they are. */
  state: z.enum(['proposed', 'approved']),
  proposedBy: z.string(),
  proposedAt: z.string(),
  approvedBy: z.string().optional(),
  approvedAt: z.string().optional(),
});
export type Product = z.infer<typeof product>;
