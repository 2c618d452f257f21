import { Problem } from '../../contracts/problems.ts';
import { dayOf } from '../../domain/calendar.ts';
import { briefOf } from '../../domain/reports/brief.ts';
import { briefDocument, briefSheet } from '../../domain/reports/document.ts';
import { compute } from '../../domain/reports/figures.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { readBriefFacts } from '../../store/reports/brief-facts.ts';
import { listBriefs } from '../../store/reports/briefs.ts';
import { isIllustrative } from '../../store/screening/criteria.ts';
import { pageOf } from '../cursors.ts';
import { reportRoutes } from '../routes/reports.ts';
import { householdHistory } from './reports/household-history.ts';
import { householdVisits } from './reports/household-visits.ts';
import { exportPerson } from './reports/person-export.ts';

/** The facts a report asks for: today and everything known, unless it says otherwise. */
async function factsOf(
  { region, asOf, knownAt }: { region: string; asOf?: string | undefined; knownAt?: string | undefined },
  now: number,
  as: 'households' | 'figures',
) {
  const day = asOf ?? dayOf(now);
  if (day > dayOf(now)) throw new Problem('date-in-future');
  const divisions = await readDivisions(config.district());
  if (divisions === undefined) throw new Problem('divisions-missing');
  const facts = await readBriefFacts(region, day, knownAt ?? new Date(now).toISOString(), divisions, as);
  return { divisions, facts };
}

const readBrief: Operation<typeof reportRoutes.readBrief> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const { divisions, facts } = await factsOf(query, now, 'figures');
  const brief = briefOf(facts, divisions, await isIllustrative(config.district(), facts.asOf));
  if (query.format === 'html')
    return { status: 200, contentType: 'text/html; charset=utf-8', body: briefDocument(brief) };
  if (query.format === 'csv') return { status: 200, contentType: 'text/csv; charset=utf-8', body: briefSheet(brief) };
  return { status: 200, body: brief };
};

/** Opens a figure down to the households it is made of, in the caller's region. */
const readBehind: Operation<typeof reportRoutes.readBehind> = async ({ caller, params, query, now }) => {
  mustContain(caller, query.region);
  const { facts } = await factsOf(query, now, 'households');
  const { figure, households } = compute(params.key, facts);
  const page = pageOf([...new Set(households)], (household) => household, query.region, query);
  return { status: 200, body: { figure, households: page.items, total: new Set(households).size, ...page.next } };
};

const readPublished: Operation<typeof reportRoutes.readPublished> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  return { status: 200, body: { items: await listBriefs(query.region) } };
};

export const handler = httpHandler(reportRoutes, {
  readBrief,
  readBehind,
  readPublished,
  householdVisits,
  householdHistory,
  exportPerson,
});
