import type { CaseStage, Clue, Episode, Verdict } from '../../contracts/cases/case.ts';
import type { Case, CaseMeasure, CaseSummary } from '../../contracts/cases/case-record.ts';
import type { Requirement, ReviewRefusal } from '../../contracts/cases/review.ts';
import type { ActiveCase } from '../../contracts/registry/household.ts';
import type { CaseType, SignalId } from '../../contracts/screening/triage.ts';
import type { Findings } from '../../contracts/screening/visit.ts';
import type { CaseEventKind } from '../../contracts/timeline.ts';
import { dayOf, isoOrNull } from '../calendar.ts';
import { stepTimes, totalDueAt } from './clocks.ts';
import { ladderInForce, ladders, pinnedLadder } from './ladder.ts';
import { beginEpisode, joinClue, type Standing } from './new-candidate.ts';
import { nextReview, type ReviewAction, startReview } from './review.ts';

/** An event for the timeline: ids, codes and dates. Names and reasons go only into the body, which can be erased. */
export interface CaseEvent {
  kind: CaseEventKind;
  body: Readonly<Record<string, unknown>>;
}

/** A changed case and the events for its timeline. `after` keeps the version it was made from. */
export interface CaseMoved {
  after: Case;
  events: CaseEvent[];
  refusal?: never;
}
export type CaseStep = CaseMoved | { refusal: ReviewRefusal; missing?: Requirement[]; after?: never };

/** A case without an episode: this software never writes one. */
export class CaseWithoutEpisode extends Error {
  override readonly name = 'CaseWithoutEpisode';
}

/** The current episode. @throws CaseWithoutEpisode */
export function episodeOf({ id, episodes }: Pick<Case, 'id' | 'episodes'>): Episode {
  const episode = episodes.at(-1);
  if (episode === undefined) throw new CaseWithoutEpisode(`Case ${id} has no episode.`);
  return episode;
}

export function withEpisode(found: Case, changes: Partial<Episode>): Case {
  return { ...found, episodes: [...found.episodes.slice(0, -1), { ...episodeOf(found), ...changes }] };
}

/** Measures of all episodes together: a case is one item of at most 400 KB. */
export const MOST_MEASURES = 200;

/** The case with one more measure; undefined when it takes no more. */
export function withMeasure(found: Case, measure: CaseMeasure): Case | undefined {
  return found.measures.length >= MOST_MEASURES ? undefined : { ...found, measures: [...found.measures, measure] };
}

/** What the household item says about its case: the guard against a second case. */
export function activeCaseOf(found: Pick<Case, 'id' | 'stage'> | undefined): ActiveCase | undefined {
  if (found === undefined || found.stage === 'rejected' || found.stage === 'closed') return undefined;
  return { id: found.id, stage: found.stage === 'admission' ? 'admission' : 'open' };
}

/** The rejection from which the 90 days are counted. */
export function rejectionOf(found: Case | undefined): Standing['rejected'] {
  if (found === undefined || found.stage !== 'rejected' || found.rejected === null) return undefined;
  const signals = episodeOf(found).clues.flatMap((clue): readonly SignalId[] =>
    clue.source === 'screening' ? clue.signals : [],
  );
  return { on: dayOf(Date.parse(found.rejected.at)), signals };
}

/**
 * Takes a clue in: it joins the running admission or open case, or begins an episode with its admission at the first step. One that any episode holds
 * changes nothing: departments send cumulative lists, and what led to a rejection or was closed is no new risk.
 * @param proposer the officer who gave the clue, who decides no step; null when nobody did
 * @param known whether this very declaration joined the case before
 * @param caseType from the sealed row, so that the comparison step need not ask for it; null when not known yet
 */
export function takeClue(
  found: Case | undefined,
  {
    id,
    household,
    clue,
    people,
    caseType,
    known = false,
    now,
  }: {
    id: string;
    household: string;
    clue: Clue;
    people: number;
    caseType: CaseType | null;
    known?: boolean;
    now: number;
  },
): CaseMoved | { refusal: 'clues-full'; after?: never } {
  const body = { clue: clue.id, source: clue.source };
  const isHeld = known || found?.episodes.some(({ clues }) => clues.some(({ id: held }) => held === clue.id)) === true;
  if (found !== undefined && isHeld) return { after: found, events: [] };
  if (found !== undefined && activeCaseOf(found) !== undefined) {
    const joined = joinClue(episodeOf(found), clue);
    if (joined === 'full') return { refusal: 'clues-full' };
    return { after: withEpisode(found, joined), events: [{ kind: 'clue-joined', body }] };
  }
  const episode = beginEpisode(found?.episodes.at(-1), clue, { caseType, people });
  const ladder = ladderInForce(ladders, 'admission', dayOf(now));
  const started = startReview(ladder, {
    proposer: clue.source === 'officer' ? clue.by : null,
    known: caseType === null ? [] : ['caseType'],
    now,
  });
  if (started.state === undefined) throw new Error(`An admission could not start: ${started.refusal}.`);
  const after: Case = {
    id,
    household,
    stage: 'admission',
    version: found?.version ?? 0,
    head: found?.head ?? null,
    episodes: [...(found?.episodes ?? []), episode],
    review: started.state,
    closing: null,
    measures: found?.measures ?? [],
    rejected: null,
  };
  const events: CaseEvent[] = [
    { kind: 'episode-started', body: { episode: episode.number, ...body } },
    { kind: 'review-started', body: { procedure: 'admission', ladder: ladder.effectiveFrom } },
  ];
  return { after, events };
}

/** Begins a closure of an open case. @param gatesHold whether every gate holds at this instant */
export function beginClosure(
  found: Case,
  {
    method,
    proposer,
    gatesHold,
    now,
  }: { method: NonNullable<Case['closing']>['method']; proposer: string; gatesHold: boolean; now: number },
): CaseStep {
  const ladder = ladderInForce(ladders, 'closure', dayOf(now));
  const started = startReview(ladder, { proposer, gatesHold, now });
  if (started.state === undefined) return started;
  return {
    after: { ...found, stage: 'closing', review: started.state, closing: { method } },
    events: [
      { kind: 'review-started', body: { procedure: 'closure', ladder: ladder.effectiveFrom, method, by: proposer } },
    ],
  };
}

/** What an ended review writes into the case. */
export interface Ending {
  /** Fen per person in the newest visit; a closure keeps it. */
  perCapita?: number;
  /** In that visit. */
  guarantees?: Findings['guarantees'];
}

/** Applies an action to the running review, and what follows for the case: opened, rejected, closed or open again. */
export function moveReview(found: Case, action: ReviewAction, ending: Ending = {}): CaseStep {
  const { review } = found;
  if (review === null) return { refusal: 'review-ended' };
  const next = nextReview(pinnedLadder(ladders, review), review, action);
  if (next.state === undefined) return next;
  if (next.state === review) return { after: found, events: [] };
  const moved: Case = { ...found, review: next.state };
  const event = eventOf(action, review.step, next.state.turn);
  if (action.type !== 'decide' || action.verdict.verdict === 'send-back') return { after: moved, events: [event] };
  const { verdict, now } = action;
  const recorded = verdict.verdict === 'approve' ? recordVerdict(moved, verdict) : moved;
  if (next.state.ended === null) return { after: recorded, events: [event] };
  const ended =
    review.ladder.procedure === 'admission'
      ? endAdmission(recorded, verdict, now)
      : endClosure(recorded, verdict, { ...ending, now });
  return { after: ended.after, events: [event, ...ended.events] };
}

/** What ends a review: sending back never does. */
type Final = Exclude<Verdict, { verdict: 'send-back' }>;

/** What an approval adds to the case: the risks and the type. Helper and contact are taken at the last step. */
function recordVerdict(found: Case, { risks, caseType }: Extract<Verdict, { verdict: 'approve' }>): Case {
  return withEpisode(found, {
    ...(risks === undefined ? {} : { risks: risks.map((code) => ({ code })) }),
    ...(caseType === undefined ? {} : { caseType }),
  });
}

function endAdmission(found: Case, verdict: Final, now: number): CaseMoved {
  const on = dayOf(now);
  if (verdict.verdict === 'reject') {
    const rejected = { at: new Date(now).toISOString(), code: verdict.code, reason: verdict.reason };
    return {
      after: { ...found, stage: 'rejected', rejected },
      events: [{ kind: 'case-rejected', body: { on, code: verdict.code, reason: verdict.reason } }],
    };
  }
  const helper = verdict.helper === undefined ? {} : { helper: { ...verdict.helper, since: on } };
  const opened = withEpisode({ ...found, stage: 'open' }, { admittedOn: on, ...helper });
  return {
    after: opened,
    events: [
      {
        kind: 'case-opened',
        body: { on, caseType: episodeOf(opened).caseType, risks: episodeOf(opened).risks.map(({ code }) => code) },
      },
      { kind: 'helper-assigned', body: { on, helper: verdict.helper?.account } },
    ],
  };
}

function endClosure(
  found: Case,
  verdict: Final,
  { perCapita = 0, guarantees, now }: Ending & { now: number },
): CaseMoved {
  const on = dayOf(now);
  if (verdict.verdict === 'reject') {
    return {
      after: { ...found, stage: 'open' },
      events: [{ kind: 'closure-refused', body: { on, code: verdict.code, reason: verdict.reason } }],
    };
  }
  const { monitoringContact } = verdict;
  if (found.closing === null || monitoringContact === undefined)
    throw new Error('A closure ended without its method or contact.');
  const { method } = found.closing;
  return {
    after: withEpisode(
      { ...found, stage: 'closed' },
      { closed: { on, method, perCapita, ...(guarantees === undefined ? {} : { guarantees }), monitoringContact } },
    ),
    events: [{ kind: 'case-closed', body: { on, method, perCapita, contact: monitoringContact.account } }],
  };
}

function eventOf(action: ReviewAction, step: string, turn: number): CaseEvent {
  switch (action.type) {
    case 'decide':
      return {
        kind: 'step-decided',
        body: { step, turn: action.turn, by: action.by.account, role: action.by.role, verdict: action.verdict },
      };
    case 'publish-notice':
      return { kind: 'notice-published', body: { notice: action.notice, turn } };
    case 'conclude-notice':
      return { kind: 'notice-concluded', body: { turn: action.turn } };
    case 'escalate':
      return { kind: 'step-escalated', body: { step, turn } };
    case 'object':
      return { kind: 'objection-lodged', body: { notice: action.notice, objection: action.objection } };
    case 'answer-objection':
      return { kind: 'objection-answered', body: { objection: action.objection, by: action.by } };
  }
}

const STAGES_UNDER_REVIEW: ReadonlySet<CaseStage> = new Set(['admission', 'closing']);

/** The fields that lists and counts use. Due times are instants; an ended review has none. */
export function summaryOf(found: Case): CaseSummary {
  const episode = episodeOf(found);
  return {
    id: found.id,
    household: found.household,
    stage: found.stage,
    episode: episode.number,
    people: episode.people,
    caseType: episode.caseType,
    risks: episode.risks.map(({ code }) => code),
    startedAt: episode.startedAt,
    admittedOn: episode.admittedOn ?? null,
    closed: episode.closed === undefined ? null : { on: episode.closed.on, method: episode.closed.method },
    review: reviewSummaryOf(found),
    helper: episode.helper?.account ?? null,
  };
}

function reviewSummaryOf({ stage, review }: Case): CaseSummary['review'] {
  if (review === null || review.ended !== null || !STAGES_UNDER_REVIEW.has(stage)) return null;
  const ladder = pinnedLadder(ladders, review);
  const times = stepTimes(ladder, review);
  const total = totalDueAt(ladder, review.startedAt);
  return {
    procedure: ladder.procedure,
    step: review.step,
    stepDueAt: isoOrNull(times?.dueAt ?? null),
    totalDueAt: isoOrNull(total),
    awaitingCalendar: total === null || times?.dueAt === null,
  };
}
