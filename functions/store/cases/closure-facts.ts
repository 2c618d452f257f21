import type { ClosureMethod } from '../../contracts/cases/case.ts';
import type { Case } from '../../contracts/cases/case-record.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import { villageOf } from '../../contracts/values.ts';
import { dayOf } from '../../domain/calendar.ts';
import { episodeOf } from '../../domain/cases/case.ts';
import type { ClosureFacts } from '../../domain/cases/closure-gates.ts';
import { unansweredObjections } from '../../domain/cases/review.ts';
import { isOpen } from '../../domain/insurance/claim-stages.ts';
import { newest } from '../../domain/screening/sheet.ts';
import { listClaimsOf } from '../insurance/claims.ts';
import { approvedLines } from '../screening/criteria.ts';
import { acceptedEntry, readProgress } from '../screening/progress.ts';
import { listRounds, readDistrict } from '../screening/rounds.ts';
import { readSheet } from '../screening/sheets.ts';
import { readHouseholdVisits, type SubmittedVisit } from '../screening/visits.ts';

/** The gates look at the two newest sealed rounds; the newest counted visit may lie further back when both were missed. */
const ROUNDS_LOOKED_AT = 4;

type Seen = NonNullable<ClosureFacts['newestVisit']>;

/**
 * The last visit to the household: the newest accepted visit of the open round, or else the newest visit that
 * counted in a sealed one; and the sealed rows, newest first.
 */
export async function readWhatWasSeen(
  district: string,
  household: string,
): Promise<{ newestVisit: Seen | null; sheets: (SheetRow & { round: string; visitedOn?: string })[] }> {
  const village = villageOf(household);
  const [state, rounds] = await Promise.all([readDistrict(district), listRounds(district)]);
  const sealed = rounds
    .filter(({ status }) => status === 'sealed')
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, ROUNDS_LOOKED_AT);
  const [open, read] = await Promise.all([
    state.openRound === undefined ? undefined : newestAccepted(state.openRound, household),
    Promise.all(sealed.map((round) => rowOf(round.id, village, household))),
  ]);
  const sheets = read.flatMap((row) => (row === undefined ? [] : [row]));
  const provisional: Seen | undefined =
    open === undefined ? undefined : { id: open.id, visit: open.visit, triage: open.triage };
  return { newestVisit: provisional ?? sheets.find(({ seen }) => seen !== undefined)?.seen ?? null, sheets };
}

async function newestAccepted(round: string, household: string): Promise<SubmittedVisit | undefined> {
  const [progress, visits] = await Promise.all([
    readProgress(round, villageOf(household)),
    readHouseholdVisits(round, household),
  ]);
  return newest(
    visits.filter(
      ({ id, visit }) => visit.purpose === 'screening' && progress?.accepted.has(acceptedEntry(visit, id)) === true,
    ),
  );
}

async function rowOf(
  round: string,
  village: string,
  household: string,
): Promise<(SheetRow & { round: string; visitedOn?: string; seen?: Seen }) | undefined> {
  const row = (await readSheet(round, village))?.rows.find((one) => one.household === household);
  if (row === undefined || row.visit === null || row.perCapita === null)
    return row === undefined ? undefined : { ...row, round };
  const counted = (await readHouseholdVisits(round, household)).find(({ id }) => id === row.visit);
  if (counted === undefined) return { ...row, round };
  const seen = { id: counted.id, visit: counted.visit, triage: { perCapita: row.perCapita, signals: row.signals } };
  return { ...row, round, visitedOn: counted.visit.visitedOn, seen };
}

/** The facts the gates of a closure check, read now. @param now ms since 1970 */
export async function readClosureFacts(
  district: string,
  found: Case,
  method: ClosureMethod,
  now: number,
): Promise<ClosureFacts> {
  const [seen, lines, claims] = await Promise.all([
    readWhatWasSeen(district, found.household),
    approvedLines(district),
    listClaimsOf(found.household),
  ]);
  const episode = episodeOf(found);
  return {
    today: dayOf(now),
    method,
    admittedOn: episode.admittedOn ?? dayOf(now),
    newestVisit: seen.newestVisit,
    sheets: seen.sheets,
    measures: found.measures.filter((one) => one.episode === episode.number),
    risks: episode.risks,
    openClaims: claims.filter(isOpen).length,
    unansweredObjections: found.review === null ? 0 : unansweredObjections(found.review),
    criteria: { lines },
    region: found.household,
  };
}
