import * as z from 'zod';
import { evidence, measureId, official, reason } from '../cases/case.ts';
import { fen, isoDate } from '../values.ts';

/** 帮扶措施 (docs/glossary.md). */
export const measureKind = z.enum([
  'industry',
  'employment',
  'public-welfare-post',
  'skills-training',
  'start-up',
  'finance',
  'housing',
  'drinking-water',
  'health',
  'compulsory-education',
  'other-education',
  'minimum-living-allowance',
  'social-assistance',
  'infrastructure',
]);
export type MeasureKind = z.infer<typeof measureKind>;

/** 开发式 · 保障性. */
export type MeasureNature = 'development' | 'safeguard';

export const measureStatus = z.enum(['planned', 'under-way', 'completed', 'abandoned']);
export type MeasureStatus = z.infer<typeof measureStatus>;

const unit = z.string().trim().min(1).max(60);

/** Where a safeguard was asked for, followed until it is granted or refused. */
const referral = z.strictObject({
  to: unit,
  on: isoDate,
  outcome: z
    .discriminatedUnion('outcome', [
      z.strictObject({ outcome: z.literal('granted'), on: isoDate }),
      z.strictObject({ outcome: z.literal('refused'), on: isoDate, reason }),
    ])
    .optional(),
});
export type ReferralOutcome = NonNullable<z.infer<typeof referral>['outcome']>;

const plan = {
  kind: measureKind,
  plannedOn: isoDate,
  /** The official who answers for it. */
  responsible: official,
  funder: unit.optional(),
  /** What it costs, fen. */
  amount: fen.optional(),
};

/** A measure as it is planned. */
export const newMeasure = z.strictObject({ ...plan, referral: referral.omit({ outcome: true }).optional() });
export type NewMeasure = z.infer<typeof newMeasure>;

/** A measure as it is kept. */
export const measure = z.strictObject({
  id: measureId,
  status: measureStatus,
  ...plan,
  startedOn: isoDate.optional(),
  /** When it was completed or abandoned. */
  endedOn: isoDate.optional(),
  evidence: z.array(evidence).max(20),
  abandonedBecause: reason.optional(),
  referral: referral.optional(),
});
export type Measure = z.infer<typeof measure>;

/** A step of a measure. Completion needs evidence. */
export const measureChange = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('under-way'), on: isoDate }),
  z.strictObject({
    to: z.literal('completed'),
    on: isoDate,
    evidence: z.array(evidence).min(1).max(20),
    amount: fen.optional(),
  }),
  z.strictObject({ to: z.literal('abandoned'), on: isoDate, reason }),
]);
export type MeasureChange = z.infer<typeof measureChange>;
