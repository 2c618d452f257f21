import { stored } from './stored.ts';

const KEY = 'shouwang.field.skew';
const LAST = 'shouwang.field.last';
/** A clock that is so far behind has been set back; less is what two clocks differ by. */
const SET_BACK_MS = 5 * 60_000;

/** How far the server's clock is ahead of this phone's, ms; kept, because phones are often wrong and often without a signal. */
let skew = Number(stored(KEY) ?? 0) || 0;
/** The last instant the server told. */
let told = 0;

/** The last instant the server ever told this phone, kept: it is later now, whatever the phone says. */
let last = Number(stored(LAST) ?? 0) || 0;

/** Now by the server's clock, as well as it is known; never before the server last spoke. */
export function now(): number {
  return Math.max(guessed(), last);
}

/** The phone's clock set right by what was learned of it; or as it is, where it has been set meanwhile so that what was learned is no longer so. */
function guessed(): number {
  const corrected = Date.now() + skew;
  return corrected < last - SET_BACK_MS ? Date.now() : corrected;
}

/** Whether the phone says an hour that is certainly past: somebody set its clock back, or its battery was empty. */
export function isSetBack(): boolean {
  return guessed() < last - SET_BACK_MS;
}

/** The last instant the server told in an answer, whole seconds and never later than its own; 0 before it spoke. */
export function serverTold(): number {
  return told;
}

/** Learns from the date of an answer. Small differences are none: the header knows whole seconds only, and the answer was under way. */
export function learn(date: string | null, asked: number): void {
  const at = Date.parse(date ?? '');
  if (Number.isNaN(at)) return;
  told = at;
  last = at;
  const difference = at - (asked + Date.now()) / 2;
  skew = Math.abs(difference) < 5000 ? 0 : Math.round(difference);
  try {
    localStorage.setItem(KEY, String(skew));
    localStorage.setItem(LAST, String(last));
  } catch {
    // Storage that is full keeps the older measure.
  }
}
