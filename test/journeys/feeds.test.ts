import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Claimant, Stop } from '../../demo/claims/plan.ts';
import { playClaims } from '../../demo/claims/play.ts';
import type { ClaimFacts } from '../../functions/contracts/insurance/adjudication.ts';
import type { Figure } from '../../functions/contracts/reports/brief.ts';
import { feeds, type ReportedEvent } from '../../functions/domain/reports/feeds.ts';
import { admissionOf, agreeUntil, PROPOSER, TOWN, today } from '../playing-cases.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../playing-claims.ts';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  testId,
  testRow,
  VILLAGE,
  visitOf,
  worklist,
} from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

const BANK = { account: 'bank' };
const UNION = { kind: 'donation-received', fund: '济困日', giver: '工会', giverKind: 'union', amount: 500 };

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-04-11T10:00:00+08:00' });
});
afterAll(() => stack.stop());

async function figures(): Promise<Map<string, number>> {
  const { body } = await stack.get('/v1/reports/brief?region=440904', OFFICER);
  return new Map(body.figures.map(({ key, value }: Figure) => [key, value]));
}

/** Lets something happen, and looks which figures moved: exactly those the table names for it. */
async function moves(
  events: readonly ReportedEvent[],
  happen: () => Promise<unknown>,
  quarter: readonly string[] = [],
): Promise<void> {
  const before = await figures();
  await happen();
  const after = await figures();
  const moved = [...after.keys()].filter((key) => after.get(key) !== before.get(key));
  expect([events, moved.sort()]).toEqual([
    events,
    [...new Set([...events.flatMap((event) => feeds[event]), ...quarter])].sort(),
  ]);
}

async function enter(entry: Readonly<Record<string, unknown>>): Promise<string> {
  const { body } = await stack.post('/v1/ledger', OFFICER, { rows: [{ occurredOn: today(stack), ...entry }] });
  expect(body.items).toMatchObject([{ outcome: 'recorded' }]);
  return body.items[0].id;
}

async function change(id: string, what: object): Promise<void> {
  const { body } = await stack.get(`/v1/households/${id}`, OFFICER);
  const answer = await stack.patch(`/v1/households/${id}`, OFFICER, {
    version: body.version,
    change: { on: today(stack), ...what },
  });
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
}

async function screenVillage(village: string, round: string, labour: 'full' | 'none'): Promise<void> {
  const as = { account: 'village-worker', region: village };
  const found = await worklist(stack, village, round);
  const visits = found.map((household) =>
    visitOf(household, {
      round,
      visitedOn: today(stack),
      recordedAt: new Date(stack.local.clock.now()).toISOString(),
      members: household.members.map(({ person }) => ({ person, labour, health: 'healthy', inSchool: false })),
    }),
  );
  expect((await submit(stack, visits, { village, as, round })).body.refused).toBe(0);
}

async function seal(round: string): Promise<void> {
  await stack.post(`/v1/rounds/${round}/seal`, OFFICER);
  await stack.settle(60);
  expect((await stack.get(`/v1/rounds/${round}`, OFFICER)).body.status).toBe('sealed');
}

it('each kind of event moves the figures the table names, and no other', async () => {
  await moves(['household-registered'], () => register(stack, 2, VILLAGE, 2));
  await moves(['general-household-registered'], () =>
    stack.post('/v1/households:import', OFFICER, { rows: [{ ...testRow(9), origin: 'general' }] }),
  );
  await openRound(stack, '2023Q2');
  await screenVillage(VILLAGE, '2023Q2', 'full');
  // Nothing counts before it is sealed.
  await moves([], () => Promise.resolve());
  await moves(['visit-sealed-able'], () => seal('2023Q2'), ['screening.q2.households']);

  const [{ id, members }, { id: second }] = (await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER)).body.items;
  const household = { id, members };
  const born = today(stack).replaceAll('-', '');
  const newborn = { name: '测试新生', idNumber: testId(501, born), relation: 'child' };
  await moves(['member-joined-able'], () => change(id, { kind: 'birth', member: newborn }));
  const child = (await stack.get(`/v1/households/${id}`, OFFICER)).body.members.at(-1).person;
  await moves(['member-left-able'], () => change(id, { kind: 'death', person: child }));

  let subject = '';
  await moves(['case-opened'], async () => {
    subject = await admissionOf(stack, household);
    await agreeUntil(stack, subject, household);
  });
  const responsible = { account: 'h', name: '陈帮扶', unit: '镇农业办' };
  const measure = { key: 'measure-1', kind: 'health', plannedOn: today(stack), responsible };
  await moves([], async () => {
    const { body } = await stack.post(`/v1/cases/${subject}/measures`, TOWN, measure);
    for (const to of [{ to: 'under-way' }, { to: 'completed', evidence: ['photo-9'] }])
      await stack.post(`/v1/cases/${subject}/measures/${body.measure.id}`, TOWN, {
        change: { ...to, on: today(stack) },
      });
  });
  await throughHelp(id, members[0].person);
  await throughInsurance();

  await stack.advance('2023-07-11T10:00:00+08:00');
  await register(stack, 1, OTHER_VILLAGE, 2);
  await openRound(stack, '2023Q3');
  await screenVillage(VILLAGE, '2023Q3', 'full');
  await screenVillage(OTHER_TOWN_VILLAGE, '2023Q3', 'full');
  await seal('2023Q3');
  await moves(['case-closed'], async () => {
    expect((await stack.post(`/v1/cases/${subject}/closure`, PROPOSER, { method: 'natural' })).status).toBe(201);
    await stack.settle();
    await agreeUntil(stack, subject, household);
  });

  await stack.advance('2023-10-11T10:00:00+08:00');
  await openRound(stack, '2023Q4');
  await screenVillage(VILLAGE, '2023Q4', 'full');
  await screenVillage(OTHER_TOWN_VILLAGE, '2023Q4', 'full');
  await screenVillage(OTHER_VILLAGE, '2023Q4', 'none');
  await moves(['visit-sealed-unable'], () => seal('2023Q4'), ['screening.q4.households']);
  await moves(['household-cancelled-able'], () => change(second, { kind: 'cancel', reason: 'moved-away' }));
});

async function throughHelp(household: string, person: string): Promise<void> {
  const at = { region: VILLAGE, household };
  const one: Partial<Record<ReportedEvent, object>> = {
    placement: { kind: 'placement', ...at, person, employer: '帮扶车间' },
    'unemployed-hired': { kind: 'unemployed-hired', region: VILLAGE, people: 3, employer: '企业' },
    'start-up': { kind: 'start-up', ...at, person, trade: '养殖' },
    training: { kind: 'training', ...at, person, course: '粤菜师傅' },
    loan: { kind: 'loan', ...at, borrower: '合作社', amount: 100 },
    'housing-repair': { kind: 'housing-repair', ...at, amount: 100 },
    'donation-received': { ...UNION, region: VILLAGE, giver: '企业', giverKind: 'enterprise' },
    'union-donation-received': { ...UNION, region: VILLAGE },
    'donation-spent': { kind: 'donation-spent', region: VILLAGE, fund: '济困日', purpose: '修路', amount: 10 },
    'company-jobs': { kind: 'company-jobs', region: VILLAGE, company: '企业', personTimes: 4 },
    'team-visit': { kind: 'team-visit', ...at, team: '工作队' },
  };
  for (const [event, entry] of Object.entries(one)) await moves([event as ReportedEvent], () => enter({ ...entry }));
  let before = '';
  const next = async (event: ReportedEvent, entry: () => object) =>
    await moves([event], async () => {
      before = await enter({ kind: event, ...at, ...entry() });
    });
  await next('goods', () => ({ what: '山羊', quantity: 3 }));
  await next('offspring', () => ({ goods: before, quantity: 2 }));
  await next('post', () => ({ person, duty: '保洁' }));
  await next('post-subsidy', () => ({ post: before, month: '2023-04', amount: 100 }));
  // A reversal takes back what its entry moved.
  const reversal = { region: VILLAGE, occurredOn: today(stack), on: today(stack), reason: '录入重复' };
  await moves(['post-subsidy'], () => stack.post(`/v1/ledger/${before}/reversal`, TOWN, reversal));
  await next('award-application', () => ({ project: '发展种养', amount: 100 }));
  const award = before;
  await next('award-acceptance', () => ({ award, accepted: true }));
  await next('award-payment', () => ({ award, amount: 100 }));
}

async function throughInsurance(): Promise<void> {
  const families = await registerFamilies(stack, 5, OTHER_TOWN_VILLAGE);
  const [first, ...others] = families;
  if (first === undefined) throw new Error('There is no family.');
  let policy = '';
  await moves(['policy-concluded', 'person-enrolled'], async () => {
    policy = await insureWith(stack, rosterOf(others));
  });
  const rows = rosterOf([first]);
  await moves(['person-enrolled'], () => stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows }));
  const removed = rows.slice(1).map((row) => ({ ...row, removedOn: '2023-03-01' }));
  await moves(['person-taken-off'], () => stack.post(`/v1/policies/${policy}/roster`, OFFICER, { rows: removed }));
  const play = (family: Claimant | undefined, n: number, facts: ClaimFacts, stop: Stop) => {
    if (family === undefined) throw new Error('There are no more families.');
    return playClaims(stageOf(stack), policy, [claimFor(family, n, facts, stop, { eventOn: '2023-03-10' })]);
  };
  await moves(['claim-reported'], () => play(first, 11, illness(900_000, 'DB-F001'), 'approval'));
  const claim = await claimOf(stack, first.household);
  const worker = { account: 'village-worker', region: OTHER_TOWN_VILLAGE };
  await moves(['claim-withdrawn'], () => step(stack, claim, worker, { step: 'withdraw', reason: '家属要求撤回' }));
  await play(others[0], 12, illness(900_000, 'DB-F002'), 'confirmation');
  await play(others[1], 13, { line: 'accidental-death' }, 'confirmation');
  const told = async (family: Claimant | undefined, status: string) => {
    const { payouts, approved } = await claimOf(stack, family?.household ?? '');
    const item = {
      endToEndId: payouts.at(-1),
      status,
      amount: approved.amount,
      on: today(stack),
      ...(status === 'returned' ? { reason: 'AC01' } : {}),
    };
    expect((await stack.post('/v1/payouts/confirmations', BANK, { items: [item] })).body.items).toMatchObject([
      { outcome: status },
    ]);
  };
  await moves(['claim-paid'], () => told(others[0], 'settled'));
  await moves(['death-claim-paid'], () => told(others[1], 'settled'));
  await moves(['payment-returned'], () => told(others[0], 'returned'));
}
