import type { Criteria } from '../../contracts/screening/criteria.ts';
import { RULES_VERSION } from '../../contracts/screening/triage.ts';
import { type SealVillagesOutput, villagesInput } from '../../contracts/tasks/quarterly-screening.ts';
import { householdIdOf } from '../../contracts/values.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { sealRow } from '../../domain/screening/sheet.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readVillage } from '../../store/registry/households.ts';
import { readCriteria } from '../../store/screening/criteria.ts';
import { acceptedEntry, closeDoors, readBehindDoors } from '../../store/screening/progress.ts';
import { readRound } from '../../store/screening/rounds.ts';
import { putSheet } from '../../store/screening/sheets.ts';
import { readVisits } from '../../store/screening/visits.ts';

/** Villages read at once in one child: enough that the table is never waited for, few enough that a function's memory stays flat. */
const AT_ONCE = 8;

/** Something that must be in the table is not: a household on the roster, the round, its criteria. Sealing stops loudly. */
export class SealingImpossible extends Error {
  override readonly name = 'SealingImpossible';
}

/**
 * Seals a batch of villages: closes their doors, reads consistently what was accepted, triages, writes each sheet once. After
 * the doors are closed the result depends on the table alone, so a retry or a second child writes the same sheet or none.
 * Ceiling: 4 minutes and 1,024 MB for twenty villages, eight at once. A household and its visits are 3 KB as stored and five times that in memory: eight
 * villages of 4,000 households hold 480 MB and are read in 8 s. A village alone ends at 30,000 households, but its item of progress (75 bytes a household with
 * two visits, 400 KB) is full at 5,300.
 */
export const handler = taskHandler(villagesInput, async ({ BatchInput, Items }): Promise<SealVillagesOutput> => {
  const [criteria] = await Promise.all([pinnedCriteria(BatchInput.round), closeDoors(BatchInput.round, Items)]);
  // The doors are closed: whatever is read from here on is final, so it can be read in any order and all at once.
  const behind = readBehindDoors(BatchInput.round, Items);
  const rows = await eachOf(Items, AT_ONCE, (village) => sealVillage(BatchInput.round, village, behind, criteria));
  return { villages: Items.length, rows: rows.reduce((sum, count) => sum + count, 0) };
});

async function pinnedCriteria(id: string): Promise<Criteria> {
  const round = await readRound(config.district(), id);
  const criteria = round === undefined ? undefined : await readCriteria(round.district, round.criteria);
  if (criteria === undefined) throw new SealingImpossible(`Round ${id} or its criteria are missing.`);
  return criteria;
}

async function sealVillage(
  round: string,
  village: string,
  behind: ReturnType<typeof readBehindDoors>,
  criteria: Criteria,
): Promise<number> {
  const [households, visits, doors] = await Promise.all([readVillage(village), readVisits(round, village), behind]);
  const found = doors.get(village);
  if (found === undefined) throw new SealingImpossible(`Village ${village} has no roster in ${round}.`);
  const { progress, roster } = found;
  const byId = new Map(households.map((household) => [household.id, household]));
  const rows = [...roster.expected].map(([number, previous]) => {
    const household = byId.get(householdIdOf(village, number));
    if (household === undefined)
      throw new SealingImpossible(`A household on the roster of ${village} is not in the table.`);
    // Stored but not accepted (its fence refused it): the village was told so, and it does not count.
    const accepted = (visits.get(household.id) ?? []).filter(({ id, visit }) =>
      progress.accepted.has(acceptedEntry(visit, id)),
    );
    return sealRow({ household, visits: accepted, missed: progress.missed.get(number), previous, criteria });
  });
  await putSheet({ round, village, criteria: criteria.id, rules: RULES_VERSION, rows });
  return rows.length;
}
