import { describe, expect, it } from 'vitest';
import type { ClaimFacts, Standing } from '../../../functions/contracts/insurance/adjudication.ts';
import type { ProductTerms } from '../../../functions/contracts/insurance/product.ts';
import { adjudicate } from '../../../functions/domain/insurance/adjudicate.ts';

/** Round numbers, in fen, that every step can be worked out by hand from. */
const terms: Pick<ProductTerms, 'lines' | 'capPerHousehold' | 'partialOnLimit'> = Object({
  lines: {
    'accidental-death': { amount: 1_000, capPerEvent: 900 },
    'accidental-disability': { amount: 1_000, shares: [100, 25], capPerEvent: 800 },
    education: { amounts: { university: 500 }, capPerEvent: 500 },
    disaster: { housing: { partial: 300, collapsed: 700 }, assetsPercent: 50, capPerEvent: 600 },
    illness: {
      deductible: 1_000,
      tiers: [
        { upTo: 1_000, percent: 50 },
        { upTo: null, percent: 60 },
      ],
      capPerPerson: 1_000,
    },
  },
  capPerHousehold: 850,
  partialOnLimit: false,
});
const fresh: Standing = { accepted: 0, approved: 0, household: 0, limitLeft: 10_000 };

function claimed(facts: object): ClaimFacts {
  return Object(facts);
}

function stepsOf(facts: object, standing: Partial<Standing> = {}, changes: object = {}) {
  const { steps } = adjudicate({ ...terms, ...changes }, claimed(facts), { ...fresh, ...standing });
  return steps.map(({ step, amount, terms: said }) => [step, amount, said]);
}

/** What every line ends with: the household’s cap, and what is left of the policy. */
const ends = (amount: number, household = 850) => [
  ['household-cap', Math.min(amount, household), { cap: 850, before: 0, left: household }],
  ['limit', Math.min(amount, household), { left: 10_000, partial: 'no' }],
];

describe('each reduction is a step that says what it was made of', () => {
  it('of a death', () => {
    expect(stepsOf({ line: 'accidental-death' })).toEqual([
      ['lump-sum', 1_000, {}],
      ['event-cap', 900, { cap: 900 }],
      ...ends(900),
    ]);
  });

  it('of a disability by its grade', () => {
    expect(stepsOf({ line: 'accidental-disability', grade: 2 })).toEqual([
      ['graded', 250, { sum: 1_000, grade: 2, percent: 25 }],
      ['event-cap', 250, { cap: 800 }],
      ...ends(250),
    ]);
  });

  it('of a schooling', () => {
    expect(stepsOf({ line: 'education', stage: 'university' })).toEqual([
      ['staged', 500, { stage: 'university' }],
      ['event-cap', 500, { cap: 500 }],
      ...ends(500),
    ]);
  });

  it('of a disaster: the house by its grade and no more than was lost, and a share of what was in it', () => {
    const facts = { line: 'disaster', housing: 'partial', housingLoss: 200, assetsLoss: 301 };
    expect(stepsOf(facts)).toEqual([
      ['housing', 200, { damage: 'partial', sum: 300, loss: 200 }],
      // Half of 301, half a fen up.
      ['assets', 151, { loss: 301, percent: 50 }],
      ['event-cap', 351, { cap: 600 }],
      ...ends(351),
    ]);
    expect(adjudicate(terms, claimed(facts), fresh).accepted).toBe(501);
    const untouched = { line: 'disaster', housing: null, housingLoss: 0, assetsLoss: 0 };
    expect(adjudicate(terms, claimed(untouched), fresh)).toMatchObject({ outcome: 'below-deductible', amount: 0 });
  });

  it('of an illness: bills, what counted before, the deductible, each tier, and what was approved before', () => {
    const bills = [
      { invoice: 'A', total: 1_500, reimbursed: 200, excluded: 100 },
      { invoice: 'B', total: 900, reimbursed: 0, excluded: 0 },
    ];
    expect(stepsOf({ line: 'illness', bills }, { accepted: 300, approved: 20 })).toEqual([
      ['bill', 1_200, { invoice: 'A', total: 1_500, reimbursed: 200, excluded: 100 }],
      ['bill', 900, { invoice: 'B', total: 900, reimbursed: 0, excluded: 0 }],
      ['accepted', 2_100, { bills: 2 }],
      ['accumulated', 2_400, { before: 300 }],
      ['deductible', 1_400, { deductible: 1_000 }],
      // In hundredths of a fen.
      ['tier', 50_000, { from: 0, upTo: 1_000, part: 1_000, percent: 50 }],
      ['tier', 24_000, { from: 1_000, upTo: null, part: 400, percent: 60 }],
      ['rounded', 740, {}],
      ['person-cap', 740, { cap: 1_000 }],
      ['approved-before', 720, { approved: 20 }],
      ['claimed-cap', 720, { accepted: 2_100 }],
      ...ends(720),
    ]);
  });

  it('of a limit that does not hold it, with a product that pays a part and one that does not', () => {
    const last = (changes: object) => stepsOf({ line: 'accidental-death' }, { limitLeft: 100 }, changes).at(-1);
    expect(last({})).toEqual(['limit', 0, { left: 100, partial: 'no' }]);
    expect(last({ partialOnLimit: true })).toEqual(['limit', 100, { left: 100, partial: 'yes' }]);
  });
});

describe('a claim for nothing says why', () => {
  const outcome = (facts: object, standing: Partial<Standing> = {}, changes: object = {}) =>
    adjudicate({ ...terms, ...changes }, claimed(facts), { ...fresh, ...standing }).outcome;
  const bills = (total: number) => [{ invoice: 'A', total, reimbursed: 0, excluded: 0 }];

  it('a line the product does not have', () => {
    for (const facts of [
      { line: 'accidental-death' },
      { line: 'accidental-disability', grade: 1 },
      { line: 'education', stage: 'university' },
      { line: 'disaster', housing: null, housingLoss: 0, assetsLoss: 1 },
      { line: 'illness', bills: bills(5_000) },
    ])
      expect([facts.line, outcome(facts, {}, { lines: {} })]).toEqual([facts.line, 'event-not-covered']);
    expect(outcome({ line: 'education', stage: 'primary' })).toBe('event-not-covered');
  });

  it('below the deductible, or because nothing new was accepted; not because the cap is used up', () => {
    expect(outcome({ line: 'illness', bills: bills(1_000) })).toBe('below-deductible');
    expect(outcome({ line: 'illness', bills: bills(0) }, { accepted: 5_000 })).toBe('below-deductible');
    expect(outcome({ line: 'illness', bills: bills(500) }, { accepted: 5_000, approved: 1_000 })).toBe(
      'limit-exhausted',
    );
    // A fen above, of which half a fen is due, is rounded up; of a share of a hundredth nothing is left.
    expect(outcome({ line: 'illness', bills: bills(1_001) })).toBe('payable');
    const tiny = {
      ...terms.lines,
      illness: { deductible: 1_000, tiers: [{ upTo: null, percent: 1 }], capPerPerson: 9 },
    };
    expect(outcome({ line: 'illness', bills: bills(1_001) }, {}, { lines: tiny })).toBe('below-deductible');
    expect(outcome({ line: 'illness', bills: bills(1_049) }, {}, { lines: tiny })).toBe('below-deductible');
    expect(outcome({ line: 'illness', bills: bills(1_050) }, {}, { lines: tiny })).toBe('payable');
  });
});
