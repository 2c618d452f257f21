import type { GivenReason } from '../../functions/contracts/screening/round.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import type { DemoHousehold } from '../district/households.ts';
import { Random } from '../district/random.ts';
import { idOf, type PlannedCase } from './plan.ts';

const YUAN = 100;

/** A member as the worklist names them, with what the visitor finds. */
export interface Found {
  person: string;
  state: DemoHousehold['members'][number]['state'];
}

/**
 * What a household's visit of a quarter finds. A family's income hardly changes from quarter to quarter; only those whose case is told are poor:
 * the admitted in the first quarter, and who stays on the list all year.
 */
export function yearVisit(
  household: DemoHousehold,
  {
    round,
    day,
    planned,
    found,
  }: { round: string; day: string; planned: PlannedCase | undefined; found: readonly Found[] },
): { visit: Visit } | { missed: GivenReason } {
  const id = idOf(household);
  const steady = new Random(id);
  const random = new Random(`${id}/${round}`);
  // Nobody is missed in the fourth quarter, and nobody on the list ever.
  if (!round.endsWith('Q4') && planned === undefined && random.chance(0.002))
    return { missed: random.pick(['whole-household-away', 'nobody-at-home']) };
  const people = found.length;
  const able = found.some(({ state }) => state.labour !== 'none');
  const usual = steady.int(10_800, able ? 21_000 : 13_000);
  const poor =
    planned !== undefined &&
    planned.origin !== 'imported-closed' &&
    (planned.stays || (planned.origin === 'admitted' && round.endsWith('Q1')));
  const head = poor ? steady.int(5_600, 7_400) : Math.round(usual * (1 + (random.next() - 0.5) * 0.06));
  const medical = steady.chance(0.25) ? steady.int(2, 24) * 100 : 0;
  const education = found.some(({ state }) => state.inSchool) ? steady.int(0, 12) * 100 : 0;
  const needed = head * people + medical + education;
  const wages = able ? Math.round(needed * 0.75) : 0;
  return {
    visit: {
      household: id,
      round,
      visitedOn: day,
      recordedAt: `${day}T${String(random.int(9, 16)).padStart(2, '0')}:${String(random.int(0, 59)).padStart(2, '0')}:00+08:00`,
      visitor: `village-worker-${household.village}`,
      purpose: 'screening',
      income: { wages: wages * YUAN, business: 0, property: 0, transfer: (needed - wages) * YUAN, businessCosts: 0 },
      insurancePayouts: 0,
      selfPaid: { medical: medical * YUAN, education: education * YUAN, other: 0 },
      guarantees: {
        food: true,
        clothing: true,
        compulsoryEducation: true,
        basicMedicalInsurance: true,
        housing: true,
        drinkingWater: true,
      },
      shocks: [],
      members: found.map(({ person, state }) => ({ person, ...state })),
    },
  };
}
