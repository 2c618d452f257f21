import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asATask, ONE_ATTEMPT } from '../as-a-task.ts';
import { type Left, openedIn, proposalOf, setPeriod, whoLeft, YEARS_LATER, yearsLater } from '../erasing-people.ts';
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
  Object.assign(process.env, { PERSONAL_DATA_KEY: await numbersKey(), DOCUMENTS_BUCKET: await documentsBucket() });
});
afterAll(() => stack.stop());

async function numbers() {
  const { openAll } = await import('../../operations/rotate-data-key/rewrite.ts');
  return await openAll(table, DISTRICT);
}

/** The KMS key that wraps the district's data key. */
async function numbersKey(): Promise<string> {
  const { keys } = await import('../../functions/store/keys.ts');
  const { get } = await import('../../functions/store/table.ts');
  const CiphertextBlob = (await get(keys.dataKey(DISTRICT)))?.['wrapped'];
  if (!(CiphertextBlob instanceof Uint8Array)) throw new Error('There is a data key.');
  const asked = { CiphertextBlob, EncryptionContext: { district: DISTRICT } };
  return (await new KMSClient({}).send(new DecryptCommand(asked))).KeyId ?? '';
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
  const { putErasure } = await import('../../functions/store/registry/erasing/erasures.ts');
  const [name] = first.secrets.keys();
  // Why somebody else is to be erased names them.
  await putErasure(DISTRICT, {
    ...{ id: 'erasure-00000000000000ff', person: first.child, household: first.household, ground: 'period-over' },
    ...{ status: 'proposed', reason: `随${name}一并删除`, proposedBy: 'other', proposedAt: '2024-01-01T00:00:00.000Z' },
  });
  const { contents, restore, said } = await import('./table.ts');
  const { data } = await numbers();
  const run = () => erase(DISTRICT, first.person, first.household, stack.local.clock.now());
  const readable = async () => {
    const opened = openedIn((await contents()).values(), (cipher, owner) => data.decrypt(cipher, owner));
    const ciphers = [...first.secrets].flatMap(([secret, what]) => (opened.has(secret) ? [what] : []));
    return [...(await tracesOf(stack.local, new Secrets(first.secrets))), ...ciphers];
  };
  // The id that somebody would have anew is drawn.
  const told = async () => said(await contents()).map((line) => line.replace(/"next":"p-\w+"/, '"next":"p-…"'));
  untouched = await contents();
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
      before: () => restore(untouched),
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

it('interrupted before they are marked, it does not go on when they have come back, nor when they have left again', async () => {
  const { restore } = await import('./table.ts');
  const { body: proposed } = await stack.post('/v1/erasures', OFFICER, proposalOf(first));
  const approval = `/v1/erasures/${proposed.id}/approval`;
  const { faults } = stack.local.gateway;
  // The first transaction keeps the approval, the second would mark the person.
  const nth = Array.from({ length: 9 }, (_, n) => 2 + n);
  faults.add({ principal: 'shouwang-test-criteria', action: 'TransactWriteItems', kind: 'fail-before', nth });
  expect((await stack.post(approval, SECOND_OFFICER)).status).toBeGreaterThanOrEqual(500);
  expect(faults.struck('shouwang-test-criteria')).toBeGreaterThan(0);
  faults.clear();
  expect((await stack.get('/v1/erasures', OFFICER)).body.items[0].status).toBe('approved');

  const path = `/v1/households/${first.household}`;
  const change = async (body: object) => {
    const { version } = (await stack.get(path, OFFICER)).body;
    const answer = await stack.patch(path, OFFICER, { version, change: { on: '2026-01-31', ...body } });
    expect(answer.status).toBe(200);
  };
  const [name, idNumber] = first.secrets.keys();
  await change({ kind: 'move-in', member: { name, idNumber, relation: 'other' } });
  expect((await stack.post(approval, THIRD_OFFICER)).body.code).toBe('person-registered');
  await change({ kind: 'move-out', on: '2026-02-01', person: first.person });
  expect((await stack.post(approval, THIRD_OFFICER)).body).toMatchObject({
    code: 'retention-not-over',
    until: '2027-02-01',
  });
  const { members } = (await stack.get(`${path}?asOf=2026-01-31`, OFFICER)).body;
  expect(members.map((one: { name: string }) => one.name)).toContain(name);
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
