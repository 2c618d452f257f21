import { Problem } from '../../contracts/problems.ts';
import { contains } from '../../contracts/regions.ts';
import type { Finding } from '../../contracts/reports/quality-finding.ts';
import { MOST_VILLAGES_A_RUN } from '../../contracts/reports/quality-http.ts';
import { qualityRules } from '../../contracts/reports/quality-rule.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { nameOf } from '../../domain/reports/brief.ts';
import { ruleOf, sentenceOfFinding, severityOf } from '../../domain/reports/quality/rules.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { regionOfFinding } from '../../store/keys.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import {
  explainFinding,
  listOpenFindings,
  listOpenFindingsAfter,
  placeOfFinding,
  readFinding,
  readFindings,
} from '../../store/reports/findings.ts';
import { readQualityGround } from '../../store/reports/quality-facts.ts';
import { checkDistrict, checkVillages } from '../../store/reports/quality-runs.ts';
import { ConditionFailed } from '../../store/table.ts';
import { pageFrom, pageOf } from '../cursors.ts';
import { qualityRoutes } from '../routes/reports.ts';
import { readSample } from './quality/sample.ts';

/** Villages read concurrently. */
const AT_ONCE = 12;
/** Villages read at once for a page that a few of them may fill. */
const FEW = 4;

/**
 * Findings by village, severity and rule. The first page reads everything that matches, because it counts it by severity, rule and village (300 bytes each; of
 * those that are resolved every village's partition of findings). A later one reads its own: the open ones from the index, others village by village.
 */
const list: Operation<typeof qualityRoutes.listFindings> = async ({ caller, query }) => {
  mustContain(caller, query.region);
  if (query.village !== undefined && !contains(query.region, query.village)) throw new Problem('outside-region');
  const divisions = await readDivisions(config.district());
  if (divisions === undefined) throw new Problem('divisions-missing');
  const region = query.village ?? query.region;
  // What is resolved has left the index: it is read where it lies. Those of no village are the district's, and told to who sees all of it.
  const villages = villagesOf(divisions).filter((village) => contains(region, village));
  const places = region === config.district() ? [region, ...villages] : villages;
  const isWanted = (finding: Finding) =>
    (query.rule === undefined || finding.rule === query.rule) &&
    (query.severity === undefined || severityOf(finding) === query.severity) &&
    (query.state === 'all' || finding.state === query.state);
  if (query.cursor !== undefined) {
    const read = (after: string, limit: number) =>
      query.state === 'open'
        ? listOpenFindingsAfter(region, { after, limit, keep: isWanted })
        : whereTheyLie(places, { after, limit, keep: isWanted });
    const { items, next } = await pageFrom(query.cursor, query.limit, query.region, placeOf, read, region);
    return { status: 200, body: { region, items: items.map(view), ...next } };
  }
  const all =
    query.state === 'open'
      ? await listOpenFindings(region, severityOf)
      : (await eachOf(places, AT_ONCE, readFindings)).flat();
  const found = all.filter(isWanted);
  const regions = [...new Set(found.map((finding) => finding.region))].sort();
  const serious = found.filter((finding) => severityOf(finding) === 'serious').length;
  const byRule = qualityRules.flatMap((rule) => {
    const count = found.filter((finding) => finding.rule === rule).length;
    return count === 0 ? [] : [{ rule, name: ruleOf(rule).name, count }];
  });
  const byVillage = regions.map((code) => ({
    region: code,
    name: nameOf(code, divisions),
    count: found.filter((finding) => finding.region === code).length,
  }));
  const page = pageOf(found, placeOf, query.region, query);
  const bySeverity = { serious, attention: found.length - serious };
  return {
    status: 200,
    body: { region, total: found.length, bySeverity, byRule, byVillage, items: page.items.map(view), ...page.next },
  };
};

/** Up to `limit` findings of these villages behind a place, from the first village that can have any. */
async function whereTheyLie(
  places: readonly string[],
  { after, limit, keep }: { after: string; limit: number; keep: (finding: Finding) => boolean },
): Promise<Finding[]> {
  const from = after.slice(0, after.indexOf('#'));
  const left = places.filter((place) => place >= from);
  const kept: Finding[] = [];
  // The village where the last page ended alone: it may have enough for this one.
  for (let start = 0, next = 1; start < left.length && kept.length < limit; start = next, next += FEW) {
    const found = (await eachOf(left.slice(start, next), FEW, readFindings)).flat();
    kept.push(...found.filter((finding) => keep(finding) && placeOf(finding) > after).sort(byPlace));
  }
  return kept.slice(0, limit);
}

function placeOf(finding: Finding): string {
  return placeOfFinding(finding, severityOf);
}

function byPlace(a: Finding, b: Finding): number {
  return placeOf(a) < placeOf(b) ? -1 : 1;
}

function view(finding: Finding) {
  const { name, explanation } = ruleOf(finding.rule);
  return { ...finding, name, explanation, severity: severityOf(finding), message: sentenceOfFinding(finding) };
}

/** Runs the rules over a region now: so many villages a request, in the order of their codes. */
const check: Operation<typeof qualityRoutes.checkQuality> = async ({ caller, body, now }) => {
  mustContain(caller, body.region);
  const district = config.district();
  const [divisions, ground] = await Promise.all([
    readDivisions(district),
    readQualityGround(district, now, { consistent: true }),
  ]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  const { after = '' } = body;
  const left = villagesOf(divisions).filter((village) => contains(body.region, village) && village > after);
  const villages = left.slice(0, MOST_VILLAGES_A_RUN);
  const whole = body.region === district && after === '' ? [await checkDistrict(district, ground, 'demand')] : [];
  const runs = [...whole, ...(await checkVillages(villages, ground, 'demand'))];
  const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((total, run) => total + of(run), 0);
  const last = villages.at(-1);
  return {
    status: 200,
    body: {
      region: body.region,
      villages: villages.length,
      found: sum(({ found }) => found),
      corrected: sum(({ corrected }) => corrected),
      open: sum(({ open }) => open.length),
      ...(left.length > villages.length && last !== undefined ? { next: last } : {}),
    },
  };
};

/** Ends a finding by a reason. The same reason again changes nothing; another one does not replace it. */
const explain: Operation<typeof qualityRoutes.explainFinding> = async ({ caller, params, body, now }) => {
  mustContain(caller, regionOfFinding(params.id));
  const before = await readFinding(params.id);
  if (before === undefined) throw new Problem('finding-unknown');
  if (before.state === 'open') {
    try {
      await explainFinding(params.id, { at: new Date(now).toISOString(), by: caller.sub, reason: body.reason });
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      // Somebody was first, or this very request was and its answer was lost: what stands now decides.
    }
  }
  const after = await readFinding(params.id);
  if (after === undefined) throw new Problem('finding-unknown');
  if (after.state === 'corrected') throw new Problem('finding-corrected');
  // Corrected and found again in this instant: to be looked at anew.
  if (after.state === 'open') throw new Problem('conflict');
  if (after.resolved?.reason !== body.reason) throw new Problem('finding-explained');
  return { status: 200, body: view(after) };
};

export const handler = httpHandler(qualityRoutes, {
  listFindings: list,
  checkQuality: check,
  explainFinding: explain,
  readSample,
});
