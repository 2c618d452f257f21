import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Left, openedIn, proposalOf } from '../erasing-people.ts';
import { WORKER } from '../playing-households.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../stack.ts';
import { Secrets } from '../traces/secrets.ts';
import { tracesOf } from '../traces/traces.ts';
import { DISTRICT, type Erasable, erasable, others } from './erasable.ts';
import type { Contents } from './table.ts';

const THIRD_OFFICER = { ...OFFICER, person: 3 };

let ready: Erasable;
let stack: TestStack;
let first: Left;
let untouched: Contents;
beforeAll(async () => {
  ready = await erasable();
  ({ stack, first, untouched } = ready);
});
afterAll(() => stack.stop());

/** Records of people in which nothing else happens meanwhile. */
const RECORDS = ['CLAIM#', 'PAYOUT#', 'LEDGER#', 'EVIDENCE#', 'DECLARATION#', 'NOTICE#', 'POLICY#', 'CASE#', 'HELP#'];

async function records(): Promise<[string, unknown][]> {
  const { contents } = await import('./table.ts');
  return [...(await contents())].filter(([key]) => RECORDS.some((one) => key.startsWith(one)));
}

/** Whoever was erased, or nearly, comes back with the same number, and under which id they are known then. */
async function changed(body: object): Promise<string | undefined> {
  const path = `/v1/households/${first.household}`;
  const { version } = (await stack.get(path, OFFICER)).body;
  const answer = await stack.patch(path, OFFICER, { version, change: { on: '2026-01-31', ...body } });
  expect(answer.status).toBe(200);
  const [name] = first.secrets.keys();
  const { members } = (await stack.get(path, OFFICER)).body;
  return members.find((one: { name: string }) => one.name === name)?.person;
}

function comingBack(): object {
  const [name, idNumber] = first.secrets.keys();
  return { kind: 'move-in', member: { name, idNumber, relation: 'other' } };
}

/** Proposed and approved, and ended by faults when the first of the family is marked. @returns where it is approved */
async function interruptedAfterTheMark(): Promise<string> {
  const { body } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${body.id}/approval`;
  const { faults } = stack.local.gateway;
  const nth = Array.from({ length: 60 }, (_, n) => 1 + n);
  for (const action of ['UpdateItem', 'PutItem'])
    faults.add({ principal: 'shouwang-test-criteria', action, kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  faults.clear();
  return approval;
}

it('interrupted before they are marked, it has taken nothing, and does not go on when they have come back, nor when they have left again', async () => {
  const { restore } = await import('./table.ts');
  const { body: proposed } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${proposed.id}/approval`;
  const { faults } = stack.local.gateway;
  // The first transaction keeps the approval, the second would mark the person.
  const nth = Array.from({ length: 9 }, (_, n) => 2 + n);
  const before = await others(ready);
  const told = await records();
  faults.add({ principal: 'shouwang-test-criteria', action: 'TransactWriteItems', kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  expect(faults.struck('shouwang-test-criteria')).toBeGreaterThan(0);
  faults.clear();
  expect((await stack.get('/v1/erasures', OFFICER)).body.items[0].status).toBe('approved');
  expect(await records()).toEqual(told);
  expect(await others(ready)).toEqual(before);

  expect(await changed(comingBack())).toBe(first.person);
  expect((await stack.post(approval, THIRD_OFFICER)).body.code).toBe('person-registered');
  await changed({ kind: 'move-out', on: '2026-02-01', person: first.person });
  expect((await stack.post(approval, THIRD_OFFICER)).body).toMatchObject({
    code: 'retention-not-over',
    until: '2027-02-01',
  });
  expect(await records()).toEqual(told);
  await restore(untouched);
});

/** Somebody without login reports a loss of theirs. @returns how it is looked at */
async function reported(eventOn: string): Promise<string> {
  const [name, idNumber] = first.secrets.keys();
  const report = { idNumber, name, phone: '13922223333', line: 'illness', eventOn, invoices: [] };
  const { status, body } = await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(report));
  expect(status).toBe(201);
  return `/v1/claim-reports/${body.receipt}/conclusion`;
}

async function whatIsOpened(): Promise<Set<string>> {
  const { contents } = await import('./table.ts');
  const { openAll } = await import('../../operations/rotate-data-key/rewrite.ts');
  const { data } = await openAll(ready.table, DISTRICT);
  return openedIn((await contents()).values(), (cipher, owner) => data.decrypt(cipher, owner));
}

it('interrupted before they are marked, it asks for every ground again, and goes on when what arose meanwhile has ended', async () => {
  const { restore } = await import('./table.ts');
  const { body: proposed } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${proposed.id}/approval`;
  const { faults } = stack.local.gateway;
  const nth = Array.from({ length: 9 }, (_, n) => 2 + n);
  faults.add({ principal: 'shouwang-test-criteria', action: 'TransactWriteItems', kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  faults.clear();
  const conclusion = await reported('2023-11-02');
  const told = await records();
  for (const as of [SECOND_OFFICER, THIRD_OFFICER]) {
    expect((await stack.post(approval, as)).body.code).toBe('person-in-claim');
    expect(await records()).toEqual(told);
  }
  expect((await stack.get('/v1/erasures', OFFICER)).body.items[0].status).toBe('approved');
  expect((await stack.post(conclusion, WORKER, { dismissed: '不在保障期内' })).status).toBe(200);
  expect((await stack.post(approval, THIRD_OFFICER)).body).toMatchObject({ status: 'erased' });
  expect([...(await tracesOf(stack.local, new Secrets(first.secrets)))]).toEqual([]);
  const opened = await whatIsOpened();
  expect([...first.secrets.keys()].filter((secret) => opened.has(secret))).toEqual([]);
  await restore(untouched);
});

it('interrupted after they are marked, a report that comes in meanwhile neither stops it nor stays', async () => {
  const { restore } = await import('./table.ts');
  const approval = await interruptedAfterTheMark();
  const conclusion = await reported('2023-11-03');
  expect((await stack.post(approval, THIRD_OFFICER)).body).toMatchObject({ status: 'erased' });
  const opened = await whatIsOpened();
  expect([...first.secrets.keys()].filter((secret) => opened.has(secret))).toEqual([]);
  // It is still there to be looked at, without whom it was of, and stops nobody else's.
  expect((await stack.get(`/v1/claim-reports?region=${DISTRICT}`, OFFICER)).status).toBe(200);
  const another = { person: first.child, household: first.household };
  expect((await stack.post('/v1/erasures', OFFICER, proposalOf(another))).body.code).toBe('person-registered');
  expect((await stack.post(conclusion, OFFICER, { dismissed: '无法核实' })).status).toBe(200);
  await restore(untouched);
});

it('interrupted after they are marked, whoever comes back is somebody new, and it goes on to its end', async () => {
  const { restore } = await import('./table.ts');
  const approval = await interruptedAfterTheMark();
  const anew = await changed(comingBack());
  expect(anew).toMatch(/^p-/);
  expect(anew).not.toBe(first.person);
  expect((await stack.post(approval, THIRD_OFFICER)).body).toMatchObject({ status: 'erased' });
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const of = async (person = '') => await keptOf(DISTRICT, person, [first.household], stack.local.clock.now());
  const gone = await of(first.person);
  expect(gone.words).toEqual([]);
  // Nor is anything new taken in of whom is erased: not by an appeal either.
  const appeal = await stack.post(`/v1/claims/${gone.claims[0]?.id}/appeal`, WORKER, { reason: '对结果有异议' });
  expect(appeal.body.code).toBe('person-not-member');
  expect((await of(anew)).words).toEqual([...first.secrets.keys()].slice(0, 2));
  const [, idNumber] = first.secrets.keys();
  const found = await stack.post('/v1/households/search', OFFICER, { region: DISTRICT, idNumber });
  expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([first.household]);
  await restore(untouched);
});
