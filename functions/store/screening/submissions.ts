import type { Household } from '../../contracts/registry/household.ts';
import type { Roster, Round, VillageProgress } from '../../contracts/screening/round.ts';
import { keys } from '../keys.ts';
import { toHousehold } from '../registry/households.ts';
import { batchGet, type Item, type Key, queryBetween } from '../table.ts';
import { toProgress, toRoster } from './progress.ts';
import { type DistrictState, toDistrictState, toRound } from './rounds.ts';

/** Everything a batch of visits is checked against, read together and consistently. */
export interface SubmissionContext {
  round: Round | undefined;
  district: DistrictState;
  progress: VillageProgress | undefined;
  roster: Roster | undefined;
  households: Map<string, Household>;
}

/**
 * Two requests at once: the four items of round and village, and one Query over the range of the households asked for. A phone
 * sends them in the order of the worklist, so the range is the batch; reading each by its key would cost four times the units.
 */
export async function readSubmissionContext(
  district: string,
  round: string,
  village: string,
  households: readonly string[],
): Promise<SubmissionContext> {
  const [items, found] = await Promise.all([
    batchGet(
      [
        keys.district(district),
        keys.round(district, round),
        keys.progress(round, village),
        keys.roster(round, village),
      ],
      {
        consistent: true,
      },
    ),
    readRange(households),
  ]);
  const find = (key: Key) => items.find((item) => item['pk'] === key.pk && item['sk'] === key.sk);
  const as = <T>(item: Item | undefined, read: (item: Item) => T) => (item === undefined ? undefined : read(item));
  return {
    round: as(find(keys.round(district, round)), toRound),
    district: toDistrictState(find(keys.district(district))),
    progress: as(find(keys.progress(round, village)), toProgress),
    roster: as(find(keys.roster(round, village)), toRoster),
    households: new Map(found.map((household) => [household.id, household])),
  };
}

async function readRange(households: readonly string[]): Promise<Household[]> {
  const sorted = households.map(keys.household).sort((a, b) => (a.sk < b.sk ? -1 : 1));
  const [first, last] = [sorted.at(0), sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const wanted = new Set(sorted.map(({ sk }) => sk));
  const items = await queryBetween(first.pk, first.sk, last.sk, { consistent: true });
  return items.filter((item) => wanted.has(String(item['sk']))).map(toHousehold);
}
