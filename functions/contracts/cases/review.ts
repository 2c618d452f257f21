import * as z from 'zod';
import { isoDate } from '../values.ts';
import { type StepId, stepId, type Verdict } from './case.ts';

/** The three tiers, lowest first. Each has one role (domain/cases/ladder.ts). */
export const tier = z.enum(['village', 'town', 'district']);
export type Tier = z.infer<typeof tier>;

export const procedure = z.enum(['admission', 'closure']);
export type Procedure = z.infer<typeof procedure>;

/** How long a step may take: days after the day it starts, which is not counted; it ends 24:00 Asia/Shanghai of the last one. */
export const clock = z.strictObject({
  days: z.int().min(1).max(60),
  kind: z.enum(['calendar', 'working']),
  /** From when the step was entered, or from when the whole procedure began. */
  start: z.enum(['step', 'procedure']),
});
export type Clock = z.infer<typeof clock>;

/** Fields of an approving verdict that a step can demand. */
export const requirement = z.enum(['authorisation', 'risks', 'caseType', 'votes', 'helper', 'monitoringContact']);
export type Requirement = z.infer<typeof requirement>;

const decisionStep = z.strictObject({
  kind: z.literal('decision'),
  id: stepId,
  tier,
  clock,
  requires: z.array(requirement),
  /** The closure's gates must all hold for an approval here. */
  gates: z.boolean(),
});
/** A step without a decision: the notice is published, stands its full days, and ends when every objection is answered. */
const noticeStep = z.strictObject({ kind: z.literal('notice'), id: stepId, days: z.int().min(5).max(30) });
export type DecisionStep = z.infer<typeof decisionStep>;
export type LadderStep = DecisionStep | z.infer<typeof noticeStep>;

/** The steps of a review as data, in force from a date. A running review keeps the ladder it began with. */
export const ladder = z.strictObject({
  procedure,
  effectiveFrom: isoDate,
  steps: z
    .array(z.discriminatedUnion('kind', [decisionStep, noticeStep]))
    .min(1)
    .refine((steps) => new Set(steps.map((step) => step.id)).size === steps.length, '步骤不能重复')
    .refine((steps) => steps.at(0)?.kind === 'decision' && steps.at(-1)?.kind === 'decision', '首末两步须由人决定')
    .refine((steps) => steps.filter((step) => step.kind === 'notice').length <= 1, '只能公示一次'),
  /** The whole procedure; later it is marked orange, nothing else happens. */
  total: z.strictObject({ days: z.union([z.literal(15), z.literal(20)]), kind: clock.shape.kind }),
  /** So many days before a step's last day, counted as its clock counts, its inbox is reminded at 09:00. */
  remindBefore: z.array(z.int().min(0).max(30)).max(5),
  /** Whether somebody may decide again the very step they decided, after a send-back. Two different steps: never. */
  sameStepAgain: z.boolean(),
});
export type Ladder = z.infer<typeof ladder>;

/** Why an action is refused, as a problem code of the API. */
export type ReviewRefusal =
  | 'review-ended'
  | 'wrong-step'
  | 'stale-decision'
  | 'role-not-allowed'
  | 'own-proposal'
  | 'decided-before'
  | 'send-back-not-earlier'
  | 'not-given'
  | 'dated-in-future'
  | 'vote-not-carried'
  | 'gates-not-met'
  | 'notice-missing'
  | 'notice-already-given'
  | 'notice-shortened'
  | 'notice-not-ended'
  | 'notice-not-standing'
  | 'objections-unanswered'
  | 'objection-unknown'
  | 'objections-full'
  | 'clock-not-ended';

/** One decision as the review remembers it. `escalated`: the next tier had it in its inbox too, whoever decided. */
export interface ReviewDecision {
  turn: number;
  step: StepId;
  by: string;
  tier: Tier;
  verdict: Verdict['verdict'];
  at: string;
  escalated: boolean;
}

/** A notice of this review. `void` after a send-back; another one is then given. */
export interface ReviewNotice {
  id: string;
  turn: number;
  publishedAt: string;
  /** 24:00 Asia/Shanghai of the last full day. */
  endsAt: string;
  void: boolean;
  /** How many objections it received, and how many are answered. They are separate items, so that outsiders cannot make the case item grow. */
  lodged: number;
  answered: number;
}

/** So many objections a notice takes; what comes after is said in the village in person. */
export const MOST_OBJECTIONS = 200;

/** The state of a review. Stored with the case; only domain/cases/review.ts computes the next one. */
export interface ReviewState {
  /** The ladder it began with, and keeps. */
  ladder: { procedure: Procedure; effectiveFrom: string };
  step: StepId;
  /** Grows by one whenever a step is entered: a decision prepared for an earlier turn is stale. */
  turn: number;
  startedAt: string;
  enteredAt: string;
  /** Who began it; null when the system did (a sealed round, an alert). */
  proposer: string | null;
  /** Requirements already met before the review began, such as the case type of a sealed row. */
  known: Requirement[];
  escalated: boolean;
  decisions: ReviewDecision[];
  notices: ReviewNotice[];
  ended: { outcome: 'approved' | 'rejected'; at: string } | null;
}
