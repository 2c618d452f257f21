import type { FindingTrigger } from '../../contracts/reports/quality-finding.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { lookAtCalendars } from '../../domain/reports/quality/calendar-rules.ts';
import { lookAtVillage } from '../../domain/reports/quality/check-village.ts';
import type { Look } from '../../domain/reports/quality/difference.ts';
import { limitRules } from '../../domain/reports/quality/limit-rules.ts';
import { looks } from '../../domain/reports/quality/rule.ts';
import { severityOf } from '../../domain/reports/quality/rules.ts';

import { type Recorded, recordLooks } from './findings.ts';
import { type QualityGround, readQualityFacts, readRegisters, readSizes } from './quality-facts.ts';

/** Villages read concurrently. */
const AT_ONCE = 8;

/**
 * Runs every rule over villages that lie beside one another, in the order of their codes, and records what it finds. Running it again changes nothing.
 * @param households only findings about these; undefined for everybody in the villages
 */
export async function checkVillages(
  villages: readonly string[],
  ground: QualityGround,
  by: FindingTrigger,
  households?: ReadonlySet<string>,
): Promise<Recorded[]> {
  const registers = await readRegisters(villages, ground);
  const isMeant = ({ subject: { household } }: Look) =>
    households === undefined || (household !== undefined && households.has(household));
  return await eachOf(villages, AT_ONCE, async (region) => {
    const { registered, ...facts } = await readQualityFacts(region, ground, registers);
    return await recordLooks(
      lookAtVillage(facts).filter(isMeant),
      { region, households, registered },
      { at: ground.at, by, severityOf },
    );
  });
}

/** What concerns the district and no village: that days off of a year are missing while clocks run into it, and that it grows beyond what a cell takes. */
export async function checkDistrict(district: string, ground: QualityGround, by: FindingTrigger): Promise<Recorded> {
  const { at } = ground;
  const looked = [
    ...lookAtCalendars(dayOf(Date.parse(at))),
    ...looks(limitRules, [{ subject: {}, facts: await readSizes(district, ground) }]),
  ];
  const scope = { region: district, households: new Set<string>(), registered: new Set<string>() };
  return await recordLooks(looked, scope, { at, by, severityOf });
}
