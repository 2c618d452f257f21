import { demoDivisions, demoHouseholds } from '../demo/district/households.ts';
import { ProgressBar } from '../demo/progress.ts';
import type { Entry } from '../functions/contracts/assistance/ledger-entry.ts';
import type { Case } from '../functions/contracts/cases/case-record.ts';
import type { Insured } from '../functions/contracts/insurance/policy.ts';
import type { Divisions } from '../functions/contracts/regions.ts';
import type { Household } from '../functions/contracts/registry/household.ts';
import type { SheetRow } from '../functions/contracts/screening/round.ts';
import { householdIdOf } from '../functions/contracts/values.ts';
import { eachOf } from '../functions/domain/concurrency.ts';
import { itemsOf } from '../functions/store/assistance/ledger-entries.ts';
import { sha256 } from '../functions/store/ids.ts';
import { claimPartition } from '../functions/store/insurance/claims.ts';
import { addParts, insuredItem, putPolicy } from '../functions/store/insurance/policies.ts';
import { keys } from '../functions/store/keys.ts';
import { villagesOf, writeDivisions } from '../functions/store/registry/divisions.ts';
import { putNew, putVersion } from '../functions/store/registry/households.ts';
import { putSheet } from '../functions/store/screening/sheets.ts';
import { batchPut, type Item, type TransactItem } from '../functions/store/table.ts';
import { append } from '../functions/store/timeline.ts';

const DISTRICT = '440904';
/** The year whose briefs are asked for. */
export const NEWEST = 2033;
/** A year of the reference district, for each household (docs/domain.md, 1 and 7): entries of the ledger, changes, admissions, claims. */
const ENTRIES = 2.5;
const CHANGES = 0.3;
const CASES = 0.006;
const CLAIMS = 0.006;

interface Home {
  id: string;
  people: string[];
}

/** The demonstration's district, each household as many times as asked for, registered before everything else. Written straight to the table. */
export async function loadRegister(times: number): Promise<{ divisions: Divisions; homes: Map<string, Home[]> }> {
  const divisions = demoDivisions();
  await writeDivisions(divisions);
  const demo = Map.groupBy(demoHouseholds(divisions), ({ village }) => village);
  const homes = new Map<string, Home[]>();
  const bar = new ProgressBar('登记', 10_369 * times);
  await eachOf(villagesOf(divisions), 4, async (village) => {
    const all = Array.from({ length: times }, () => demo.get(village) ?? []).flat();
    const own = all.map(({ members }, n) => {
      const id = householdIdOf(village, String(n + 1).padStart(4, '0'));
      return { id, members: members.map((one, place) => ({ ...one, person: `p-${hex(`${id} ${place}`)}` })) };
    });
    const items = own.flatMap(({ id, members }): Item[] => {
      const household: Household = {
        id,
        origin: 'lifted',
        status: 'registered',
        version: 1,
        registeredOn: '2020-12-31',
        members: members.map(({ name, relation, person, age }) => ({
          person,
          name,
          relation,
          sex: 'male' as const,
          birthYear: 2020 - age,
          idCipher: 'x'.repeat(62),
          idMasked: '440904********0000',
        })),
        ownPayouts: [],
      };
      return [
        itemOf(putNew(household)),
        itemOf(putVersion(id, versionOf(1, '2020-12-31', { kind: 'register', household }))),
      ];
    });
    await batchPut(items);
    homes.set(
      village,
      own.map(({ id, members }) => ({ id, people: members.map(({ person }) => person) })),
    );
    bar.add(own.length);
  });
  bar.end();
  return { divisions, homes };
}

/** What happens in a year: four sealed rounds, a policy with everybody on its roster, help, changes, admissions and claims. */
export async function loadYear(year: number, homes: ReadonlyMap<string, readonly Home[]>): Promise<void> {
  const bar = new ProgressBar(`${year} 年`, homes.size);
  const policy = { id: `policy-${hex(String(year)).slice(0, 12)}`, year };
  await putPolicy(DISTRICT, {
    ...policy,
    number: `DB-${year}`,
    insurer: '示例财产保险公司',
    from: `${year}-01-01`,
    to: `${year}-12-31`,
    premium: 254_880_000,
    limit: 4_900_000_000,
    product: 'product-000000000000',
    createdBy: 'a',
    createdAt: `${year}-01-01T01:00:00.000Z`,
    reserved: 0,
    paid: 0,
  });
  await batchPut([1, 2, 3, 4].map((quarter) => roundItem(year, quarter)));
  await eachOf([...homes], 4, async ([village, own]) => {
    const some = (share: number) =>
      own.filter(({ id }) => Number.parseInt(hex(`${year} ${share} ${id}`).slice(0, 6), 36) / 36 ** 6 < share);
    for (const quarter of [1, 2, 3, 4])
      await putSheet({ round: `${year}Q${quarter}`, village, criteria: 'c', rules: '2023.1', rows: own.map(rowOf) });
    // An earlier year's roster is asked for by no brief of this one.
    const insured = year === NEWEST ? own.flatMap((home) => insuredOf(year, home)) : [];
    await addParts(DISTRICT, policy.id, insured);
    await batchPut([
      ...insured.map((one) => insuredItem(DISTRICT, policy.id, one)),
      ...Array.from({ length: Math.floor(ENTRIES) }, (_, n) =>
        own.map((home) => entryItem(year, n, village, home)),
      ).flat(),
      ...some(ENTRIES % 1).map((home) => entryItem(year, 9, village, home)),
      ...some(CHANGES).map(({ id }) =>
        itemOf(putVersion(id, versionOf(2 + year - 2021, `${year}-06-01`, { kind: 'correction', address: '示例路' }))),
      ),
      ...some(CASES).flatMap((home) => caseItems(year, home)),
      ...some(CLAIMS).flatMap((home) => claimItems(year, policy.id, home)),
    ]);
    bar.add(1);
  });
  bar.end();
}

function hex(text: string): string {
  return sha256(text).slice(0, 16);
}

function itemOf({ Put }: TransactItem): Item {
  if (Put?.Item === undefined) throw new Error('This write puts nothing.');
  return Put.Item;
}

function versionOf<C>(version: number, on: string, change: C) {
  return { version, on, recordedAt: `${on}T02:00:00.000Z`, by: 'a', change };
}

function roundItem(year: number, quarter: number): Item {
  const month = String(quarter * 3).padStart(2, '0');
  return {
    ...keys.round(DISTRICT, `${year}Q${quarter}`),
    status: 'sealed',
    sealedAt: `${year}-${month}-20T01:00:00.000Z`,
    // As large as the totals of 28 towns are.
    totals: JSON.stringify({ towns: 'x'.repeat(10_000) }),
    doc: JSON.stringify({ id: `${year}Q${quarter}`, district: DISTRICT }),
  };
}

function rowOf({ id, people }: Home): SheetRow {
  return {
    household: id,
    visit: `visit-${hex(id)}`,
    missed: null,
    people: people.length,
    class: 'secure',
    caseType: null,
    perCapita: 1_500_000,
    perCapitaRound: null,
    previousPerCapita: 1_400_000,
    ownPayouts: 0,
    openCase: false,
    signals: [],
    disagreement: false,
    sample: null,
    labour: people.length > 1,
    seenOn: null,
  };
}

function insuredOf(year: number, { id, people }: Home): Insured[] {
  return people.map((person) => ({
    person,
    name: '测试',
    idMasked: '440904********0000',
    household: id,
    covers: [{ certificate: `C-${person}`, enrolledOn: `${year}-01-01`, recordedAt: `${year}-01-01T02:00:00.000Z` }],
  }));
}

function entryItem(year: number, n: number, region: string, { id, people }: Home): Item {
  const on = `${year}-0${1 + (n % 9)}-1${n % 9}`;
  const base = { region, evidence: [], occurredOn: on, recordedAt: `${on}T03:00:00.000Z`, recordedBy: 'a' };
  const entryId = `entry-${hex(`${year} ${n} ${id}`)}`;
  const [person = ''] = people;
  const entry: Entry =
    n % 2 === 0
      ? { kind: 'team-visit', household: id, team: '示例工作队', ...base, id: entryId }
      : { kind: 'placement', household: id, person, employer: '示例制衣厂', ...base, id: entryId };
  const [item] = itemsOf(entry);
  if (item === undefined) throw new Error('An entry is an item.');
  return itemOf(item);
}

function caseItems(year: number, { id: household, people }: Home): Item[] {
  const id = `case-${hex(`${year} ${household}`)}`;
  const found = {
    id,
    household,
    stage: 'closed',
    head: null,
    episodes: [
      {
        number: 1,
        admittedOn: `${year}-03-01`,
        people: people.length,
        risks: [{ risk: 'illness' }],
        closed: { on: `${year}-10-01`, method: 'assisted' },
      },
    ],
    measures: [],
    review: null,
    closing: null,
    rejected: null,
  } satisfies Record<keyof Omit<Case, 'version' | 'moves'>, unknown>;
  return [
    { ...keys.case(id), version: 9, doc: JSON.stringify({ ...found, padding: 'x'.repeat(2_000) }) },
    { ...keys.caseSummary(household, id), doc: JSON.stringify({ id, household, padding: 'x'.repeat(300) }) },
  ];
}

function claimItems(year: number, policy: string, { id: household, people }: Home): Item[] {
  const id = `claim-${hex(`${year} ${household}`)}`;
  const claim = {
    id,
    policy,
    household,
    person: people[0],
    line: 'illness',
    reportedAt: `${year}-04-01T02:00:00.000Z`,
  };
  const events = ['claim-reported', 'registered', 'surveyed', 'adjudicated', 'approved', 'payment-settled', 'closed'];
  const at = `${year}-04-01T02:00:00.000Z`;
  const told = events.map((kind) => ({
    kind,
    body: kind === 'payment-settled' ? { on: `${year}-05-01`, amount: 900_000 } : {},
  }));
  return [
    { ...keys.claim(id), version: 7, doc: JSON.stringify(claim) },
    { ...keys.claimSummary(household, id), doc: JSON.stringify({ ...claim, padding: 'x'.repeat(300) }) },
    ...append(claimPartition(id), null, at, told).items.map(itemOf),
  ];
}
