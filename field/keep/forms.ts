import type { Visit } from '../../functions/contracts/screening/visit.ts';
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
  | { kind: 'measure'; case: string; measure: string; name: string; on: string; evidence: string }
  | { kind: 'death'; on: string; person: string; name: string }
  | { kind: 'birth'; on: string; name: string; idNumber: string };
export type Kind = Answers['kind'];

/**
 * draft → ready → sent; or refused, which the person changes, sends again or keeps aside; `aside` was kept unsent on purpose. Nothing leads from
 * ready or refused to gone.
 */
export type State = 'draft' | 'ready' | 'sent' | 'refused' | 'aside';

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
}

export interface Outcome {
  at: number;
  words: string;
  code?: string;
  /** What stands on the other side, as label and value. */
  theirs?: [string, string][];
}

export const kindNames: Record<Kind, string> = {
  visit: '入户登记',
  missed: '未入户原因',
  call: '走访记录',
  clue: '线索上报',
  measure: '措施完成',
  death: '死亡（待办变更）',
  birth: '出生（待办变更）',
};

/** Whether a finished form still has to reach the server. */
export function isUnsent({ state }: Form): boolean {
  return state === 'ready' || state === 'refused';
}
