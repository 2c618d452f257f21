import type { Decision } from '../../contracts/decision.ts';
import type { Claim } from '../../contracts/insurance/claim.ts';
import type { Policy } from '../../contracts/insurance/policy.ts';
import type { Product } from '../../contracts/insurance/product.ts';
import { districtOf } from '../../contracts/regions.ts';
import { isoOrNull } from '../../domain/calendar.ts';
import { waitingOf } from '../../domain/insurance/claim-stages.ts';
import { answered, decisionIdOf, readDecision } from '../decisions.ts';
import type { Start } from '../due-starts.ts';
import { ConditionFailed, transact } from '../table.ts';
import { readClaim } from './claims.ts';
import { readPolicy, readProduct } from './policies.ts';

/** A claim names a policy or product that is not in the table: a defect. */
export class ClaimWithoutPolicy extends Error {
  override readonly name = 'ClaimWithoutPolicy';
}

export interface ClaimInContext {
  claim: Claim;
  policy: Policy;
  product: Product;
}

/** A claim with the policy and product it stands under. @throws ClaimWithoutPolicy */
export async function readInContext(id: string): Promise<ClaimInContext | undefined> {
  const claim = await readClaim(id);
  if (claim === undefined) return undefined;
  const district = districtOf(claim.household);
  const [policy, product] = await Promise.all([
    readPolicy(district, claim.policy),
    readProduct(district, claim.product),
  ]);
  if (policy === undefined || product === undefined)
    throw new ClaimWithoutPolicy(`Claim ${id} has no policy or product.`);
  return { claim, policy, product };
}

/** What the claim's turn asks of a person; undefined when a task or nobody acts next. @param now ms since 1970 */
export function settlementOf(claim: Claim, product: Product, now: number): Decision | undefined {
  const waiting = waitingOf(claim, product, now);
  if (waiting === undefined) return undefined;
  return {
    id: waitIdOf(claim),
    procedure: 'settlement',
    subject: claim.id,
    household: claim.household,
    step: waiting.step,
    turn: claim.turn,
    roles: waiting.roles,
    enteredAt: claim.enteredAt,
    dueAt: isoOrNull(waiting.dueAt),
    reminded: [],
    escalatedAt: null,
  };
}

/** Names the wait of a turn; each run of a claim counts its turns on. */
function waitIdOf({ id, reportedAt, turn }: Pick<Claim, 'id' | 'reportedAt' | 'turn'>): string {
  return decisionIdOf(id, 'settlement', reportedAt, turn);
}

/**
 * Ends the wait of a turn that is over, if the workflow waits for it already, and says how to tell it. If it does not wait yet, it looks before it
 * does; if this crashes, it looks again by itself.
 */
export async function endTurn(
  before: Claim,
  by: string,
  now: number,
): Promise<{ id: string; token: string | undefined } | undefined> {
  const stored = await readDecision(waitIdOf(before));
  if (stored === undefined) return undefined;
  try {
    await transact([answered(stored.decision, { verdict: 'over', by, at: new Date(now).toISOString() })]);
  } catch (error) {
    // Ended before.
    if (!(error instanceof ConditionFailed)) throw error;
  }
  return { id: stored.decision.id, token: stored.token };
}

/** The execution that carries a claim's run. */
export function settlementStart({ id, run }: Pick<Claim, 'id' | 'run'>): Start {
  return { workflow: 'claim-settlement', name: `${id}-${run}`, input: { claim: id, run } };
}
