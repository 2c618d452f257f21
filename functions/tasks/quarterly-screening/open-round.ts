import type { Previous, Round } from '../../contracts/screening/round.ts';
import { type OpenOutput, openInput } from '../../contracts/tasks/quarterly-screening.ts';
import { numberOf } from '../../contracts/values.ts';
import { dayOf, roundOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { nextStep } from '../../domain/screening/coverage.ts';
import { plannedRound } from '../../domain/screening/opening.ts';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { readVillage } from '../../store/registry/households.ts';
import { listCriteria } from '../../store/screening/criteria.ts';
import { openVillage, readRoster } from '../../store/screening/progress.ts';
import { claimRound, putRound, readDistrict, readRound, startCollecting } from '../../store/screening/rounds.ts';
import { readSheet } from '../../store/screening/sheets.ts';
import { ConditionFailed } from '../../store/table.ts';

/** Villages frozen at once: each is a Query, a sheet and one transaction. */
const AT_ONCE = 8;

/** No round can be carried without its divisions: nobody would be expected. */
export class DivisionsMissing extends Error {
  override readonly name = 'DivisionsMissing';
}

/**
 * Opens the round and freezes who is expected. Every step is harmless when repeated: a retry finds the round, the rosters and
 * the claim it made. A second execution for the same round finds it claimed and does nothing.
 * Ceiling: 14 minutes; a village costs two Queries and a transaction, 60 ms, eight at once: 8 s for 1,000 villages. Its answer names each village in 15 bytes,
 * of the 256 KB that a workflow carries: 17,000 villages, which ends first. A roster of a village packs 60 bytes a household into an item of 400 KB: 6,600 households.
 */
export const handler = taskHandler(openInput, async (input, now): Promise<OpenOutput> => {
  const round = await findOrPut(input, now);
  if (!(await claimRound(round.district, round.id, input.execution))) {
    return { outcome: 'found', round: round.id, villages: [], waitSeconds: 1 };
  }
  const divisions = await readDivisions(config.district());
  if (divisions === undefined) throw new DivisionsMissing('The district has no divisions yet.');
  const frozen = await eachOf(villagesOf(divisions), AT_ONCE, (village) => freeze(round, village));
  const expected = frozen.reduce(
    (sum, one) => ({ households: sum.households + one.households, people: sum.people + one.people }),
    {
      households: 0,
      people: 0,
    },
  );
  await startCollecting(round.district, round.id, expected);
  const next = nextStep(round, Number.POSITIVE_INFINITY, now);
  return {
    outcome: 'opened',
    round: round.id,
    villages: frozen.filter(({ households }) => households > 0).map(({ village }) => village),
    waitSeconds: next.step === 'seal' ? 1 : next.waitSeconds,
  };
});

async function findOrPut(
  input: { round?: string | undefined; openedBy?: string | undefined; scheduledAt?: string | undefined },
  now: number,
): Promise<Round> {
  const district = config.district();
  const id = input.round ?? roundOf(dayOf(input.scheduledAt === undefined ? now : Date.parse(input.scheduledAt)));
  const found = await readRound(district, id);
  if (found !== undefined) return found;
  const [criteria, state] = await Promise.all([listCriteria(district), readDistrict(district)]);
  const round = plannedRound({
    district,
    round: id,
    openedBy: input.openedBy ?? 'schedule',
    now,
    criteria,
    lastSealed: state.lastSealed?.round,
  });
  try {
    await putRound(round);
    return round;
  } catch (error) {
    // Somebody opened the same round in this instant: theirs is the round. Another unsealed round is a failure to be seen.
    const theirs = error instanceof ConditionFailed ? await readRound(district, id) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  }
}

/** Freezes one village: who is expected, and what the newest earlier sealed row said of each. */
async function freeze(round: Round, village: string): Promise<{ village: string; households: number; people: number }> {
  const households = (await readVillage(village)).filter(({ status }) => status === 'registered');
  const frozen = await readRoster(round.id, village);
  if (frozen === undefined && households.length > 0) {
    const earlier = await earlierRows(round, village);
    const expected = new Map(households.map(({ id }) => [numberOf(id), earlier.get(id) ?? null]));
    await openVillage(round.id, { village, expected });
  }
  const expected = frozen?.expected;
  const counted = expected === undefined ? households : households.filter(({ id }) => expected.has(numberOf(id)));
  return {
    village,
    households: expected?.size ?? households.length,
    people: counted.reduce((sum, { members }) => sum + members.length, 0),
  };
}

async function earlierRows(round: Round, village: string): Promise<Map<string, Previous>> {
  const sheet = round.previous === undefined ? undefined : await readSheet(round.previous, village);
  const rows = new Map<string, Previous>();
  for (const row of sheet?.rows ?? []) {
    if (row.perCapita !== null && row.perCapitaRound !== null) {
      rows.set(row.household, { perCapita: row.perCapita, round: row.perCapitaRound, class: row.class });
    }
  }
  return rows;
}
