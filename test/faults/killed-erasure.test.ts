import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Left, openedIn, proposalOf } from '../erasing-people.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../stack.ts';
import { Secrets } from '../traces/secrets.ts';
import { tracesOf } from '../traces/traces.ts';
import { DISTRICT, type Erasable, erasable, others } from './erasable.ts';
import { killedEverywhere } from './killing.ts';
import type { Contents } from './table.ts';

const WRITES = ['UpdateItem', 'PutItem', 'TransactWriteItems', 'DeleteItem', 'DeleteObject'] as const;
/** Which writes it is killed at: each takes a second or two, so here every sixth, and all of them with KILL_EVERY=1 (docs/proof.md). */
const EVERY = Number(process.env['KILL_EVERY'] ?? 6);
const THIRD_OFFICER = { ...OFFICER, person: 3 };

let ready: Erasable;
let stack: TestStack;
let first: Left;
let table: string;
let untouched: Contents;
beforeAll(async () => {
  ready = await erasable();
  ({ stack, first, table, untouched } = ready);
});
afterAll(() => stack.stop());

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
  const { openAll } = await import('../../operations/rotate-data-key/rewrite.ts');
  const { data } = await openAll(table, DISTRICT);
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
  const before = await others(ready);
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
        expect(await others(ready)).toEqual(before);
        await run();
        expect(await readable()).toEqual([]);
        expect(versions(await told())).toEqual(versions(wanted));
      },
    });
    expect([action, killed > 0]).toEqual([action, true]);
  }
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
