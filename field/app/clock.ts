import { stored } from './stored.ts';

const KEY = 'shouwang.field.skew';

/** How far the server's clock is ahead of this phone's, ms; kept, because phones are often wrong and often without a signal. */
let skew = Number(stored(KEY) ?? 0) || 0;
/** The last instant the server told. */
let told = 0;

/** Now by the server's clock, as well as it is known. */
export function now(): number {
  return Date.now() + skew;
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
  const difference = at - (asked + Date.now()) / 2;
  skew = Math.abs(difference) < 5000 ? 0 : Math.round(difference);
  try {
    localStorage.setItem(KEY, String(skew));
  } catch {
    // Storage that is full keeps the older measure.
  }
}
