import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignalId, severities, signalIds } from '../../../functions/contracts/screening/triage.ts';
import type { Findings } from '../../../functions/contracts/screening/visit.ts';
import { sentenceOf } from '../../../functions/domain/screening/sentences.ts';
import { type HouseholdFacts, type Thresholds, triage } from '../../../functions/domain/screening/triage.ts';
import { HARMLESS } from '../../harmless.ts';

const thresholds: Thresholds = {
  line: 800_000,
  nearLinePercent: 120,
  collapsePercent: 50,
  rigidSpendingPercent: 40,
  chronicBurden: 500_000,
};
const facts: HouseholdFacts = { origin: 'lifted', openCase: false };

const member: Findings['members'][number] = { labour: 'full', health: 'healthy', inSchool: false };

/** A secure household of one: 20,000 yuan of wages, nothing wrong. */
function visit(changes: Partial<Findings> = {}): Findings {
  return {
    household: '440904001001-0001',
    round: '2023Q4',
    visitedOn: '2023-10-12',
    recordedAt: '2023-10-12T10:00:00+08:00',
    visitor: 'worker',
    purpose: 'screening',
    ...HARMLESS,
    members: [member],
    ...changes,
  };
}

const wages = (amount: number, businessCosts = 0) => ({
  wages: amount,
  business: 0,
  property: 0,
  transfer: 0,
  businessCosts,
});
const unsafe = (name: keyof Findings['guarantees']) => ({ guarantees: { ...visit().guarantees, [name]: false } });

interface Example {
  name: string;
  visit?: Partial<Findings>;
  facts?: Partial<HouseholdFacts>;
  signals: [SignalId, number | boolean, number | boolean][];
  class: string;
  caseType?: string | null;
  perCapita?: number;
}

const examples: Example[] = [
  { name: 'nothing wrong', signals: [], class: 'secure', perCapita: 2_000_000 },
  {
    name: 'one fen below the line',
    visit: { income: wages(799_999) },
    signals: [['INCOME_BELOW_LINE', 799_999, 800_000]],
    class: 'monitor',
    caseType: 'unstable-lifted',
  },
  {
    name: 'below the line, general household',
    visit: { income: wages(1) },
    facts: { origin: 'general' },
    signals: [['INCOME_BELOW_LINE', 1, 800_000]],
    class: 'monitor',
    caseType: 'marginal',
  },
  {
    name: 'on the line is near it',
    visit: { income: wages(800_000) },
    signals: [['INCOME_NEAR_LINE', 800_000, 960_000]],
    class: 'concern',
  },
  {
    name: 'one fen below 120 %',
    visit: { income: wages(959_999) },
    signals: [['INCOME_NEAR_LINE', 959_999, 960_000]],
    class: 'concern',
  },
  { name: 'at 120 %', visit: { income: wages(960_000) }, signals: [], class: 'secure' },
  {
    name: 'negative income floors towards minus infinity',
    visit: { income: wages(0, 100_001), members: [member, member] },
    signals: [['INCOME_BELOW_LINE', -50_001, 800_000]],
    class: 'monitor',
    caseType: 'unstable-lifted',
    perCapita: -50_001,
  },
  {
    name: 'collapse: below half of the last round',
    facts: { previousPerCapita: 4_000_001 },
    signals: [['INCOME_COLLAPSE', 2_000_000, 2_000_001]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  { name: 'exactly half is no collapse', facts: { previousPerCapita: 4_000_000 }, signals: [], class: 'secure' },
  {
    name: 'a previous income of zero or less is not compared',
    facts: { previousPerCapita: -5 },
    signals: [],
    class: 'secure',
  },
  {
    name: 'rigid spending at exactly 40 %',
    visit: { selfPaid: { medical: 300_000, education: 300_000, other: 200_000 } },
    signals: [['RIGID_SPENDING', 800_000, 800_000]],
    class: 'monitor',
    caseType: 'sudden-hardship',
    perCapita: 1_200_000,
  },
  {
    name: 'one fen less is not',
    visit: { selfPaid: { medical: 799_999, education: 0, other: 0 } },
    signals: [],
    class: 'secure',
  },
  {
    name: 'payouts count as income on both sides',
    visit: { selfPaid: { medical: 800_000, education: 0, other: 0 }, insurancePayouts: 1 },
    signals: [],
    class: 'secure',
    perCapita: 1_200_001,
  },
  {
    name: 'spending without any income',
    visit: { income: wages(0), selfPaid: { medical: 1, education: 0, other: 0 } },
    signals: [
      ['INCOME_BELOW_LINE', -1, 800_000],
      ['RIGID_SPENDING', 1, 0],
    ],
    class: 'monitor',
    caseType: 'unstable-lifted',
  },
  {
    name: 'food',
    visit: unsafe('food'),
    signals: [['FOOD_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'clothing',
    visit: unsafe('clothing'),
    signals: [['CLOTHING_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'education',
    visit: unsafe('compulsoryEducation'),
    signals: [['EDUCATION_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'medical',
    visit: unsafe('basicMedicalInsurance'),
    signals: [['MEDICAL_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'housing',
    visit: unsafe('housing'),
    signals: [['HOUSING_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'water',
    visit: unsafe('drinkingWater'),
    signals: [['WATER_UNSAFE', false, true]],
    class: 'monitor',
    caseType: 'sudden-hardship',
  },
  {
    name: 'an open case is a risk but no new candidate',
    visit: { income: wages(1) },
    facts: { openCase: true },
    signals: [
      ['INCOME_BELOW_LINE', 1, 800_000],
      ['OPEN_CASE', true, false],
    ],
    class: 'monitor',
    caseType: null,
  },
  {
    name: 'two seriously ill',
    visit: {
      members: [member, { ...member, health: 'serious-illness' }, { ...member, health: 'serious-illness' }],
      income: wages(9_000_000),
    },
    signals: [['SERIOUS_ILLNESS', 2, 1]],
    class: 'concern',
  },
  {
    name: 'chronic illness with a burden',
    visit: {
      members: [{ ...member, health: 'chronic-illness' }],
      selfPaid: { medical: 500_000, education: 0, other: 0 },
    },
    signals: [['CHRONIC_BURDEN', 500_000, 500_000]],
    class: 'concern',
  },
  {
    name: 'chronic illness one fen below',
    visit: {
      members: [{ ...member, health: 'chronic-illness' }],
      selfPaid: { medical: 499_999, education: 0, other: 0 },
    },
    signals: [],
    class: 'secure',
  },
  {
    name: 'grades 1 and 2 are severe, 3 and 4 are not',
    visit: {
      members: [
        { ...member, disabilityGrade: 2 },
        { ...member, disabilityGrade: 3 },
      ],
      income: wages(9_000_000),
    },
    signals: [['SEVERE_DISABILITY', 1, 1]],
    class: 'concern',
  },
  {
    name: 'nobody able to work',
    visit: { members: [{ ...member, labour: 'none' }] },
    signals: [['NO_LABOUR', 0, 1]],
    class: 'concern',
  },
  { name: 'weak labour is labour', visit: { members: [{ ...member, labour: 'weak' }] }, signals: [], class: 'secure' },
  {
    name: 'one earner, two in school',
    visit: {
      income: wages(9_000_000),
      members: [member, { ...member, labour: 'none', inSchool: true }, { ...member, labour: 'none', inSchool: true }],
    },
    signals: [['SOLE_EARNER', 2, 2]],
    class: 'concern',
  },
  {
    name: 'one earner, one in school',
    visit: { income: wages(9_000_000), members: [member, { ...member, labour: 'none', inSchool: true }] },
    signals: [],
    class: 'secure',
  },
  { name: 'shocks', visit: { shocks: ['disaster', 'job-loss'] }, signals: [['RECENT_SHOCK', 2, 1]], class: 'concern' },
];

describe('triage 2023.1', () => {
  it.each(examples)('$name', (example) => {
    const result = triage(visit(example.visit), { ...facts, ...example.facts }, thresholds);
    expect(result.signals.map(({ id, observed, threshold }) => [id, observed, threshold])).toEqual(example.signals);
    expect(result.class).toBe(example.class);
    expect(result.caseType).toBe(example.caseType ?? null);
    if (example.perCapita !== undefined) expect(result.perCapita).toBe(example.perCapita);
  });

  const amount = fc.integer({ min: 0, max: 5_000_000 });
  const anyVisit = fc.record({
    income: fc.record({ wages: amount, business: amount, property: amount, transfer: amount, businessCosts: amount }),
    insurancePayouts: amount,
    selfPaid: fc.record({ medical: amount, education: amount, other: amount }),
    guarantees: fc.record({
      food: fc.boolean(),
      clothing: fc.boolean(),
      compulsoryEducation: fc.boolean(),
      basicMedicalInsurance: fc.boolean(),
      housing: fc.boolean(),
      drinkingWater: fc.boolean(),
    }),
    shocks: fc.subarray(['disaster', 'accident', 'industry-failure', 'job-loss'] as const),
    members: fc.array(
      fc.record({
        labour: fc.constantFrom('full' as const, 'weak' as const, 'none' as const),
        health: fc.constantFrom('healthy' as const, 'chronic-illness' as const, 'serious-illness' as const),
        inSchool: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  const anyFacts = fc.record({
    origin: fc.constantFrom('lifted' as const, 'general' as const),
    openCase: fc.boolean(),
    previousPerCapita: fc.option(fc.integer({ min: -1_000_000, max: 5_000_000 }), { nil: undefined }),
  });

  it('class and case type follow from the signals, which come in the order of the table, each once', () => {
    fc.assert(
      fc.property(anyVisit, anyFacts, (found, known) => {
        const result = triage(visit(found), known, thresholds);
        const ids = result.signals.map(({ id }) => id);
        expect(ids).toEqual(signalIds.filter((id) => ids.includes(id)));
        const risk = ids.some((id) => severities[id] === 'risk');
        expect(result.class).toBe(risk ? 'monitor' : ids.length > 0 ? 'concern' : 'secure');
        expect(result.caseType === null).toBe(!risk || known.openCase);
        expect(Number.isInteger(result.perCapita)).toBe(true);
      }),
    );
  });

  it('more income never raises a risk of income', () => {
    const ofIncome = (ids: readonly { id: SignalId }[]) =>
      ids.filter(({ id }) => ['INCOME_BELOW_LINE', 'INCOME_COLLAPSE', 'RIGID_SPENDING'].includes(id)).length;
    fc.assert(
      fc.property(anyVisit, anyFacts, amount, (found, known, more) => {
        const richer = { ...found, income: { ...found.income, transfer: found.income.transfer + more } };
        expect(ofIncome(triage(visit(richer), known, thresholds).signals)).toBeLessThanOrEqual(
          ofIncome(triage(visit(found), known, thresholds).signals),
        );
      }),
    );
  });

  it('every amount threshold is the smallest whole fen that does not trigger, or the largest that does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000_000 }),
        fc.integer({ min: 1, max: 5_000_000 }),
        (income, previousPerCapita) => {
          const result = triage(visit({ income: wages(income) }), { ...facts, previousPerCapita }, thresholds);
          for (const { id, observed, threshold } of result.signals) {
            if (id === 'INCOME_COLLAPSE' || id === 'INCOME_NEAR_LINE')
              expect(Number(observed)).toBeLessThan(Number(threshold));
          }
          const collapsed = result.signals.some(({ id }) => id === 'INCOME_COLLAPSE');
          expect(collapsed).toBe(income < Math.ceil(previousPerCapita / 2));
        },
      ),
    );
  });

  it('has a sentence for every signal, in Chinese and without a person', () => {
    for (const id of signalIds)
      expect(sentenceOf({ id, observed: 1, threshold: 2 })).toMatch(/^[\u4e00-\u9fff0-9 .、，（）]+。$/);
  });
});
