import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Counted, type CountedEntry, nothingCounted } from '../../domain/reports/counted.ts';
import { jsonText } from '../json-text.ts';
import { districtKey, keys } from '../keys.ts';
import { batchPut, client, lastBetween, tableName } from '../table.ts';
import { packedItems, readPacked } from './packed.ts';
import type { Question } from './question.ts';
import { sumItems } from './village-sums.ts';

const headText = jsonText<SummaryHead>();

/** That every village's summary of an instant is there, and what they are of. Written last. */
export interface SummaryHead {
  /** What was recorded until then is in it; the day it tells of is this instant's, Asia/Shanghai. */
  at: string;
  /** Villages that bring something to a brief, and town or district where something lies in no village. */
  places: readonly string[];
  /** The rounds whose sheets are in it, and the policies whose rosters are. */
  rounds: readonly string[];
  policies: readonly string[];
  /** The villages of the district then: what lay in one that had been left out is not in it. Absent in those of earlier releases. */
  villages?: readonly string[];
}

/** Whether a summary was written when all of these villages were the district's: one that came, or came back, since is not in it. */
export function hasVillages({ villages = [] }: SummaryHead, asked: readonly string[]): boolean {
  const known = new Set(villages);
  return asked.every((village) => known.has(village));
}

/** How the id of an entry begins. */
const ENTRY = 'entry-';

/**
 * Writes what is counted of a district, on the day and as known at the instant asked for, as a summary for each place, once complete. Written again for the same instant, it says the same.
 * A place's summary packs to about 80 bytes a household: 2 KB for a village of 25, 350 KB for one of 4,000, and more than that in several items.
 */
export async function putSummaries(question: Question, counted: Counted): Promise<void> {
  const { district, rounds, policies, villages } = question;
  const at = new Date(question.knownAt).toISOString();
  const places = byPlace(counted);
  await batchPut([...places].flatMap(([place, own]) => packedItems(place, at, packed(own))));
  await batchPut(sumItems(question, at, places));
  const head = { at, places: [...places.keys()], rounds, policies: policies.map(({ id }) => id), villages };
  const Item = { ...keys.summaryHead(district, at), ...headText.put(head) };
  await client.send(new PutCommand({ TableName: tableName(), Item }));
}

/** The newest complete summary of an instant up to this one. */
export async function newestSummary(district: string, until: string): Promise<SummaryHead | undefined> {
  const item = await lastBetween(districtKey(district), 'SUMMARY#', keys.summaryHead(district, until).sk);
  return item === undefined ? undefined : headText.read(item);
}

/** What the summaries of places say. @throws Error when one is not there: a head is written after all of its places */
export async function readSummaries(at: string, places: readonly string[]): Promise<Counted> {
  const all = nothingCounted();
  const found = await readPacked<Packed>(at, places);
  for (const [n, place] of places.entries()) {
    const own = found[n];
    if (own === undefined) throw new Error(`The summary of ${place} at ${at} is not whole.`);
    unpackInto(all, place, own);
  }
  return all;
}

function byPlace(counted: Counted): Map<string, Counted> {
  const places = new Map<string, Counted>();
  const at = (place: string): Counted => {
    const known = places.get(place) ?? nothingCounted();
    places.set(place, known);
    return known;
  };
  const villageOf = (household: string) => at(household.slice(0, 12));
  for (const one of counted.households) villageOf(one.id).households.push(one);
  for (const one of counted.labour) villageOf(one.household).labour.push(one);
  for (const one of counted.cases) villageOf(one.household).cases.push(one);
  for (const one of counted.claims) villageOf(one.household).claims.push(one);
  for (const one of counted.entries) at(one.region).entries.push(one);
  for (const one of counted.insured) at(one.place).insured.push(one);
  for (const one of counted.sheets) at(one.village).sheets.push(one);
  for (const one of counted.later) at(one.place).later.push(one);
  return places;
}

/** An entry as stored; its id and place in the ledger are the summary's place, its day, and the rest of its id. */
type PackedEntry = [
  day: string,
  id: string,
  kind: CountedEntry['kind'],
  household: string | 0,
  person: string | 0,
  amount: number,
  heads: number,
  byUnion: 0 | 1,
];

/** As stored: what is many by columns, without what the place says already. Appending a column is compatible; moving one is not. */
interface Packed {
  households: [number: string, lifted: 0 | 1, people: number][];
  /** By round, the households in which somebody could work, and those in which nobody could. */
  labour: [round: string, able: string[], unable: string[]][];
  insured: [policy: string, persons: string[]][];
  cases: Counted['cases'];
  claims: Counted['claims'];
  entries: PackedEntry[];
  sheets: Counted['sheets'];
  later: Counted['later'];
}

function packed({ households, labour, insured, cases, claims, entries, sheets, later }: Counted): Packed {
  const numberOf = (household: string) => household.slice(13);
  const of = (round: string, able: boolean) =>
    labour.filter((one) => one.round === round && one.able === able).map(({ household }) => numberOf(household));
  return {
    households: households.map(({ id, origin, people }) => [numberOf(id), origin === 'lifted' ? 1 : 0, people]),
    labour: [...new Set(labour.map(({ round }) => round))].map((round) => [round, of(round, true), of(round, false)]),
    insured: [...new Set(insured.map(({ policy }) => policy))].map((policy) => [
      policy,
      insured.filter((one) => one.policy === policy).map(({ person }) => person),
    ]),
    cases,
    claims,
    entries: entries.map(({ id, key, kind, household, person, amount, heads, byUnion }) => [
      key.split('#')[1] ?? '',
      id.slice(ENTRY.length),
      kind,
      household ?? 0,
      person ?? 0,
      amount,
      heads,
      byUnion ? 1 : 0,
    ]),
    sheets,
    later,
  };
}

function unpackInto(all: Counted, place: string, own: Packed): void {
  for (const [number, lifted, people] of own.households)
    all.households.push({ id: `${place}-${number}`, origin: lifted === 1 ? 'lifted' : 'general', people });
  for (const [round, able, unable] of own.labour) {
    for (const number of able) all.labour.push({ household: `${place}-${number}`, round, able: true });
    for (const number of unable) all.labour.push({ household: `${place}-${number}`, round, able: false });
  }
  for (const [policy, persons] of own.insured)
    for (const person of persons) all.insured.push({ policy, person, place });
  for (const one of own.cases) all.cases.push(one);
  for (const one of own.claims) all.claims.push(one);
  for (const [day, rest, kind, household, person, amount, heads, byUnion] of own.entries) {
    const id = `${ENTRY}${rest}`;
    all.entries.push({
      id,
      key: `${place}#${day}#${id}`,
      kind,
      region: place,
      ...(household === 0 ? {} : { household }),
      ...(person === 0 ? {} : { person }),
      amount,
      heads,
      byUnion: byUnion === 1,
    });
  }
  for (const one of own.sheets) all.sheets.push(one);
  for (const one of own.later) all.later.push(one);
}
