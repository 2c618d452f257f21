import { Problem } from '../../contracts/problems.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import { villageOf } from '../../contracts/values.ts';
import { inKeyGroup, watched } from '../../domain/assistance/watch-list.ts';
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

/**
 * The key groups of the last sealed round and the open cases, each with the day it is to be seen next, the most urgent first. Who was seen when is
 * read where it lies together: in the sealed sheets and the list of calls; of the round that is open, in the villages that have somebody to watch.
 */
const readWatchList: Operation<typeof watchRoutes.readWatchList> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const district = config.district();
  const [divisions, state, cases, calls] = await Promise.all([
    readDivisions(district),
    readDistrict(district),
    listSummaries(query.region),
    readCalls(query.region),
  ]);
  const today = dayOf(now);
  const open = new Map(
    cases.flatMap((one) =>
      one.stage === 'open' || one.stage === 'closing' ? [[one.household, one.admittedOn ?? today] as const] : [],
    ),
  );
  const villages =
    divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(query.region));
  const { lastSealed: sealed, openRound } = state;
  const sheets = sealed === undefined ? [] : [...(await readSheets(sealed.round, villages)).values()];
  const since = sealed === undefined ? today : dayOf(Date.parse(sealed.sealedAt));
  const candidates = candidatesOf(sheets, open);
  const watching = [...new Set(candidates.map(({ household }) => villageOf(household)))];
  const days =
    openRound === undefined ? [] : await eachOf(watching, AT_ONCE, (village) => readVisitDays(openRound, village));
  const visits = new Map(days.flatMap((each) => [...each]));
  const all = candidates.flatMap((row) => {
    const { household, seenOn } = row;
    const seen = [
      ...(seenOn === null ? [] : [seenOn]),
      ...(calls.get(household) ?? []),
      ...(visits.get(household) ?? []),
    ];
    const one = watched(row, { openCase: open.has(household), seen, since: open.get(household) ?? since });
    return one === undefined ? [] : [{ ...one, overdue: one.dueOn < today }];
  });
  const late = all.filter(({ overdue }) => overdue);
  const wanted =
    query.overdue === undefined ? all : all.filter(({ overdue }) => overdue === (query.overdue === 'true'));
  const page = pageOf(wanted, ({ dueOn, household }) => `${dueOn}#${household}`, query.region, query);
  return { status: 200, body: { items: page.items, total: wanted.length, overdue: late.length, ...page.next } };
};

type Candidate = Pick<SheetRow, 'household' | 'signals' | 'seenOn'>;

/** Who belongs to a key group: by the sheets, and with an open case also whom no sheet tells of. */
function candidatesOf(sheets: readonly Sheet[], open: ReadonlyMap<string, string>): Candidate[] {
  const rows = sheets.flatMap((sheet) => sheet.rows.filter(({ missed }) => missed !== 'cancelled'));
  const told = new Set(rows.map(({ household }) => household));
  const unscreened = [...open.keys()].filter((household) => !told.has(household));
  return [...rows, ...unscreened.map((household) => ({ household, signals: [], seenOn: null }))].filter(
    (row) => open.has(row.household) || inKeyGroup(row),
  );
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
