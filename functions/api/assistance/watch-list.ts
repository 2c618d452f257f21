import { Problem } from '../../contracts/problems.ts';
import { villageOf } from '../../contracts/values.ts';
import { type Watched, watched } from '../../domain/assistance/watch-list.ts';
import { dayOf } from '../../domain/calendar.ts';
import { eachOf } from '../../domain/concurrency.ts';
import { config } from '../../runtime/config.ts';
import { httpHandler, mustContain, type Operation } from '../../runtime/http.ts';
import { putCall, readCalls } from '../../store/assistance/follow-up-calls.ts';
import { listSummaries } from '../../store/cases/cases.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { readDistrict } from '../../store/screening/rounds.ts';
import { readSheets, type Sheet } from '../../store/screening/sheets.ts';
import { readVisitDays } from '../../store/screening/visits.ts';
import { pageOf } from '../cursors.ts';
import { watchRoutes } from '../routes/cases.ts';

/** Villages read concurrently. */
const AT_ONCE = 16;
/** Up to so many watched households of a village are read one by one, so that the visits of all the others are not. */
const ONE_BY_ONE = 3;

/** The key groups of the last sealed round and the open cases, each with the day it is to be seen next, the most urgent first. */
const readWatchList: Operation<typeof watchRoutes.readWatchList> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const district = config.district();
  const [divisions, state, cases] = await Promise.all([
    readDivisions(district),
    readDistrict(district),
    listSummaries(query.region),
  ]);
  const open = new Map(
    cases.flatMap((one) =>
      one.stage === 'open' || one.stage === 'closing' ? [[one.household, one.admittedOn ?? dayOf(now)] as const] : [],
    ),
  );
  const villages =
    divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(query.region));
  const rounds = [state.lastSealed?.round, state.openRound].flatMap((round) => round ?? []);
  const today = dayOf(now);
  const sealed = state.lastSealed;
  const sheets = sealed === undefined ? undefined : await readSheets(sealed.round, villages);
  const since = sealed === undefined ? today : dayOf(Date.parse(sealed.sealedAt));
  const found = await eachOf(villages, AT_ONCE, (village) =>
    watchedIn(village, sheets?.get(village), { rounds, since, open }),
  );
  const all = found.flat().map((one) => ({ ...one, overdue: one.dueOn < today }));
  const late = all.filter(({ overdue }) => overdue);
  const wanted =
    query.overdue === undefined ? all : all.filter(({ overdue }) => overdue === (query.overdue === 'true'));
  const page = pageOf(wanted, ({ dueOn, household }) => `${dueOn}#${household}`, query.region, query);
  return { status: 200, body: { items: page.items, total: wanted.length, overdue: late.length, ...page.next } };
};

async function watchedIn(
  village: string,
  sheet: Sheet | undefined,
  { rounds, since, open }: { rounds: string[]; since: string; open: ReadonlyMap<string, string> },
): Promise<Watched[]> {
  const rows = sheet?.rows.filter(({ missed }) => missed !== 'cancelled') ?? [];
  const told = new Set(rows.map(({ household }) => household));
  const unscreened = [...open.keys()].filter((household) => villageOf(household) === village && !told.has(household));
  const candidates = [...rows, ...unscreened.map((household) => ({ household, signals: [] }))];
  const groups = candidates.filter(
    (row) => watched(row, { openCase: open.has(row.household), seen: [], since }) !== undefined,
  );
  if (groups.length === 0) return [];
  const places = groups.length > ONE_BY_ONE ? [undefined] : groups.map(({ household }) => household);
  const [calls, ...visits] = await Promise.all([
    readCalls(village),
    ...rounds.flatMap((round) => places.map((household) => readVisitDays(round, village, household))),
  ]);
  return groups.flatMap((row) => {
    const seen = [...(calls.get(row.household) ?? []), ...visits.flatMap((days) => days.get(row.household) ?? [])];
    return watched(row, { openCase: open.has(row.household), seen, since: open.get(row.household) ?? since }) ?? [];
  });
}

const recordCall: Operation<typeof watchRoutes.recordCall> = async ({ caller, params, body, now }) => {
  mustContain(caller, params.id);
  if (body.on > dayOf(now)) throw new Problem('date-in-future');
  const household = await readHousehold(params.id);
  if (household === undefined) throw new Problem('household-unknown');
  await putCall({
    household: params.id,
    on: body.on,
    by: caller.sub,
    ...(body.note === undefined ? {} : { note: body.note }),
  });
  return { status: 201, body: { household: params.id, on: body.on } };
};

export const handler = httpHandler(watchRoutes, { readWatchList, recordCall });
