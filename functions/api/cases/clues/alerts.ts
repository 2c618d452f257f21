import { alertKind, type Clue } from '../../../contracts/cases/case.ts';
import { alertRow, MOST_ALERTS } from '../../../contracts/cases/clues-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { cleanIdNumber, idNumberFault, idNumberFaults } from '../../../domain/registry/id-number.ts';
import { maskIdNumber } from '../../../domain/registry/masking.ts';
import { config } from '../../../runtime/config.ts';
import { fieldErrors } from '../../../runtime/field-errors.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { enterClue } from '../../../store/cases/admissions.ts';
import { caseIdOf, readCases } from '../../../store/cases/cases.ts';
import { type Alert, householdOfPerson, keep, listAlerts } from '../../../store/cases/clues.ts';
import { idOf } from '../../../store/ids.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { type PersonalData, personalData } from '../../../store/registry/personal-data.ts';

import type { clueRoutes } from '../../routes/cases.ts';
import { type RowProblem, refuseWhenNoneHolds, rowProblem } from '../../row-problems.ts';

const AT_ONCE = 4;

interface Outcome {
  row: number;
  outcome: 'started' | 'joined' | 'known' | 'unmatched' | 'refused';
  case?: string;
  clue?: string;
  problem?: RowProblem;
}

/** A department's batch: each row is matched to a person by keyed hash, and becomes a clue or waits for a person. A row sent again is known. */
export const reportAlerts: Operation<typeof clueRoutes.reportAlerts> = async ({ body, now }) => {
  if (body.rows.length > MOST_ALERTS) throw new Problem('too-many-rows');
  const district = config.district();
  const [divisions, data] = await Promise.all([readDivisions(district), personalData(district)]);
  const villages = new Set(divisions === undefined ? [] : villagesOf(divisions));
  const items = await eachOf(body.rows, AT_ONCE, (raw, row) =>
    take(raw, row, { department: body.department, villages, data, now }),
  );
  refuseWhenNoneHolds(items);
  return { status: 200, body: { items } };
};

async function take(
  raw: unknown,
  row: number,
  {
    department,
    villages,
    data,
    now,
  }: { department: string; villages: ReadonlySet<string>; data: PersonalData; now: number },
): Promise<Outcome> {
  const parsed = alertRow.safeParse(raw, { reportInput: true });
  if (!parsed.success)
    return { row, outcome: 'refused', problem: rowProblem('invalid-body', fieldErrors(parsed.error, ['rows', row])) };
  const { kind, on, village = null } = parsed.data;
  const idNumber = cleanIdNumber(parsed.data.idNumber);
  const fault = idNumberFault(idNumber, dayOf(now));
  if (fault !== undefined) return refused(row, 'id-number-invalid', 'idNumber', idNumberFaults[fault]);
  if (on > dayOf(now)) return refused(row, 'date-in-future', 'on');
  // Nobody answers for such a village: what matched nobody there would lie in no list.
  if (village !== null && !villages.has(village)) return refused(row, 'village-unknown', 'village');
  const district = config.district();
  const hash = data.hash(idNumber);
  const id = await idOf('clue', hash, kind, on);
  const household = await householdOfPerson(hash).then((found) =>
    found === undefined ? undefined : readHousehold(found),
  );
  const registered = household?.status === 'registered' ? household : undefined;
  const alert: Alert = { clue: id, on, kind, department, village, household: registered?.id ?? null };
  const at = new Date(now).toISOString();
  const unmatched = {
    id,
    source: 'alert' as const,
    district,
    village,
    at,
    trouble: null,
    kind,
    declaredBy: null,
    receipt: null,
    idMasked: maskIdNumber(idNumber),
    nameCipher: null,
    phoneCipher: null,
    idCipher: data.encrypt(idNumber, id),
  };
  const fresh = await keep({ alert, district }, registered === undefined ? unmatched : undefined);
  if (registered === undefined) return { row, clue: id, outcome: fresh ? 'unmatched' : 'known' };
  const clue: Clue = { source: 'alert', id, household: registered.id, at, kind };
  const entered = await enterClue(registered, clue, { caseType: null, now });
  return {
    row,
    clue: id,
    case: entered.case,
    outcome: fresh && entered.outcome !== 'full' ? entered.outcome : 'known',
  };
}

function refused(row: number, code: RowProblem['code'], field: string, detail?: string): Outcome {
  const problem = rowProblem(code);
  return {
    row,
    outcome: 'refused',
    problem: { ...problem, errors: [{ pointer: `/rows/${row}/${field}`, code, detail: detail ?? problem.detail }] },
  };
}

/** How many alerts of a time became cases: told from the cases themselves, by the clue that is in them. */
export const readAlerts: Operation<typeof clueRoutes.readAlerts> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  const alerts = (await listAlerts(config.district(), query.from, query.to)).filter((alert) =>
    contains(query.region, alert.household ?? alert.village ?? config.district()),
  );
  const matched = alerts.filter(({ household }) => household !== null);
  const households = [...new Set(matched.flatMap(({ household }) => household ?? []))];
  const cases = await readCases(await Promise.all(households.map((id) => caseIdOf({ id }))));
  const admittedClues = new Set(
    [...cases.values()].flatMap(({ episodes }) =>
      episodes.flatMap(({ admittedOn, clues }) => (admittedOn === undefined ? [] : clues.map(({ id }) => id))),
    ),
  );
  const admitted = (some: readonly Alert[]) => some.filter(({ clue }) => admittedClues.has(clue)).length;
  const byKind = Object.fromEntries(
    alertKind.options.map((kind) => {
      const of = alerts.filter((alert) => alert.kind === kind);
      return [kind, { alerts: of.length, admitted: admitted(of) }];
    }),
  );
  const sharePercent = alerts.length === 0 ? null : Math.round((admitted(alerts) * 1000) / alerts.length) / 10;
  return {
    status: 200,
    body: {
      alerts: alerts.length,
      unmatched: alerts.length - matched.length,
      matched: matched.length,
      admitted: admitted(alerts),
      sharePercent,
      byKind,
    },
  };
};
