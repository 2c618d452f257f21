import type { Household } from '../contracts/household.ts';
import type { Roster, Round, VillageProgress } from '../contracts/round.ts';
import { toHousehold } from './households.ts';
import { keys } from './keys.ts';
import { toProgress, toRoster } from './progress.ts';
import { type DistrictState, toDistrictState, toRound } from './rounds.ts';
import { batchGet, type Item } from './table.ts';

/** Everything a batch of visits is checked against, read together and consistently. */
export interface SubmissionContext {
  round: Round | undefined;
  district: DistrictState;
  progress: VillageProgress | undefined;
  roster: Roster | undefined;
  households: Map<string, Household>;
}

/** One BatchGetItem for all of it (two for more than 96 households). */
export async function readSubmissionContext(
  district: string,
  round: string,
  village: string,
  households: readonly string[],
): Promise<SubmissionContext> {
  const wanted = [
    keys.district(district),
    keys.round(district, round),
    keys.progress(round, village),
    keys.roster(round, village),
    ...households.map(keys.household),
  ];
  const items = await batchGet(wanted, { consistent: true });
  const find = (key: { pk: string; sk: string }) => items.find((item) => item['pk'] === key.pk && item['sk'] === key.sk);
  const as = <T>(item: Item | undefined, read: (item: Item) => T) => (item === undefined ? undefined : read(item));
  return {
    round: as(find(keys.round(district, round)), toRound),
    district: toDistrictState(find(keys.district(district))),
    progress: as(find(keys.progress(round, village)), toProgress),
    roster: as(find(keys.roster(round, village)), toRoster),
    households: new Map(
      items.filter((item) => String(item['sk']).startsWith('HOUSEHOLD#')).map((item) => [String(item['sk']).slice(10), toHousehold(item)]),
    ),
  };
}
