import type { Measure } from '../assistance/measure.ts';
import type { CaseType } from '../screening/triage.ts';
import type { CaseStage, ClosureMethod, Episode, RejectCode, RiskCode, StepId } from './case.ts';
import type { ReviewState } from './review.ts';

/** A household's case as it is stored: one for the household's whole life, an episode for each time of trouble. */
export interface Case {
  id: string;
  household: string;
  stage: CaseStage;
  /** Optimistic lock: every change names the version it was made from. */
  version: number;
  /** The newest link of its timeline. */
  head: { sequence: number; hash: string } | null;
  /** Oldest first; the last one is the current one. Earlier ones stay as they were. */
  episodes: Episode[];
  /** The running review, or the last one that ended; null for an episode taken over from a former register. */
  review: ReviewState | null;
  /** What the running or last closure asks for. */
  closing: { method: ClosureMethod } | null;
  measures: CaseMeasure[];
  /** Why the current episode's admission was refused. */
  rejected: { at: string; code: RejectCode; reason: string } | null;
  /** The households it was taken along from, oldest first. */
  moves?: { at: string; from: string }[];
}

/** A measure belongs to the episode it was planned in. */
export interface CaseMeasure extends Measure {
  episode: number;
}

/** The fields of a case that lists, counts and reports use. Written in the same transaction as the case. */
export interface CaseSummary {
  id: string;
  household: string;
  stage: CaseStage;
  episode: number;
  people: number;
  caseType: CaseType | null;
  risks: RiskCode[];
  startedAt: string;
  admittedOn: string | null;
  closed: { on: string; method: ClosureMethod } | null;
  /** Where the running review stands, when that step and the whole procedure are due; null without one. */
  review: {
    procedure: 'admission' | 'closure';
    step: StepId;
    stepDueAt: string | null;
    totalDueAt: string | null;
    awaitingCalendar: boolean;
  } | null;
  helper: string | null;
}
