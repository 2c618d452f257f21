import { describe, expect, it } from 'vitest';
import type { Confirmation, Payout } from '../../../functions/contracts/insurance/payout.ts';
import { isInDispute, judge, reconcile } from '../../../functions/domain/insurance/confirmations.ts';

const END_TO_END = '0123456789abcdef-01';
const DISPUTED: Payout['disputed'] = { status: 'settled', on: '2023-10-14', at: '2023-10-14T02:00:00.000Z' };
const RESOLVED: Payout['resolved'] = { by: 'district-officer', at: '2023-10-15T02:00:00.000Z', reason: '已核实' };

function payment(changes: Partial<Payout> = {}): Payout {
  return {
    ...{ endToEndId: END_TO_END, claim: 'claim-0123456789abcdef', policy: 'policy-0123456789abcdef' },
    ...{ household: '440904001001-0001', batch: 'batch-0123456789abcdef', amount: 100, status: 'instructed' },
    ...{ instructedAt: '2023-10-11T02:00:00.000Z', settledOn: null, returned: null, disputed: null, resolved: null },
    ...{ payeeName: '', bank: '', accountCipher: '', accountMasked: '' },
    ...changes,
  };
}

const settled = (changes: Partial<Payout> = {}) => payment({ status: 'settled', settledOn: '2023-10-12', ...changes });
const returned = (changes: Partial<Payout> = {}) =>
  payment({ status: 'returned', returned: { on: '2023-10-13', reason: 'AC01', afterSettlement: false }, ...changes });

describe('what the bank says of a payment', () => {
  const said = (status: Confirmation['status'], on: string): Confirmation => ({
    ...{ endToEndId: END_TO_END, amount: 100, status, on },
  });

  it.each<[string, Payout, Confirmation, object]>([
    [
      'money sent back on the day it arrived is back',
      settled(),
      said('returned', '2023-10-12'),
      { effect: 'returned', afterSettlement: true },
    ],
    [
      'sent back before it arrived: a person finds out',
      settled(),
      said('returned', '2023-10-11'),
      { effect: 'disputed' },
    ],
    ['and is told once', settled({ disputed: DISPUTED }), said('returned', '2023-10-11'), { effect: 'unchanged' }],
    [
      'what never arrived is sent back',
      payment(),
      said('returned', '2023-10-11'),
      { effect: 'returned', afterSettlement: false },
    ],
    [
      'what was only accepted is sent back',
      payment({ status: 'accepted' }),
      said('returned', '2023-10-11'),
      { effect: 'returned', afterSettlement: false },
    ],
    [
      'an earlier release kept no day of arrival',
      settled({ settledOn: null }),
      said('returned', '2023-10-01'),
      { effect: 'returned', afterSettlement: true },
    ],
    [
      'arrived after it was sent back: a person finds out',
      returned(),
      said('settled', '2023-10-14'),
      { effect: 'disputed' },
    ],
    ['and is told once', returned({ disputed: DISPUTED }), said('settled', '2023-10-14'), { effect: 'unchanged' }],
    [
      'the arrival before it was sent back, told late',
      returned({ settledOn: '2023-10-12' }),
      said('settled', '2023-10-12'),
      { effect: 'unchanged' },
    ],
    [
      'a later arrival than that',
      returned({ settledOn: '2023-10-12' }),
      said('settled', '2023-10-13'),
      { effect: 'disputed' },
    ],
    ['what arrived is accepted late', settled(), said('accepted', '2023-10-11'), { effect: 'unchanged' }],
    ['another sum', settled(), { ...said('settled', '2023-10-12'), amount: 99 }, { effect: 'amount-differs' }],
  ])('%s', (_, payout, confirmation, effect) => {
    expect(judge(payout, confirmation)).toEqual(effect);
  });

  it('is in dispute until a person has found out', () => {
    const told = [
      { disputed: null, resolved: null },
      { disputed: DISPUTED, resolved: null },
      { disputed: DISPUTED, resolved: RESOLVED },
    ];
    expect(told.map(isInDispute)).toEqual([false, true, false]);
  });
});

describe('a batch', () => {
  it('is open while a payment of it has no last word, and says which and why', () => {
    const one = (n: number, payout: Payout) => ({ ...payout, endToEndId: `0123456789abcdef-0${n}`, amount: 100 * n });
    const payouts = [
      one(1, settled()),
      one(2, returned()),
      one(3, payment()),
      one(4, payment({ status: 'accepted' })),
      one(5, settled({ disputed: DISPUTED })),
      one(6, settled({ disputed: DISPUTED, resolved: RESOLVED })),
    ];
    expect(reconcile({ count: 6, sum: 2100 }, payouts)).toEqual({
      state: 'open',
      instructed: { count: 6, sum: 2100 },
      settled: { count: 3, sum: 1200 },
      returned: { count: 1, sum: 200 },
      differences: [
        { endToEndId: '0123456789abcdef-03', why: 'unconfirmed', amount: 300 },
        { endToEndId: '0123456789abcdef-04', why: 'accepted-only', amount: 400 },
        { endToEndId: '0123456789abcdef-05', why: 'disputed', amount: 500 },
      ],
    });
  });

  it('all of which has ended is reconciled, unless a count or a sum is another, or something is in dispute', () => {
    const state = (count: number, sum: number, payouts: Payout[]) => reconcile({ count, sum }, payouts).state;
    expect(state(2, 200, [settled(), returned()])).toBe('reconciled');
    expect(state(3, 200, [settled(), returned()])).toBe('open');
    expect(state(2, 201, [settled(), returned()])).toBe('open');
    expect(state(2, 200, [settled(), returned({ disputed: DISPUTED })])).toBe('open');
  });
});
