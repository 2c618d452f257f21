import type { StepId, Verdict, Votes } from '../../contracts/cases/case.ts';
import {
  type DecisionStep,
  type Ladder,
  MOST_OBJECTIONS,
  type Requirement,
  type ReviewNotice,
  type ReviewRefusal,
  type ReviewState,
} from '../../contracts/cases/review.ts';
import type { Role } from '../../contracts/roles.ts';
import { dayOf } from '../calendar.ts';
import { noticePeriod, stepTimes } from './clocks.ts';
import { currentStep, inboxesOf, NoLadder, placeOf, tierOf } from './ladder.ts';

/** An action on a running review. `now` is the instant of the request or of the workflow's state, ms since 1970. */
export type ReviewAction =
  | {
      type: 'decide';
      step: StepId;
      /** The turn the pending decision was prepared for. */
      turn: number;
      by: { account: string; role: Role };
      verdict: Verdict;
      /** Whether all gates of the closure hold now; asked only at steps with gates. */
      gatesHold?: boolean;
      now: number;
    }
  /** By the workflow or an official. Publishing is not a decision, so whoever decided the appraisal may publish. */
  | {
      type: 'publish-notice';
      turn: number;
      notice: string /** The last day somebody asks for; it may only be the right one. */;
      lastDay?: string;
      now: number;
    }
  | { type: 'conclude-notice'; turn: number; now: number }
  | { type: 'escalate'; turn: number; now: number }
  | { type: 'object'; notice: string; objection: string; now: number }
  | { type: 'answer-objection'; notice: string; objection: string; by: string; now: number };

/** The next state, or the reason for refusing. `missing` says what an approval lacks. */
export type Reviewed =
  | { state: ReviewState; refusal?: never }
  | { refusal: ReviewRefusal; missing?: Requirement[]; state?: never };

/**
 * A review at its first step.
 * @param proposer account that began it, who decides none of its steps; null when the system did
 * @param known requirements met before, such as the case type of a sealed row
 * @param gatesHold whether the closure's gates hold now; a ladder with gates does not start without
 */
export function startReview(
  ladder: Ladder,
  {
    proposer,
    known = [],
    gatesHold = false,
    now,
  }: { proposer: string | null; known?: Requirement[]; gatesHold?: boolean; now: number },
): Reviewed {
  const [first] = ladder.steps;
  if (first === undefined) throw new NoLadder(`The ladder of ${ladder.procedure} has no steps.`);
  if (!gatesHold && ladder.steps.some((step) => step.kind === 'decision' && step.gates))
    return { refusal: 'gates-not-met' };
  const at = iso(now);
  return {
    state: {
      ladder: { procedure: ladder.procedure, effectiveFrom: ladder.effectiveFrom },
      step: first.id,
      turn: 1,
      startedAt: at,
      enteredAt: at,
      proposer,
      known,
      escalated: false,
      decisions: [],
      notices: [],
      ended: null,
    },
  };
}

/**
 * Applies an action to a review (docs/domain.md, 4 and 5): steps in strict order; nobody decides what they proposed, nor two
 * steps of one review; a send-back goes only to an earlier step; a rejection ends it. Repeating an action changes nothing; a decision
 * sent twice is recognised by the pending decision, an objection lodged or answered twice by the store.
 * @throws NoLadder when the state does not belong to this ladder
 */
export function nextReview(ladder: Ladder, state: ReviewState, action: ReviewAction): Reviewed {
  if (ladder.procedure !== state.ladder.procedure || ladder.effectiveFrom !== state.ladder.effectiveFrom)
    throw new NoLadder('The review began with another ladder.');
  if (state.ended !== null) return { refusal: 'review-ended' };
  switch (action.type) {
    case 'decide':
      return decide(ladder, state, action);
    case 'publish-notice':
      return publish(ladder, state, action);
    case 'conclude-notice':
      return conclude(ladder, state, action);
    case 'escalate':
      return escalate(ladder, state, action);
    case 'object': {
      const notice = state.notices.find(({ id }) => id === action.notice);
      if (notice === undefined || !stands(notice, action.now)) return { refusal: 'notice-not-standing' };
      if (notice.lodged >= MOST_OBJECTIONS) return { refusal: 'objections-full' };
      return { state: withNotice(state, { ...notice, lodged: notice.lodged + 1 }) };
    }
    case 'answer-objection': {
      const notice = state.notices.find(({ id }) => id === action.notice);
      if (notice === undefined || notice.answered >= notice.lodged) return { refusal: 'objection-unknown' };
      return { state: withNotice(state, { ...notice, answered: notice.answered + 1 }) };
    }
  }
}

type Of<T extends ReviewAction['type']> = Extract<ReviewAction, { type: T }>;

function decide(ladder: Ladder, state: ReviewState, action: Of<'decide'>): Reviewed {
  const step = currentStep(ladder, state);
  if (action.turn < state.turn) return { refusal: 'stale-decision' };
  if (action.step !== step.id || step.kind === 'notice') return { refusal: outOfTurn(ladder, state, action) };
  if (action.turn > state.turn) return { refusal: 'stale-decision' };
  const tier = tierOf(action.by.role);
  if (tier === undefined || !inboxesOf(ladder, state).includes(tier)) return { refusal: 'role-not-allowed' };
  if (action.by.account === state.proposer) return { refusal: 'own-proposal' };
  if (
    state.decisions.some(
      ({ by, step: decided }) => by === action.by.account && !(ladder.sameStepAgain && decided === step.id),
    )
  )
    return { refusal: 'decided-before' };

  const { verdict, now } = action;
  const at = iso(now);
  const made = {
    turn: state.turn,
    step: step.id,
    by: action.by.account,
    tier,
    verdict: verdict.verdict,
    at,
    escalated: state.escalated,
  };
  const decided: ReviewState = { ...state, decisions: [...state.decisions, made] };
  switch (verdict.verdict) {
    case 'reject':
      return { state: { ...decided, ended: { outcome: 'rejected', at } } };
    case 'send-back': {
      const to = placeOf(ladder, verdict.to);
      if (to < 0 || to >= placeOf(ladder, step.id)) return { refusal: 'send-back-not-earlier' };
      // A send-back to the notice or before it voids the notice, and a new one will be published; a send-back to a later step keeps it.
      const again = ladder.steps
        .slice(to)
        .some(({ id, kind }) => kind === 'notice' && placeOf(ladder, id) < placeOf(ladder, step.id));
      const notices = again ? state.notices.map((notice) => ({ ...notice, void: true })) : state.notices;
      return { state: enter({ ...decided, notices }, verdict.to, at) };
    }
    case 'approve': {
      const refused = approvalFault(ladder, state, step, verdict, action);
      return refused ?? { state: advance(ladder, decided, at) };
    }
  }
}

/** Only the current step can be decided; when only the notice is in the way, the refusal says so. */
function outOfTurn(ladder: Ladder, state: ReviewState, { step, now }: Of<'decide'>): ReviewRefusal {
  if (currentStep(ladder, state).kind !== 'notice' || placeOf(ladder, step) !== placeOf(ladder, state.step) + 1)
    return 'wrong-step';
  return noticeFault(state, now) ?? 'wrong-step';
}

type Approval = Extract<Verdict, { verdict: 'approve' }>;

function approvalFault(
  ladder: Ladder,
  state: ReviewState,
  step: DecisionStep,
  verdict: Approval,
  { gatesHold, now }: Of<'decide'>,
): Reviewed | undefined {
  const missing = step.requires.filter((name) => verdict[name] === undefined && !state.known.includes(name));
  if (missing.length > 0) return { refusal: 'not-given', missing };
  const today = dayOf(now);
  if ([verdict.authorisation?.signedOn, verdict.votes?.heldOn].some((day) => day !== undefined && day > today))
    return { refusal: 'dated-in-future' };
  if (verdict.votes !== undefined && !isCarried(verdict.votes)) return { refusal: 'vote-not-carried' };
  if (step.gates && gatesHold !== true) return { refusal: 'gates-not-met' };
  const behindNotice = ladder.steps.slice(0, placeOf(ladder, step.id)).some(({ kind }) => kind === 'notice');
  const refusal = behindNotice ? noticeFault(state, now) : undefined;
  return refusal === undefined ? undefined : { refusal };
}

/** More than half of those present (Organic Law of Villagers' Committees, articles 22 and 26): who abstains is present. */
export function isCarried(votes: Votes): boolean {
  return votes.for * 2 > votes.for + votes.against + votes.abstaining;
}

function publish(
  ladder: Ladder,
  state: ReviewState,
  { turn, notice: id, lastDay, now }: Of<'publish-notice'>,
): Reviewed {
  const step = currentStep(ladder, state);
  if (step.kind !== 'notice') return { refusal: 'wrong-step' };
  if (turn !== state.turn) return { refusal: 'stale-decision' };
  const given = validNotice(state);
  if (given !== undefined) return given.id === id ? { state } : { refusal: 'notice-already-given' };
  const period = noticePeriod(now, step.days);
  if (lastDay !== undefined && lastDay < period.lastDay) return { refusal: 'notice-shortened' };
  const notice: ReviewNotice = {
    id,
    turn,
    publishedAt: iso(now),
    endsAt: iso(period.endsAt),
    void: false,
    lodged: 0,
    answered: 0,
  };
  return { state: { ...state, notices: [...state.notices, notice] } };
}

function conclude(ladder: Ladder, state: ReviewState, { turn, now }: Of<'conclude-notice'>): Reviewed {
  if (currentStep(ladder, state).kind !== 'notice') return { refusal: 'wrong-step' };
  if (turn !== state.turn) return { refusal: 'stale-decision' };
  const refusal = noticeFault(state, now);
  return refusal === undefined ? { state: advance(ladder, state, iso(now)) } : { refusal };
}

function escalate(ladder: Ladder, state: ReviewState, { turn, now }: Of<'escalate'>): Reviewed {
  const times = stepTimes(ladder, state);
  if (times === undefined) return { refusal: 'wrong-step' };
  if (turn !== state.turn) return { refusal: 'stale-decision' };
  if (times.dueAt === null || now < times.dueAt) return { refusal: 'clock-not-ended' };
  return { state: state.escalated ? state : { ...state, escalated: true } };
}

/** What keeps the review from going on after its notice. */
function noticeFault(state: ReviewState, now: number): ReviewRefusal | undefined {
  const notice = validNotice(state);
  if (notice === undefined) return 'notice-missing';
  if (now < Date.parse(notice.endsAt)) return 'notice-not-ended';
  return unansweredObjections(state) > 0 ? 'objections-unanswered' : undefined;
}

function withNotice(state: ReviewState, changed: ReviewNotice): ReviewState {
  return { ...state, notices: state.notices.map((notice) => (notice.id === changed.id ? changed : notice)) };
}

/** Objections to any notice of a review that nobody has answered yet. */
export function unansweredObjections({ notices }: Pick<ReviewState, 'notices'>): number {
  return notices.reduce((sum, { lodged, answered }) => sum + lodged - answered, 0);
}

/** The notice that counts: the one no send-back has voided. */
export function validNotice({ notices }: Pick<ReviewState, 'notices'>): ReviewNotice | undefined {
  return notices.find((notice) => !notice.void);
}

/** Whether a notice can be read and objected to: from its publication to 24:00 of its last day, unless it is void. */
export function stands(notice: ReviewNotice, now: number): boolean {
  return !notice.void && now >= Date.parse(notice.publishedAt) && now < Date.parse(notice.endsAt);
}

function advance(ladder: Ladder, state: ReviewState, at: string): ReviewState {
  const next = ladder.steps[placeOf(ladder, state.step) + 1];
  return next === undefined ? { ...state, ended: { outcome: 'approved', at } } : enter(state, next.id, at);
}

function enter(state: ReviewState, step: StepId, at: string): ReviewState {
  return { ...state, step, turn: state.turn + 1, enteredAt: at, escalated: false };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
