// The library's data, not its functions: those read a day in the machine's own time zone (west of Greenwich 7 October becomes
// the 6th), take any year they do not know for one without holidays, and cannot be imported by name from an ES module.
import y2021 from 'chinese-days/dist/years/2021.json' with { type: 'json' };
import y2022 from 'chinese-days/dist/years/2022.json' with { type: 'json' };
import y2023 from 'chinese-days/dist/years/2023.json' with { type: 'json' };
import y2024 from 'chinese-days/dist/years/2024.json' with { type: 'json' };
import y2025 from 'chinese-days/dist/years/2025.json' with { type: 'json' };
import y2026 from 'chinese-days/dist/years/2026.json' with { type: 'json' };
import { addDays } from './calendar.ts';

/** The State Council's yearly arrangement: days off, and weekend days worked instead. */
interface Arrangement {
  holidays: Readonly<Record<string, string>>;
  workdays: Readonly<Record<string, string>>;
}

/** Year by year, so that a bundle carries 10 KB instead of the whole library. A new year is a new line here; a test asks for it. */
const arrangements = new Map<string, Arrangement>([
  ['2021', y2021],
  ['2022', y2022],
  ['2023', y2023],
  ['2024', y2024],
  ['2025', y2025],
  ['2026', y2026],
]);

/** Whether the days off of a year are known. */
export function isCalendarKnown(year: number): boolean {
  return arrangements.has(String(year));
}

/** The result of `told`; null while it needs a calendar that is not published yet. */
export function unlessAwaitingCalendar<T>(told: () => T): T | null {
  try {
    return told();
  } catch (error) {
    if (error instanceof UnknownWorkingDays) return null;
    throw error;
  }
}

/** The arrangement of a year sometimes takes in the last days of the year before (29 December 2018, 31 December 2022). */
const LAST_SURE_DAY = '12-28';

/** The holidays of a year are not known (or not published yet): working days cannot be counted there, and are not guessed. */
export class UnknownWorkingDays extends Error {
  override readonly name = 'UnknownWorkingDays';
  readonly day: string;

  constructor(day: string) {
    super(`The holidays around ${day} are not known.`);
    this.day = day;
  }
}

/**
 * Whether China works on a day (Asia/Shanghai, `2023-10-07`): Monday to Friday without holidays, and make-up days.
 * @throws UnknownWorkingDays
 */
export function isWorkingDay(day: string): boolean {
  const year = day.slice(0, 4);
  const arrangement = arrangements.get(year);
  const last = day.slice(5) > LAST_SURE_DAY;
  if (arrangement === undefined || (last && !arrangements.has(String(Number(year) + 1))))
    throw new UnknownWorkingDays(day);
  if (day in arrangement.workdays) return true;
  if (day in arrangement.holidays) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/**
 * The `count`-th working day after `day`, which itself is not counted; a negative count goes back; zero is the day itself.
 * @throws UnknownWorkingDays
 */
export function addWorkingDays(day: string, count: number): string {
  const step = count < 0 ? -1 : 1;
  let reached = day;
  for (let left = Math.abs(count); left > 0; ) {
    reached = addDays(reached, step);
    if (isWorkingDay(reached)) left -= 1;
  }
  return reached;
}
