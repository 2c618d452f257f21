import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../functions/contracts/reports/quality-finding.ts';
import { differenceOf, type Look, type Scope } from '../../../../functions/domain/reports/quality/difference.ts';

const VILLAGE = '440904001001';
const HOUSEHOLD = `${VILLAGE}-0001`;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const whole: Scope = { region: VILLAGE, households: undefined, registered: new Set([HOUSEHOLD]) };
const wages = (observed: number[] | undefined, household = HOUSEHOLD): Look => ({
  rule: 'WAGES_TOO_SMALL',
  subject: { household },
  observed: observed?.map((amount) => ({ wages: amount })),
});

/** What a first run over nothing would have stored. */
function stored(looked: readonly Look[], state: Finding['state'] = 'open'): Finding[] {
  return differenceOf(looked, [], whole, hash).appeared.map((one) => ({
    ...one,
    region: VILLAGE,
    foundAt: '2023-10-11T00:00:00.000Z',
    foundBy: 'demand',
    state,
    resolved: null,
  }));
}

const nothing = { appeared: [], reappeared: [], corrected: [] };

describe('what a run changes', () => {
  it('is nothing when it sees the same again, in whatever order, open or explained', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { maxLength: 20 }), (amounts) => {
        const looked = amounts.map((amount, n) => wages([amount], `${VILLAGE}-${n}`));
        expect(differenceOf(looked.toReversed(), stored(looked), whole, hash)).toEqual(nothing);
        expect(differenceOf(looked, stored(looked, 'explained'), whole, hash)).toEqual(nothing);
      }),
    );
  });

  it('is one finding for what was seen twice, and the order of fields does not matter', () => {
    const one: Look = {
      rule: 'CLOSED_WITHIN_SIX_MONTHS',
      subject: { case: 'case-1', household: HOUSEHOLD },
      observed: [{ a: 1, b: 2 }],
    };
    const other: Look = {
      rule: 'CLOSED_WITHIN_SIX_MONTHS',
      subject: { household: HOUSEHOLD, case: 'case-1' },
      observed: [{ b: 2, a: 1 }],
    };
    expect(differenceOf([one, other], [], whole, hash).appeared).toHaveLength(1);
  });

  it('ends an open finding whose facts hold, and opens another for other facts', () => {
    const before = stored([wages([50])]);
    expect(differenceOf([wages([])], before, whole, hash)).toEqual({ ...nothing, corrected: before });
    const changed = differenceOf([wages([60])], before, whole, hash);
    expect([changed.appeared.length, changed.corrected]).toEqual([1, before]);
    const explained = differenceOf([wages([60])], stored([wages([50])], 'explained'), whole, hash);
    expect([explained.appeared.length, explained.corrected]).toEqual([1, []]);
  });

  it('opens a corrected one again when the same is seen again', () => {
    const before = stored([wages([50])], 'corrected');
    expect(differenceOf([wages([50])], before, whole, hash)).toEqual({ ...nothing, reappeared: before });
  });

  it('leaves alone what could not be looked at, and ends what is gone', () => {
    const before = stored([wages([50])]);
    expect(differenceOf([wages(undefined)], before, whole, hash)).toEqual(nothing);
    expect(differenceOf([], before, whole, hash)).toEqual({ ...nothing, corrected: before });
  });

  it('of a few households leaves the others’ findings alone', () => {
    const before = stored([wages([50]), wages([70], `${VILLAGE}-0002`)]);
    const scope = { ...whole, households: new Set([HOUSEHOLD]) };
    expect(differenceOf([], before, scope, hash).corrected).toEqual(before.slice(0, 1));
  });

  it('remembers a refused number until its household is registered, and a sealed disagreement for ever', () => {
    const number: Look = {
      rule: 'ID_NUMBER_MALFORMED',
      subject: { household: HOUSEHOLD, member: 0 },
      observed: [{ fault: 'shape' }],
    };
    const other: Look = {
      rule: 'SAMPLE_DISAGREES',
      subject: { household: HOUSEHOLD, round: '2023Q3' },
      observed: [{ sealed: 'secure', sample: 'monitor' }],
    };
    const before = stored([number, other]);
    expect(differenceOf([], before, { ...whole, registered: new Set() }, hash)).toEqual(nothing);
    expect(differenceOf([], before, whole, hash).corrected).toEqual(before.slice(0, 1));
  });

  it('ends a roster’s finding only when the same certificate comes again and holds', () => {
    const row = (fault: string | undefined, entry = 'keyed'): Look => ({
      rule: 'ID_NUMBER_MALFORMED',
      subject: { policy: 'policy-000000000001', entry },
      observed: fault === undefined ? [] : [{ fault, row: 4 }],
    });
    const scope = { region: '440904', households: new Set<string>(), registered: new Set<string>() };
    const before = differenceOf([row('shape')], [], scope, hash).appeared.map(
      (one): Finding => ({ ...one, region: '440904', foundAt: '', foundBy: 'import', state: 'open', resolved: null }),
    );
    expect(before[0]?.id).toMatch(/^440904-[0-9a-f]{16}$/);
    expect(differenceOf([row(undefined, 'another')], before, scope, hash)).toEqual(nothing);
    expect(differenceOf([row(undefined)], before, scope, hash).corrected).toEqual(before);
  });
});
