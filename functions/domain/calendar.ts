const DAY = 86_400_000;
/** China has one zone and no summer time, so its offset is a constant. */
const SHANGHAI = 8 * 3_600_000;

/** Whether a due time has come; false while the calendar it needs is not published. @param dueAt ISO 8601 @param now ms since 1970 */
export function isOver(dueAt: string | null, now: number): boolean {
  return dueAt !== null && Date.parse(dueAt) <= now;
}

/** An instant as ISO 8601; null stays null. @param instant ms since 1970 */
export function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

/** The calendar day in Asia/Shanghai at an instant (ms since 1970), `2023-10-11`. */
export function dayOf(instant: number): string {
  return new Date(instant + SHANGHAI).toISOString().slice(0, 10);
}

/** The first instant of a day in Asia/Shanghai, ms since 1970. */
function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}

/** 24:00 of a day in Asia/Shanghai. */
export function endOf(day: string): number {
  return startOf(day) + DAY;
}

/** The day `days` calendar days after `day`; negative goes back. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** The same day `months` later, clamped to the month's end: 31 August and six months give 28 February. */
export function addMonths(day: string, months: number): string {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1 + months;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(Number(day.slice(8, 10)), last))).toISOString().slice(0, 10);
}

export function lastDayOfMonth(day: string): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);
}

/** The quarter's round a day falls in, `2023Q4`. */
export function roundOf(day: string): string {
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}
