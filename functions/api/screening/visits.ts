import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { numberOf, villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { pageVillage } from '../../store/registry/households.ts';
import { readProgress, readRoster, recordMissed } from '../../store/screening/progress.ts';
import { readRound } from '../../store/screening/rounds.ts';
import { readSubmissionContext, type SubmissionContext } from '../../store/screening/submissions.ts';
import { ConditionFailed } from '../../store/table.ts';
import { cursorAfter, householdAfter } from '../cursors.ts';
import { viewOf } from '../registry/households/view.ts';
import { visitRoutes } from '../routes/screening.ts';
import { refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';
import { mustBeOpen } from './visits/open-village.ts';
import { submitVisits } from './visits/submit.ts';

const recordReasons: Operation<typeof visitRoutes.recordMissed> = async ({ caller, params, body }) => {
  mustContain(caller, body.village);
  const inVillage = body.items.filter(({ household }) => villageOf(household) === body.village);
  const context = await readSubmissionContext(config.district(), params.id, body.village, [
    ...new Set(inVillage.map(({ household }) => household)),
  ]);
  const { round, roster } = mustBeOpen(context);
  const items = body.items.map(({ household }, row) => {
    const code = reasonFault(household, body.village, context, roster.expected);
    return code === undefined
      ? { row, household, outcome: 'recorded' }
      : { row, household, outcome: 'refused', problem: rowProblem(code) };
  });
  refuseWhenNoneHolds(items);
  const reasons = new Map(
    body.items.flatMap(({ household, reason }, row) =>
      items[row]?.outcome === 'recorded' ? [[numberOf(household), reason] as const] : [],
    ),
  );
  try {
    await recordMissed(round.id, body.village, reasons);
  } catch (error) {
    if (error instanceof ConditionFailed) throw new Problem('village-sealed');
    throw error;
  }
  return { status: 200, body: { items } };
};

function reasonFault(
  household: string,
  village: string,
  context: SubmissionContext,
  expected: ReadonlyMap<string, unknown>,
): ProblemCode | undefined {
  if (villageOf(household) !== village) return 'other-village';
  const found = context.households.get(household);
  if (found === undefined) return 'household-unknown';
  if (found.status === 'cancelled') return 'household-cancelled';
  return expected.has(numberOf(household)) ? undefined : 'household-not-expected';
}

/** The village's expected households in the order of their numbers, each with its members and how far it is. */
const readWorklist: Operation<typeof visitRoutes.readWorklist> = async ({ caller, params, query, now }) => {
  mustContain(caller, query.village);
  const after = query.cursor === undefined ? undefined : householdAfter(query.cursor, query.village);
  const [round, progress, roster, page] = await Promise.all([
    readRound(config.district(), params.id),
    readProgress(params.id, query.village),
    readRoster(params.id, query.village),
    pageVillage(query.village, query.limit, after),
  ]);
  if (round === undefined) throw new Problem('round-unknown');
  const items = page.households.flatMap((household) => {
    const number = numberOf(household.id);
    if (roster === undefined || progress === undefined || !roster.expected.has(number)) return [];
    const visited = progress.visited.has(number);
    const missed = household.status === 'cancelled' ? 'cancelled' : (progress.missed.get(number) ?? null);
    const previous = roster.expected.get(number) ?? null;
    return [
      {
        household: viewOf(household, dayOf(now)),
        state: missed === 'cancelled' || (missed !== null && !visited) ? 'missed' : visited ? 'visited' : 'open',
        missed,
        previousPerCapita: previous?.perCapita ?? null,
        previousClass: previous?.class ?? null,
      },
    ];
  });
  const last = page.households.at(-1);
  const next = page.more && last !== undefined ? { next: cursorAfter(query.village, last.id) } : {};
  const status = round.status === 'collecting' ? (progress?.status ?? 'collecting') : round.status;
  return { status: 200, body: { round: round.id, village: query.village, status, items, ...next } };
};

export const handler = httpHandler(visitRoutes, { submitVisits, recordMissed: recordReasons, readWorklist });
