import type { Claim } from '../../../functions/contracts/insurance/claim.ts';
import { newClaim } from '../../../functions/domain/insurance/new-claim.ts';

/** An invented claim that has only been reported, with changes. */
export function emptyClaim(changes: Partial<Claim> = {}): Claim {
  const event = {
    household: '440904001001-0001',
    person: 'p-0123456789abcdef',
    line: 'illness' as const,
    eventOn: '2023-10-10',
    invoices: [],
    claimed: null,
  };
  return {
    ...newClaim({
      id: 'claim-0123456789abcdef',
      receipt: 'L0123456789AB',
      event,
      policy: { id: 'policy-0123456789ab', product: 'product-0123456789ab' },
      by: { channel: 'village', by: 'village-worker-1', told: null },
      reportedAt: '2023-11-20T02:00:00.000Z',
    }),
    version: 1,
    ...changes,
  };
}
