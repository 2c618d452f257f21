import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SheetRow, Totals } from '../../contracts/screening/round.ts';
import { RULES_VERSION, type Signal, signalIds } from '../../contracts/screening/triage.ts';
import { householdIdOf, numberOf } from '../../contracts/values.ts';
import { totalsOf } from '../../domain/screening/totals.ts';
import { keys, villageKey } from '../keys.ts';
import { batchGet, ConditionFailed, conditional, get, type Item, queryAll, tableName } from '../table.ts';

/** A village's sealed result of a round (排查表). Written once. */
export interface Sheet {
  round: string;
  village: string;
  criteria: string;
  rules: string;
  rows: SheetRow[];
  /** Derived from the rows whenever they are read, never stored beside them. */
  totals: Totals;
}

/** An item holds 400 KB; 2,000 rows pack to about 100 KB, so that even incompressible ones fit. */
const ROWS_AN_ITEM = 2_000;

/** A row as stored: columns by place, signals by number. Appending a column is compatible; moving one is not. */
type PackedRow = [
  number: string,
  visit: string | 0,
  missed: SheetRow['missed'] | 0,
  people: number,
  triageClass: SheetRow['class'] | 0,
  caseType: SheetRow['caseType'] | 0,
  perCapita: number | null,
  perCapitaRound: string | 0,
  previousPerCapita: number | null,
  ownPayouts: number,
  openCase: 0 | 1,
  signals: [id: number, observed: number | boolean, threshold: number | boolean][],
  disagreement: 0 | 1,
  sample: SheetRow['sample'] | 0,
  labour?: boolean | null,
  seenOn?: string | 0,
];

/**
 * Writes a village's sheet unless there is one. Later parts go first and the head (with the number of parts)
 * last, so that a sheet that can be found is whole.
 */
export async function putSheet(sheet: Omit<Sheet, 'totals'>): Promise<void> {
  const parts = Math.max(1, Math.ceil(sheet.rows.length / ROWS_AN_ITEM));
  for (let part = parts - 1; part >= 0; part -= 1) {
    const rows = sheet.rows.slice(part * ROWS_AN_ITEM, (part + 1) * ROWS_AN_ITEM);
    const head = part === 0 ? { parts, count: sheet.rows.length, criteria: sheet.criteria, rules: sheet.rules } : {};
    const Item = { ...keys.sheet(sheet.round, sheet.village, part), ...head, rows: packRows(rows) };
    try {
      await conditional(
        new PutCommand({ TableName: tableName(), Item, ConditionExpression: 'attribute_not_exists(pk)' }),
      );
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
}

/** The sheet of a village, or undefined while there is none. */
export async function readSheet(round: string, village: string): Promise<Sheet | undefined> {
  const head = await get(keys.sheet(round, village), { consistent: true });
  return head === undefined ? undefined : await fromHead(head, round, village);
}

/** The sheets of many villages at once, by village: a hundred in a request, where one each would be as many requests. */
export async function readSheets(round: string, villages: readonly string[]): Promise<Map<string, Sheet>> {
  const heads = await batchGet(
    villages.map((village) => keys.sheet(round, village)),
    { consistent: true },
  );
  const wanted = new Map(villages.map((village) => [keys.sheet(round, village).pk, village]));
  const sheets = await Promise.all(
    heads.flatMap((head) => {
      const village = wanted.get(String(head['pk']));
      return village === undefined ? [] : [fromHead(head, round, village)];
    }),
  );
  return new Map(sheets.map((sheet) => [sheet.village, sheet]));
}

async function fromHead(head: Item, round: string, village: string): Promise<Sheet> {
  const parts =
    Number(head['parts']) > 1 ? await queryAll(villageKey(village), `SHEET#${round}#`, { consistent: true }) : [];
  parts.sort((a, b) => partOf(a) - partOf(b));
  const rows = [head, ...parts].flatMap((item) => unpackRows(item, village, round));
  return {
    round,
    village,
    criteria: String(head['criteria']),
    rules: String(head['rules'] ?? RULES_VERSION),
    rows,
    totals: totalsOf(rows),
  };
}

function partOf(item: Item): number {
  return Number(String(item['sk']).split('#')[2]);
}

function packRows(rows: readonly SheetRow[]): Uint8Array {
  const packed = rows.map(
    (row): PackedRow => [
      numberOf(row.household),
      row.visit ?? 0,
      row.missed ?? 0,
      row.people,
      row.class ?? 0,
      row.caseType ?? 0,
      row.perCapita,
      row.perCapitaRound ?? 0,
      row.previousPerCapita,
      row.ownPayouts,
      row.openCase ? 1 : 0,
      row.signals.map((signal) => [signalIds.indexOf(signal.id), signal.observed, signal.threshold]),
      row.disagreement ? 1 : 0,
      row.sample ?? 0,
      row.labour,
      row.seenOn ?? 0,
    ],
  );
  return deflateRawSync(JSON.stringify(packed));
}

function unpackRows(item: Item, village: string, round: string): SheetRow[] {
  const bytes = item['rows'];
  if (!(bytes instanceof Uint8Array)) throw new Error(`The sheet of ${village} in ${round} holds no rows.`);
  const packed: PackedRow[] = JSON.parse(inflateRawSync(bytes).toString('utf8'));
  return packed.map(
    ([
      number,
      visit,
      missed,
      people,
      triageClass,
      type,
      perCapita,
      perCapitaRound,
      previous,
      own,
      open,
      signals,
      disagreement,
      sample,
      labour,
      seenOn,
    ]) => ({
      household: householdIdOf(village, number),
      visit: visit || null,
      missed: missed || null,
      people,
      class: triageClass || null,
      caseType: type || null,
      perCapita,
      perCapitaRound: perCapitaRound || null,
      previousPerCapita: previous,
      ownPayouts: own,
      openCase: open === 1,
      signals: signals.map(([id, observed, threshold]): Signal => ({ id: signalOf(id), observed, threshold })),
      disagreement: disagreement === 1,
      sample: sample || null,
      labour: labour ?? null,
      seenOn: seenOn || null,
    }),
  );
}

function signalOf(place: number): Signal['id'] {
  const id = signalIds[place];
  if (id === undefined) throw new Error(`A sheet names signal ${place}, which these rules do not have.`);
  return id;
}
