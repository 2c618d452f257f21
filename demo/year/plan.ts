import { householdIdOf } from '../../functions/contracts/values.ts';
import { checkDigit } from '../../functions/domain/registry/id-number.ts';
import { type DemoHousehold, demoDivisions, demoHouseholds } from '../district/households.ts';
import { certifiedOn, PeopleMaker } from '../district/people.ts';
import { Random } from '../district/random.ts';

/** The towns and the village of the article's stories. */
const GUANZHU = '440904116';
const SHEEP_TOWN = '440904126';
const WIDOW_VILLAGE = '440904116208';

/** How a household came on the list between 2021 and 2023, and its outcome. */
export interface PlannedCase {
  household: DemoHousehold;
  id: string;
  /** `imported-closed`: closed before 2023. `imported-open`: on the list at New Year. `admitted`: found by the first quarter's screening. */
  origin: 'imported-closed' | 'imported-open' | 'admitted';
  /** Whether it is still on the list at the end of 2023. */
  stays: boolean;
}

export interface YearPlan {
  households: DemoHousehold[];
  cases: Map<string, PlannedCase>;
  stories: { child: DemoHousehold; sheep: DemoHousehold; widow: DemoHousehold };
  /** Has a child in 2023, so that the district's people at the year's end are the article's although a child of the first story died. */
  birth: DemoHousehold;
}

/**
 * Sizes of the households on the list, so that they and their people are the article's: 178 with 769, of which 170 with 719 were closed and
 * 8 with 50 are left.
 */
const closedSizes: readonly (readonly [size: number, count: number])[] = [
  [3, 20],
  [4, 100],
  [5, 41],
  [6, 9],
];
const STAYING = 8;
/** Of the 170: so many were closed before 2023; of the rest 25 stood on the list at New Year and 35 were found in the first quarter. */
const CLOSED_BEFORE = 110;
const CLOSED_OF_IMPORTED = 25;
const STAY_OF_IMPORTED = 3;

export function idOf({ village, number }: Pick<DemoHousehold, 'village' | 'number'>): string {
  return householdIdOf(village, number);
}

/** The part of each household in 2023; the same to the byte for the same seed. */
export function planYear(seed = 'shouwang'): YearPlan {
  const households = demoHouseholds(demoDivisions(), seed);
  const random = new Random(`${seed}/year`);
  bornBefore(households);
  fillLingmen(households);
  const able = households.filter(({ labour }) => labour);
  const taken = new Set<DemoHousehold>();
  const take = (from: (household: DemoHousehold) => boolean): DemoHousehold => {
    const found = able.find((household) => !taken.has(household) && from(household));
    if (found === undefined) throw new Error('The district has no household for this part.');
    taken.add(found);
    return found;
  };
  const widow = take(({ village, members }) => village === WIDOW_VILLAGE && members.length === 3);
  const sheep = take(({ village, members }) => village.startsWith(SHEEP_TOWN) && members.length === 6);
  const child = take(({ village, members }) => village.startsWith(GUANZHU) && members.length === 5);
  cast({ child, sheep, widow }, random);

  random.shuffle(able);
  const stays = [sheep, ...several(STAYING - 1, () => take(sized(6)))];
  const closed = [
    widow,
    ...closedSizes.flatMap(([size, count]) => several(size === 3 ? count - 1 : count, () => take(sized(size)))),
  ];
  // The article's eight have 50 people: two families are larger than any the district was made with.
  for (const household of stays.slice(-2)) grow(household, able, taken);
  const rest = random.shuffle(closed.slice(1));
  const cases = new Map<string, PlannedCase>();
  const put = (household: DemoHousehold, origin: PlannedCase['origin'], remains: boolean) =>
    cases.set(idOf(household), { household, id: idOf(household), origin, stays: remains });
  put(widow, 'admitted', false);
  for (const [n, household] of rest.entries()) {
    put(
      household,
      n < CLOSED_BEFORE ? 'imported-closed' : n < CLOSED_BEFORE + CLOSED_OF_IMPORTED ? 'imported-open' : 'admitted',
      false,
    );
  }
  for (const [n, household] of stays.entries())
    put(household, n > 0 && n <= STAY_OF_IMPORTED ? 'imported-open' : 'admitted', true);
  const birth = take(({ members }) => members.length === 4);
  return { households, cases, stories: { child, sheep, widow }, birth };
}

/** The demonstration is a quarter of late 2023; who was born in that year is a year older here, where the register is imported at New Year. */
function bornBefore(households: readonly DemoHousehold[]): void {
  const numbers = new Set(households.flatMap(({ members }) => members.map(({ idNumber }) => idNumber)));
  for (const member of households.flatMap(({ members }) => members)) {
    if (member.idNumber.slice(6, 10) !== '2023') continue;
    for (let day = 1; numbers.has(member.idNumber) || member.idNumber.slice(6, 10) === '2023'; day += 1) {
      const seventeen = `${member.idNumber.slice(0, 6)}2022${member.idNumber.slice(10, 12)}${String(day).padStart(2, '0')}${member.idNumber.slice(14, 17)}`;
      member.idNumber = seventeen + checkDigit(seventeen);
    }
    numbers.add(member.idNumber);
    const { disabilityCertificate: certificate } = member;
    if (certificate !== undefined)
      member.disabilityCertificate = { ...certificate, issuedOn: certifiedOn(member.idNumber) };
  }
}

/** The resident team of Lingmen visited 245 households with labour: so many must live there. Whole families change places, so no count changes. */
const LINGMEN = '440904101';
const LINGMEN_ABLE = 260;

function fillLingmen(households: readonly DemoHousehold[]): void {
  const here = households.filter(({ village }) => village.startsWith(LINGMEN));
  const movers = households.filter(
    ({ village, labour }) =>
      labour && !village.startsWith(LINGMEN) && !village.startsWith(GUANZHU) && !village.startsWith(SHEEP_TOWN),
  );
  const missing = LINGMEN_ABLE - here.filter(({ labour }) => labour).length;
  for (const [n, one] of here
    .filter(({ labour }) => !labour)
    .slice(0, Math.max(0, missing))
    .entries()) {
    // Every seventh, so that no village loses many.
    const other = movers[n * 7];
    if (other === undefined) throw new Error('No family can change places.');
    [one.members, other.members] = [other.members, one.members];
    [one.labour, other.labour] = [other.labour, one.labour];
  }
}

/** Moves a relative from one family to another. */
function grow(household: DemoHousehold, able: readonly DemoHousehold[], taken: ReadonlySet<DemoHousehold>): void {
  const from = able.find(
    (other) =>
      !taken.has(other) &&
      other.members.length >= 3 &&
      other.members.at(-1)?.state.labour === 'none' &&
      other.members.at(-1)?.relation !== 'head',
  );
  const moving = from?.members.pop();
  if (moving === undefined) throw new Error('Nobody can move in.');
  household.members.push({ ...moving, relation: 'other' });
}

function sized(size: number): (household: DemoHousehold) => boolean {
  return ({ members }) => members.length === size;
}

function several<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Gives the stories' families their people, as many as they had, so that every count stays. */
function cast({ child, sheep, widow }: YearPlan['stories'], random: Random): void {
  // Numbers of the second hundred thousand of births do not meet those already given: each is checked against them when it is imported.
  const taken = new Set([...child.members, ...sheep.members, ...widow.members].map(({ idNumber }) => idNumber));
  const maker = new PeopleMaker(random, taken);
  const weak = (household: DemoHousehold, people: DemoHousehold['members']) =>
    household.members.splice(0, household.members.length, ...people);
  weak(widow, [
    maker.person('head', 'female', 41, '邵', 'full'),
    maker.person('child', 'male', 13, '崔', 'none'),
    maker.person('child', 'female', 9, '崔', 'none'),
  ]);
  weak(sheep, [
    maker.person('head', 'male', 44, '赖', 'full'),
    { ...maker.person('spouse', 'female', 42, '许', 'none'), ...ill(42) },
    maker.person('parent', 'female', 71, '冯', 'none'),
    maker.person('child', 'male', 15, '赖', 'none'),
    maker.person('child', 'female', 12, '赖', 'none'),
    maker.person('child', 'male', 8, '赖', 'none'),
  ]);
  weak(child, [
    maker.person('head', 'male', 47, '车', 'weak'),
    maker.person('spouse', 'female', 45, '谭', 'none'),
    maker.person('child', 'female', 16, '车', 'none'),
    maker.person('child', 'male', 12, '车', 'none'),
    maker.person('child', 'male', 7, '车', 'none'),
  ]);
}

function ill(age: number) {
  return { age, state: { labour: 'none' as const, health: 'serious-illness' as const, inSchool: false } };
}
