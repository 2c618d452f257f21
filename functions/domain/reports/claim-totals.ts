import { dayOf } from '../calendar.ts';
import type { BriefFacts, ReportedClaim } from './brief-facts.ts';

/** An event of a claim's timeline: when it was recorded, and what it says. */
interface ClaimHappening {
  at: string;
  kind: string;
  /** Undefined when the person's data was erased. */
  body: Readonly<Record<string, unknown>> | undefined;
}

/** Events after which a claim is not under way any more, though nothing was paid. */
const ENDS = ['claim-rejected', 'claim-withdrawn', 'claim-appealed'];

/**
 * A claim's state on a day, as known at an instant, from its events: money counts from the day the bank booked it until the day
 * it came back. Undefined when the claim had not been reported.
 */
export function claimAsOf(
  { id, household, line }: Pick<ReportedClaim, 'id' | 'household' | 'line'>,
  events: readonly ClaimHappening[],
  { asOf, knownAt }: Pick<BriefFacts, 'asOf' | 'knownAt'>,
): ReportedClaim | undefined {
  const known = events.filter(
    ({ at, body }) => Date.parse(at) <= Date.parse(knownAt) && String(body?.['on'] ?? dayOf(Date.parse(at))) <= asOf,
  );
  if (known.length === 0) return undefined;
  const money = known.findLast(({ kind }) => kind === 'payment-settled' || kind === 'payment-returned');
  if (money?.kind === 'payment-settled')
    return { id, household, line, state: 'paid', paid: Number(money.body?.['amount'] ?? 0) };
  return {
    id,
    household,
    line,
    state: known.some(({ kind }) => ENDS.includes(kind)) ? 'ended' : 'in-progress',
    paid: 0,
  };
}
