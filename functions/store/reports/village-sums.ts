import { type FigureKey, figureKeys } from '../../contracts/reports/brief.ts';
import { dayOf } from '../../domain/calendar.ts';
import type { VillageSums } from '../../domain/reports/brief-facts.ts';
import type { Counted } from '../../domain/reports/counted.ts';
import { addingUp, sumsOf } from '../../domain/reports/sums.ts';
import type { Item } from '../table.ts';
import { packedItems, readPacked } from './packed.ts';
import type { Question } from './question.ts';

/** The sums of a district's villages beside their summaries, all in one: what a brief reads of villages in which nothing changed. */
export interface DistrictSums {
  /** The figures that the values are of, in their order. */
  keys: readonly FigureKey[];
  villages: readonly VillageSums[];
  sheets: Counted['sheets'];
  /** Of every place, whether or not it adds up. */
  later: Counted['later'];
}

/** Beside the summaries of places. */
function placeOfSums(district: string): string {
  return `${district}-sums`;
}

/** What of these places' summaries adds up, for the same instant: 200 bytes a village, and 9 for each of the people whom entries of the year name. */
export function sumItems(question: Question, at: string, places: ReadonlyMap<string, Counted>): Item[] {
  const { policies, district } = question;
  // Somebody insured under two policies is one person, wherever they are listed.
  if (policies.length > 1) return [];
  const all = [...places.values()];
  const villages = addingUp([...places.keys()], { entries: all.flatMap(({ entries }) => entries) });
  const told: DistrictSums = {
    keys: figureKeys,
    villages: villages.flatMap((village) => {
      const own = places.get(village);
      return own === undefined ? [] : [sumsOf(village, own, question, policies)];
    }),
    sheets: all.flatMap(({ sheets }) => sheets),
    later: all.flatMap(({ later }) => later),
  };
  return packedItems(placeOfSums(district), at, told);
}

/** The sums beside a summary, where what is asked for is what they were made of: the same year, rounds and policies. */
export async function readSums(
  head: { at: string; rounds: readonly string[]; policies: readonly string[] },
  question: Question,
): Promise<DistrictSums | undefined> {
  const { asOf, district, policies, rounds } = question;
  const isSame =
    dayOf(Date.parse(head.at)).slice(0, 4) === asOf.slice(0, 4) &&
    isEqual(head.rounds, rounds) &&
    isEqual(
      head.policies,
      policies.map(({ id }) => id),
    );
  if (!isSame) return undefined;
  const [told] = await readPacked<DistrictSums>(head.at, [placeOfSums(district)]);
  return told !== undefined && isEqual(told.keys, figureKeys) ? told : undefined;
}

function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one, place) => one === others[place]);
}
