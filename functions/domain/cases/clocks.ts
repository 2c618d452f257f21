import type { Clock, Ladder, ReviewState } from '../../contracts/cases/review.ts';
import { addDays, dayOf, endOf } from '../calendar.ts';
import { addWorkingDays, unlessAwaitingCalendar } from '../working-days.ts';
import { currentStep } from './ladder.ts';

const HOUR = 3_600_000;
/** Reminders are sent at 09:00; this is the time from then to the end of the day. */
const NINE_TO_MIDNIGHT = 15 * HOUR;

/** A public notice stands at least so many full days, whatever the configuration says (docs/domain.md, 4). */
export const LEAST_NOTICE_DAYS = 5;

/** The configuration asks for a shorter notice than the rules allow. */
export class NoticeTooShort extends Error {
  override readonly name = 'NoticeTooShort';
}

/**
 * The last day of a clock that starts on `day`, which is not counted (Civil Code, article 201).
 * @throws UnknownWorkingDays for a working-day clock in a year whose holidays are not known
 */
export function lastDayOf({ days, kind }: Pick<Clock, 'days' | 'kind'>, day: string): string {
  return kind === 'working' ? addWorkingDays(day, days) : addDays(day, days);
}

export interface StepTimes {
  /** 24:00 Asia/Shanghai of the last day, ms since 1970; from then on the step may be escalated. Null while the calendar it needs is not published. */
  dueAt: number | null;
  /** When its inbox is reminded: ms since 1970, ascending, only after the step was entered. */
  remindAt: number[];
}

/**
 * When the step a review stands at is due and reminded; undefined while a notice stands, which has its own period.
 */
export function stepTimes(
  ladder: Ladder,
  state: Pick<ReviewState, 'step' | 'startedAt' | 'enteredAt'>,
): StepTimes | undefined {
  const step = currentStep(ladder, state);
  if (step.kind === 'notice') return undefined;
  const enteredAt = Date.parse(state.enteredAt);
  const from = step.clock.start === 'procedure' ? Date.parse(state.startedAt) : enteredAt;
  const last = unlessAwaitingCalendar(() => lastDayOf(step.clock, dayOf(from)));
  if (last === null) return { dueAt: null, remindAt: [] };
  const remindAt = ladder.remindBefore
    .map((days) => (step.clock.kind === 'working' ? addWorkingDays(last, -days) : addDays(last, -days)))
    .map((day) => endOf(day) - NINE_TO_MIDNIGHT)
    .filter((instant) => instant > enteredAt)
    .sort((a, b) => a - b);
  return { dueAt: endOf(last), remindAt };
}

/** 24:00 Asia/Shanghai of the last day of the whole procedure, ms since 1970; null while the calendar it needs is not published. */
export function totalDueAt(ladder: Pick<Ladder, 'total'>, startedAt: string): number | null {
  return unlessAwaitingCalendar(() => endOf(lastDayOf(ladder.total, dayOf(Date.parse(startedAt)))));
}

/**
 * The warning colour of the whole procedure: orange when it takes, or took, longer than allowed.
 * @param now ms since 1970; an ended review is judged by when it ended
 */
export function totalMark(
  ladder: Pick<Ladder, 'total'>,
  state: Pick<ReviewState, 'startedAt' | 'ended'>,
  now: number,
): 'none' | 'orange' {
  const until = state.ended === null ? now : Date.parse(state.ended.at);
  const dueAt = totalDueAt(ladder, state.startedAt);
  return dueAt !== null && until >= dueAt ? 'orange' : 'none';
}

export interface NoticePeriod {
  publishedOn: string;
  /** The day after publication: the first that counts. */
  firstDay: string;
  lastDay: string;
  /** 24:00 Asia/Shanghai of the last day, ms since 1970: from then on it is down and takes no objection. */
  endsAt: number;
}

/**
 * The period of a public notice: full calendar days from the day after publication, weekends and holidays included, never
 * shortened. It can be read from the instant of publication on.
 * @param publishedAt ms since 1970
 * @throws NoticeTooShort
 */
export function noticePeriod(publishedAt: number, days: number): NoticePeriod {
  if (days < LEAST_NOTICE_DAYS) throw new NoticeTooShort(`A notice of ${days} days.`);
  const publishedOn = dayOf(publishedAt);
  const lastDay = addDays(publishedOn, days);
  return { publishedOn, firstDay: addDays(publishedOn, 1), lastDay, endsAt: endOf(lastDay) };
}
