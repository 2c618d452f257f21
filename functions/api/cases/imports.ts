import * as z from 'zod';
import type { Case } from '../../contracts/cases/case-record.ts';
import { type FormerCase, formerCase, MOST_CASES } from '../../contracts/cases/imports-http.ts';
import { Problem, type ProblemCode } from '../../contracts/problems.ts';
import { contains } from '../../contracts/regions.ts';
import { type QualityRule, qualityRules } from '../../contracts/reports/quality-rule.ts';
import { villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { formerToCase, isTakenOver } from '../../domain/cases/former-register.ts';
import { eachOf, wavesOf } from '../../domain/concurrency.ts';
import { config } from '../../runtime/config.ts';
import { fieldErrors } from '../../runtime/field-errors.ts';
import { type Caller, httpHandler, type Operation } from '../../runtime/http.ts';
import { caseIdOf, changeCase, readCase } from '../../store/cases/cases.ts';
import { contentIdOf, sha256 } from '../../store/ids.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { readQualityGround } from '../../store/reports/quality-facts.ts';
import { checkVillages } from '../../store/reports/quality-runs.ts';
import { ConditionFailed } from '../../store/table.ts';
import { importRoutes } from '../routes/cases.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../row-problems.ts';

const AT_ONCE = 4;

/** A row is parsed when its turn comes; whose it is says whose turn it is. */
const householdNamed = z.object({ household: z.string().transform((one) => [one]) });

interface Outcome {
  row: number;
  outcome: 'imported' | 'unchanged' | 'refused';
  /** Of a row that was taken, now or before. */
  household?: string;
  case?: string;
  problem?: RowProblem;
}

/** Takes a former register over, row by row: whole or not at all, once, and never over a case that lives here. */
const importCases: Operation<typeof importRoutes.importCases> = async ({ caller, body, now }) => {
  if (body.rows.length > MOST_CASES) throw new Problem('too-many-rows');
  const taken: Outcome[] = [];
  const foreseen = body.check === true ? new Map<string, Case>() : undefined;
  // Of two rows about the same household the first counts, here and in a dry run.
  const rows = body.rows.map((raw, row) => ({ raw, row }));
  for (const wave of wavesOf(rows, ({ raw }) => householdNamed.safeParse(raw).data?.household ?? []))
    for (const one of await eachOf(wave, AT_ONCE, ({ raw, row }) => take(raw, row, { caller, now, foreseen })))
      taken[one.row] = one;
  if (body.check !== true) refuseWhenNoneHolds(taken);
  // Nothing lies there yet that the rules could find doubtful.
  const households = body.check === true ? [] : taken.flatMap(({ household }) => household ?? []);
  const found = await doubtful(new Set(households), now);
  const items = taken.map(({ household, ...item }) => {
    const findings = household === undefined ? undefined : found.get(household);
    return findings === undefined ? item : { ...item, findings: qualityRules.filter((rule) => findings.has(rule)) };
  });
  const count = (outcome: Outcome['outcome']) => items.filter((item) => item.outcome === outcome).length;
  return {
    status: 200,
    body: { items, imported: count('imported'), unchanged: count('unchanged'), refused: count('refused') },
  };
};

/** Runs the rules over the imported households, village by village: what they stand open with. Sent again, an import that was cut off here goes on. */
async function doubtful(households: ReadonlySet<string>, now: number): Promise<Map<string, Set<QualityRule>>> {
  const ground = await readQualityGround(config.district(), now, { consistent: true });
  const villages = [...new Set([...households].map(villageOf))];
  // Each by itself: the rows of a register may lie at both ends of the district.
  const runs = await eachOf(villages, AT_ONCE, (village) => checkVillages([village], ground, 'import', households));
  const found = new Map<string, Set<QualityRule>>();
  for (const { rule, subject } of runs.flat().flatMap(({ open }) => open)) {
    if (subject.household !== undefined)
      found.set(subject.household, (found.get(subject.household) ?? new Set()).add(rule));
  }
  return found;
}

/** @param given `foreseen` only says what would become of the row, beside those that earlier rows would have been */
async function take(
  raw: unknown,
  row: number,
  given: { caller: Caller; now: number; foreseen: Map<string, Case> | undefined },
): Promise<Outcome> {
  const { caller, now, foreseen } = given;
  const parsed = formerCase.safeParse(raw, { reportInput: true });
  if (!parsed.success)
    return { row, outcome: 'refused', problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])) };
  const former = parsed.data;
  const [ahead] = former.episodes.flatMap(daysOf).filter(([, day]) => day !== undefined && day > dayOf(now));
  if (ahead !== undefined) return refused(row, 'date-in-future', ahead[0]);
  if (!contains(caller.region, former.household)) return refused(row, 'outside-region', 'household');
  const household = await readHousehold(former.household);
  if (household === undefined) return refused(row, 'household-unknown', 'household');
  const id = await caseIdOf(household);
  const digest = sha256(JSON.stringify(former)).slice(0, 16);
  const measureId = (episode: number, place: number) => contentIdOf('measure', [id, digest, episode, place]);
  const moved = formerToCase(former, { id, by: caller.sub, at: new Date(now).toISOString(), measureId });
  const imported: Outcome = { row, outcome: 'imported', household: household.id, case: id };
  if (foreseen !== undefined) {
    const found = foreseen.get(id) ?? (await readCase(id));
    if (found !== undefined) return besideKept(row, found, former);
    if (household.status === 'cancelled') return refused(row, 'household-cancelled', 'household');
    foreseen.set(id, moved.after);
    return imported;
  }
  try {
    await changeCase(undefined, moved, now);
    return imported;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const found = await readCase(id);
    return found === undefined ? refused(row, 'household-cancelled', 'household') : besideKept(row, found, former);
  }
}

/** Every day an episode tells, each with its field. */
function daysOf(
  { admittedOn, closed, measures }: FormerCase['episodes'][number],
  place: number,
): [field: string, day: string | undefined][] {
  const episode = `episodes/${place}`;
  return [
    [`${episode}/admittedOn`, admittedOn],
    [`${episode}/closed/on`, closed?.on],
    ...measures.flatMap(({ startedOn, completedOn }, n): [string, string | undefined][] => [
      [`${episode}/measures/${n}/startedOn`, startedOn],
      [`${episode}/measures/${n}/completedOn`, completedOn],
    ]),
  ];
}

/** A case that is here already: the same register once more, the register with other content, or another case; what is here is left alone. */
function besideKept(row: number, found: Case, former: FormerCase): Outcome {
  if (isTakenOver(found, former)) return { row, outcome: 'unchanged', household: found.household, case: found.id };
  const isImported = found.episodes[0]?.imported !== undefined;
  return refused(row, isImported ? 'former-case-differs' : 'case-exists', 'household');
}

function refused(row: number, code: ProblemCode, field: string): Outcome {
  const problem = rowProblem(code);
  return {
    row,
    outcome: 'refused',
    problem: { ...problem, errors: [{ pointer: `/rows/${row}/${field}`, code, detail: problem.detail }] },
  };
}

export const handler = httpHandler(importRoutes, { importCases });
