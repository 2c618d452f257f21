import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { numberOf, villageOf } from '../../contracts/values.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { recordMissed } from '../../store/screening/progress.ts';
import { readSubmissionContext, type SubmissionContext } from '../../store/screening/submissions.ts';
import { ConditionFailed } from '../../store/table.ts';
import { visitRoutes } from '../routes/screening.ts';
import { refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';
import { mustBeOpen } from './visits/open-village.ts';
import { submitVisits } from './visits/submit.ts';
import { readWorklist } from './visits/worklist.ts';

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

export const handler = httpHandler(visitRoutes, { submitVisits, recordMissed: recordReasons, readWorklist });
