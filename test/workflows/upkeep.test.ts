import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claimant } from '../../demo/claims/plan.ts';
import { machineVariable, workflowNames } from '../../functions/contracts/workflows.ts';
import { digestOf, nextLink } from '../../functions/domain/timeline.ts';
import { sha256 } from '../../functions/store/ids.ts';
import { asATask, auditBucket } from '../as-a-task.ts';
import { claimOf, insureWith, registerFamilies, rosterOf, step } from '../playing-claims.ts';
import { WORKER } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
let table: DynamoDBDocumentClient;
let families: Claimant[];
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
  families = await registerFamilies(stack, 2);
  await insureWith(stack, rosterOf(families));
  await asATask(stack, { AUDIT_BUCKET: await auditBucket(stack) });
  for (const name of workflowNames) process.env[machineVariable(name)] = await stack.machine(name);
  table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
});
afterAll(() => stack.stop());

const TableName = () => process.env['TABLE_NAME'];

/** A run of the sweep beside the schedule's own, to see what it tells. */
async function sweep(): Promise<{ finished: number; failed: number; oldestSeconds: number }> {
  const { handler } = await import('../../functions/tasks/upkeep/deliver-decisions.ts');
  const context: Context = Object({ awsRequestId: randomUUID() });
  return await handler({ enteredAt: new Date(stack.local.clock.now()).toISOString() }, context);
}

async function report(family: Claimant | undefined): Promise<void> {
  const invoices = [{ number: `DB-8${family?.household.slice(-3)}`, total: 1_000_000 }];
  const event = { line: 'illness', eventOn: '2023-10-10', invoices };
  const { status } = await stack.post('/v1/claims', WORKER, {
    household: family?.household,
    person: family?.people[0]?.person,
    ...event,
  });
  expect(status).toBe(201);
}

it('one item that cannot be done holds none of the others back, and its age is told', async () => {
  const mark = (name: string, doc: object) =>
    table.send(
      new PutCommand({
        TableName: TableName(),
        Item: {
          pk: `START#${name}`,
          sk: 'START',
          open: 'UNSTARTED#440904',
          openSort: name,
          since: '2023-11-20T01:00:00.000Z',
          doc: JSON.stringify({ name, input: {}, ...doc }),
        },
      }),
    );
  // Sorted before every other: a workflow nobody knows, and the ARN of a machine that was replaced.
  await mark('0-unknown', { workflow: 'no-such-workflow' });
  await mark('0-replaced', { machine: 'arn:aws:states:us-east-1:000000000000:stateMachine:old-claim-settlement' });
  await report(families[0]);
  await stack.settle(301);
  expect(await claimOf(stack, families[0]?.household ?? '')).toMatchObject({ stage: 'registered' });
  // The claim's own clue has begun an admission meanwhile: it is started, and then nothing but the fault is left.
  expect(await sweep()).toMatchObject({ finished: 1, failed: 1 });
  const { finished, failed, oldestSeconds } = await sweep();
  expect({ finished, failed }).toEqual({ finished: 0, failed: 1 });
  expect(oldestSeconds).toBeGreaterThanOrEqual(3600);
});

it('a decision whose token is spent and whose turn has passed leaves the index', async () => {
  await report(families[1]);
  await stack.settle(301);
  const claim = await claimOf(stack, families[1]?.household ?? '');
  const { body } = await stack.get(`/v1/decisions?region=440904&procedure=settlement`, { account: 'auditor' });
  const { id } = body.items.find(({ subject }: { subject: string }) => subject === claim.id);
  const Key = { pk: `DECISION#${id}`, sk: 'DECISION' };
  const read = async () => (await table.send(new GetCommand({ TableName: TableName(), Key }))).Item ?? {};
  const { token } = await read();
  expect((await step(stack, claim, WORKER, { step: 'withdraw', reason: '家属要求撤回' })).status).toBe(200);
  await stack.settle();
  expect(await read()).not.toHaveProperty('open');
  await sweep();
  // As it lies when the workflow went on by itself before the answer was delivered.
  await table.send(
    new UpdateCommand({
      TableName: TableName(),
      Key,
      UpdateExpression: 'SET #open = :open, openSort = :id, #token = :token',
      ExpressionAttributeNames: { '#open': 'open', '#token': 'token' },
      ExpressionAttributeValues: { ':open': 'UNDELIVERED#440904', ':id': id, ':token': token },
    }),
  );
  expect(await sweep()).toMatchObject({ finished: 1 });
  expect(await read()).not.toHaveProperty('open');
  expect(await sweep()).toMatchObject({ finished: 0 });
  expect((await stack.get(`/v1/claims/${claim.id}`, OFFICER)).body.stage).toBe('withdrawn');
});

describe('the daily root of all chains', () => {
  const verify = () =>
    promisify(execFile)(process.execPath, ['operations/verify-audit.ts', '--data', stack.data]).then(
      ({ stdout }) => stdout,
      (error: unknown) => String(Object(error).stderr),
    );
  const root = async (): Promise<{ chains: number; written: boolean }> => {
    const { handler } = await import('../../functions/tasks/upkeep/root-audit.ts');
    const context: Context = Object({ awsRequestId: randomUUID() });
    return await handler({ enteredAt: new Date(stack.local.clock.now()).toISOString() }, context);
  };
  const itemsOf = async (pk: string): Promise<Record<string, unknown>[]> => {
    const query = {
      TableName: TableName(),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    };
    return (await table.send(new QueryCommand(query))).Items ?? [];
  };
  const put = (Item: Record<string, unknown>) => table.send(new PutCommand({ TableName: TableName(), Item }));
  const remove = ({ pk, sk }: Record<string, unknown>) =>
    table.send(new DeleteCommand({ TableName: TableName(), Key: { pk, sk } }));

  it('is written by the schedule, and once: a second run of the day changes nothing', async () => {
    expect(await verify()).toContain('还没有日根可以对照');
    await stack.advance('2023-11-21T01:00:00+08:00');
    const rooted = await verify();
    expect(rooted).toMatch(/与日根 2023-11-21 相符：[1-9]\d* 条链/);
    await report(families[1]);
    await stack.settle(301);
    expect(await root()).toMatchObject({ written: false });
    // A chain longer than the root has it is whole, and one that the root does not know yet is too.
    expect((await verify()).split('\n')[1]).toBe(rooted.split('\n')[1]);
  });

  it('finds a chain that was cut off together with what its state remembers, and one that is gone whole', async () => {
    const claim = await claimOf(stack, families[0]?.household ?? '');
    const pk = `CLAIM#${claim.id}`;
    const items = await itemsOf(pk);
    const links = items.filter(({ sk }) => String(sk).startsWith('EVENT#'));
    const state = items.find(({ sk }) => sk === 'CLAIM') ?? {};
    const [before, last] = links.slice(-2).map((item) => ({ item, link: JSON.parse(String(item['link'])) }));
    if (before === undefined || last === undefined) throw new Error('The claim has two links at least.');
    await remove(last.item);
    const { sequence, hash } = before.link;
    await put({ ...state, doc: JSON.stringify({ ...JSON.parse(String(state['doc'])), head: { sequence, hash } }) });
    expect(await verify()).toContain(`留痕断裂：${claim.id}：第 ${last.link.sequence} 环，缺失`);
    // The last link written anew, in another wording, and the state with it: whole by itself.
    const body = JSON.parse(String(last.item['body']));
    const other = { ...last.link, digest: digestOf({ ...body, body: {} }, sha256) };
    const forged = nextLink(before.link, { ...other, anchor: '' }, sha256);
    await put({ ...last.item, link: JSON.stringify(forged), body: JSON.stringify({ ...body, body: {} }) });
    const head = { sequence: forged.sequence, hash: forged.hash };
    await put({ ...state, doc: JSON.stringify({ ...JSON.parse(String(state['doc'])), head }) });
    expect(await verify()).toContain(`${claim.id}：第 ${forged.sequence} 环，与日根不符`);
    // All of it, with its line in the register.
    const [listed] = (await itemsOf('CLAIMS#440904')).filter(({ sk }) => String(sk).endsWith(claim.id));
    for (const item of [...items, listed ?? {}]) await remove(item);
    expect(await verify()).toContain(`${claim.id}：日根 2023-11-21 记有此链，登记册没有`);
    for (const item of [...items, listed ?? {}]) await put(item);
    expect(await verify()).toContain('留痕完整');
  });

  it('finds what cannot be read, and says of which chain', async () => {
    const claim = await claimOf(stack, families[0]?.household ?? '');
    const items = await itemsOf(`CLAIM#${claim.id}`);
    const state = items.find(({ sk }) => sk === 'CLAIM') ?? {};
    const link = items.find(({ sk }) => String(sk).startsWith('EVENT#')) ?? {};
    const { link: _, ...without } = link;
    const document = JSON.parse(String(state['doc']));
    for (const damaged of [
      { ...state, doc: '{' },
      { ...state, doc: 'null' },
      { ...state, doc: JSON.stringify({ ...document, head: null }) },
      { ...link, link: '{"sequence":' },
      { ...link, link: 'null' },
      { ...link, body: 'null' },
      { ...link, body: '[' },
      without,
    ]) {
      await put(damaged);
      const told = await verify();
      expect([damaged['doc'] ?? damaged['link'], told]).toEqual([
        damaged['doc'] ?? damaged['link'],
        expect.stringMatching(new RegExp(`^留痕断裂：${claim.id}：`)),
      ]);
      for (const item of [state, link]) await put(item);
    }
    expect(await verify()).toContain('留痕完整');
  });

  it('of a later day, or in the place of the day’s own, hides nothing that older roots know', async () => {
    const forge = async (on: string, told: unknown) => {
      const { presignedAt } = await import('../../functions/store/presigned.ts');
      const text = typeof told === 'string' ? told : JSON.stringify(told);
      const headers = {
        'if-none-match': '*',
        'x-amz-checksum-sha256': createHash('sha256').update(text).digest('base64'),
      };
      const asked = {
        ...{ bucket: process.env['AUDIT_BUCKET'] ?? '', method: 'PUT' as const, signed: headers },
        key: `roots/440904/${on}.json`,
      };
      const url = await presignedAt(asked, 60, stack.local.clock.now());
      expect((await fetch(url, { method: 'PUT', headers, body: text })).status).toBe(200);
    };
    const empty = (on: string) => ({ district: '440904', on, at: `${on}T00:00:00.000Z`, chains: 0, parts: [] });
    const claim = await claimOf(stack, families[0]?.household ?? '');
    const items = await itemsOf(`CLAIM#${claim.id}`);
    const [listed] = (await itemsOf('CLAIMS#440904')).filter(({ sk }) => String(sk).endsWith(claim.id));
    // Before one in the morning, so that the root of the day is there when the schedule comes to write it.
    await stack.advance('2023-11-22T00:10:00+08:00');
    await forge('2023-11-22', empty('2023-11-22'));
    await stack.advance('2023-11-22T02:00:00+08:00');
    expect(await verify()).toContain('留痕完整');
    for (const item of [...items, listed ?? {}]) await remove(item);
    expect(await verify()).toContain(`${claim.id}：日根 2023-11-21 记有此链，登记册没有`);
    for (const item of [...items, listed ?? {}]) await put(item);
    await forge('2023-11-25', empty('2023-11-25'));
    expect(await verify()).toContain('日根 2023-11-25 晚于今天');
    await stack.advance('2023-11-25T02:00:00+08:00');
    expect(await verify()).toContain('留痕完整');
    await stack.advance('2023-11-26T00:10:00+08:00');
    await forge('2023-11-26', '{"district"');
    expect(await verify()).toMatch(/^✗ [^\n]*2023-11-26[^\n]*\n$/);
  });
});
