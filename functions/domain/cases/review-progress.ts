import type { StepId } from '../../contracts/cases/case.ts';
import type { Ladder, ReviewState } from '../../contracts/cases/review.ts';
import { stepTimes } from './clocks.ts';
import { currentStep } from './ladder.ts';
import { unansweredObjections, validNotice } from './review.ts';

/** What a running review is waiting for. */
export interface Next {
  next: 'decide' | 'publish' | 'stand' | 'answer' | 'conclude' | 'ended';
  step: StepId;
  turn: number;
  waitSeconds: number;
}

/** An execution checks again after at most so many seconds, so that a lost callback is noticed. */
const LONGEST_LOOK = 30 * 86_400;
const OBJECTION_LOOK = 6 * 3_600;
/** Calendars come with a release, so a clock that waits for one is checked once a day. */
const CALENDAR_LOOK = 86_400;

/**
 * What a review does next at an instant (ms since 1970). The stored state holds the whole procedure and the workflow only asks this
 * in a loop, so a crash between two states loses nothing.
 */
export function whatStandsNext(ladder: Ladder, state: ReviewState, now: number): Next {
  const { step, turn } = state;
  const next = (what: Next['next'], waitSeconds = 1): Next => ({ next: what, step, turn, waitSeconds });
  if (state.ended !== null) return next('ended');
  if (currentStep(ladder, state).kind === 'decision') return next('decide', untilLook(ladder, state, now));
  const notice = validNotice(state);
  if (notice === undefined) return next('publish');
  const left = Date.parse(notice.endsAt) - now;
  if (left > 0) return next('stand', Math.ceil(left / 1000));
  return unansweredObjections(state) > 0 ? next('answer', OBJECTION_LOOK) : next('conclude');
}

/** Until the next reminder or the end of the clock, whichever comes first; after that no reminders are left. */
function untilLook(ladder: Ladder, state: ReviewState, now: number): number {
  const times = stepTimes(ladder, state);
  if (times === undefined) return LONGEST_LOOK;
  const { dueAt, remindAt } = times;
  if (dueAt === null) return CALENDAR_LOOK;
  // A step entered after its due time is escalated at once.
  if (now >= dueAt && !state.escalated) return 1;
  const ahead = [...remindAt, dueAt].filter((instant) => instant > now);
  const soonest = Math.min(...ahead, now + LONGEST_LOOK * 1000);
  return Math.max(1, Math.ceil((soonest - now) / 1000));
}

/** The reminders that are due, and whether the clock has run out. */
export function clockMarks(
  ladder: Ladder,
  state: ReviewState,
  now: number,
): { reminders: number[]; escalate: boolean } {
  const times = stepTimes(ladder, state);
  if (times === undefined) return { reminders: [], escalate: false };
  return {
    reminders: times.remindAt.filter((instant) => instant <= now),
    escalate: times.dueAt !== null && now >= times.dueAt && !state.escalated,
  };
}
