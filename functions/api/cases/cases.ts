import { ageBand, caseStage } from '../../contracts/cases/case.ts';
import type { CaseSummary } from '../../contracts/cases/case-record.ts';
import { Problem } from '../../contracts/problems.ts';
import { districtOf } from '../../contracts/regions.ts';
import { villageOf } from '../../contracts/values.ts';
import { labourOf, suggestMeasures } from '../../domain/assistance/measures.ts';
import { dayOf } from '../../domain/calendar.ts';
import { beginClosure, episodeOf, summaryOf } from '../../domain/cases/case.ts';
import { ageOf } from '../../domain/cases/case-age.ts';
import { measureNames } from '../../domain/cases/case-labels.ts';
import { allHold, closureGates } from '../../domain/cases/closure-gates.ts';
import { gateSentence } from '../../domain/cases/sentences.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { reviewStart } from '../../store/cases/admissions.ts';
import { casePartition, changeCase, listJoined, listSummaries, listSummariesAfter } from '../../store/cases/cases.ts';
import { readClosureFacts, readWhatWasSeen } from '../../store/cases/closure-facts.ts';
import { dueStart } from '../../store/due-starts.ts';
import { readTimeline } from '../../store/timeline.ts';
import { startDue } from '../../store/workflows.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { caseRoutes } from '../routes/cases.ts';
import { isOverdue, lineOf } from './cases/view.ts';
import { assignHelper, caseWithin, changeMeasureOf, planMeasureOf, recordRisk, warningsOf } from './cases/work.ts';

const listCases: Operation<typeof caseRoutes.listCases> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const { stage, type, risk, overdue, age, household } = query;
  const today = dayOf(now);
  const isWanted = (one: CaseSummary) =>
    (stage === undefined || one.stage === stage) &&
    (type === undefined || one.caseType === type) &&
    (risk === undefined || one.risks.includes(risk)) &&
    (household === undefined || one.household === household) &&
    (age === undefined || ageOf(one, today) === age) &&
    (overdue === undefined || isOverdue(one, now) === (overdue === 'true'));
  const place = ({ id, household: of }: CaseSummary) => `${villageOf(of)}#${id}`;
  if (query.cursor !== undefined) {
    const isFiltered = [stage, type, risk, household, age, overdue].some((filter) => filter !== undefined);
    const later = await pageFrom(query.cursor, query.limit, query.region, place, (after, limit) =>
      listSummariesAfter(query.region, after, limit, isFiltered ? isWanted : undefined),
    );
    return { status: 200, body: { items: later.items.map((one) => lineOf(one, now)), ...later.next } };
  }
  const found = (await listSummaries(query.region)).filter(isWanted);
  const page = pageOf(found, place, query.region, query);
  const counted = <T extends string>(options: readonly T[], of: (one: CaseSummary) => T | null) =>
    Object.fromEntries(options.map((option) => [option, countOf(found.filter((one) => of(one) === option))]));
  return {
    status: 200,
    body: {
      items: page.items.map((one) => lineOf(one, now)),
      counts: {
        total: countOf(found),
        byStage: counted(caseStage.options, ({ stage: its }) => its),
        byAge: counted(ageBand.options, (one) => ageOf(one, today)),
      },
      ...page.next,
    },
  };
};

/** Counts are always given as households and people. */
function countOf(found: readonly CaseSummary[]): { households: number; people: number } {
  return { households: found.length, people: found.reduce((sum, { people }) => sum + people, 0) };
}

const readOne: Operation<typeof caseRoutes.readCase> = async ({ caller, params, now }) => {
  const found = await caseWithin(params.id, caller);
  const [timeline, seen, warnings, joined] = await Promise.all([
    readTimeline(casePartition(found.id).pk),
    readWhatWasSeen(config.district(), found.household),
    warningsOf(found, now),
    listJoined(found.id),
  ]);
  const risks = episodeOf(found).risks.flatMap(({ code, gone }) => (gone === undefined ? [code] : []));
  const open = found.stage === 'open' || found.stage === 'closing';
  const suggestions = open ? suggestMeasures(risks, labourOf(seen.newestVisit?.visit.members ?? [])) : [];
  return {
    status: 200,
    body: {
      ...lineOf(summaryOf(found), now),
      episodes: found.episodes,
      joinedDeclarations: joined.flatMap(({ episode, clue: { id, at } }) => ({ episode, id, at })),
      measures: found.measures,
      warnings,
      suggestions: suggestions.map((one) => ({ ...one, name: measureNames[one.kind] })),
      timeline: timeline.map(({ link, body }) => ({
        sequence: link.sequence,
        at: link.at,
        kind: link.kind,
        body: body?.body ?? null,
        hash: link.hash,
      })),
      version: found.version,
    },
  };
};

const checkClosure: Operation<typeof caseRoutes.checkClosure> = async ({ caller, params, query, now }) => {
  const found = await caseWithin(params.id, caller);
  if (found.stage !== 'open' && found.stage !== 'closing') throw new Problem('case-not-open');
  const gates = closureGates(await readClosureFacts(config.district(), found, query.method, now));
  return {
    status: 200,
    body: {
      case: found.id,
      method: query.method,
      holds: allHold(gates),
      gates: gates.map((gate) => ({ ...gate, sentence: gateSentence(gate) })),
    },
  };
};

/**
 * Starts a closure when every gate holds. Asked again by the same person while it runs, the same closure is answered; two at
 * once meet in the case's lock, and one of them starts it.
 */
const closeCase: Operation<typeof caseRoutes.closeCase> = async ({ caller, params, body, now }) => {
  const found = await caseWithin(params.id, caller);
  if (found.stage === 'admission') throw new Problem('admission-running');
  if (found.stage === 'closing' && found.review !== null) {
    if (found.review.proposer !== caller.sub || found.closing?.method !== body.method)
      throw new Problem('closure-running');
    await startDue(reviewStart(found));
    return { status: 200, body: { case: found.id, stage: found.stage, startedAt: found.review.startedAt } };
  }
  if (found.stage !== 'open') throw new Problem('case-not-open');
  const gates = closureGates(await readClosureFacts(config.district(), found, body.method, now));
  const started = beginClosure(found, { method: body.method, proposer: caller.sub, gatesHold: allHold(gates), now });
  if (started.after === undefined) {
    const missed = gates.filter(({ holds }) => !holds).map((gate) => ({ ...gate, sentence: gateSentence(gate) }));
    throw new Problem(started.refusal, {
      extra: { gates: missed },
      detail: missed.map(({ sentence }) => sentence).join(''),
    });
  }
  const start = reviewStart(started.after);
  const written = await changeCase(found, started, now, [dueStart(districtOf(found.household), start, now)]);
  await startDue(start);
  return { status: 201, body: { case: written.id, stage: written.stage, startedAt: written.review?.startedAt } };
};

export const handler = httpHandler(caseRoutes, {
  listCases,
  readCase: readOne,
  planMeasure: planMeasureOf,
  changeMeasure: changeMeasureOf,
  recordRisk,
  assignHelper,
  closeCase,
  checkClosure,
});
