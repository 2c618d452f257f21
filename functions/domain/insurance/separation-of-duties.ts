import type { Claim } from '../../contracts/insurance/claim.ts';

/**
 * The acts in a claim that keep their doer from other acts in it later. `refuse-before` is refusing the claim that this one appeals.
 * Who did it is always the account of the token; what they say of others (a hospital's name) is kept beside it.
 */
export const claimActs = [
  'refuse-before',
  'report',
  'record-payee',
  'survey',
  'propose-refusal',
  'approve',
  'reject',
  'instruct',
] as const;
export type ClaimAct = (typeof claimActs)[number];

/** For each act, the acts that exclude it: whoever prepared a claim may not approve it, and whoever approved it may not instruct the payment. */
const barredBy: Readonly<Partial<Record<ClaimAct, readonly ClaimAct[]>>> = {
  approve: ['refuse-before', 'report', 'record-payee', 'survey', 'propose-refusal', 'approve'],
  reject: ['refuse-before', 'report', 'record-payee', 'survey', 'propose-refusal', 'approve'],
  instruct: ['report', 'record-payee', 'survey', 'approve'],
};

/** The earlier acts whose doer may not do `act` in the same claim. */
export function actsThatBar(act: ClaimAct): readonly ClaimAct[] {
  return barredBy[act] ?? [];
}

/** The accounts that did each act in a claim, as far as they still count: an approval that a changed payee made void does not. */
export function doersOf(claim: Claim): Readonly<Record<ClaimAct, readonly string[]>> {
  return {
    'refuse-before': claim.refusedBefore,
    // What was brought later is reported too: a bill added by another hand is money all the same.
    report: [...reportersOf(claim), ...claim.invoicesBy],
    'record-payee': claim.payeeBy,
    survey: claim.survey === null ? [] : [claim.survey.by],
    'propose-refusal': claim.refusal === null || claim.refusal.by === 'rules' ? [] : [claim.refusal.by],
    approve: claim.approvals.map(({ by }) => by),
    reject: claim.rejected === null ? [] : [claim.rejected.by],
    instruct: claim.instructedBy,
  };
}

/** The account that sent a claim in. The family itself has none; nobody signs in by its name. */
export function reportersOf({ reportedBy: { channel, by } }: Pick<Claim, 'reportedBy'>): string[] {
  return channel === 'household' ? [] : [by];
}

/** Whether an account may still do an act in a claim, after all that was done in it. Roles and regions are the routes' to ask. */
export function mayStillAct(claim: Claim, act: ClaimAct, account: string): boolean {
  const doers = doersOf(claim);
  return !actsThatBar(act).some((earlier) => doers[earlier].includes(account));
}
