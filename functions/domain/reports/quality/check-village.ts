import { caseRules } from './case-rules.ts';
import { closureRules } from './closure-rules.ts';
import type { Look } from './difference.ts';
import { householdRules, memberRules, sampleRules } from './household-rules.ts';
import { limitRules } from './limit-rules.ts';
import type { VillageFacts } from './quality-facts.ts';
import { deathRules, historyRules } from './register-rules.ts';
import { looks } from './rule.ts';

/** Every rule against everything in a village. */
export function lookAtVillage({
  households,
  members,
  episodes,
  deaths,
  samples,
  sizes,
  histories,
}: VillageFacts): Look[] {
  return [
    ...looks(closureRules, episodes),
    ...looks(caseRules, episodes),
    ...looks(householdRules, households),
    ...looks(memberRules, members),
    ...looks(deathRules, deaths),
    ...looks(sampleRules, samples),
    ...looks(historyRules, histories),
    ...looks(limitRules, sizes),
  ];
}
