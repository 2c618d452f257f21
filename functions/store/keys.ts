import { districtOf } from '../contracts/regions.ts';
import { villageOf } from '../contracts/values.ts';
import type { Key } from './table.ts';

/** The one table's keys (docs/architecture.md). Field data is partitioned by village, so that reading a village is few Queries and writes spread. */
export const keys = {
  district: (district: string): Key => ({ pk: `DISTRICT#${district}`, sk: 'DISTRICT' }),
  divisions: (district: string): Key => ({ pk: `DISTRICT#${district}`, sk: 'DIVISIONS' }),
  dataKey: (district: string): Key => ({ pk: `DISTRICT#${district}`, sk: 'DATA-KEY' }),
  /** The secret under which ids are made; one table is one district's. */
  idKey: (): Key => ({ pk: 'CELL', sk: 'ID-KEY' }),
  criteria: (district: string, id: string): Key => ({ pk: `DISTRICT#${district}`, sk: `CRITERIA#${id}` }),
  round: (district: string, round: string): Key => ({ pk: `DISTRICT#${district}`, sk: `ROUND#${round}` }),
  /** How far a village is in a round; the door. Rounds of several districts never share a table. */
  progress: (round: string, village: string): Key => ({ pk: `ROUND#${round}`, sk: `VILLAGE#${village}` }),
  /** A village's frozen list of households; never changes after opening. */
  roster: (round: string, village: string): Key => ({ pk: `ROUND#${round}`, sk: `ROSTER#${village}` }),
  household: (id: string): Key => ({ pk: `VILLAGE#${villageOf(id)}`, sk: `HOUSEHOLD#${id}` }),
  version: (id: string, version: number): Key => ({
    pk: `VILLAGE#${villageOf(id)}`,
    sk: `VERSION#${id}#${String(version).padStart(6, '0')}`,
  }),
  /** What the households of a village are found by, beside those of the other villages of its town. */
  names: (village: string): Key => ({ pk: `NAMES#${village.slice(0, 9)}`, sk: village }),
  /** Who looked at whole numbers, in the order of time, for each district; the region first answers a village or town. */
  reveal: (region: string, at: string, nonce: string): Key => ({
    pk: `REVEALS#${districtOf(region)}`,
    sk: `${region}#${at}#${nonce}`,
  }),
  visit: (round: string, household: string, visit: string): Key => ({
    pk: `VILLAGE#${villageOf(household)}`,
    sk: `VISIT#${round}#${household}#${visit}`,
  }),
  /** A call at a watched household between rounds, in one list of the district: a prefix answers a village or town. */
  call: (household: string, on: string): Key => ({
    pk: `WATCHED#${districtOf(household)}`,
    sk: `${household}#${on}`,
  }),
  sheet: (round: string, village: string, part = 0): Key => ({
    pk: `VILLAGE#${village}`,
    sk: part === 0 ? `SHEET#${round}` : `SHEET#${round}#${part}`,
  }),
  /** A person by keyed hash of the ID number: the guard that keeps one person in one household. */
  person: (hash: string): Key => ({ pk: `PERSON#${hash}`, sk: 'PERSON' }),
  /** Under which id somebody whose data were erased is a person anew, should they be registered again: by the id they had, which figures keep. */
  erased: (person: string): Key => ({ pk: `ERASED#${person}`, sk: 'ERASED' }),
  retention: (district: string, id: string): Key => ({ pk: `DISTRICT#${district}`, sk: `RETENTION#${id}` }),
  erasure: (district: string, id: string): Key => ({ pk: `ERASURES#${district}`, sk: id }),
  case: (id: string): Key => ({ pk: `CASE#${id}`, sk: 'CASE' }),
  /** A declaration that joined a running episode. */
  joinedClue: (id: string, clue: string): Key => ({ pk: `CASE#${id}`, sk: `CLUE#${clue}` }),
  /** The district's register of cases, by village: what lists and counts read. */
  caseSummary: (household: string, id: string): Key => ({
    pk: `CASES#${districtOf(household)}`,
    sk: `${villageOf(household)}#${id}`,
  }),
  decision: (id: string): Key => ({ pk: `DECISION#${id}`, sk: 'DECISION' }),
  notice: (id: string): Key => ({ pk: `NOTICE#${id}`, sk: 'NOTICE' }),
  /** Beside it, so that a region's notices can be listed after they have ended. */
  noticeListed: (village: string, publishedOn: string, id: string): Key => ({
    pk: `NOTICES#${districtOf(village)}`,
    sk: `${village}#${publishedOn}#${id}`,
  }),
  objection: (notice: string, id: string): Key => ({ pk: `NOTICE#${notice}`, sk: `OBJECTION#${id}` }),
  /** An execution that must still be started. */
  start: (name: string): Key => ({ pk: `START#${name}`, sk: 'START' }),
  clue: (id: string): Key => ({ pk: `CLUE#${id}`, sk: 'CLUE' }),
  declaration: (receipt: string): Key => ({ pk: `DECLARATION#${receipt}`, sk: 'DECLARATION' }),
  /** Beside it, so that a region's declarations can be listed in the order they came. */
  declarationListed: (village: string, receivedAt: string, receipt: string): Key => ({
    pk: `DECLARATIONS#${districtOf(village)}`,
    sk: `${village}#${receivedAt}#${receipt}`,
  }),
  /** Department alerts by the day they tell of, so that their share that became cases can be counted. */
  alert: (district: string, on: string, id: string): Key => ({ pk: `ALERTS#${district}`, sk: `${on}#${id}` }),
  product: (district: string, id: string): Key => ({ pk: `DISTRICT#${district}`, sk: `PRODUCT#${id}` }),
  policy: (district: string, id: string): Key => ({ pk: `DISTRICT#${district}`, sk: `POLICY#${id}` }),
  /** Somebody of a roster, by the person alone; `rosterOf` finds them by where they live. */
  insured: (policy: string, person: string): Key => ({ pk: `POLICY#${policy}#${person}`, sk: 'INSURED' }),
  /** Which parts a policy's roster has. */
  rosterParts: (policy: string): Key => ({ pk: `POLICY#${policy}`, sk: 'PARTS' }),
  /** What was accepted and approved on a line for a person in the policy's period. */
  lineAccount: (policy: string, person: string, line: string): Key => ({
    pk: `POLICY#${policy}#${person}`,
    sk: `ACCOUNT#${line}`,
  }),
  householdAccount: (policy: string, household: string): Key => ({
    pk: `POLICY#${policy}#${household}`,
    sk: 'ACCOUNT',
  }),
  /** An event belongs to one claim of a policy at a time; an invoice to one claim, whichever policy that is under: which one follows from a day that is only told. */
  claimed: (policy: string, natural: string): Key => ({
    pk: natural.startsWith('INVOICE#') ? `POLICY#any#${natural}` : `POLICY#${policy}#${natural}`,
    sk: 'CLAIMED',
  }),
  claim: (id: string): Key => ({ pk: `CLAIM#${id}`, sk: 'CLAIM' }),
  claimSummary: (household: string, id: string): Key => ({
    pk: `CLAIMS#${districtOf(household)}`,
    sk: `${household}#${id}`,
  }),
  /** What somebody without login reported, until it is a claim or dismissed. */
  claimReport: (receipt: string): Key => ({ pk: `CLAIM-REPORT#${receipt}`, sk: 'REPORT' }),
  claimReceipt: (receipt: string): Key => ({ pk: `CLAIM-RECEIPT#${receipt}`, sk: 'RECEIPT' }),
  payout: (endToEndId: string): Key => ({ pk: `PAYOUT#${endToEndId}`, sk: 'PAYOUT' }),
  payoutBatch: (id: string): Key => ({ pk: `BATCH#${id}`, sk: 'BATCH' }),
  fileTaken: (batch: string, taken: string): Key => ({ pk: `BATCH#${batch}`, sk: `FILE#${taken}` }),
  /** Beside it, so that a district's batches can be listed in the order they were made. */
  batchListed: (district: string, createdAt: string, id: string): Key => ({
    pk: `DISTRICT#${district}`,
    sk: `BATCH#${createdAt}#${id}`,
  }),
  brief: (district: string, region: string, round: string): Key => ({
    pk: `BRIEFS#${district}`,
    sk: `${region}#${round}`,
  }),
  /** What a place brings to a brief of any region, complete up to an instant; in several items when it is large. */
  summary: (place: string, at: string, part: number): Key => ({
    pk: `SUMMARY#${place}`,
    sk: part === 0 ? at : `${at}#${part}`,
  }),
  /** That all of them are there. */
  summaryHead: (district: string, at: string): Key => ({ pk: `DISTRICT#${district}`, sk: `SUMMARY#${at}` }),
  /** Notes of what changed that briefs count, in the order of time. */
  changes: (district: string, at: string, nonce: string): Key => ({ pk: `CHANGES#${district}`, sk: `${at}#${nonce}` }),
  /** The assistance ledger by region and day; a prefix answers a village, town or district. */
  ledger: (district: string, region: string, on: string, id: string): Key => ({
    pk: `LEDGER#${district}`,
    sk: `${region}#${on}#${id}`,
  }),
  /** Photographs by what they show; `place` is the household, or of a ledger entry the region. */
  evidence: (place: string, shown: string, id: string): Key => ({ pk: `EVIDENCE#${place}`, sk: `${shown}#${id}` }),
  /** How many photographs show one thing: apart from them, so that reading them does not meet it. */
  evidenceCount: (place: string, shown: string): Key => ({ pk: `EVIDENCECOUNT#${place}`, sk: shown }),
  fund: (district: string, fund: string): Key => ({ pk: `FUNDS#${district}`, sk: fund }),
  /** A finding of data quality lies with its village, so that a run reads and writes in one place; its id begins with where that is. */
  finding: (id: string): Key => ({ pk: findingsKey(regionOfFinding(id)), sk: `FINDING#${id}` }),
  /** A part of a list that was reckoned for somebody who reads on; gone by its time to live. */
  keptList: (id: string, part: number): Key => ({ pk: `LIST#${id}`, sk: String(part).padStart(6, '0') }),
  post: (entry: string): Key => ({ pk: `POST#${entry}`, sk: 'POST' }),
  /** Which entry pays a post's month, so that no month is paid twice. */
  postMonth: (post: string, month: string): Key => ({ pk: `POST#${post}`, sk: `MONTH#${month}` }),
  /** Whose goods an entry gave, so that their offspring is told of them alone. */
  goods: (entry: string): Key => ({ pk: `GOODS#${entry}`, sk: 'GOODS' }),
  award: (entry: string): Key => ({ pk: `AWARD#${entry}`, sk: 'AWARD' }),
  help: (id: string): Key => ({ pk: `HELP#${id}`, sk: 'HELP' }),
  /** How often a caller of a public route came in a window of time; gone by its time to live. */
  calls: (route: string, caller: string, window: string): Key => ({ pk: `CALLS#${route}#${caller}`, sk: window }),
};

export function villageKey(village: string): string {
  return `VILLAGE#${village}`;
}

/** In the index `open`: the people in one part of a policy's roster. */
export function rosterOf(policy: string, part: string): string {
  return `ROSTER#${policy}#${part}`;
}

export function districtKey(region: string): string {
  return `DISTRICT#${districtOf(region)}`;
}

export function regionOfFinding(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

/** Where the findings of a village lie, and those that belong to no village: a roster's are the district's. */
export function findingsKey(region: string): string {
  return region.length === 12 ? villageKey(region) : districtKey(region);
}
