import { Problem } from '../../../contracts/problems.ts';
import { contains, type Divisions, townOf } from '../../../contracts/regions.ts';
import type { Round } from '../../../contracts/screening/round.ts';
import { householdIdOf, numberOf, villageOf } from '../../../contracts/values.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { nameOf } from '../../../domain/reports/brief.ts';
import {
  agreementOf,
  agrees,
  type Drawn,
  drawSample,
  isMarked,
  sampleTerms,
} from '../../../domain/screening/sample.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { sha256 } from '../../../store/ids.ts';
import { readDivisions } from '../../../store/registry/divisions.ts';
import { readCriteria } from '../../../store/screening/criteria.ts';
import { listProgress, listRosters } from '../../../store/screening/progress.ts';
import { readRound } from '../../../store/screening/rounds.ts';
import { readSheet } from '../../../store/screening/sheets.ts';

import { pageOf } from '../../cursors.ts';
import type { qualityRoutes } from '../../routes/reports.ts';

const AT_ONCE = 12;

/**
 * The surveyor's sample of a round: who is drawn, who was visited, and how far surveyor and sealed sheets agree, town by town and village by village.
 * It is drawn anew whenever it is read, from the frozen rosters and the pinned criteria, so that nothing can be slipped into it. A surveyor may hand
 * in a visit of a household that was not drawn: it is kept and compared like any other, and no part of these shares.
 */
export const readSample: Operation<typeof qualityRoutes.readSample> = async ({ caller, params, query }) => {
  mustContain(caller, query.region);
  const district = config.district();
  const [round, divisions] = await Promise.all([readRound(district, params.id), readDivisions(district)]);
  if (round === undefined) throw new Problem('round-unknown');
  if (divisions === undefined) throw new Problem('divisions-missing');
  // The rosters are not frozen yet: a draw from half of them would not be the draw.
  if (round.status === 'opening') throw new Problem('round-not-open');
  const criteria = await readCriteria(district, round.criteria);
  if (criteria === undefined) throw new Problem('criteria-missing');
  const terms = sampleTerms(criteria);
  const drawn = await readDrawn(round, query.region, terms.samplePermille);
  const parts = (codeOf: (village: string) => string) =>
    partsOf(drawn, divisions, codeOf, terms.sampleDisagreementPercent);
  const wanted =
    query.open === undefined ? drawn : drawn.filter(({ state }) => (state === 'open') === (query.open === 'true'));
  const page = pageOf(wanted, ({ household }) => household, query.region, query);
  const items = page.items.map((one) => ({ ...one, agrees: agrees(one) }));
  const shown = { round: round.id, status: round.status, region: query.region, ...terms, ...agreementOf(drawn) };
  return {
    status: 200,
    body: { ...shown, towns: parts(townOf), villages: parts((village) => village), items, ...page.next },
  };
};

/** A town is drawn as a whole, whatever part of it is asked for. */
async function readDrawn(round: Round, region: string, permille: number): Promise<Drawn[]> {
  const rosters = await listRosters(round.id, region.slice(0, 9));
  const households = rosters.flatMap(({ village, expected }) =>
    [...expected.keys()].map((number) => householdIdOf(village, number)),
  );
  const drawn = drawSample(round.id, households, permille, sha256).filter((household) => contains(region, household));
  const villages = new Map((await listProgress(round.id, region)).map((progress) => [progress.village, progress]));
  const stateOf = (household: string): Drawn['state'] => {
    const progress = villages.get(villageOf(household));
    if (progress?.sampled.has(numberOf(household))) return 'visited';
    return progress?.missed.get(numberOf(household)) === 'cancelled' ? 'cancelled' : 'open';
  };
  const compared = round.status === 'sealed' ? drawn.filter((household) => stateOf(household) === 'visited') : [];
  const sheets = await eachOf([...new Set(compared.map(villageOf))], AT_ONCE, (village) =>
    readSheet(round.id, village),
  );
  const rows = new Map(sheets.flatMap((sheet) => sheet?.rows ?? []).map((row) => [row.household, row]));
  return drawn.map((household) => {
    const row = rows.get(household);
    return { household, state: stateOf(household), sealed: row?.class ?? null, sample: row?.sample ?? null };
  });
}

function partsOf(drawn: readonly Drawn[], divisions: Divisions, codeOf: (village: string) => string, percent: number) {
  return [...Map.groupBy(drawn, ({ household }) => codeOf(villageOf(household)))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([region, inside]) => {
      const agreement = agreementOf(inside);
      return { region, name: nameOf(region, divisions), ...agreement, marked: isMarked(agreement, percent) };
    });
}
