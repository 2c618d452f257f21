import type { Criteria } from '../../contracts/criteria.ts';
import type { Roster, VillageProgress } from '../../contracts/round.ts';
import { type SealVillagesOutput, sealVillagesInput } from '../../contracts/tasks/quarterly-screening.ts';
import { RULES_VERSION } from '../../contracts/triage.ts';
import { householdIdOf } from '../../contracts/values.ts';
import { sealRow } from '../../domain/screening/sheet.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readCriteria } from '../../store/criteria.ts';
import { readVillage } from '../../store/households.ts';
import { acceptedEntry, closeDoors } from '../../store/progress.ts';
import { readRound } from '../../store/rounds.ts';
import { putSheet } from '../../store/sheets.ts';
import { eachOf } from '../../store/table.ts';
import { readVisits } from '../../store/visits.ts';

/** Villages read at once in one child: enough that the table is never waited for, few enough that a function's memory stays flat. */
const LANES = 4;

/** Something that must be in the table is not: a household on the roster, the round, its criteria. Sealing stops loudly. */
export class SealingImpossible extends Error {
  override readonly name = 'SealingImpossible';
}

/**
 * Seals a batch of villages: closes their doors, reads consistently what was accepted, triages, writes each sheet once. After
 * the doors are closed the result depends on the table alone, so a retry or a second child writes the same sheet or none.
 */
export const handler = taskHandler(sealVillagesInput, async ({ BatchInput, Items }): Promise<SealVillagesOutput> => {
  const round = await readRound(config.district(), BatchInput.round);
  const criteria = round === undefined ? undefined : await readCriteria(round.district, round.criteria);
  if (round === undefined || criteria === undefined) throw new SealingImpossible(`Round ${BatchInput.round} or its criteria are missing.`);
  const behind = await closeDoors(round.id, Items);
  const rows = await eachOf(Items, LANES, (village) => sealVillage(round.id, village, behind.get(village), criteria));
  return { villages: Items.length, rows: rows.reduce((sum, count) => sum + count, 0) };
});

async function sealVillage(
  round: string,
  village: string,
  behind: { progress: VillageProgress; roster: Roster } | undefined,
  criteria: Criteria,
): Promise<number> {
  if (behind === undefined) throw new SealingImpossible(`Village ${village} has no roster in ${round}.`);
  const { progress, roster } = behind;
  const [households, visits] = await Promise.all([readVillage(village), readVisits(round, village)]);
  const byId = new Map(households.map((household) => [household.id, household]));
  const rows = [...roster.expected].map(([number, previous]) => {
    const household = byId.get(householdIdOf(village, number));
    if (household === undefined) throw new SealingImpossible(`A household on the roster of ${village} is not in the table.`);
    // Stored but not accepted (its fence refused it): the village was told so, and it does not count.
    const accepted = (visits.get(household.id) ?? []).filter(({ id, visit }) => progress.accepted.has(acceptedEntry(visit, id)));
    return sealRow({ household, visits: accepted, missed: progress.missed.get(number), previous, criteria });
  });
  await putSheet({ round, village, criteria: criteria.id, rules: RULES_VERSION, rows });
  return rows.length;
}
