import type { FindingTrigger } from '../contracts/quality.ts';
import type { Look } from '../domain/quality/difference.ts';
import { lookAtVillage } from '../domain/quality/look.ts';
import { type Recorded, recordLooks } from './findings.ts';
import { type QualityGround, readQualityFacts } from './quality-facts.ts';

/**
 * Runs every rule over a village and records what it finds. Running it again changes nothing.
 * @param households only findings about these; undefined for the whole village
 */
export async function checkVillage(village: string, ground: QualityGround, by: FindingTrigger, households?: ReadonlySet<string>): Promise<Recorded> {
  const { registered, ...facts } = await readQualityFacts(village, ground);
  const isMeant = ({ subject: { household } }: Look) => households === undefined || (household !== undefined && households.has(household));
  return await recordLooks(lookAtVillage(facts).filter(isMeant), { region: village, households, registered }, { at: ground.at, by });
}
