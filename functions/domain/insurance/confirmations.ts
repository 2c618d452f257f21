import type { Confirmation, Payout, PayoutBatch } from '../../contracts/insurance/payout.ts';

/** The effect of a confirmation on a payment. */
export type ConfirmationEffect =
  | { effect: 'accepted' }
  | { effect: 'settled' }
  | { effect: 'returned'; afterSettlement: boolean }
  /** Repeated: nothing changes. */
  | { effect: 'unchanged' }
  /** It contradicts what is recorded; a person must find out. */
  | { effect: 'disputed' };

/**
 * Judges a confirmation in any order and any number of times (docs/domain.md, 6): a return on the day of a settlement or later is believed and undoes it; a
 * settlement after a return, or a return before a settlement, is listed for a person; late or repeated ones change nothing. `amount-differs` when it is about another sum.
 */
export function judge(
  payout: Pick<Payout, 'status' | 'amount' | 'settledOn' | 'returned' | 'disputed'>,
  said: Confirmation,
): ConfirmationEffect | { effect: 'amount-differs' } {
  if (said.amount !== payout.amount) return { effect: 'amount-differs' };
  switch (said.status) {
    case 'accepted':
      return { effect: payout.status === 'instructed' ? 'accepted' : 'unchanged' };
    case 'settled':
      if (payout.status === 'settled') return { effect: 'unchanged' };
      if (payout.status !== 'returned') return { effect: 'settled' };
      // Before it was returned it had settled on that day: an old message that comes late or twice.
      if (payout.settledOn !== null && said.on <= payout.settledOn) return { effect: 'unchanged' };
      return { effect: payout.disputed === null ? 'disputed' : 'unchanged' };
    case 'returned':
      if (payout.status === 'returned') return { effect: 'unchanged' };
      // It says of an earlier day that the money was sent back which arrived on a later one: in whatever order the two come, a person finds out.
      if (payout.status === 'settled' && payout.settledOn !== null && said.on < payout.settledOn)
        return { effect: payout.disputed === null ? 'disputed' : 'unchanged' };
      return { effect: 'returned', afterSettlement: payout.status === 'settled' };
  }
}

/** Whether the bank has said two things of a payment and nobody has found out yet: until then its claim is not paid again. */
export function isInDispute({ disputed, resolved }: Pick<Payout, 'disputed' | 'resolved'>): boolean {
  return disputed !== null && resolved === null;
}

interface CountAndSum {
  count: number;
  sum: number;
}

/** A payment that keeps its batch from being reconciled. */
export interface Difference {
  endToEndId: string;
  why: 'unconfirmed' | 'accepted-only' | 'disputed';
  amount: number;
}

export interface Reconciliation {
  state: 'open' | 'reconciled';
  instructed: CountAndSum;
  settled: CountAndSum;
  returned: CountAndSum;
  differences: Difference[];
}

/**
 * A batch is reconciled when each of its payments has come to an end, and what settled and what was returned make up its count and sum to the
 * last fen; otherwise every payment that prevents it is listed.
 */
export function reconcile(
  { count, sum }: Pick<PayoutBatch, 'count' | 'sum'>,
  payouts: readonly Payout[],
): Reconciliation {
  const total = (all: readonly Payout[]): CountAndSum => ({
    count: all.length,
    sum: all.reduce((whole, { amount }) => whole + amount, 0),
  });
  const settled = total(payouts.filter(({ status }) => status === 'settled'));
  const returned = total(payouts.filter(({ status }) => status === 'returned'));
  const differences = payouts.flatMap((payout): Difference[] => {
    const { endToEndId, status, amount } = payout;
    if (isInDispute(payout)) return [{ endToEndId, why: 'disputed', amount }];
    if (status === 'instructed') return [{ endToEndId, why: 'unconfirmed', amount }];
    return status === 'accepted' ? [{ endToEndId, why: 'accepted-only', amount }] : [];
  });
  const agrees = settled.count + returned.count === count && settled.sum + returned.sum === sum;
  return {
    state: agrees && differences.length === 0 ? 'reconciled' : 'open',
    instructed: { count, sum },
    settled,
    returned,
    differences,
  };
}
