import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { contains } from '../../contracts/regions.ts';
import type { Criteria } from '../../contracts/screening/criteria.ts';
import { RULES_VERSION } from '../../contracts/screening/triage.ts';
import { type Visit, visit as visitSchema } from '../../contracts/screening/visit.ts';
import { MOST_VISITS } from '../../contracts/screening/visits-http.ts';
import { numberOf, villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { explain } from '../../domain/screening/explain.ts';
import { triageVisit } from '../../domain/screening/sheet.ts';
import { visitFault } from '../../domain/screening/submission.ts';
import { NoMonitoringLine } from '../../domain/screening/thresholds.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { type Caller, httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { pageVillage } from '../../store/registry/households.ts';
import { readCriteria } from '../../store/screening/criteria.ts';
import { acceptedEntry, acceptVisits, readProgress, readRoster, recordMissed } from '../../store/screening/progress.ts';
import { readRound } from '../../store/screening/rounds.ts';
import { readSubmissionContext, type SubmissionContext } from '../../store/screening/submissions.ts';
import { putVisits, type SubmittedVisit, visitId } from '../../store/screening/visits.ts';
import { ConditionFailed } from '../../store/table.ts';
import { cursorAfter, householdAfter } from '../cursors.ts';
import { viewOf } from '../registry/households/view.ts';
import { visitRoutes } from '../routes/screening.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';

interface Outcome {
  row: number;
  household?: string;
  outcome: 'accepted' | 'duplicate' | 'refused';
  visit?: string;
  triage?: ReturnType<typeof explain>;
  problem?: RowProblem;
}

/** A row that got past its checks, waiting for the fence. */
interface Checked {
  row: number;
  submitted: SubmittedVisit;
  entry: string;
}

/**
 * Accepts visits of one village behind the fence (docs/domain.md, 3): first they are stored, then added to the village's
 * progress on the condition that it is still collecting. What did not pass both is told so and never counts.
 */
const submitVisits: Operation<typeof visitRoutes.submitVisits> = async ({ caller, params, body, now }) => {
  mustContain(caller, body.village);
  if (body.visits.length > MOST_VISITS) throw new Problem('too-many-rows');
  const rows = body.visits.map((raw, row) => parseRow(raw, row));
  const ids = new Set(
    rows.flatMap(({ visit }) =>
      visit !== undefined && contains(body.village, villageOf(visit.household)) ? [visit.household] : [],
    ),
  );
  const context = await readSubmissionContext(config.district(), params.id, body.village, [...ids]);
  const { round, progress, roster } = mustBeOpen(context);
  const criteria = await readCriteria(config.district(), round.criteria);
  if (criteria === undefined) throw new Problem('criteria-missing');

  const items: Outcome[] = [];
  const checked: Checked[] = [];
  /** The same form once more in this batch: it comes to what the first one comes to. */
  const again: { row: number; entry: string; visit: Visit }[] = [];
  const seen = new Set<string>();
  for (const parsed of rows) {
    const { row, visit } = parsed;
    if (visit === undefined) {
      items[row] = { row, outcome: 'refused', problem: parsed.problem };
      continue;
    }
    const household = context.households.get(visit.household);
    const fault = visitFault(visit, {
      round: round.id,
      village: body.village,
      bySurveyor: caller.role === 'surveyor',
      roster,
      household,
      lastSealedAt: context.district.lastSealed?.sealedAt,
      now,
    });
    if (fault !== undefined || household === undefined) {
      items[row] = refusal(
        row,
        visit,
        withinRegion(fault?.code ?? 'household-unknown', caller, visit),
        fault?.field ?? 'household',
      );
      continue;
    }
    const triage = judged(visit, household, roster, criteria);
    if (triage === undefined) {
      items[row] = refusal(row, visit, 'criteria-missing', 'visitedOn');
      continue;
    }
    const id = visitId(visit);
    const entry = acceptedEntry(visit, id);
    const duplicate = progress.accepted.has(entry) || seen.has(entry);
    seen.add(entry);
    items[row] = {
      row,
      household: visit.household,
      outcome: duplicate ? 'duplicate' : 'accepted',
      visit: id,
      triage: explain(triage),
    };
    if (duplicate && !progress.accepted.has(entry)) again.push({ row, entry, visit });
    if (!duplicate)
      checked.push({
        row,
        entry,
        submitted: {
          id,
          visit,
          triage,
          criteria: criteria.id,
          submittedBy: caller.sub,
          submittedAt: new Date(now).toISOString(),
        },
      });
  }

  if (checked.length > 0) {
    await putVisits(checked.map(({ submitted }) => submitted));
    const accepted = await acceptVisits(
      round.id,
      body.village,
      checked.map(({ entry }) => entry),
    );
    for (const { row, entry, submitted } of checked) {
      if (!accepted.has(entry)) items[row] = refusal(row, submitted.visit, 'village-sealed', 'round');
    }
    for (const { row, entry, visit } of again)
      if (!accepted.has(entry)) items[row] = refusal(row, visit, 'village-sealed', 'round');
  }
  refuseWhenNoneHolds(items);
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: {
      round: round.id,
      village: body.village,
      items,
      accepted: count('accepted'),
      duplicate: count('duplicate'),
      refused: count('refused'),
      criteria: criteria.id,
      rules: RULES_VERSION,
    },
  };
};

type ParsedRow = { row: number; visit: Visit } | { row: number; visit: undefined; problem: RowProblem };

function parseRow(raw: unknown, row: number): ParsedRow {
  const parsed = visitSchema.safeParse(raw, { reportInput: true });
  if (parsed.success) return { row, visit: parsed.data };
  return { row, visit: undefined, problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['visits', row])) };
}

function refusal(row: number, visit: Visit, code: ProblemCode, field: string): Outcome {
  const problem = rowProblem(code);
  return {
    row,
    household: visit.household,
    outcome: 'refused',
    problem: { ...problem, errors: [{ pointer: `/visits/${row}/${field}`, code, detail: problem.detail }] },
  };
}

/** A household of another village may also lie outside the caller's region, which is then what is wrong. */
function withinRegion(code: ProblemCode, caller: Caller, visit: Visit): ProblemCode {
  return code === 'other-village' && !contains(caller.region, villageOf(visit.household)) ? 'outside-region' : code;
}

function judged(
  visit: Visit,
  household: Parameters<typeof triageVisit>[1],
  roster: { expected: Map<string, Parameters<typeof triageVisit>[2]> },
  criteria: Criteria,
) {
  try {
    return triageVisit(visit, household, roster.expected.get(numberOf(household.id)) ?? null, criteria);
  } catch (error) {
    if (error instanceof NoMonitoringLine) return undefined;
    throw error;
  }
}

/** The round, door and roster of a village that still collects. @throws Problem round-not-open, round-unknown, round-sealed, village-sealed */
function mustBeOpen({ round, district, progress, roster }: SubmissionContext) {
  if (round?.status === 'sealed') throw new Problem('round-sealed');
  if (round === undefined) throw new Problem(district.openRound === undefined ? 'round-not-open' : 'round-unknown');
  if (round.status === 'opening') throw new Problem('round-not-open');
  if (progress === undefined || roster === undefined) throw new Problem('household-not-expected');
  return { round, progress, roster };
}

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
