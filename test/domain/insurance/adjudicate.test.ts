import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { illustrativeProduct } from '../../../demo/claims/product.ts';
import type { Bill, ClaimFacts, Standing } from '../../../functions/contracts/insurance/adjudication.ts';
import { productTerms } from '../../../functions/contracts/insurance/product.ts';
import { adjudicate } from '../../../functions/domain/insurance/adjudicate.ts';

const fresh: Standing = { accepted: 0, approved: 0, household: 0, limitLeft: 4_900_000_000 };
const bill = (total: number, reimbursed = 0, excluded = 0, invoice = 'A0001'): Bill => ({
  invoice,
  total,
  reimbursed,
  excluded,
});
const illness = (...bills: Bill[]): ClaimFacts => ({ line: 'illness', bills });

describe('worked examples of the illustrative product', () => {
  it.each<[string, ClaimFacts, Partial<Standing>, string, number]>([
    ['accidental death: 30,000 yuan, as the article has it', { line: 'accidental-death' }, {}, 'payable', 3_000_000],
    ['disability of grade 1: all of it', { line: 'accidental-disability', grade: 1 }, {}, 'payable', 3_000_000],
    ['disability of grade 8: 30 %', { line: 'accidental-disability', grade: 8 }, {}, 'payable', 900_000],
    ['illness at the deductible: nothing', illness(bill(500_000)), {}, 'below-deductible', 0],
    ['illness a fen above it: half a fen, rounded up', illness(bill(500_001)), {}, 'payable', 1],
    ['illness of 12,000 yuan: (12,000 − 5,000) × 50 %', illness(bill(1_200_000)), {}, 'payable', 350_000],
    ['illness over two tiers: 10,000 × 50 % + 5,000 × 60 %', illness(bill(2_000_000)), {}, 'payable', 800_000],
    [
      'illness over three tiers: 5,000 + 12,000 + 30,000 × 70 % yuan',
      illness(bill(6_500_000)),
      {},
      'payable',
      500_000 + 1_200_000 + 2_100_000,
    ],
    ['illness far above: capped at 50,000 yuan', illness(bill(20_000_000)), {}, 'payable', 5_000_000],
    [
      'what was reimbursed or is not compliant does not count',
      illness(bill(2_000_000, 700_000, 100_000)),
      {},
      'payable',
      350_000,
    ],
    [
      'a second claim of the year pays what the first left',
      illness(bill(800_000)),
      { accepted: 1_200_000, approved: 350_000 },
      'payable',
      450_000,
    ],
    [
      'a second claim after a first below the deductible',
      illness(bill(300_000)),
      { accepted: 400_000 },
      'payable',
      100_000,
    ],
    [
      'the person’s cap is used up',
      illness(bill(800_000)),
      { accepted: 20_000_000, approved: 5_000_000 },
      'limit-exhausted',
      0,
    ],
    [
      'accident medical: (1,234.56 − 100) × 80 % = 907.648 yuan, half up',
      { line: 'accident-medical', bills: [bill(123_456)] },
      {},
      'payable',
      90_765,
    ],
    ['education: university', { line: 'education', stage: 'university' }, {}, 'payable', 300_000],
    [
      'education: a stage the product does not name',
      { line: 'education', stage: 'kindergarten' },
      {},
      'event-not-covered',
      0,
    ],
    [
      'disaster: a house damaged severely',
      { line: 'disaster', housing: 'severe', housingLoss: 3_000_000, assetsLoss: 0 },
      {},
      'payable',
      1_000_000,
    ],
    [
      'disaster: never more than the house was worth',
      { line: 'disaster', housing: 'severe', housingLoss: 700_000, assetsLoss: 0 },
      {},
      'payable',
      700_000,
    ],
    [
      'disaster: assets at 40 %, half up',
      { line: 'disaster', housing: null, housingLoss: 0, assetsLoss: 1_001 },
      {},
      'payable',
      400,
    ],
    [
      'disaster: capped for the event',
      { line: 'disaster', housing: 'collapsed', housingLoss: 9_000_000, assetsLoss: 9_000_000 },
      {},
      'payable',
      2_500_000,
    ],
    ['what the household cap leaves', { line: 'accidental-death' }, { household: 8_500_000 }, 'payable', 1_500_000],
    [
      'a household cap that leaves nothing',
      { line: 'accidental-death' },
      { household: 10_000_000 },
      'limit-exhausted',
      0,
    ],
    ['a limit that just fits', { line: 'accidental-death' }, { limitLeft: 3_000_000 }, 'payable', 3_000_000],
    ['a limit a fen too small', { line: 'accidental-death' }, { limitLeft: 2_999_999 }, 'limit-exhausted', 0],
  ])('%s', (_, facts, before, outcome, amount) => {
    expect(adjudicate(illustrativeProduct, facts, { ...fresh, ...before })).toMatchObject({ outcome, amount });
  });

  it('pays a part when the product says so', () => {
    const partial = { ...illustrativeProduct, partialOnLimit: true };
    expect(adjudicate(partial, { line: 'accidental-death' }, { ...fresh, limitLeft: 7 })).toMatchObject({
      outcome: 'payable',
      amount: 7,
    });
  });

  it('shows every step of the arithmetic, and the last one is the result', () => {
    const { steps, amount } = adjudicate(illustrativeProduct, illness(bill(2_000_000, 100_000)), {
      ...fresh,
      household: 9_900_000,
    });
    expect(steps.map(({ step, amount: after }) => [step, after])).toEqual([
      ['bill', 1_900_000],
      ['accepted', 1_900_000],
      ['accumulated', 1_900_000],
      ['deductible', 1_400_000],
      ['tier', 1_000_000 * 50],
      ['tier', 400_000 * 60],
      ['rounded', 740_000],
      ['person-cap', 740_000],
      ['approved-before', 740_000],
      ['claimed-cap', 740_000],
      ['household-cap', 100_000],
      ['limit', 100_000],
    ]);
    expect(amount).toBe(100_000);
  });

  it('knows an empty line for an event that is not covered', () => {
    const only = { ...illustrativeProduct, lines: { education: illustrativeProduct.lines.education } };
    expect(adjudicate(only, { line: 'accidental-death' }, fresh)).toEqual({
      outcome: 'event-not-covered',
      amount: 0,
      accepted: 0,
      steps: [],
    });
  });
});

const money = fc.integer({ min: 1, max: 100_000_000 });
const costTerms = fc
  .record({
    deductible: fc.integer({ min: 0, max: 2_000_000 }),
    cap: fc.integer({ min: 1, max: 20_000_000 }),
    household: fc.integer({ min: 1, max: 50_000_000 }),
    ends: fc.uniqueArray(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 0, maxLength: 4 }),
    percents: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 }),
    partialOnLimit: fc.boolean(),
  })
  .map(({ deductible, cap, household, ends, percents, partialOnLimit }) => ({
    ...illustrativeProduct,
    partialOnLimit,
    capPerHousehold: household,
    lines: {
      illness: {
        kind: 'cost' as const,
        waitingDays: 0,
        deductible,
        capPerPerson: cap,
        tiers: [...ends.sort((a, b) => a - b), null].map((upTo, place) => ({ upTo, percent: percents[place] ?? 0 })),
      },
    },
  }));
const bills = fc
  .array(money, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((total, place) => bill(total, 0, 0, `A000${place}`)));
const wide = { capPerHousehold: 1_000_000_000 };

describe('properties of a cost line', () => {
  it('is never negative, never above the claim or any cap', () => {
    fc.assert(
      fc.property(
        costTerms,
        bills,
        fc.integer({ min: 0, max: 50_000_000 }),
        fc.integer({ min: 0, max: 60_000_000 }),
        (terms, all, household, limitLeft) => {
          expect(productTerms.safeParse(terms).success).toBe(true);
          const { amount, accepted } = adjudicate(terms, illness(...all), { ...fresh, household, limitLeft });
          const claimed = all.reduce((sum, { total }) => sum + total, 0);
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(accepted).toBeLessThanOrEqual(claimed);
          for (const most of [
            accepted,
            terms.lines.illness.capPerPerson,
            Math.max(0, terms.capPerHousehold - household),
            limitLeft,
          ])
            expect(amount).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('is monotone in the cost', () => {
    fc.assert(
      fc.property(costTerms, money, money, (terms, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const of = (total: number) => adjudicate({ ...terms, ...wide }, illness(bill(total)), fresh).amount;
        expect(of(less)).toBeLessThanOrEqual(of(more));
      }),
    );
  });

  it('has marginal tiers: another fen of cost is at most another fen of payment, and the first tier’s part never changes', () => {
    fc.assert(
      fc.property(costTerms, money, (terms, total) => {
        const of = (cost: number) => adjudicate({ ...terms, ...wide }, illness(bill(cost)), fresh);
        expect(of(total + 1).amount - of(total).amount).toBeLessThanOrEqual(1);
        const [low] = of(total).steps.filter(({ step }) => step === 'tier');
        const [high] = of(total + 10_000_000).steps.filter(({ step }) => step === 'tier');
        const end = terms.lines.illness.tiers[0]?.upTo ?? null;
        if (end !== null && total - terms.lines.illness.deductible >= end) expect(low).toEqual(high);
      }),
    );
  });

  it('does not depend on how bills are cut into claims, nor on their order', () => {
    fc.assert(
      fc.property(costTerms, bills, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (given, all, cuts) => {
        const terms = { ...given, ...wide };
        const whole = adjudicate(terms, illness(...all), fresh).amount;
        for (const order of [all, all.toReversed()]) {
          let standing = fresh;
          let claim: Bill[] = [];
          for (const [place, one] of order.entries()) {
            claim.push(one);
            if (cuts[place] !== true && place < order.length - 1) continue;
            const { amount, accepted } = adjudicate(terms, illness(...claim), standing);
            standing = { ...standing, accepted: standing.accepted + accepted, approved: standing.approved + amount };
            claim = [];
          }
          expect(standing.approved).toBe(whole);
        }
      }),
    );
  });
});

describe('a product', () => {
  it.each([
    [
      'tiers that do not rise',
      {
        lines: {
          illness: {
            ...illustrativeProduct.lines.illness,
            tiers: [
              { upTo: 5, percent: 1 },
              { upTo: 5, percent: 1 },
              { upTo: null, percent: 1 },
            ],
          },
        },
      },
    ],
    [
      'tiers that end',
      { lines: { illness: { ...illustrativeProduct.lines.illness, tiers: [{ upTo: 5, percent: 1 }] } } },
    ],
    ['no line at all', { lines: {} }],
    [
      'an accident that waits',
      { lines: { 'accident-medical': { ...illustrativeProduct.lines['accident-medical'], waitingDays: 1 } } },
    ],
    ['a share above the whole', { lines: { disaster: { ...illustrativeProduct.lines.disaster, assetsPercent: 101 } } }],
    ['a field nobody knows', { discount: 3 }],
  ])('is refused with %s', (_, changes) => {
    expect(productTerms.safeParse({ ...illustrativeProduct, ...changes }).success).toBe(false);
  });

  it('as shipped holds, and is marked illustrative', () => {
    expect(productTerms.parse(illustrativeProduct).status).toBe('illustrative');
  });
});
