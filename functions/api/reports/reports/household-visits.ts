import { Problem } from '../../../contracts/problems.ts';
import { type Criteria, monitoringLine } from '../../../contracts/screening/criteria.ts';
import { villageOf } from '../../../contracts/values.ts';
import { explain } from '../../../domain/screening/explain.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readHousehold } from '../../../store/registry/households.ts';
import { listCriteria } from '../../../store/screening/criteria.ts';
import { listRounds } from '../../../store/screening/rounds.ts';
import { readHouseholdVisits } from '../../../store/screening/visits.ts';
import type { reportRoutes } from '../../routes/reports.ts';

/** Every visit of a household, oldest first, with what it was held against. */
export const householdVisits: Operation<typeof reportRoutes.householdVisits> = async ({ caller, params }) => {
  mustContain(caller, villageOf(params.id));
  const district = config.district();
  const [household, rounds, criteria] = await Promise.all([
    readHousehold(params.id),
    listRounds(district),
    listCriteria(district),
  ]);
  if (household === undefined) throw new Problem('household-unknown');
  const visits = (await Promise.all(rounds.map(({ id }) => readHouseholdVisits(id, params.id)))).flat();
  const items = visits
    .map(({ id, visit: { household: _, ...seen }, triage, criteria: judgedBy, submittedBy, submittedAt }) => ({
      id,
      ...seen,
      submittedBy,
      submittedAt,
      triage: explain(triage),
      line: lineOf(
        criteria.find((one) => one.id === judgedBy),
        seen.visitedOn,
        params.id,
      ),
    }))
    .sort((a, b) => (a.visitedOn + a.recordedAt < b.visitedOn + b.recordedAt ? -1 : 1));
  return { status: 200, body: { items } };
};

function lineOf(criteria: Criteria | undefined, day: string, household: string) {
  const year = Number(day.slice(0, 4));
  const line = criteria === undefined ? undefined : monitoringLine(criteria, year, household);
  if (criteria === undefined || line === undefined) return null;
  return {
    line,
    illustrative: criteria.lines.some((one) => one.year === year && one.line === line && one.status === 'illustrative'),
  };
}
