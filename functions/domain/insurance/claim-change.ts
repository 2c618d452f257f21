import type { Claim, ClaimStage } from '../../contracts/insurance/claim.ts';
import type { Role } from '../../contracts/roles.ts';
import { type ClaimMove, legalFrom } from './claim-stages.ts';
import { missingDocuments } from './documents.ts';

/** An event for the timeline: ids, codes, dates and amounts. Names and reasons go only into the body, which can be erased. */
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
  | 'date-before-refusal'
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

/** Whether a move is legal at the claim's stage. */
export function isLegal({ stage }: Claim, move: ClaimMove): boolean {
  const stages: readonly ClaimStage[] = legalFrom[move];
  return stages.includes(stage);
}

/** Enters a stage, with a new turn. */
export function to(
  claim: Claim,
  stage: ClaimStage,
  changes: Partial<Claim>,
  events: ClaimEvent[],
  at: string,
): ClaimMoved {
  return { after: { ...claim, ...changes, stage, turn: claim.turn + 1, enteredAt: at, escalated: false }, events };
}

/** Resumes the clock at the end of a pause. */
export function resumed(claim: Claim, at: string): Claim['pauses'] {
  return claim.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
}

/** The documents still missing: of the line's own list and of those asked for. */
export function missingOf(claim: Pick<Claim, 'line' | 'documents' | 'requested'>): ReturnType<typeof missingDocuments> {
  return missingDocuments(
    claim.line,
    claim.documents.map(({ kind }) => kind),
    claim.requested?.kinds ?? [],
  );
}
