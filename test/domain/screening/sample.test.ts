import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { townOf } from '../../../functions/contracts/regions.ts';
import { villageOf } from '../../../functions/contracts/values.ts';
import { agreementOf, drawSample, isMarked, sampleTerms } from '../../../functions/domain/screening/sample.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const draw = (households: readonly string[], permille = 50, round = '2023Q4') =>
  drawSample(round, households, permille, hash);
const inTown = (town: string) => (household: string) => townOf(villageOf(household)) === town;

/** Rosters of a few towns of a few villages each. */
const rosters = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 10,
  })
  .map((villages) => [
    ...new Set(
      villages.flatMap(([town, village, count]) =>
        Array.from({ length: count }, (_, n) => `44090410${town}20${village}-${String(n).padStart(4, '0')}`),
      ),
    ),
  ]);

describe('the draw', () => {
  it('is the same in whatever order the roster comes, and of another round another', () => {
    fc.assert(
      fc.property(
        rosters.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(draw(shuffled)).toEqual(draw(all));
        },
      ),
    );
    const town = Array.from({ length: 200 }, (_, n) => `440904101201-${n}`);
    expect(draw(town, 50, '2024Q1')).not.toEqual(draw(town));
  });

  it('takes its share of each town, rounded up and never nobody, each household once', () => {
    fc.assert(
      fc.property(rosters, fc.integer({ min: 1, max: 1000 }), (all, permille) => {
        const drawn = draw(all, permille);
        expect(new Set(drawn).size).toBe(drawn.length);
        for (const town of new Set(all.map((household) => townOf(villageOf(household))))) {
          const count = all.filter(inTown(town)).length;
          expect(drawn.filter(inTown(town))).toHaveLength(Math.ceil((count * permille) / 1000));
        }
      }),
    );
    expect(draw(['440904101201-1'], 1)).toEqual(['440904101201-1']);
    expect(draw([])).toEqual([]);
  });

  it('of one town does not move when another town’s roster grows', () => {
    fc.assert(
      fc.property(rosters, fc.integer({ min: 1, max: 50 }), (all, more) => {
        const grown = [...all, ...Array.from({ length: more }, (_, n) => `440904109201-${n}`)];
        const others = (drawn: readonly string[]) => drawn.filter((household) => !inTown('440904109')(household));
        expect(others(draw(grown))).toEqual(draw(all));
      }),
    );
  });

  it('can be drawn again by hand: the smallest SHA-256 of round and household first', () => {
    const town = Array.from({ length: 40 }, (_, n) => `440904101201-${String(n).padStart(4, '0')}`);
    const byHand = [...town].sort((a, b) => (hash(`2023Q4/${a}`) < hash(`2023Q4/${b}`) ? -1 : 1)).slice(0, 2);
    expect(draw(town)).toEqual(byHand);
  });
});

describe('agreement', () => {
  const of = (sealed: 'secure' | 'monitor' | null, sample: 'secure' | 'monitor' | null) => ({
    household: 'x',
    state: sample === null ? ('open' as const) : ('visited' as const),
    sealed,
    sample,
  });

  it('counts only who has both classes', () => {
    expect(
      agreementOf([of('secure', 'secure'), of('secure', 'monitor'), of(null, 'monitor'), of('secure', null)]),
    ).toEqual({
      drawn: 4,
      visited: 3,
      compared: 2,
      agreeing: 1,
      agreementPercent: 50,
    });
    expect(agreementOf([of(null, null)]).agreementPercent).toBeNull();
    expect(
      agreementOf([of('secure', 'secure'), of('secure', 'secure'), of('secure', 'monitor')]).agreementPercent,
    ).toBe(66);
  });

  it('marks a village above the share, not at it', () => {
    expect(isMarked({ compared: 10, agreeing: 9 }, 10)).toBe(false);
    expect(isMarked({ compared: 9, agreeing: 8 }, 10)).toBe(true);
    expect(isMarked({ compared: 0, agreeing: 0 }, 0)).toBe(false);
  });

  it('is asked for by the criteria, or as is usual', () => {
    expect(sampleTerms({})).toEqual({ samplePermille: 50, sampleDisagreementPercent: 10 });
    expect(sampleTerms({ samplePermille: 200, sampleDisagreementPercent: 0 })).toEqual({
      samplePermille: 200,
      sampleDisagreementPercent: 0,
    });
  });
});
