import * as z from 'zod';
import { plainNumber } from './plain-number.ts';

/** Ten million yuan: more than any household here earns, spends or is paid in a year. A larger number is a mistaken unit. */
const LARGEST_AMOUNT = 1_000_000_000;

/** An amount of money in fen, never negative. */
export const fen = z.int().min(0).max(LARGEST_AMOUNT);

/** A sum of amounts, in fen: of sixty invoices of ten million yuan each, say. */
export const sumOfFen = z.int().min(0);

/** A mobile telephone, as eleven digits however it was written: in groups, or after the country's code. */
export const mobilePhone = z
  .string()
  .max(40)
  .overwrite((typed) =>
    plainNumber(typed)
      .replace(/[-\u2010-\u2015\u2212]/g, '')
      .replace(/^(\+|00)?86(?=1\d{10}$)/, ''),
  )
  .regex(/^1\d{10}$/);

/** Nobody who lives was born before; a date field takes `0023-05-01` for what was typed as `23`. */
const EARLIEST = '1900-01-01';

/** A calendar day in Asia/Shanghai, `2023-10-11`. */
export const isoDate = z.iso.date().refine((day) => day >= EARLIEST, '年份不对，请写全四位年份，如 2023。');

/** For `refine`: a period is from a day to one that is not before it. DynamoDB refuses a range that runs backwards. */
export const fromBeforeTo: [
  ordered: (period: { from?: string | undefined; to?: string | undefined }) => boolean,
  told: { path: PropertyKey[]; error: string },
] = [
  ({ from, to }) => from === undefined || to === undefined || from <= to,
  { path: ['to'], error: '结束日期不能早于开始日期。' },
];

/** An instant, ISO 8601 with a zone, `2023-10-11T09:00:00+08:00` or `…Z`. */
export const instant = z.iso.datetime({ offset: true });

/** A quarter's round, `2023Q4`. Ids compare as they follow in time. */
export const roundId = z.string().regex(/^20\d{2}Q[1-4]$/);

/**
 * When a step is due, ISO 8601. Null while the days off of the year it runs into are not published: then `clock` says `awaiting-calendar`, and it is
 * told as soon as they are.
 */
export const due = { dueAt: instant.nullable(), clock: z.literal('awaiting-calendar').optional() };

/** Begins with the code of the household's village; the rest is its number in the village's register. Holds no personal data. */
export const householdId = z.string().regex(/^\d{12}-[0-9A-Z]{1,12}$/);
export const householdNumber = z.string().regex(/^[0-9A-Z]{1,12}$/);

/** People a household can have: as many as one visit takes, or it could never be visited. */
export const MOST_MEMBERS = 30;

/** A person's id in this system: opaque, never the ID number. */
export const personId = z.string().regex(/^p-[0-9a-z]{16}$/);

export function villageOf(household: string): string {
  return household.slice(0, 12);
}

export function numberOf(household: string): string {
  return household.slice(13);
}

export function householdIdOf(village: string, number: string): string {
  return `${village}-${number}`;
}
