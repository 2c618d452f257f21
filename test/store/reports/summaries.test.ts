import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import { Random } from '../../../demo/district/random.ts';
import { addDays, dayOf } from '../../../functions/domain/calendar.ts';
import { briefOf } from '../../../functions/domain/reports/brief.ts';
import { asATask } from '../../as-a-task.ts';
import { sealRound } from '../../playing-cases.ts';
import { claimFor, illness, insureWith, registerFamilies, rosterOf, stageOf } from '../../playing-claims.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  testRow,
  VILLAGE,
  visitOf,
  worklist,
} from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

const VILLAGES = [VILLAGE, OTHER_VILLAGE, OTHER_TOWN_VILLAGE];
const REGIONS = ['440904', '440904001', '440904116', ...VILLAGES];
const SEED = process.env['SUMMARY_SEED'] ?? '1';
const STEPS = Number(process.env['SUMMARY_STEPS'] ?? 24);

const random = new Random(`summaries ${SEED}`);
let stack: TestStack;
let families: Claimant[];
let policy: string;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-09-28T10:00:00+08:00' });
  families = await registerFamilies(stack, 6);
  for (const village of [OTHER_VILLAGE, OTHER_TOWN_VILLAGE]) await register(stack, 6, village);
  policy = await insureWith(stack, rosterOf(families));
  await asATask(stack);
});
afterAll(() => stack.stop());

const now = () => stack.local.clock.now();
const today = () => dayOf(now());
const aDayBefore = (most: number) => addDays(today(), -random.int(0, most));

interface Home {
  id: string;
  version: number;
  status: string;
  registeredOn: string;
  members: { person: string }[];
}

async function homes(): Promise<Home[]> {
  const { body } = await stack.get('/v1/households?region=440904&limit=200', OFFICER);
  // The first two families have claims, which are played to their end.
  const claimants = new Set(families.slice(0, 2).map(({ household }) => household));
  return body.items.filter(
    ({ id, status, members }: Home) => status === 'registered' && members.length > 0 && !claimants.has(id),
  );
}

/** What somebody does on a day, often about an earlier one; a refusal is as good as anything else. */
const moves: Record<string, () => Promise<unknown>> = {
  async change() {
    const all = await homes();
    const home = random.pick(all);
    const other = random.pick(all);
    const [member] = home.members;
    const changes = [
      { kind: 'death', person: member?.person },
      { kind: 'move-out', person: member?.person },
      { kind: 'cancel', reason: random.pick(['moved-away', 'registered-in-error', 'duplicate']) },
      { kind: 'move', village: random.pick(VILLAGES), number: String(random.int(100, 180)) },
      { kind: 'merge', into: other.id, intoVersion: other.version },
      {
        kind: 'birth',
        member: {
          ...testRow(random.int(500, 900)).members[0],
          relation: 'child',
        },
      },
    ];
    const change = { ...random.pick(changes), on: aDayBefore(90) };
    return await stack.patch(`/v1/households/${home.id}`, OFFICER, { version: home.version, change });
  },
  async register() {
    const row = { ...testRow(random.int(300, 480), random.pick(VILLAGES)), registeredOn: aDayBefore(200) };
    return await stack.post('/v1/households:import', OFFICER, { rows: [row] });
  },
  async help() {
    const home = random.pick(await homes());
    const [member] = home.members;
    // Of a town, an entry may name a household that its village has helped too.
    const region = home.id.slice(0, random.chance(0.3) ? 9 : 12);
    const place = { region, occurredOn: aDayBefore(60), serial: String(random.int(1, 1e6)) };
    const rows = [
      { kind: 'placement', household: home.id, person: member?.person, employer: '示例厂' },
      { kind: 'housing-repair', household: home.id, amount: random.int(1, 1e6) },
      { kind: 'team-visit', household: home.id, team: '示例队' },
      { kind: 'donation-received', fund: '济困日', giver: '工会', giverKind: 'union', amount: 500 },
      { kind: 'company-jobs', company: '示例公司', personTimes: random.int(1, 9) },
    ].map((row) => ({ ...place, ...row }));
    const district = {
      kind: 'loan',
      region: '440904',
      occurredOn: aDayBefore(60),
      borrower: '示例合作社',
      amount: 900,
    };
    return await stack.post('/v1/ledger', OFFICER, { rows: [...rows, { ...district, serial: place.serial }] });
  },
  async reverse() {
    const { body } = await stack.get('/v1/ledger?region=440904&limit=200', OFFICER);
    const entries = body.items.filter(({ kind }: { kind: string }) => kind !== 'reversal');
    if (entries.length === 0) return;
    const { id, region, occurredOn } = random.pick<{ id: string; region: string; occurredOn: string }>(entries);
    const days = Math.round((Date.parse(today()) - Date.parse(occurredOn)) / 86_400_000);
    const on = addDays(occurredOn, random.int(0, days));
    return await stack.post(`/v1/ledger/${id}/reversal`, OFFICER, { region, occurredOn, on, reason: '重复录入' });
  },
  async former() {
    const admittedOn = aDayBefore(400);
    const closed = {
      on: [addDays(admittedOn, 200), today()].sort()[0],
      method: 'natural',
      perCapita: 1_200_000,
      monitoringContact: { account: 'contact', name: '林联络', unit: '村委会' },
    };
    const episode = { admittedOn, people: random.int(1, 5), caseType: 'marginal', risks: ['illness'], measures: [] };
    const episodes = [random.chance(0.4) ? { ...episode, closed } : episode];
    return await stack.post('/v1/imports/cases', OFFICER, {
      rows: [{ household: random.pick(await homes()).id, episodes }],
    });
  },
  async insure() {
    const row = random.pick(rosterOf(families));
    const [listed] = testRow(random.int(1, 6), OTHER_VILLAGE).members;
    const dates = random.pick([
      { enrolledOn: '2023-01-01', removedOn: addDays(today(), random.int(-60, 30)) },
      { enrolledOn: addDays(today(), random.int(-60, 30)) },
    ]);
    const person = { name: listed?.name, idNumber: listed?.idNumber, certificate: `C-9${random.int(1, 6)}` };
    return await stack.post(`/v1/policies/${policy}/roster`, OFFICER, {
      rows: [{ ...random.pick([row, { ...row, ...person }]), ...dates }],
    });
  },
};

/** A round of a village or two, visited in part, so that who could work is known of some and changes with the next. */
async function screen(round: string, day: string): Promise<void> {
  await openRound(stack, round);
  for (const village of VILLAGES) {
    const expected = await worklist(stack, village, round);
    const met = expected.filter(() => random.chance(0.6));
    const visits = met.map((home) =>
      visitOf(home, {
        round,
        visitedOn: day,
        recordedAt: new Date(now()).toISOString(),
        members: home.members.map(({ person }) => ({
          person,
          labour: random.pick(['full', 'none'] as const),
          health: 'healthy',
          inSchool: false,
        })),
      }),
    );
    if (visits.length > 0) await submit(stack, visits, { village, round });
    const items = expected
      .filter((home) => !met.includes(home))
      .map(({ id: household }) => ({ household, reason: 'nobody-at-home' }));
    const as = { account: 'village-worker', region: village } as const;
    if (items.length > 0) await stack.post(`/v1/rounds/${round}/missed`, as, { village, items });
  }
  await sealRound(stack, round);
}

let compared = 0;
let bySummary = 0;
let bySums = 0;

/** Whether summaries and what changed since tell the same as everything that ever happened. */
async function compare(region: string, asOf: string, knownAt: string): Promise<void> {
  const { readBriefFacts, readBriefFactsFromEvents } = await import('../../../functions/store/reports/brief-facts.ts');
  const { changesSince } = await import('../../../functions/store/reports/count-summary.ts');
  const { questionOf } = await import('../../../functions/store/reports/question.ts');
  const { readDivisions } = await import('../../../functions/store/registry/divisions.ts');
  const divisions = await readDivisions('440904');
  if (divisions === undefined) throw new Error('There are no divisions.');
  const short = await readBriefFacts(region, asOf, knownAt, divisions);
  const { facts } = await readBriefFactsFromEvents(region, asOf, knownAt, divisions);
  compared += 1;
  if ((await changesSince(await questionOf({ region, asOf, knownAt }, divisions))) !== undefined) bySummary += 1;
  const ordered = (one: typeof facts) => ({
    ...one,
    entries: one.entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    sheets: one.sheets.map((sheet) => JSON.stringify(sheet)).sort(),
  });
  expect([SEED, region, asOf, knownAt, ordered(short)]).toEqual([SEED, region, asOf, knownAt, ordered(facts)]);
  const summed = await readBriefFacts(region, asOf, knownAt, divisions, 'figures');
  if ((summed.sums ?? []).length > 0) bySums += 1;
  const briefs = [summed, facts].map((one) => briefOf(one, divisions, false));
  expect([SEED, region, asOf, knownAt, briefs[0]]).toEqual([SEED, region, asOf, knownAt, briefs[1]]);
}

/** The daily close, whether or not enough has changed for it. */
async function sumUp(): Promise<void> {
  const { countFromEvents } = await import('../../../functions/store/reports/count-events.ts');
  const { changesSince, countForSummary } = await import('../../../functions/store/reports/count-summary.ts');
  const { questionOf } = await import('../../../functions/store/reports/question.ts');
  const { putSummaries } = await import('../../../functions/store/reports/summaries.ts');
  const { readDivisions } = await import('../../../functions/store/registry/divisions.ts');
  const divisions = await readDivisions('440904');
  if (divisions === undefined) throw new Error('There are no divisions.');
  const asked = { region: '440904', asOf: today(), knownAt: new Date(now()).toISOString() };
  const question = await questionOf(asked, divisions);
  const since = await changesSince(question);
  const counted = since === undefined ? undefined : await countForSummary(question, since);
  await putSummaries(question, counted ?? (await countFromEvents(question)));
}

it('a summary and what changed since tell any brief as everything that ever happened does', async () => {
  const instants: number[] = [];
  const [first, second] = families;
  if (first === undefined || second === undefined) throw new Error('There are no families.');
  for (let n = 0; n < STEPS; n += 1) {
    if (n === Math.floor(STEPS / 6)) await screen('2023Q3', today());
    if (n === Math.floor(STEPS / 4))
      await playClaims(stageOf(stack), policy, [
        claimFor(first, 1, illness(900_000, 'DB-S001'), 'paid', { eventOn: '2023-08-10' }),
      ]);
    if (n === Math.floor(STEPS / 2))
      await playClaims(stageOf(stack), policy, [
        claimFor(second, 2, illness(900_000, 'DB-S002'), 'returned', { eventOn: '2023-08-10' }),
      ]);
    if (n === Math.floor((STEPS * 4) / 5) && today() >= '2023-10-01') await screen('2023Q4', today());
    await random.pick(Object.values(moves))();
    if (random.chance(0.15)) await sumUp();
    instants.push(now());
    await stack.settle(random.pick([1, 60, 3_600, 20_000, 40_000]));
    if (n % 6 === 5) await compare(random.pick(REGIONS), today(), new Date(now()).toISOString());
  }
  for (let n = 0; n < STEPS; n += 1) {
    const knownAt = random.pick([now(), random.pick(instants)]);
    const asOf = addDays(dayOf(knownAt), -random.pick([0, 0, 1, 5, 30, 100]));
    await compare(random.pick(REGIONS), asOf, new Date(knownAt).toISOString());
  }
  expect([compared, bySummary > compared / 3, bySums > 0]).toEqual([compared, true, true]);
});

it('a village that was left out of the divisions while a summary was written is in briefs when it is back', async () => {
  const { body: before } = await stack.get('/v1/divisions', OFFICER);
  const inhabitants = await stack.get(
    `/v1/households?region=${OTHER_TOWN_VILLAGE}&status=registered&limit=200`,
    OFFICER,
  );
  for (const { id, version } of inhabitants.body.items) {
    const change = { kind: 'cancel', reason: 'moved-away', on: today() };
    await stack.patch(`/v1/households/${id}`, OFFICER, { version, change });
  }
  const towns = before.towns.map(({ villages, ...town }: { villages: { code: string }[] }) => ({
    ...town,
    villages: villages.filter(({ code }) => code !== OTHER_TOWN_VILLAGE),
  }));
  expect((await stack.post('/v1/divisions', OFFICER, { ...before, towns })).status).toBe(200);
  await stack.settle();
  await sumUp();
  await stack.settle();
  expect((await stack.post('/v1/divisions', OFFICER, before)).status).toBe(200);
  for (const region of ['440904', OTHER_TOWN_VILLAGE]) await compare(region, today(), new Date(now()).toISOString());
});

it('a household that its village helped before a summary, and its town after, counts once', async () => {
  const [home] = await homes();
  if (home === undefined) throw new Error('There are no households.');
  const help = async (region: string) => {
    const row = {
      kind: 'housing-repair',
      household: home.id,
      region,
      occurredOn: today(),
      amount: 700,
      serial: region,
    };
    expect((await stack.post('/v1/ledger', OFFICER, { rows: [row] })).body.refused).toBe(0);
  };
  await help(home.id.slice(0, 12));
  // Beyond the hour in which what was noted before a summary is looked at again.
  await stack.settle(7_200);
  await sumUp();
  await stack.settle(1);
  const before = bySums;
  await help(home.id.slice(0, 9));
  await compare('440904', today(), new Date(now()).toISOString());
  expect(bySums).toBe(before + 1);
});

it('whom a roster covers from a later day on is in briefs of that day, although a summary was written before it', async () => {
  const [listed] = testRow(7, OTHER_VILLAGE).members;
  const tomorrow = addDays(today(), 1);
  const row = { name: listed?.name, idNumber: listed?.idNumber, certificate: 'C-999', enrolledOn: tomorrow };
  expect((await stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: [row] })).body.enrolled).toBe(1);
  // Beyond the hour in which what was noted before a summary is looked at again.
  await stack.settle(7_200);
  await sumUp();
  await stack.settle(2 * 86_400);
  for (const region of ['440904', '440904001', OTHER_VILLAGE])
    await compare(region, today(), new Date(now()).toISOString());
});
