import { Problem } from '../../../contracts/problems.ts';
import { contains } from '../../../contracts/regions.ts';
import type { SheetRow } from '../../../contracts/screening/round.ts';
import { villageOf } from '../../../contracts/values.ts';
import { explainSignal } from '../../../domain/screening/explain.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readRound } from '../../../store/screening/rounds.ts';
import { readSheets } from '../../../store/screening/sheets.ts';
import { cursorAfter, householdAfter } from '../../cursors.ts';
import type { roundRoutes } from '../../routes/screening.ts';

/** Sheets read in one request before checking whether the page is full: what a request of the table takes. */
const SHEETS = 100;

/** The households behind a total of a sealed round, in the order of their ids. */
export const listRoundHouseholds: Operation<typeof roundRoutes.listRoundHouseholds> = async ({
  caller,
  params,
  query,
}) => {
  mustContain(caller, query.region);
  const [round, divisions] = await Promise.all([
    readRound(config.district(), params.id),
    readDivisions(config.district()),
  ]);
  if (divisions === undefined) throw new Problem('divisions-missing');
  if (round === undefined) throw new Problem('round-unknown');
  if (round.status !== 'sealed') throw new Problem('sheet-not-sealed');
  const after = query.cursor === undefined ? '' : householdAfter(query.cursor, query.region);
  const villages = villagesOf(divisions)
    .filter((village) => contains(query.region, village) && (after === '' || village >= villageOf(after)))
    .sort();
  const wanted = (row: SheetRow): boolean =>
    row.household > after &&
    (query.class === undefined || row.class === query.class) &&
    (query.missed === undefined || (query.missed === 'any' ? row.missed !== null : row.missed === query.missed)) &&
    (query.signal === undefined || row.signals.some(({ id }) => id === query.signal));
  const found: SheetRow[] = [];
  // One more than the page holds, to know whether another page follows.
  for (let start = 0; start < villages.length && found.length <= query.limit; start += SHEETS) {
    const sheets = await readSheets(round.id, villages.slice(start, start + SHEETS));
    for (const sheet of sheets.values()) found.push(...sheet.rows.filter(wanted));
  }
  const page = found.sort((a, b) => (a.household < b.household ? -1 : 1)).slice(0, query.limit);
  const last = page.at(-1);
  const items = page.map((row) => ({ ...row, signals: row.signals.map(explainSignal) }));
  return {
    status: 200,
    body: {
      items,
      ...(found.length > page.length && last !== undefined ? { next: cursorAfter(query.region, last.household) } : {}),
    },
  };
};
