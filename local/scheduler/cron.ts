import { localDay, utcOf } from './zone.ts';

interface Fields {
  minutes: readonly number[];
  hours: readonly number[];
  /** Whether a local day is meant. */
  day: (year: number, month: number, day: number) => boolean;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MS = 86_400_000;
/** A day that comes less often than the 29th of February does not come. */
const HORIZON_DAYS = 8 * 366 + 2;

/** When a cron expression of EventBridge falls due: `minutes hours day-of-month month day-of-week year`, in a time zone. */
export class Cron {
  readonly #fields: Fields;
  readonly #zone: string;

  /** @throws RangeError when the expression is not one */
  constructor(expression: string, zone: string) {
    this.#fields = parse(expression);
    this.#zone = zone;
  }

  /** The first due instant after `from` (ms since 1970), or undefined when there is none within eight years. */
  next(from: number): number | undefined {
    return this.#search(from, 1, (instant) => instant > from);
  }

  /** The last due instant at or before `to`. */
  last(to: number): number | undefined {
    return this.#search(to, -1, (instant) => instant <= to);
  }

  #search(from: number, step: 1 | -1, wanted: (instant: number) => boolean): number | undefined {
    const first = localDay(from, this.#zone);
    for (let offset = 0; offset <= HORIZON_DAYS; offset += 1) {
      const date = new Date(first + step * offset * DAY_MS);
      const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      if (!this.#fields.day(year, month, day)) continue;
      const instants = this.#fields.hours
        .flatMap((hour) =>
          this.#fields.minutes.map((minute) => utcOf(date.getTime() + hour * 3_600_000 + minute * 60_000, this.#zone)),
        )
        // A time that the clocks jump over does not come that day.
        .filter((instant) => instant !== undefined)
        .sort((a, b) => step * (a - b));
      const found = instants.find(wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function parse(expression: string): Fields {
  const parts = expression.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays, years] = parts;
  if (
    parts.length !== 6 ||
    minutes === undefined ||
    hours === undefined ||
    days === undefined ||
    months === undefined ||
    weekdays === undefined ||
    years === undefined
  ) {
    throw new RangeError(`cron(${expression}) must have six fields.`);
  }
  if ((days === '?') === (weekdays === '?'))
    throw new RangeError(`cron(${expression}) must have ? for the day of the month or of the week, not for both.`);
  const month = new Set(list(months, 1, 12, MONTHS, 1));
  const year = new Set(list(years, 1970, 2199, [], 0));
  const inMonth = days === '?' ? weekdayTest(weekdays) : dayTest(days);
  return {
    minutes: list(minutes, 0, 59, [], 0),
    hours: list(hours, 0, 23, [], 0),
    day: (y, m, d) => month.has(m) && year.has(y) && inMonth(y, m, d),
  };
}

type DayTest = (year: number, month: number, day: number) => boolean;

function dayTest(field: string): DayTest {
  const nearest = /^(\d+|L)W$/.exec(field)?.[1];
  if (nearest !== undefined)
    return (y, m, d) => d === nearestWorkday(y, m, nearest === 'L' ? length(y, m) : Number(nearest));
  const before = /^L(?:-(\d+))?$/.exec(field);
  if (before !== null) return (y, m, d) => d === length(y, m) - Number(before[1] ?? 0);
  const wanted = new Set(list(field, 1, 31, [], 0));
  return (_y, _m, d) => wanted.has(d);
}

/** EventBridge counts the days of the week from 1, Sunday. */
function weekdayTest(field: string): DayTest {
  const nth = /^([1-7]|[A-Z]{3})#([1-5])$/i.exec(field);
  if (nth !== null) {
    const wanted = number(nth[1] ?? '', WEEKDAYS, 1);
    return (y, m, d) => weekday(y, m, d) === wanted && Math.ceil(d / 7) === Number(nth[2]);
  }
  const last = /^([1-7]|[A-Z]{3})L$/i.exec(field);
  if (last !== null) {
    const wanted = number(last[1] ?? '', WEEKDAYS, 1);
    return (y, m, d) => weekday(y, m, d) === wanted && d + 7 > length(y, m);
  }
  const wanted = new Set(list(field === 'L' ? '7' : field, 1, 7, WEEKDAYS, 1));
  return (y, m, d) => wanted.has(weekday(y, m, d));
}

function weekday(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function length(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The working day nearest to a day, within its month. */
function nearestWorkday(year: number, month: number, day: number): number {
  const on = weekday(year, month, day);
  if (on === 7) return day > 1 ? day - 1 : day + 2;
  if (on === 1) return day < length(year, month) ? day + 1 : day - 2;
  return day;
}

/** `*`, `5`, `1-5`, `1,4,7`, `0/15`, with names where the field has them. */
function list(field: string, least: number, most: number, names: readonly string[], first: number): number[] {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/', 2);
    const [from = '', to] = range.split('-', 2);
    const low = from === '*' ? least : number(from, names, first);
    const high = from === '*' || (step !== undefined && to === undefined) ? most : number(to ?? from, names, first);
    const by = step === undefined ? 1 : Number(step);
    if (!(low >= least && high <= most && low <= high && Number.isInteger(by) && by > 0))
      throw new RangeError(`"${field}" is no field of a cron expression from ${least} to ${most}.`);
    for (let value = low; value <= high; value += by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function number(text: string, names: readonly string[], first: number): number {
  const named = names.indexOf(text.toUpperCase());
  if (named !== -1) return named + first;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
