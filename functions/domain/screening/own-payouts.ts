import type { OwnPayout } from '../../contracts/registry/household.ts';
import { addMonths } from '../calendar.ts';

/** Fen this system's own claims paid to a household in the 12 months up to and including `day`: they count as income. */
export function ownPayoutsUpTo(payouts: readonly OwnPayout[], day: string): number {
  if (payouts.length === 0) return 0;
  const after = addMonths(day, -12);
  let sum = 0;
  for (const payout of payouts) if (payout.paidOn > after && payout.paidOn <= day) sum += payout.amount;
  return sum;
}
