import { randomUUID } from 'node:crypto';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Claimant } from '../../demo/claims/plan.ts';
import { machineVariable, workflowNames } from '../../functions/contracts/workflows.ts';
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
  const { operator, endpoints } = stack.local;
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL: endpoints.api,
    DISTRICT: '440904',
  });
  for (const name of workflowNames) process.env[machineVariable(name)] = await stack.machine(name);
  table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const { TableNames = [] } = await table.send(new ListTablesCommand({}));
  process.env['TABLE_NAME'] = TableNames[0];
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
