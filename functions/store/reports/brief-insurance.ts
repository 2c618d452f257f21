import { districtOf } from '../../contracts/regions.ts';
import { villageOf } from '../../contracts/values.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { isCovered } from '../../domain/insurance/cover.ts';
import type { BriefFacts } from '../../domain/reports/brief-facts.ts';
import { claimAsOf } from '../../domain/reports/claim-totals.ts';
import { claimPartition, listClaimSummaries } from '../insurance/claims.ts';
import { listInsured, listPolicies } from '../insurance/policies.ts';

import { readTold } from '../timeline.ts';

const AT_ONCE = 16;

/** The insurance part of a brief's facts: rosters and limits of the year's policies, and every claim as of then. */
export async function readBriefInsurance(
  region: string,
  asked: Pick<BriefFacts, 'asOf' | 'knownAt'>,
): Promise<BriefFacts['insurance']> {
  const { asOf, knownAt } = asked;
  const district = districtOf(region);
  const known = (at: string) => Date.parse(at) <= Date.parse(knownAt);
  const policies = (await listPolicies(district)).filter(
    ({ year, from, to, createdAt }) =>
      String(year) === asOf.slice(0, 4) && from <= asOf && asOf <= to && known(createdAt),
  );
  const [rosters, summaries] = await Promise.all([
    Promise.all(policies.map(({ id }) => listInsured(id))),
    listClaimSummaries(region),
  ]);
  const insured = rosters.flat().filter(({ covers }) =>
    isCovered(
      covers.filter(({ recordedAt }) => known(recordedAt)),
      asOf,
    ),
  );
  // Somebody insured under two policies is one person.
  const places = new Map(
    insured.map(({ person, household }) => [person, household === null ? district : villageOf(household)]),
  );
  const claims = await eachOf(
    summaries.filter(({ reportedAt }) => known(reportedAt)),
    AT_ONCE,
    async (summary) => {
      return claimAsOf(summary, await readTold(claimPartition(summary.id).pk), asked);
    },
  );
  return {
    insured: [...places.values()].filter((place) => place.startsWith(region)),
    cover: region === district ? policies.reduce((sum, { limit }) => sum + limit, 0) : 0,
    claims: claims.filter((claim) => claim !== undefined),
  };
}
