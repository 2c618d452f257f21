import type { GivenReason } from '../../functions/contracts/screening/round.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import { householdIdOf } from '../../functions/contracts/values.ts';
import type { DemoHousehold } from './households.ts';
import { Random } from './random.ts';

const YUAN = 100;
const MISSED: readonly GivenReason[] = [
  'whole-household-away',
  'whole-household-away',
  'nobody-at-home',
  'in-hospital',
  'refused',
];

/** What a village does about one household in a round: a visit, or (one in 250) a reason why there is none. */
export type DemoVisit = { visit: Visit } | { missed: GivenReason };

/**
 * The invented visit of a household in a round. Most families live from wages or pensions well above the line; a few in a
 * hundred show what screening is for: an income near or below it, large bills, an unsafe house, a shock.
 * @param persons ids of the members as the village's worklist gives them, in the household's order
 */
export function demoVisit(household: DemoHousehold, round: string, day: string, persons: readonly string[]): DemoVisit {
  const id = householdIdOf(household.village, household.number);
  const random = new Random(`${id}/${round}`);
  if (random.chance(0.004)) return { missed: random.pick(MISSED) };
  const people = household.members.length;
  const trouble = random.next();
  const able = household.members.filter(({ state }) => state.labour !== 'none');
  const poor = trouble < 0.004;
  const near = !poor && trouble < 0.02;
  // Per head and year, yuan: what the family has to live on.
  const target = poor
    ? random.int(5_200, 7_600)
    : near
      ? random.int(8_200, 9_400)
      : random.int(10_500, able.length > 0 ? 24_000 : 13_500);
  const medical = random.chance(0.25) ? random.int(2, 60) * 100 : 0;
  const education = household.members.some(({ state }) => state.inSchool) ? random.int(0, 20) * 100 : 0;
  const bills = !poor && !near && trouble < 0.024 ? random.int(120, 400) * 100 : 0;
  const needed = target * people + medical + education;
  const wages = able.length > 0 ? Math.round(needed * (0.6 + random.next() * 0.25)) : 0;
  const business = able.length > 0 && random.chance(0.6) ? Math.round((needed - wages) * random.next()) : 0;
  const businessCosts = Math.round(business * 0.3);
  const property = random.chance(0.3) ? random.int(1, 12) * 100 : 0;
  const transfer = Math.max(0, needed - wages - business - property + businessCosts);
  const unsafe = trouble > 0.9985;
  return {
    visit: {
      household: id,
      round,
      visitedOn: day,
      recordedAt: `${day}T${String(random.int(9, 16)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}:00+08:00`,
      visitor: `village-worker-${household.village}`,
      purpose: 'screening',
      income: {
        wages: wages * YUAN,
        business: business * YUAN,
        property: property * YUAN,
        transfer: transfer * YUAN,
        businessCosts: businessCosts * YUAN,
      },
      insurancePayouts: 0,
      selfPaid: { medical: (medical + bills) * YUAN, education: education * YUAN, other: 0 },
      guarantees: {
        food: true,
        clothing: true,
        compulsoryEducation: true,
        basicMedicalInsurance: true,
        housing: !unsafe || random.chance(0.4),
        drinkingWater: !unsafe || random.chance(0.6),
      },
      shocks: random.chance(0.006)
        ? [random.pick(['disaster', 'accident', 'industry-failure', 'job-loss'] as const)]
        : [],
      members: household.members.map(({ state }, place) => ({ person: persons[place] ?? '', ...state })),
    },
  };
}
