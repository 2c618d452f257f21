import type * as z from 'zod';
import type { relation } from '../../functions/contracts/registry/household.ts';
import type { Visit } from '../../functions/contracts/screening/visit.ts';
import type { Said } from '../app/words.ts';
import type { Judged } from '../rules/judge.ts';
import type { Request } from '../send/server.ts';

/** Amounts as they are typed, yuan: a half-typed number survives a kill of the tab as well as a whole one. */
export type Typed = Readonly<Record<string, string>>;

export interface MemberAnswers {
  person: string;
  labour?: Visit['members'][number]['labour'];
  health?: Visit['members'][number]['health'];
  disabilityGrade?: number | undefined;
  inSchool: boolean;
}

export interface VisitAnswers {
  round: string;
  visitedOn: string;
  purpose: Visit['purpose'];
  amounts: Typed;
  guarantees: Visit['guarantees'];
  shocks: Visit['shocks'];
  members: MemberAnswers[];
  note: string;
}

/** What each kind of form holds while it is filled in. */
export type Answers =
  | { kind: 'visit'; visit: VisitAnswers }
  | { kind: 'missed'; round: string; reason: string }
  | { kind: 'call'; on: string; note: string }
  | { kind: 'clue'; reason: string }
  | {
      kind: 'measure';
      case: string;
      measure: string;
      name: Said;
      to: 'under-way' | 'completed';
      on: string;
      evidence: string;
    }
  | { kind: 'death'; on: string; person: string; name: string }
  | { kind: 'birth'; on: string; name: string; idNumber: string; relation: z.infer<typeof relation> };
export type Kind = Answers['kind'];

/**
 * draft → ready → sent; or refused, which the person changes, sends again or keeps aside; `aside` was kept unsent on purpose. Nothing leads from
 * ready or refused to gone.
 */
export type State = 'draft' | 'ready' | 'sent' | 'refused' | 'aside';

/** A photograph of a form; its bytes are in a record of their own until they have arrived. */
export interface Photograph {
  id: string;
  bytes: number;
  /** Of the bytes, base64. */
  sha256: string;
  takenAt: number;
  sent?: boolean;
  /** Why the server does not want it: it waits no more. */
  refused?: Said;
}

export interface Form {
  id: string;
  state: State;
  household: string;
  /** The head's name when it was begun. */
  title: string;
  /** Of the household, when it was begun. */
  version: number;
  answers: Answers;
  startedAt: number;
  /** By the server's clock, as it was known then. */
  finishedAt?: number;
  /** The very request: made once, before it is first sent, so that sending it again is the same. */
  request?: Request;
  /** Sent at least once, with or without an answer. */
  tried?: boolean;
  /** The person has seen that somebody else was there, and sends it nevertheless. */
  insisted?: boolean;
  judged?: Judged['triage'];
  outcome?: Outcome;
  photographs?: Photograph[];
  /** The visit's id, as the server answered it: what its photographs are of. */
  visit?: string;
}

export interface Outcome {
  at: number;
  words: Said;
  code?: string;
  /** What stands on the other side, as label and value. */
  theirs?: [Said, Said][];
}

export const kindNames: Record<Kind, Said> = {
  visit: ['入户登记', 'Visit'],
  missed: ['未入户原因', 'Not met'],
  call: ['走访记录', 'Call'],
  clue: ['线索上报', 'Clue'],
  measure: ['措施进展', 'Measure'],
  death: ['死亡（待办变更）', 'Death'],
  birth: ['出生（待办变更）', 'Birth'],
};

/** Whether a finished form still has to reach the server. */
export function isUnsent({ state }: Form): boolean {
  return state === 'ready' || state === 'refused';
}

/** The record that holds a photograph's bytes; database.ts tells them by it from all others. */
export function keyOf({ id }: Pick<Photograph, 'id'>): string {
  return `photo/${id}`;
}

export function isWaiting({ sent, refused }: Photograph): boolean {
  return sent !== true && refused === undefined;
}

/** How many photographs of a form that has arrived have not. */
export function photographsWaiting({ state, photographs = [] }: Form): number {
  return state === 'sent' ? photographs.filter(isWaiting).length : 0;
}
