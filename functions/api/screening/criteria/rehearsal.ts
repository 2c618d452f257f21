import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import type { CriteriaTerms } from '../../../contracts/screening/criteria.ts';
import { MOST_VILLAGES_A_REHEARSAL } from '../../../contracts/screening/criteria-http.ts';
import { signalIds, type TriageClass } from '../../../contracts/screening/triage.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { type Rehearsed, rehearseRow } from '../../../domain/screening/rehearsal.ts';
import { NoMonitoringLine } from '../../../domain/screening/thresholds.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readRound } from '../../../store/screening/rounds.ts';
import { readSheet } from '../../../store/screening/sheets.ts';
import { readVisits } from '../../../store/screening/visits.ts';

import type { criteriaRoutes } from '../../routes/screening.ts';

/** Villages read concurrently. */
const AT_ONCE = 12;

/** Triages a sealed round again under proposed numbers, so many villages a request. It reads only: a rehearsal changes nothing. */
export const rehearseCriteria: Operation<typeof criteriaRoutes.rehearseCriteria> = async ({ caller, body }) => {
  mustContain(caller, body.region);
  const [round, divisions] = await Promise.all([
    readRound(config.district(), body.round),
    readDivisions(config.district()),
  ]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  if (round === undefined) throw new Problem('round-unknown');
  if (round.status !== 'sealed') throw new Problem('sheet-not-sealed');
  const { after = '' } = body;
  const left = villagesOf(divisions)
    .filter((village) => contains(body.region, village) && village > after)
    .sort();
  const villages = left.slice(0, MOST_VILLAGES_A_REHEARSAL);
  const all = (await eachOf(villages, AT_ONCE, (village) => rehearsed(round.id, village, body.terms))).flat();
  const last = villages.at(-1);
  return {
    status: 200,
    body: {
      round: round.id,
      region: body.region,
      villages: villages.length,
      triaged: count(all),
      before: byClass(all, ({ from }) => from),
      after: byClass(all, ({ to }) => to),
      bySignal: signalIds.flatMap((id) => {
        const gained = all.filter((one) => one.gained.some((signal) => signal.id === id)).length;
        const lost = all.filter((one) => one.lost.some((signal) => signal.id === id)).length;
        return gained + lost === 0 ? [] : [{ id, gained, lost }];
      }),
      items: all.filter(({ from, to }) => from !== to),
      ...(left.length > villages.length && last !== undefined ? { next: last } : {}),
    },
  };
};

/** Sheets are written once and visits never change, so that a read that lags behind sees the same. */
async function rehearsed(round: string, village: string, terms: CriteriaTerms): Promise<Rehearsed[]> {
  const [sheet, visits] = await Promise.all([
    readSheet(round, village),
    readVisits(round, village, { consistent: false }),
  ]);
  try {
    return (sheet?.rows ?? []).flatMap((row) => {
      const counted = visits.get(row.household)?.find(({ id }) => id === row.visit);
      const found = counted === undefined ? undefined : rehearseRow(row, counted.visit, terms);
      return found === undefined ? [] : [found];
    });
  } catch (error) {
    if (error instanceof NoMonitoringLine) throw new Problem('criteria-missing');
    throw error;
  }
}

function count(all: readonly Rehearsed[]) {
  return { households: all.length, people: all.reduce((sum, { people }) => sum + people, 0) };
}

function byClass(all: readonly Rehearsed[], of: (one: Rehearsed) => TriageClass) {
  const counted = (one: TriageClass) => count(all.filter((each) => of(each) === one));
  return { secure: counted('secure'), concern: counted('concern'), monitor: counted('monitor') };
}
