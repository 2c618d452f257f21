import { expect, it } from 'vitest';
import { Random } from '../../../demo/district/random.ts';
import { briefOf } from '../../../functions/domain/reports/brief.ts';
import { factsOf } from '../../../functions/domain/reports/brief-facts.ts';
import { type Counted, nothingCounted } from '../../../functions/domain/reports/counted.ts';
import { addingUp, sumsOf } from '../../../functions/domain/reports/sums.ts';

const ROUNDS = 200;
const asked = { asOf: '2023-11-30', knownAt: '2023-11-30T10:00:00.000Z' };
const policies = [{ id: 'policy-1', limit: 4_900_000 }];
const village = (town: number, n: number) => ({ code: `44090411${town}20${n}`, name: `测试${n}村` });
const divisions = {
  district: { code: '440904', name: '测试区' },
  towns: [6, 7].map((n) => ({ code: `44090411${n}`, name: `测试${n}镇`, villages: [village(n, 1), village(n, 2)] })),
};
const villages = divisions.towns.flatMap((town) => town.villages.map(({ code }) => code));

/** What each place brings to a brief; people are few, so that some were helped in several villages. */
function random(seed: number): Map<string, Counted> {
  const chance = new Random(`sums ${seed}`);
  const entries = (region: string, household: () => string | undefined): Counted['entries'] =>
    (
      ['placement', 'training', 'award-payment', 'post-subsidy', 'team-visit', 'housing-repair', 'loan'] as const
    ).flatMap((kind, n) => {
      if (chance.chance(0.4)) return [];
      const [home, id] = [household(), `entry-${region}-${n}`];
      const about = home === undefined ? {} : { household: home, person: `p-${chance.int(1, 6)}` };
      const what = { amount: chance.int(1, 900), heads: 0, byUnion: false };
      return [{ id, key: `${region}#2023-06-01#${id}`, kind, region, ...about, ...what }];
    });
  const places = new Map<string, Counted>();
  for (const place of villages) {
    const homes = [1, 2, 3].map((n) => `${place}-000${n}`);
    places.set(place, {
      ...nothingCounted(),
      households: homes.map((id) => ({ id, origin: chance.pick(['lifted', 'general']), people: chance.int(1, 5) })),
      labour: homes.map((household) => ({ household, round: '2023Q3', able: chance.chance(0.5) })),
      cases: homes
        .slice(1)
        .map((household) => ({ id: `case-${household}`, household, people: 2, closed: chance.chance(0.5) })),
      claims: homes.slice(2).map((household) => {
        const paid = chance.int(0, 9) * 100;
        const state = paid > 0 ? ('paid' as const) : ('in-progress' as const);
        return { id: `claim-${household}`, household, line: 'accidental-death' as const, state, paid };
      }),
      insured: homes.map((id) => ({ policy: 'policy-1', person: `p-${id}`, place })),
      sheets: [{ village: place, round: '2023Q3', visited: 3, secure: 2, concern: 1, monitor: 0 }],
      entries: entries(place, () => chance.pick(homes)),
    });
  }
  // A town's entry may name a household of one of its villages; the district's name none.
  const [first = ''] = villages;
  const named = chance.chance(0.5) ? `${first}-0001` : undefined;
  places.set(first.slice(0, 9), { ...nothingCounted(), entries: entries(first.slice(0, 9), () => named) });
  places.set('440904', { ...nothingCounted(), entries: entries('440904', () => undefined) });
  return places;
}

function together(counts: readonly Counted[]): Counted {
  const all = nothingCounted();
  for (const one of counts) {
    all.households.push(...one.households);
    all.labour.push(...one.labour);
    all.cases.push(...one.cases);
    all.claims.push(...one.claims);
    all.insured.push(...one.insured);
    all.sheets.push(...one.sheets);
    all.entries.push(...one.entries);
  }
  return all;
}

it('a brief of some villages’ sums and of the rest in full is the brief of everything', () => {
  let summed = 0;
  for (let seed = 0; seed < ROUNDS; seed += 1) {
    const chance = new Random(`which ${seed}`);
    const places = random(seed);
    const whole = together([...places.values()]);
    const sums = addingUp(villages, whole)
      .filter(() => chance.chance(0.6))
      .map((one) => sumsOf(one, places.get(one) ?? nothingCounted(), asked, policies));
    summed += sums.length;
    const rest = together(
      [...places].map(([place, own]) =>
        sums.some((one) => one.village === place) ? { ...nothingCounted(), sheets: own.sheets } : own,
      ),
    );
    for (const region of ['440904', '440904116']) {
      const inRegion = (counted: Counted) => ({
        ...counted,
        households: counted.households.filter(({ id }) => id.startsWith(region)),
        cases: counted.cases.filter(({ household }) => household.startsWith(region)),
        claims: counted.claims.filter(({ household }) => household.startsWith(region)),
        sheets: counted.sheets.filter((sheet) => sheet.village.startsWith(region)),
        entries: counted.entries.filter((entry) => entry.region.startsWith(region)),
      });
      const ours = sums.filter((one) => one.village.startsWith(region));
      const brief = briefOf(factsOf({ ...asked, region }, inRegion(rest), policies, ours), divisions, false);
      const expected = briefOf(factsOf({ ...asked, region }, inRegion(whole), policies), divisions, false);
      expect([seed, brief]).toEqual([seed, expected]);
    }
  }
  expect(summed).toBeGreaterThan(ROUNDS);
});
