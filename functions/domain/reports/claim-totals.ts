import type { Asked } from '../assistance/ledger-rules.ts';
import { dayOf } from '../calendar.ts';

/** A claim as far as a report needs it, on the day asked for. */
export interface ReportedClaim {
  id: string;
  household: string;
  line: string;
  state: 'paid' | 'in-progress' | 'ended';
  /** Fen paid by then, returns deducted. */
  paid: number;
}

/** An event of a claim's timeline: when it was recorded, and what it says. */
export interface ClaimHappening {
  at: string;
  kind: string;
  /** Undefined when the person's data was erased. */
  body: Readonly<Record<string, unknown>> | undefined;
}

/** Events after which a claim is not under way any more, though nothing was paid. */
const ENDS: readonly string[] = ['claim-rejected', 'claim-withdrawn', 'claim-appealed'];
const MONEY: readonly string[] = ['payment-settled', 'payment-returned'];

/** Events that name a day of their own, from which they count in what is summed up. */
const DATED: readonly string[] = [...MONEY, 'refusal-notified'];

/** Whether figures are read from the body of such an event: it names nobody, and is never erased (ADR 23). */
export function isReadByFigures(kind: string): boolean {
  return DATED.includes(kind);
}

/** Whether an event of a claim, beside its first, changes what a report says of it. */
export function isReported(kind: string): boolean {
  return ENDS.includes(kind) || MONEY.includes(kind);
}

/**
 * A claim's state on a day, as known at an instant, from its events: money counts from the day the bank booked it until the day
 * it came back. Undefined when the claim had not been reported.
 */
export function claimAsOf(
  { id, household, line }: Pick<ReportedClaim, 'id' | 'household' | 'line'>,
  events: readonly ClaimHappening[],
  { asOf, knownAt }: Asked,
): ReportedClaim | undefined {
  const known = events.filter(
    ({ at, body }) => Date.parse(at) <= Date.parse(knownAt) && String(body?.['on'] ?? dayOf(Date.parse(at))) <= asOf,
  );
  if (known.length === 0) return undefined;
  const money = known.findLast(({ kind }) => MONEY.includes(kind));
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
