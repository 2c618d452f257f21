import type { Household } from '../../contracts/registry/household.ts';
import type { Roster, Round, VillageProgress } from '../../contracts/screening/round.ts';
import { keys } from '../keys.ts';
import { toHousehold } from '../registry/households.ts';
import { batchGet, type Item, type Key } from '../table.ts';
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
 * One request: the four items of round and village, and each household asked for. A Query over the households' range would cost a quarter of the units, which
 * come to a cent a quarter in the largest district; a second request costs a batch a tenth of its time.
 */
export async function readSubmissionContext(
  district: string,
  round: string,
  village: string,
  households: readonly string[],
): Promise<SubmissionContext> {
  const items = await batchGet(
    [
      keys.district(district),
      keys.round(district, round),
      keys.progress(round, village),
      keys.roster(round, village),
      ...households.map(keys.household),
    ],
    { consistent: true },
  );
  const byKey = new Map(items.map((item) => [`${item['pk']} ${item['sk']}`, item]));
  const read = <T>({ pk, sk }: Key, as: (item: Item) => T) => {
    const item = byKey.get(`${pk} ${sk}`);
    return item === undefined ? undefined : as(item);
  };
  return {
    round: read(keys.round(district, round), toRound),
    district: toDistrictState(read(keys.district(district), (item) => item)),
    progress: read(keys.progress(round, village), toProgress),
    roster: read(keys.roster(round, village), toRoster),
    households: new Map(
      households.flatMap((id) => {
        const household = read(keys.household(id), toHousehold);
        return household === undefined ? [] : [[id, household]];
      }),
    ),
  };
}
