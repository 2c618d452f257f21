import type { Household } from '../../../contracts/registry/household.ts';
import type { SheetRow } from '../../../contracts/screening/round.ts';
import type { TriageClass } from '../../../contracts/screening/triage.ts';
import { villageOf } from '../../../contracts/values.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { pageVillage, readHouseholds } from '../../../store/registry/households.ts';
import { readDistrict } from '../../../store/screening/rounds.ts';
import { readSheets } from '../../../store/screening/sheets.ts';
import { cursorAfter, householdAfter } from '../../cursors.ts';
import type { householdRoutes } from '../../routes/registry.ts';
import { viewOf } from './view.ts';

/** At most so many villages are asked for one page; the rest is the next page's. Empty villages cost a Query each. */
const VILLAGES_A_PAGE = 40;
/** With a class the sheets say where to look: so many are looked through for one page, and so many read in one request. */
const SHEETS_A_PAGE = 100;
const SHEETS_AT_ONCE = 10;
/** Read at once where a filter may leave most of them out. */
const CHUNK = 200;

/** Households of one village in the order of their ids, from behind `after` on, at most `size` read at once. */
type Source = (village: string, after: string | undefined, size: number) => AsyncGenerator<Household>;

export const listHouseholds: Operation<typeof householdRoutes.listHouseholds> = async ({ caller, query, now }) => {
  mustContain(caller, query.region);
  const divisions = await readDivisions(config.district());
  const villages =
    divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(query.region));
  const after = query.cursor === undefined ? undefined : householdAfter(query.cursor, query.region);
  const start = after === undefined ? 0 : villages.indexOf(villageOf(after));
  const asked = villages.slice(start, start + (query.class === undefined ? VILLAGES_A_PAGE : SHEETS_A_PAGE));
  const source = query.class === undefined ? registered : await ofClass(query.class, asked);
  const filtered = query.origin !== undefined || query.status !== undefined || query.class !== undefined;
  const wanted = ({ origin, status }: Household): boolean =>
    (query.origin === undefined || origin === query.origin) && (query.status === undefined || status === query.status);
  const found: Household[] = [];
  // The last household looked at, wanted or not: the next page begins behind it.
  let last: string | undefined;
  for (const village of asked) {
    const from = after !== undefined && villageOf(after) === village ? after : undefined;
    for await (const household of source(village, from, filtered ? CHUNK : query.limit - found.length)) {
      last = household.id;
      if (wanted(household)) found.push(household);
      if (found.length === query.limit) break;
    }
    if (found.length === query.limit) break;
    last = `${village}-ZZZZZZZZZZZZ`;
  }
  const ended =
    last === undefined || (found.length < query.limit && villages.indexOf(villageOf(last)) === villages.length - 1);
  const items = found.map((household) => viewOf(household, dayOf(now)));
  return {
    status: 200,
    body: { items, ...(ended || last === undefined ? {} : { next: cursorAfter(query.region, last) }) },
  };
};

async function* registered(village: string, after: string | undefined, size: number): AsyncGenerator<Household> {
  for (let from = after; ; ) {
    const { households, more } = await pageVillage(village, size, from);
    yield* households;
    from = households.at(-1)?.id;
    if (!more || from === undefined) return;
  }
}

/** Those that the newest sealed round put into a class; before there is one, nobody. */
async function ofClass(wanted: TriageClass, villages: readonly string[]): Promise<Source> {
  const { lastSealed } = await readDistrict(config.district());
  // A page that the first villages fill does not pay for the sheets of the others.
  const read = new Map<string, SheetRow[]>();
  return async function* inVillage(village, after = '', size) {
    if (lastSealed !== undefined && !read.has(village)) {
      const start = villages.indexOf(village);
      const next = villages.slice(start, start + SHEETS_AT_ONCE);
      const sheets = await readSheets(lastSealed.round, next);
      for (const one of next) read.set(one, sheets.get(one)?.rows ?? []);
    }
    const rows = read.get(village) ?? [];
    const ids = rows
      .filter((row) => row.class === wanted && row.household > after)
      .map(({ household }) => household)
      .sort();
    for (let start = 0; start < ids.length; start += size) {
      const chunk = ids.slice(start, start + size);
      const households = await readHouseholds(chunk);
      yield* chunk.flatMap((id) => households.get(id) ?? []);
    }
  };
}
