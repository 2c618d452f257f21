import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asATask, ONE_ATTEMPT } from '../as-a-task.ts';
import {
  type Left,
  numbersKey,
  openedIn,
  proposalOf,
  setPeriod,
  whoLeft,
  YEARS_LATER,
  yearsLater,
} from '../erasing-people.ts';
import { WORKER } from '../playing-households.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../stack.ts';
import { Secrets } from '../traces/secrets.ts';
import { tracesOf } from '../traces/traces.ts';
import { killedEverywhere } from './killing.ts';
import type { Contents } from './table.ts';

const DISTRICT = '440904';
const WRITES = ['UpdateItem', 'PutItem', 'TransactWriteItems', 'DeleteItem', 'DeleteObject'] as const;
/** Which writes it is killed at: each takes a second or two, so here every sixth, and all of them with KILL_EVERY=1 (docs/proof.md). */
const EVERY = Number(process.env['KILL_EVERY'] ?? 6);
const THIRD_OFFICER = { ...OFFICER, person: 3 };

let stack: TestStack;
let first: Left;
let table: string;
let untouched: Contents;
beforeAll(async () => {
  const played = await whoLeft();
  const [left] = played.left;
  if (left === undefined) throw new Error('Somebody left.');
  first = left;
  stack = await yearsLater(played.stack);
  await setPeriod(stack);
  table = await asATask(stack, ONE_ATTEMPT);
  Object.assign(process.env, {
    PERSONAL_DATA_KEY: await numbersKey(DISTRICT),
    DOCUMENTS_BUCKET: await documentsBucket(),
  });
  const { contents } = await import('./table.ts');
  untouched = await contents();
});
afterAll(() => stack.stop());

async function numbers() {
  const { openAll } = await import('../../operations/rotate-data-key/rewrite.ts');
  return await openAll(table, DISTRICT);
}

async function documentsBucket(): Promise<string> {
  const { gateway } = stack.local;
  const asked = { principal: gateway.principals.operator, service: 's3', action: 'ListBuckets', input: {} };
  const { Buckets }: { Buckets: { Name: string }[] } = Object(await gateway.call(asked));
  return Buckets.find(({ Name }) => Name.includes('documents'))?.Name ?? '';
}

/** The figures, and what the others see of themselves. */
async function others(): Promise<unknown[]> {
  const brief = `/v1/reports/brief?region=${DISTRICT}&asOf=2023-12-31&knownAt=${encodeURIComponent(YEARS_LATER)}`;
  const paths = [brief, `/v1/households/${first.household}`, '/v1/rounds/2023Q4?region=440904'];
  return await Promise.all(paths.map(async (path) => (await stack.get(path, OFFICER)).body));
}

it('killed at any write, it takes nobody else’s data, and made again it is whole', async () => {
  const { erase } = await import('../../functions/store/registry/erasing/erase.ts');
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const { putErasure } = await import('../../functions/store/registry/erasing/erasures.ts');
  const [name] = first.secrets.keys();
  // Why somebody else is to be erased names them.
  await putErasure(DISTRICT, {
    ...{ id: 'erasure-00000000000000ff', person: first.child, household: first.household, ground: 'period-over' },
    ...{ status: 'proposed', reason: `随${name}一并删除`, proposedBy: 'other', proposedAt: '2024-01-01T00:00:00.000Z' },
  });
  // So do a look at the accounts of a batch, and what was explained of the district's own roster.
  const { recordReveal } = await import('../../functions/store/registry/reveals.ts');
  const look = { subject: 'batch-0000000000000000', region: DISTRICT, field: 'accounts' as const, by: 'other' };
  await recordReveal({ ...look, at: '2024-01-01T00:00:00.000Z', reason: `核对${name}的账户` });
  const { keys } = await import('../../functions/store/keys.ts');
  const { client } = await import('../../functions/store/table.ts');
  const resolved = JSON.stringify({ how: 'explained', reason: `${name}的号码已核对`, by: 'other' });
  const Item = { ...keys.finding(`${DISTRICT}-00000000000000ff`), doc: '{}', state: 'explained', resolved };
  await client.send(new PutCommand({ TableName: table, Item }));
  const { contents, restore, said } = await import('./table.ts');
  const { data } = await numbers();
  const run = async () => {
    const now = stack.local.clock.now();
    await erase(await keptOf(DISTRICT, first.person, [first.household], now), first.household, now);
  };
  const readable = async () => {
    const opened = openedIn((await contents()).values(), (cipher, owner) => data.decrypt(cipher, owner));
    const ciphers = [...first.secrets].flatMap(([secret, what]) => (opened.has(secret) ? [what] : []));
    return [...(await tracesOf(stack.local, new Secrets(first.secrets))), ...ciphers];
  };
  // The id that somebody would have anew is drawn.
  const told = async () => said(await contents()).map((line) => line.replace(/"next":"p-\w+"/, '"next":"p-…"'));
  const all = await contents();
  const before = await others();
  await run();
  const wanted = await told();
  expect(await readable()).toEqual([]);
  await run();
  expect(await told()).toEqual(wanted);
  // A version that is one more says only that a state was written once more.
  const versions = (lines: string[]) => lines.map((line) => line.replace(/"version":\d+/, '"version":0'));
  for (const action of WRITES) {
    const killed = await killedEverywhere(stack, [action], run, {
      every: EVERY,
      before: () => restore(all),
      after: async () => {
        expect(await others()).toEqual(before);
        await run();
        expect(await readable()).toEqual([]);
        expect(versions(await told())).toEqual(versions(wanted));
      },
    });
    expect([action, killed > 0]).toEqual([action, true]);
  }
  await restore(untouched);
});

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

it('interrupted before they are marked, it has taken nothing, and does not go on when they have come back, nor when they have left again', async () => {
  const { restore } = await import('./table.ts');
  const { body: proposed } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${proposed.id}/approval`;
  const { faults } = stack.local.gateway;
  // The first transaction keeps the approval, the second would mark the person.
  const nth = Array.from({ length: 9 }, (_, n) => 2 + n);
  const before = await others();
  const told = await records();
  faults.add({ principal: 'shouwang-test-criteria', action: 'TransactWriteItems', kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  expect(faults.struck('shouwang-test-criteria')).toBeGreaterThan(0);
  faults.clear();
  expect((await stack.get('/v1/erasures', OFFICER)).body.items[0].status).toBe('approved');
  expect(await records()).toEqual(told);
  expect(await others()).toEqual(before);

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

it('interrupted after they are marked, whoever comes back is somebody new, and it goes on to its end', async () => {
  const { restore } = await import('./table.ts');
  const { body } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${body.id}/approval`;
  const { faults } = stack.local.gateway;
  const nth = Array.from({ length: 60 }, (_, n) => 1 + n);
  for (const action of ['UpdateItem', 'PutItem'])
    faults.add({ principal: 'shouwang-test-criteria', action, kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  faults.clear();
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

it('goes on when the approval is sent again, by another one too', async () => {
  const { body } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approve = (as: typeof OFFICER) => stack.post(`/v1/erasures/${body.id}/approval`, as);
  const { faults } = stack.local.gateway;
  const principal = 'shouwang-test-criteria';
  const nth = Array.from({ length: 60 }, (_, n) => 4 + n);
  faults.add({ principal, action: 'UpdateItem', kind: 'fail-before', nth });
  expect((await approve(SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  faults.clear();
  const [{ status }] = (await stack.get('/v1/erasures', OFFICER)).body.items;
  expect(status).toBe('approved');
  expect((await approve(OFFICER)).body.code).toBe('erasure-own-proposal');
  const ended = await approve(THIRD_OFFICER);
  expect(ended.body).toMatchObject({ status: 'erased', approvedBy: 'district-officer-2' });
  expect([...(await tracesOf(stack.local, new Secrets(first.secrets)))]).toEqual([]);
});

it('is made again in a table that was restored from before it', async () => {
  const { eraseAgain } = await import('../../operations/erase-again/erasures.ts');
  const { contents, restore } = await import('./table.ts');
  const { client } = await import('../../functions/store/table.ts');
  const after = await contents();
  const from = 'before-the-restore';
  const [pk, sk] = ['pk', 'sk'];
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName: from,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [pk, sk].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: pk, KeyType: 'HASH' },
        { AttributeName: sk, KeyType: 'RANGE' },
      ],
    }),
  );
  for (const Item of after.values()) await client.send(new PutCommand({ TableName: from, Item }));
  // Another was approved and interrupted before anything was taken, and lives in their household again.
  const { keys } = await import('../../functions/store/keys.ts');
  const interrupted = { id: 'erasure-00000000000000ee', person: first.child, household: first.household };
  const said = {
    ground: 'period-over',
    reason: '保存期限届满',
    proposedBy: 'other',
    proposedAt: '2024-01-01T00:00:00.000Z',
  };
  const doc = JSON.stringify({ ...interrupted, ...said, status: 'approved' });
  const Item = { ...keys.erasure(DISTRICT, interrupted.id), status: 'approved', doc };
  await client.send(new PutCommand({ TableName: from, Item }));
  await restore(untouched);
  expect((await tracesOf(stack.local, new Secrets(first.secrets))).size).toBeGreaterThan(0);
  for (const _ of [1, 2])
    expect(await eraseAgain(from, table, DISTRICT, () => stack.local.clock.now())).toEqual({ erased: 1, unknown: 0 });
  expect(await everywhere(contents)).toEqual([]);
  expect((await stack.get('/v1/erasures', OFFICER)).body.items[0]).toMatchObject({ status: 'erased' });
});

/** In which items of the table the person is still to be read. */
async function everywhere(contents: () => Promise<Contents>): Promise<string[]> {
  return [...(await contents())].flatMap(([key, item]) => {
    const said = JSON.stringify(item);
    return [...first.secrets.keys()].some((secret) => said.includes(secret)) ? [key] : [];
  });
}

it('what they asked for and nobody has looked at is a ground', async () => {
  const { lastGroundOf } = await import('../../functions/store/registry/erasing/last-ground.ts');
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const { endHelp, putHelp } = await import('../../functions/store/assistance/ledger-entries.ts');
  const { restore } = await import('./table.ts');
  await restore(untouched);
  const { household, person } = first;
  const ground = async () => {
    const now = stack.local.clock.now();
    return await lastGroundOf(await keptOf(DISTRICT, person, [household], now), now);
  };
  expect(await ground()).toMatchObject({ ended: expect.any(String) });
  const asked = { household, person, askedOn: '2023-10-10', channel: 'counter' as const, words: '想找工作' };
  const recorded = { recordedAt: '2023-10-10T02:00:00.000Z', recordedBy: 'other', dueOn: '2023-10-20' };
  const help = { id: 'help-00000000000000ff', wants: 'work' as const, outcome: null, ...asked, ...recorded };
  await putHelp(help);
  expect(await ground()).toEqual({ standing: 'person-awaits-help' });
  const outcome = { outcome: 'refused' as const, on: '2023-10-11', note: '已外出', by: 'other' };
  await endHelp({ ...help, outcome });
  expect(await ground()).toMatchObject({ ended: expect.any(String) });
  const [name, idNumber] = first.secrets.keys();
  const report = { idNumber, name, phone: '13922223333', line: 'illness', eventOn: '2023-11-01', invoices: [] };
  expect((await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(report))).status).toBe(201);
  expect(await ground()).toEqual({ standing: 'person-in-claim' });
  await restore(untouched);
});
