import { Problem } from '../../contracts/problems.ts';
import { RULES_VERSION } from '../../contracts/screening/triage.ts';
import { explain } from '../../domain/screening/explain.ts';
import { criteriaInForce, NoMonitoringLine, thresholdsOf } from '../../domain/screening/thresholds.ts';
import { triage } from '../../domain/screening/triage.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { listCriteria } from '../../store/screening/criteria.ts';
import { triageRoutes } from '../routes/screening.ts';

/** The dry run: judges each visit by the criteria in force on its day, stores nothing. */
const tryTriage: Operation<typeof triageRoutes.tryTriage> = async ({ caller, body }) => {
  mustContain(caller, body.region);
  const all = await listCriteria(config.district());
  const used = new Set<string>();
  const items = body.items.map(({ visit, household }, place) => {
    const criteria = criteriaInForce(all, visit.visitedOn);
    if (criteria === undefined) throw missing(place);
    used.add(criteria.id);
    try {
      return explain(triage(visit, household, thresholdsOf(criteria, visit.visitedOn, body.region)));
    } catch (error) {
      if (error instanceof NoMonitoringLine) throw missing(place);
      throw error;
    }
  });
  return { status: 200, body: { items, criteria: [...used].join(), rules: RULES_VERSION } };
};

function missing(place: number): Problem {
  const detail = '该入户日期所在年度没有已批准的监测线。';
  return new Problem('criteria-missing', {
    errors: [{ pointer: `/items/${place}/visit/visitedOn`, code: 'criteria-missing', detail }],
  });
}

export const handler = httpHandler(triageRoutes, { tryTriage });
