import type * as z from 'zod';
import type { Claim } from '../../../contracts/insurance/claim.ts';
import type { payeeRequest } from '../../../contracts/insurance/insurance-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { moveClaim } from '../../../domain/insurance/claim.ts';
import { isSameName } from '../../../domain/registry/names.ts';
import { config } from '../../../runtime/config.ts';
import type { Operation } from '../../../runtime/http.ts';
import { retryOnConflict } from '../../../store/conflicts.ts';
import { changeClaim } from '../../../store/insurance/claims.ts';
import { endTurn } from '../../../store/insurance/settlements.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';
import type { claimReportRoutes } from '../../routes/insurance.ts';
import { claimWithin } from '../claims/within.ts';
import { payableTo } from './claimant.ts';

/** Whom the claim may be paid to: the list that is chosen from is the rule by which a payee is taken. */
export const listPayees: Operation<typeof claimReportRoutes.listPayees> = async ({ caller, params }) => {
  const { claim } = await claimWithin(params.id, caller);
  return { status: 200, body: { items: await payableTo(claim) } };
};

/** The account is encrypted at once, and shown by its last four digits. Of a returned payment this is what sends it again. */
export const recordPayee: Operation<typeof claimReportRoutes.recordPayee> = async ({ caller, params, body, now }) => {
  return await retryOnConflict(async () => {
    const { claim, policy, product } = await claimWithin(params.id, caller);
    await mustBePayable(claim, body);
    const data = await personalData(config.district());
    if (isSamePayee(claim, body, data))
      return { status: 200, body: { id: claim.id, account: claim.payee?.accountMasked } };
    const accountMasked = `****${body.account.slice(-4)}`;
    const payee = {
      kind: body.kind,
      person: body.person,
      name: body.name,
      bank: body.bank,
      accountCipher: data.encrypt(body.account, claim.id),
      accountMasked,
      recordedBy: caller.sub,
      recordedAt: new Date(now).toISOString(),
    };
    const moved = moveClaim(claim, { move: 'payee', payee }, now);
    if (moved.after === undefined) throw new Problem(moved.refusal);
    await changeClaim(claim, moved, { policy, product, now });
    if (moved.after.turn !== claim.turn) await endTurn(claim, caller.sub, now);
    return { status: 200, body: { id: claim.id, account: accountMasked } };
  });
};

type PayeeRequest = z.output<typeof payeeRequest>;

/**
 * Money for a family goes to one of its members or to the insured person, under their own name, or to a guardian whose paper lies with the claim.
 * @throws Problem person-not-member, payee-name-differs, authority-missing
 */
async function mustBePayable(claim: Claim, { kind, person, name, authority }: PayeeRequest): Promise<void> {
  if (kind === 'guardian') {
    const paper = claim.documents.find(({ id }) => id === authority);
    if (paper?.kind !== 'relationship-proof') throw new Problem('authority-missing');
    return;
  }
  const registered = (await payableTo(claim)).find((one) => one.person === person)?.name;
  if (registered === undefined) throw new Problem('person-not-member');
  if (!isSameName(registered, name)) throw new Problem('payee-name-differs');
}

/** The same payee sent again over a bad line voids nothing. A returned payment is sent again even to the same account. */
function isSamePayee({ id, payee, stage }: Claim, wanted: PayeeRequest, data: PersonalData): boolean {
  if (payee === null || stage === 'payment-returned') return false;
  const same = (['kind', 'person', 'name', 'bank'] as const).every((field) => payee[field] === wanted[field]);
  return same && data.decrypt(payee.accountCipher, id) === wanted.account;
}
