import type { Divisions } from '../../contracts/regions.ts';
import { dayOf } from '../../domain/calendar.ts';
import { type BriefFacts, factsOf } from '../../domain/reports/brief-facts.ts';
import type { Counted } from '../../domain/reports/counted.ts';
import { countFromEvents } from './count-events.ts';
import { changesSince, countBriefly, countForSummary, countFromSummary } from './count-summary.ts';
import { type Question, questionOf } from './question.ts';
import { putSummaries } from './summaries.ts';

/** Reading a change again costs about what a village's summary costs, so that no brief reads more for changes than for summaries. */
const WORTH_A_SUMMARY = 400;

/**
 * Gathers what a brief of a region is computed from, as of a day and as known at an instant: the villages' newest summaries that stood then, and what
 * changed since; where there are none, or too much changed, everything that ever happened.
 * @param as `figures`: villages in which nothing changed may be there as sums, which no figure opens
 */
export async function readBriefFacts(
  region: string,
  asOf: string,
  knownAt: string,
  divisions: Divisions,
  as: 'households' | 'figures' = 'households',
): Promise<BriefFacts> {
  const question = await questionOf({ region, asOf, knownAt }, divisions);
  const since = await changesSince(question);
  const short = as === 'figures' && since !== undefined ? await countBriefly(question, since) : undefined;
  const counted =
    short?.counted ?? (since && (await countFromSummary(question, since))) ?? (await countFromEvents(question));
  return factsOf({ region, asOf, knownAt }, counted, question.policies, short?.sums);
}

/** The same from everything that ever happened: what a summary must agree with, and what one is made of when a round is sealed. */
export async function readBriefFactsFromEvents(
  region: string,
  asOf: string,
  knownAt: string,
  divisions: Divisions,
): Promise<{ facts: BriefFacts; question: Question; counted: Counted }> {
  const question = await questionOf({ region, asOf, knownAt }, divisions);
  const counted = await countFromEvents(question);
  return { facts: factsOf({ region, asOf, knownAt }, counted, question.policies), question, counted };
}

/**
 * The daily close: when so much has changed since the newest summary, villages were added, or a month has begun, the villages' summaries as of today.
 * @returns how many changes were noted since, and whether new summaries were written
 */
export async function closeDay(divisions: Divisions, now: number): Promise<{ changes: number; closed: boolean }> {
  const asOf = dayOf(now);
  const knownAt = new Date(now).toISOString();
  const region = divisions.district.code;
  const question = await questionOf({ region, asOf, knownAt }, divisions);
  const since = await changesSince(question);
  const changes = since?.noted.length ?? 0;
  const isOfMonth = since !== undefined && dayOf(Date.parse(since.head.at)).slice(0, 7) === asOf.slice(0, 7);
  if (isOfMonth && changes < WORTH_A_SUMMARY) return { changes, closed: false };
  await putSummaries(
    question,
    (since && (await countForSummary(question, since))) ?? (await countFromEvents(question)),
  );
  return { changes, closed: true };
}
