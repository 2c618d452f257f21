import type { Claim, ClaimStage } from '../../contracts/insurance/claim.ts';
import type { Role } from '../../contracts/roles.ts';
import { type ClaimMove, legalFrom } from './claim-stages.ts';
import { missingDocuments } from './documents.ts';

/** What happened, as the timeline keeps it: ids, codes, dates and amounts; names and reasons only in the body that can be erased. */
export interface ClaimEvent {
  kind: string;
  body: Readonly<Record<string, unknown>>;
}

export type ClaimRefusal =
  | 'claim-stage'
  | 'claim-turn-over'
  | 'claim-not-yours'
  | 'claim-own-work'
  | 'documents-requested-before'
  | 'documents-nothing-missing'
  | 'documents-missing'
  | 'facts-other-line'
  | 'amount-above-invoices'
  | 'date-in-future'
  | 'date-before-event'
  | 'amount-differs'
  | 'refusal-proposed'
  | 'account-missing'
  | 'payee-unapproved'
  | 'documents-full';

export interface ClaimMoved {
  after: Claim;
  events: ClaimEvent[];
  refusal?: never;
}
export type ClaimChange = ClaimMoved | { refusal: ClaimRefusal; after?: never };

export interface Actor {
  account: string;
  role: Role;
}

/** Whether a claim stands where a move is legal. */
export function isLegal({ stage }: Claim, move: ClaimMove): boolean {
  const stages: readonly ClaimStage[] = legalFrom[move];
  return stages.includes(stage);
}

/** Into a stage, with a turn of its own. */
export function to(
  claim: Claim,
  stage: ClaimStage,
  changes: Partial<Claim>,
  events: ClaimEvent[],
  at: string,
): ClaimMoved {
  return { after: { ...claim, ...changes, stage, turn: claim.turn + 1, enteredAt: at, escalated: false }, events };
}

/** The clock goes on: what was pausing it has ended. */
export function resumed(claim: Claim, at: string): Claim['pauses'] {
  return claim.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
}

/** What a claim's papers still lack: the line's own list and what was asked for. */
export function missingOf(claim: Pick<Claim, 'line' | 'documents' | 'requested'>): ReturnType<typeof missingDocuments> {
  return missingDocuments(
    claim.line,
    claim.documents.map(({ kind }) => kind),
    claim.requested?.kinds ?? [],
  );
}
