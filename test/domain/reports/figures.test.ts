import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { figureKeys } from '../../../functions/contracts/reports/brief.ts';
import { briefOf, nameOf } from '../../../functions/domain/reports/brief.ts';
import { type BriefFacts, factsOf, roundsOf } from '../../../functions/domain/reports/brief-facts.ts';
import { type CountedEntry, nothingCounted } from '../../../functions/domain/reports/counted.ts';
import { feeds } from '../../../functions/domain/reports/feeds.ts';
import { allFigures, compute } from '../../../functions/domain/reports/figures.ts';

const VILLAGE = '440904001001';
const at = (n: number, village = VILLAGE) => `${village}-${String(n).padStart(4, '0')}`;

let serial = 0;
const entry = (kind: CountedEntry['kind'], changes: Partial<CountedEntry> = {}): CountedEntry => {
  serial += 1;
  const id = `e-${serial}`;
  return {
    id,
    key: `${VILLAGE}#2023-04-01#${id}`,
    kind,
    region: VILLAGE,
    amount: 0,
    heads: 0,
    byUnion: false,
    ...changes,
  };
};
const sheet = (round: string, visited: number, village = VILLAGE) => ({
  village,
  round,
  visited,
  secure: visited - 3,
  concern: 2,
  monitor: 1,
});
const claim = (n: number, changes: object = {}) => ({
  id: `claim-${n}`,
  household: at(n),
  line: 'illness',
  state: 'paid' as const,
  paid: 1_000 * n,
  ...changes,
});

/** Facts in which no two figures come to the same number by chance. */
const facts: BriefFacts = {
  region: '440904',
  asOf: '2023-12-31',
  knownAt: '2024-01-01T00:00:00.000Z',
  households: [
    { id: at(1), origin: 'lifted', people: 3, labour: true },
    { id: at(2), origin: 'lifted', people: 4, labour: true },
    { id: at(3), origin: 'lifted', people: 5, labour: false },
    { id: at(4), origin: 'lifted', people: 7, labour: null },
    { id: at(5), origin: 'general', people: 11, labour: true },
  ],
  cases: [
    { id: 'case-1', household: at(1), people: 3, closed: true },
    { id: 'case-2', household: at(2), people: 4, closed: true },
    { id: 'case-3', household: at(5), people: 10, closed: false },
  ],
  sheets: [
    sheet('2023Q1', 21),
    sheet('2023Q2', 22),
    sheet('2023Q3', 23),
    sheet('2023Q4', 24),
    sheet('2023Q4', 100, '440904001002'),
  ],
  entries: [
    entry('placement', { person: 'p-1', household: at(1) }),
    entry('placement', { person: 'p-1', household: at(1) }),
    entry('placement', { person: 'p-2', household: at(2) }),
    entry('start-up', { person: 'p-3', household: at(3) }),
    entry('training', { person: 'p-4', household: at(3) }),
    entry('training', { person: 'p-5', household: at(3) }),
    entry('training', { person: 'p-6', household: at(4) }),
    entry('unemployed-hired', { heads: 40, region: '440904' }),
    entry('unemployed-hired', { heads: 1, region: '440904' }),
    entry('post', { person: 'p-7', household: at(4) }),
    entry('post', { person: 'p-7', household: at(4) }),
    entry('post-subsidy', { household: at(4), amount: 600 }),
    entry('post-subsidy', { household: at(4), amount: 601 }),
    entry('award-application', { household: at(1), amount: 9_999 }),
    entry('award-acceptance', { household: at(1) }),
    entry('award-payment', { household: at(1), amount: 3_000 }),
    entry('award-payment', { household: at(2), amount: 4_000 }),
    entry('loan', { household: at(2), amount: 50_000 }),
    entry('donation-received', { region: '440904', amount: 800 }),
    entry('donation-received', { region: '440904', amount: 90, byUnion: true }),
    entry('donation-spent', { household: at(3), amount: 7_777 }),
    entry('company-jobs', { region: '440904', heads: 61 }),
    entry('team-visit', { household: at(2) }),
    entry('team-visit', { household: at(2) }),
    entry('team-visit', { household: at(3) }),
    entry('team-visit', { household: at(5) }),
    entry('housing-repair', { household: at(3), amount: 20_000 }),
    entry('housing-repair', { household: at(3), amount: 10_000 }),
    entry('housing-repair', { household: at(1), amount: 5 }),
    entry('goods', { household: at(3) }),
    entry('offspring', { household: at(3) }),
  ],
  insurance: {
    insured: [VILLAGE, VILLAGE, VILLAGE, '440904'],
    cover: 4_900,
    claims: [
      claim(1),
      claim(2, { line: 'accidental-death' }),
      claim(3, { line: 'accidental-death' }),
      claim(4, { state: 'in-progress', paid: 0 }),
      claim(5, { state: 'ended', paid: 0 }),
    ],
  },
};

describe('a figure', () => {
  it('counts what its definition says', () => {
    expect(Object.fromEntries(allFigures(facts).map(({ key, value }) => [key, value]))).toEqual({
      'registry.households': 4,
      'registry.people': 19,
      'registry.withLabour.households': 2,
      'registry.withLabour.people': 7,
      'registry.withoutLabour.households': 1,
      'registry.withoutLabour.people': 5,
      'cases.admitted.households': 3,
      'cases.admitted.people': 17,
      'cases.closed.households': 2,
      'cases.closed.people': 7,
      'cases.open.households': 1,
      'cases.open.people': 10,
      'screening.q1.households': 21,
      'screening.q2.households': 22,
      'screening.q3.households': 23,
      'screening.q4.households': 124,
      'screening.year.householdVisits': 190,
      'insurance.insured.people': 4,
      'insurance.cover': 4_900,
      'insurance.claims.paid.count': 3,
      'insurance.claims.paid.amount': 6_000,
      'insurance.claims.inProgress.count': 1,
      'insurance.example.accidentalDeath.amount': 3_000,
      'employment.placed.people': 2,
      'employment.startups.people': 1,
      'employment.trained.people': 3,
      'employment.unemployedHired.people': 41,
      'posts.publicWelfare.count': 2,
      'posts.publicWelfare.subsidy': 1_201,
      'awards.amount': 7_000,
      'loans.amount': 50_000,
      'donations.raised': 890,
      'donations.unions': 90,
      'social.jobsHelped.personTimes': 61,
      'helped.households': 3,
      'visited.households': 1,
      'housing.repaired.households': 2,
      'housing.repaired.amount': 30_005,
    });
    expect(allFigures(facts).map(({ key }) => key)).toEqual([...figureKeys]);
  });

  it('opens down to the households behind it, each once', () => {
    const behind = (key: (typeof figureKeys)[number]) =>
      compute(key, facts).households.map((id) => Number(id.slice(-4)));
    const all = Object.fromEntries(figureKeys.map((key) => [key, behind(key)]).filter(([, ids]) => ids?.length));
    expect(all).toEqual({
      'registry.households': [1, 2, 3, 4],
      'registry.people': [1, 2, 3, 4],
      'registry.withLabour.households': [1, 2],
      'registry.withLabour.people': [1, 2],
      'registry.withoutLabour.households': [3],
      'registry.withoutLabour.people': [3],
      'cases.admitted.households': [1, 2, 5],
      'cases.admitted.people': [1, 2, 5],
      'cases.closed.households': [1, 2],
      'cases.closed.people': [1, 2],
      'cases.open.households': [5],
      'cases.open.people': [5],
      'insurance.claims.paid.count': [1, 2, 3],
      'insurance.claims.paid.amount': [1, 2, 3],
      'insurance.claims.inProgress.count': [4],
      'insurance.example.accidentalDeath.amount': [2, 3],
      'employment.placed.people': [1, 2],
      'employment.startups.people': [3],
      'employment.trained.people': [3, 4],
      'posts.publicWelfare.count': [4],
      'posts.publicWelfare.subsidy': [4],
      'awards.amount': [1, 2],
      'loans.amount': [2],
      'helped.households': [1, 2, 4],
      'visited.households': [2],
      'housing.repaired.households': [1, 3],
      'housing.repaired.amount': [1, 3],
    });
  });

  it('is nothing where nothing is', () => {
    const nothing = factsOf(facts, nothingCounted(), []);
    expect(allFigures(nothing).every(({ value }) => value === 0)).toBe(true);
  });

  it('and what feeds it stand in the documentation as they are printed', () => {
    const page = readFileSync('docs/figures.md', 'utf8');
    for (const { key, zh, unit, definition } of allFigures(facts))
      expect(page).toContain(`\n| \`${key}\` | ${zh} | ${unit} | ${definition} |\n`);
    for (const [event, keys] of Object.entries(feeds)) {
      const told = new RegExp(`^\\| \`?${event}\`? \\| (.*) \\|$`, 'm').exec(page)?.[1] ?? 'missing';
      expect([event, [...told.matchAll(/`([^`]+)`/g)].map(([, key]) => key)]).toEqual([event, keys]);
    }
  });
});

describe('the facts', () => {
  const asked = { region: '440904001', asOf: '2023-12-31', knownAt: '2024-01-01T00:00:00.000Z' };
  const listed = (policy: string, person: string, place = VILLAGE) => ({ policy, person, place });

  it('are in order of their ids, with the labour last seen, and everybody insured once, where the last policy lists them', () => {
    const found = factsOf(
      asked,
      {
        ...nothingCounted(),
        households: [
          { id: at(2), origin: 'general', people: 1 },
          { id: at(1), origin: 'lifted', people: 2 },
        ],
        labour: [{ household: at(1), round: '2023Q3', able: false }],
        cases: [
          { id: 'case-2', household: at(2), people: 1, closed: false },
          { id: 'case-1', household: at(1), people: 2, closed: true },
        ],
        insured: [
          listed('policy-2', 'p-1', '440904001002'),
          listed('policy-1', 'p-1'),
          listed('policy-1', 'p-2'),
          listed('policy-1', 'p-3', '440904'),
          listed('policy-9', 'p-4'),
        ],
        claims: [claim(2), claim(1)],
      },
      [
        { id: 'policy-1', limit: 5 },
        { id: 'policy-2', limit: 7 },
      ],
    );
    expect(found.households).toEqual([
      { id: at(1), origin: 'lifted', people: 2, labour: false },
      { id: at(2), origin: 'general', people: 1, labour: null },
    ]);
    expect(found.cases.map(({ id }) => id)).toEqual(['case-1', 'case-2']);
    expect(found.insurance.claims.map(({ id }) => id)).toEqual(['claim-1', 'claim-2']);
    expect(found.insurance.insured).toEqual([VILLAGE, '440904001002']);
    expect(found.insurance.cover).toBe(0);
    const district = factsOf({ ...asked, region: '440904' }, nothingCounted(), [
      { id: 'policy-1', limit: 5 },
      { id: 'policy-2', limit: 7 },
    ]);
    expect(district.insurance.cover).toBe(12);
  });

  it('of rounds are summed over villages, oldest first', () => {
    expect(roundsOf({ sheets: [sheet('2023Q4', 24), sheet('2023Q1', 21), sheet('2023Q4', 100)] })).toEqual([
      { round: '2023Q1', visited: 21, secure: 18, concern: 2, monitor: 1 },
      { round: '2023Q4', visited: 124, secure: 118, concern: 4, monitor: 2 },
    ]);
  });
});

describe('a brief', () => {
  const divisions = {
    district: { code: '440904', name: '电白区' },
    towns: [
      {
        code: '440904001',
        name: '水东街道',
        villages: [
          { code: VILLAGE, name: '一村' },
          { code: '440904001002', name: '二村' },
        ],
      },
      { code: '440904116', name: '观珠镇', villages: [{ code: '440904116208', name: '沙垌村' }] },
    ],
  } as unknown as Parameters<typeof nameOf>[1];

  it('has the figures of its region and three of each part below it', () => {
    const there = at(1, '440904116208');
    const wider = {
      ...facts,
      households: [...facts.households, { id: there, origin: 'lifted' as const, people: 1, labour: null }],
      cases: [...facts.cases, { id: 'case-9', household: there, people: 1, closed: false }],
      entries: [...facts.entries, entry('award-payment', { household: there, region: '440904116208', amount: 1 })],
    };
    const brief = briefOf(wider, divisions, true);
    expect(brief).toMatchObject({
      region: '440904',
      name: '电白区',
      asOf: '2023-12-31',
      knownAt: '2024-01-01T00:00:00.000Z',
      illustrative: true,
      rounds: roundsOf(wider),
    });
    expect(brief.figures).toEqual(allFigures(wider));
    expect(brief.parts).toEqual([
      { region: '440904001', name: '水东街道', registered: 4, open: 1, helped: 3 },
      { region: '440904116', name: '观珠镇', registered: 1, open: 1, helped: 1 },
    ]);
    const town = briefOf({ ...facts, region: '440904001' }, divisions, false);
    expect(town.parts).toEqual([
      { region: VILLAGE, name: '一村', registered: 4, open: 1, helped: 3 },
      { region: '440904001002', name: '二村', registered: 0, open: 0, helped: 0 },
    ]);
    expect(briefOf({ ...facts, region: VILLAGE }, divisions, false).parts).toEqual([]);
  });

  it('is named by its region with those above it', () => {
    expect(['440904', '440904116', '440904116208', '440904116999'].map((code) => nameOf(code, divisions))).toEqual([
      '电白区',
      '观珠镇',
      '观珠镇沙垌村',
      '观珠镇',
    ]);
  });
});
