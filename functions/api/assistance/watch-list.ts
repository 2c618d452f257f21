import type { WatchLine } from '../../contracts/cases/cases-http.ts';
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
import { keepList, readKept } from '../../store/kept-lists.ts';
import { readDivisions, villagesOf } from '../../store/registry/divisions.ts';
import { readHousehold } from '../../store/registry/households.ts';
import { readDistrict } from '../../store/screening/rounds.ts';
import { readSheets, type Sheet } from '../../store/screening/sheets.ts';
import { readVisitDays } from '../../store/screening/visits.ts';
import { cursorAt, placeAfter } from '../cursors.ts';
import { watchRoutes } from '../routes/cases.ts';

/** Villages read concurrently. */
const AT_ONCE = 16;

/** Divides the parts of a cursor; in no day, household or name of a list. */
const PART = '@';

/**
 * The key groups of the last sealed round and the open cases, each with the day it is to be seen next, the most urgent first. Who is due when follows from
 * sheets, cases, calls and visits together, so the first page and the second reckon the whole region; the second keeps what is left, and each later page
 * reads its own rows of that, for an hour.
 */
const readWatchList: Operation<typeof watchRoutes.readWatchList> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const { region, limit, cursor, overdue } = query;
  const of = `watch-list ${region} ${overdue ?? 'all'}`;
  const [after = '', kept = '', from = '0'] = cursor === undefined ? [] : placeAfter(cursor, region).split(PART);
  const known = kept === '' ? undefined : await readKept<WatchLine>(kept, of, { from: Number(from), limit, now });
  if (known !== undefined) {
    const last = known.rows.at(-1);
    const next = last === undefined || !known.more ? undefined : [placeOf(last), kept, Number(from) + limit].join(PART);
    return { status: 200, body: { items: known.rows, ...continued(region, next) } };
  }
  const all = await reckoned(region, now);
  const late = all.filter((one) => one.overdue);
  const wanted = overdue === undefined ? all : all.filter((one) => one.overdue === (overdue === 'true'));
  const rest = wanted.filter((one) => placeOf(one) > after).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const more = last !== undefined && rest.length > limit;
  if (cursor === undefined) {
    const counts = { total: wanted.length, overdue: late.length };
    return { status: 200, body: { items, ...counts, ...continued(region, more ? placeOf(last) : undefined) } };
  }
  const next = more ? [placeOf(last), await keepList(of, rest.slice(limit), now), 0].join(PART) : undefined;
  return { status: 200, body: { items, ...continued(region, next) } };
};

function continued(region: string, place: string | undefined): { next?: string } {
  return place === undefined ? {} : { next: cursorAt(region, place) };
}

function placeOf({ dueOn, household }: WatchLine): string {
  return `${dueOn}#${household}`;
}

/** Everybody watched in a region, in no order. */
async function reckoned(region: string, now: number): Promise<WatchLine[]> {
  const district = config.district();
  const [divisions, state, cases, calls] = await Promise.all([
    readDivisions(district),
    readDistrict(district),
    listSummaries(region),
    readCalls(region),
  ]);
  const today = dayOf(now);
  const open = new Map(
    cases.flatMap((one) =>
      one.stage === 'open' || one.stage === 'closing' ? [[one.household, one.admittedOn ?? today] as const] : [],
    ),
  );
  const villages = divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(region));
  const { lastSealed: sealed, openRound } = state;
  const sheets = sealed === undefined ? [] : [...(await readSheets(sealed.round, villages)).values()];
  const since = sealed === undefined ? today : dayOf(Date.parse(sealed.sealedAt));
  const candidates = candidatesOf(sheets, open);
  const watching = [...new Set(candidates.map(({ household }) => villageOf(household)))];
  const days =
    openRound === undefined ? [] : await eachOf(watching, AT_ONCE, (village) => readVisitDays(openRound, village));
  const visits = new Map(days.flatMap((each) => [...each]));
  return candidates.flatMap((row) => {
    const { household, seenOn } = row;
    const seen = [
      ...(seenOn === null ? [] : [seenOn]),
      ...(calls.get(household) ?? []),
      ...(visits.get(household) ?? []),
    ];
    const one = watched(row, { openCase: open.has(household), seen, since: open.get(household) ?? since });
    return one === undefined ? [] : [{ ...one, overdue: one.dueOn < today }];
  });
}

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
