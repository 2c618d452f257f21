import { Problem, type ProblemCode } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import type { Criteria } from '../../../contracts/screening/criteria.ts';
import { RULES_VERSION, type TriageResult } from '../../../contracts/screening/triage.ts';
import { type Visit, visit as visitSchema } from '../../../contracts/screening/visit.ts';
import { MOST_VISITS } from '../../../contracts/screening/visits-http.ts';
import { villageOf } from '../../../contracts/values.ts';
import { explain } from '../../../domain/screening/explain.ts';
import { judgeVisit } from '../../../domain/screening/submission.ts';
import { config } from '../../../runtime/config.ts';
import { fieldErrors } from '../../../runtime/field-errors.ts';
import { type Caller, mustContain, type Operation } from '../../../runtime/http.ts';
import { readCriteria } from '../../../store/screening/criteria.ts';
import { acceptedEntry, acceptVisits } from '../../../store/screening/progress.ts';
import { readSubmissionContext } from '../../../store/screening/submissions.ts';
import { putVisits, visitId } from '../../../store/screening/visits.ts';
import type { visitRoutes } from '../../routes/screening.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../../row-problems.ts';
import { mustBeOpen, type OpenVillage } from './open-village.ts';

interface Outcome {
  row: number;
  household?: string;
  outcome: 'accepted' | 'duplicate' | 'refused';
  visit?: string;
  triage?: ReturnType<typeof explain>;
  problem?: RowProblem;
}

type Parsed = { row: number; visit: Visit } | { row: number; visit: undefined; problem: RowProblem };

/** A row that got past its checks: what the fence is to take, by its entry in the village's progress. */
interface Sound {
  row: number;
  id: string;
  entry: string;
  visit: Visit;
  triage: TriageResult;
}

/**
 * Accepts visits of one village behind the fence (docs/domain.md, 3): each row is parsed and judged by itself; the sound ones are stored, then added to the
 * village's progress on the condition that it still collects. What did not pass both is told so and never counts.
 */
export const submitVisits: Operation<typeof visitRoutes.submitVisits> = async ({ caller, params, body, now }) => {
  const { village, visits } = body;
  mustContain(caller, village);
  if (visits.length > MOST_VISITS) throw new Problem('too-many-rows');
  const rows = visits.map(parsed);
  const open = mustBeOpen(
    await readSubmissionContext(config.district(), params.id, village, householdsOf(rows, village)),
  );
  const criteria = await readCriteria(config.district(), open.round.criteria);
  if (criteria === undefined) throw new Problem('criteria-missing');

  const judged = rows.map((row) => judgedRow(row, { open, criteria, village, caller, now }));
  const sound = judged.flatMap((row) => ('entry' in row ? [row] : []));
  const accepted =
    body.check === true
      ? new Set(sound.map(({ entry }) => entry))
      : await acceptNew(sound, { open, criteria, village, by: caller.sub, now });
  const items = outcomes(judged, open.progress.accepted, accepted);
  if (body.check !== true) refuseWhenNoneHolds(items);
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: {
      round: open.round.id,
      village,
      items,
      accepted: count('accepted'),
      duplicate: count('duplicate'),
      refused: count('refused'),
      criteria: criteria.id,
      rules: RULES_VERSION,
    },
  };
};

function parsed(raw: unknown, row: number): Parsed {
  const result = visitSchema.safeParse(raw, { reportInput: true });
  if (result.success) return { row, visit: result.data };
  return { row, visit: undefined, problem: rowProblem('invalid-body', fieldErrors(result.error, ['visits', row])) };
}

/** The households to read: those of the village, each once. */
function householdsOf(rows: readonly Parsed[], village: string): string[] {
  const ids = rows.flatMap(({ visit }) => visit?.household ?? []);
  return [...new Set(ids.filter((id) => contains(village, villageOf(id))))];
}

function judgedRow(
  row: Parsed,
  given: { open: OpenVillage; criteria: Criteria; village: string; caller: Caller; now: number },
): Sound | Outcome {
  if (row.visit === undefined) return { row: row.row, outcome: 'refused', problem: row.problem };
  const { visit } = row;
  const { open, criteria, village, caller, now } = given;
  const { fault, triage } = judgeVisit(
    visit,
    {
      round: open.round.id,
      village,
      bySurveyor: caller.role === 'surveyor',
      roster: open.roster,
      household: open.households.get(visit.household),
      lastSealedAt: open.district.lastSealed?.sealedAt,
      now,
    },
    criteria,
  );
  if (fault !== undefined) return refusal(row.row, visit, withinRegion(fault.code, caller, visit), fault.field);
  const id = visitId(visit);
  return { row: row.row, id, entry: acceptedEntry(visit, id), visit, triage };
}

/** Stores what is new, then takes it in through the village's door. @returns the entries that are in the progress now */
async function acceptNew(
  sound: readonly Sound[],
  given: { open: OpenVillage; criteria: Criteria; village: string; by: string; now: number },
): Promise<ReadonlySet<string>> {
  const { open, criteria, village, by, now } = given;
  // The same form twice in a batch is one visit.
  const fresh = new Map(
    sound.flatMap((row) => (open.progress.accepted.has(row.entry) ? [] : [[row.entry, row] as const])),
  );
  if (fresh.size === 0) return new Set();
  const submittedAt = new Date(now).toISOString();
  await putVisits(
    [...fresh.values()].map(({ id, visit, triage }) => ({
      id,
      visit,
      triage,
      criteria: criteria.id,
      submittedBy: by,
      submittedAt,
    })),
  );
  return await acceptVisits(open.round.id, village, [...fresh.keys()]);
}

/** The outcome of each row: accepted once, `known` when it was accepted before, refused when the door was closed meanwhile. */
function outcomes(
  judged: readonly (Sound | Outcome)[],
  before: ReadonlySet<string>,
  accepted: ReadonlySet<string>,
): Outcome[] {
  const told = new Set(before);
  return judged.map((row) => {
    if (!('entry' in row)) return row;
    const { entry, visit, id, triage } = row;
    if (!before.has(entry) && !accepted.has(entry)) return refusal(row.row, visit, 'village-sealed', 'round');
    const outcome = told.has(entry) ? 'duplicate' : 'accepted';
    told.add(entry);
    return { row: row.row, household: visit.household, outcome, visit: id, triage: explain(triage) };
  });
}

function refusal(row: number, visit: Visit, code: ProblemCode, field: string): Outcome {
  const problem = rowProblem(code);
  const errors = [{ pointer: `/visits/${row}/${field}`, code, detail: problem.detail }];
  return { row, household: visit.household, outcome: 'refused', problem: { ...problem, errors } };
}

/** A household of another village may also lie outside the caller's region, which is then what is wrong. */
function withinRegion(code: ProblemCode, caller: Caller, visit: Visit): ProblemCode {
  return code === 'other-village' && !contains(caller.region, villageOf(visit.household)) ? 'outside-region' : code;
}
