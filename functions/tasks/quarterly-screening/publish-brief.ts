import type { Role } from '../../contracts/roles.ts';
import { roundInput } from '../../contracts/tasks/quarterly-screening.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { briefOf } from '../../domain/reports/brief.ts';
import { partsOf } from '../../domain/reports/parts.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { eventOf, publish } from '../../store/events.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { readBriefFactsFromEvents } from '../../store/reports/brief-facts.ts';
import { sealedBrief } from '../../store/reports/brief-signature.ts';
import { publishBrief } from '../../store/reports/briefs.ts';
import { putSummaries } from '../../store/reports/summaries.ts';
import { isIllustrative } from '../../store/screening/criteria.ts';
import { readRound } from '../../store/screening/rounds.ts';

const AT_ONCE = 8;

/**
 * Publishes the brief of the day the round was sealed, for the district and each town, as known at its sealing: a retry publishes
 * the same, and what was published stays. It reads everything that ever happened, so that no fault of a summary outlives a quarter, and leaves a
 * summary of each village for the briefs to come. Ceiling: 14 minutes; reading took 106 s for 103,690
 * households after a year (docs/benchmarks.md) and grows with households and years: there some eight years. Its memory (1,769 MB) holds 2 KB a household: 800,000.
 */
export const handler = taskHandler(roundInput, async ({ round }): Promise<{ published: number }> => {
  const district = config.district();
  const [found, divisions] = await Promise.all([readRound(district, round), readDivisions(district)]);
  if (found?.sealedAt === undefined || divisions === undefined)
    throw new Error(`Round ${round} is not sealed, or there are no divisions.`);
  const { sealedAt } = found;
  const asOf = dayOf(Date.parse(sealedAt));
  const [{ facts, question, counted }, illustrative] = await Promise.all([
    readBriefFactsFromEvents(district, asOf, sealedAt, divisions),
    isIllustrative(district, asOf),
  ]);
  const town = partsOf(facts, 9);
  const regions = [district, ...divisions.towns.map(({ code }) => code)];
  await eachOf(regions, AT_ONCE, async (region) => {
    const brief = briefOf(region === district ? facts : town(region), divisions, illustrative);
    const published = { round, publishedAt: sealedAt, brief };
    await publishBrief(region === district ? { ...published, document: await sealedBrief(published) } : published);
  });
  await putSummaries(question, counted);
  const roles: Role[] = ['district-officer', 'town-officer', 'auditor'];
  await publish([eventOf({ kind: 'brief-published', at: sealedAt, region: district, roles, subject: round })]);
  return { published: regions.length };
});
