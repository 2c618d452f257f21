import { type Caller, within } from '../../../runtime/http.ts';
import { type ClaimInContext, readInContext } from '../../../store/insurance/settlements.ts';

/** The claim with policy and product, if it lies in the caller's region. @throws Problem claim-unknown */
export async function claimWithin(id: string, caller: Caller): Promise<ClaimInContext> {
  return within(caller, await readInContext(id), ({ claim }) => claim.household, 'claim-unknown');
}
