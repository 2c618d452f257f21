import { type ExecutionListItem, ListExecutionsCommand, RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
beforeEach(async () => {
  stack = await TestStack.start({ start: '2023-10-10T10:00:00+08:00' });
  await register(stack, 4);
  await register(stack, 2, OTHER_VILLAGE);
});
afterEach(() => stack.stop());

const OPENED = { visitedOn: '2023-10-11', recordedAt: '2023-10-11T09:00:00+08:00' };
const round = async () => (await stack.get('/v1/rounds/2023Q4', OFFICER)).body;

async function executions(): Promise<ExecutionListItem[]> {
  const answer = await stack.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: await stack.machine('quarterly-screening') }),
  );
  return answer.executions ?? [];
}

async function submitAll(): Promise<void> {
  for (const village of [VILLAGE, OTHER_VILLAGE]) {
    const visits = (await worklist(stack, village)).map((household) => visitOf(household, OPENED));
    const { status } = await submit(stack, visits, { village });
    expect(status).toBe(200);
  }
}

const seal = () => stack.post('/v1/rounds/2023Q4/seal', OFFICER);

it('is started by the schedule at 09:00 in Shanghai on the 11th; opening by hand then finds the same round', async () => {
  await stack.advance('2023-10-11T08:59:59+08:00');
  expect(await executions()).toEqual([]);
  await stack.advance('2023-10-11T09:00:00+08:00');
  expect(await round()).toMatchObject({
    status: 'collecting',
    openedBy: 'schedule',
    openedAt: '2023-10-11T01:00:00.000Z',
    expectedHouseholds: 6,
  });
  const again = await openRound(stack);
  expect(again).toMatchObject({ status: 200, body: { id: '2023Q4', openedBy: 'schedule' } });
  expect(await executions()).toHaveLength(1);
});

it('started by hand before the schedule fires, carries the round in one execution only', async () => {
  await openRound(stack);
  await stack.advance('2023-10-11T09:00:00+08:00');
  const all = await executions();
  expect(all.map(({ status }) => status).sort()).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(await round()).toMatchObject({ status: 'collecting', openedBy: 'district-officer' });
  await Promise.all([openRound(stack), openRound(stack)]);
  expect(await executions()).toHaveLength(2);
});

describe('with the round open', () => {
  beforeEach(() => stack.advance('2023-10-11T09:00:00+08:00'));

  it('waits for the due date, reminds lagging villages each day, and seals at the hard deadline with reasons', async () => {
    const [first] = await worklist(stack, OTHER_VILLAGE);
    if (first === undefined) throw new Error('The worklist is empty.');
    await submit(stack, [visitOf(first, OPENED)], { village: OTHER_VILLAGE });
    await stack.advance('2023-10-31T23:59:00+08:00');
    expect(await round()).toMatchObject({ status: 'collecting' });
    const progress = async () => (await stack.get('/v1/rounds/2023Q4/progress?region=440904001', OFFICER)).body.parts;
    expect((await progress())[0].reminders).toEqual([]);
    await stack.advance('2023-11-03T00:30:00+08:00');
    expect((await progress())[0].reminders).toEqual(['2023-11-01', '2023-11-02', '2023-11-03']);
    await stack.advance('2023-11-15T23:59:59+08:00');
    expect(await round()).toMatchObject({ status: 'collecting' });
    await stack.advance('2023-11-16T00:00:02+08:00');
    expect(await round()).toMatchObject({
      status: 'sealed',
      totals: {
        expected: { households: 6 },
        visited: { households: 1 },
        missed: { households: 5 },
        missedByReason: { 'no-reason': 5 },
      },
    });
  });

  it('seals by itself on the due date when everybody is covered', async () => {
    await submitAll();
    await stack.advance('2023-11-01T00:00:02+08:00');
    expect(await round()).toMatchObject({ status: 'sealed', totals: { visited: { households: 6 } } });
  });

  it('outlasts a throttled table', async () => {
    await submitAll();
    stack.local.gateway.faults.add({
      principal: 'shouwang-test-seal-villages',
      service: 'dynamodb',
      kind: 'throttle',
      times: 12,
    });
    await seal();
    await stack.settle(600);
    expect(await round()).toMatchObject({ status: 'sealed', totals: { visited: { households: 6 } } });
  });

  it('fails loudly when a child fails for good, and goes on where it was once redriven', async () => {
    await submitAll();
    stack.local.gateway.faults.add({
      service: 'lambda',
      action: 'Invoke',
      kind: 'fail-before',
      principal: 'shouwang-test-quarterly-screening',
      error: { code: 'AccessDeniedException', message: 'no', statusCode: 403 },
    });
    await seal();
    await stack.settle(600);
    const [execution] = await executions();
    expect(execution?.status).toBe('FAILED');
    expect(await round()).toMatchObject({ status: 'collecting' });
    stack.local.gateway.faults.clear();
    await stack.stepFunctions.send(new RedriveExecutionCommand({ executionArn: execution?.executionArn }));
    await stack.settle(600);
    expect(await round()).toMatchObject({ status: 'sealed', totals: { visited: { households: 6 } } });
  });

  it('a quality run that fails for good leaves the round sealed and its brief published, and goes on once redriven', async () => {
    const few = { income: { wages: 50, business: 0, property: 0, transfer: 2_000_000, businessCosts: 0 } };
    for (const village of [VILLAGE, OTHER_VILLAGE]) {
      await submit(
        stack,
        (await worklist(stack, village)).map((household) => visitOf(household, { ...OPENED, ...few })),
        { village },
      );
    }
    const error = { code: 'AccessDeniedException', message: 'no', statusCode: 403 };
    stack.local.gateway.faults.add({
      principal: 'shouwang-test-check-quality',
      service: 'dynamodb',
      kind: 'fail-before',
      error,
    });
    await seal();
    await stack.settle(600);
    const [execution] = await executions();
    expect(execution?.status).toBe('FAILED');
    expect(await round()).toMatchObject({ status: 'sealed', totals: { visited: { households: 6 } } });
    expect((await stack.get('/v1/reports/briefs?region=440904', OFFICER)).body.items).toHaveLength(1);
    const findings = async () => (await stack.get('/v1/reports/quality?region=440904', OFFICER)).body;
    expect((await findings()).total).toBe(0);
    stack.local.gateway.faults.clear();
    await stack.stepFunctions.send(new RedriveExecutionCommand({ executionArn: execution?.executionArn }));
    await stack.settle(600);
    expect((await executions())[0]?.status).toBe('SUCCEEDED');
    expect(await findings()).toMatchObject({ total: 6, byRule: [{ rule: 'WAGES_TOO_SMALL', count: 6 }] });
  });

  it('outlasts a throttled table while it checks quality', async () => {
    await submitAll();
    stack.local.gateway.faults.add({
      principal: 'shouwang-test-check-quality',
      service: 'dynamodb',
      kind: 'throttle',
      times: 12,
    });
    await seal();
    await stack.settle(600);
    expect((await executions())[0]?.status).toBe('SUCCEEDED');
  });

  it('a submission at the very moment of sealing is either accepted and counted, or told it was not', async () => {
    await submitAll();
    const poor = {
      income: { wages: 100, business: 0, property: 0, transfer: 0, businessCosts: 0 },
      recordedAt: '2023-10-11T09:00:01+08:00',
    };
    await stack.settle(60);
    const corrected = (await worklist(stack)).map((household) => visitOf(household, { ...OPENED, ...poor }));
    const [answers] = await Promise.all([
      Promise.all(corrected.map((visit) => submit(stack, [visit]))),
      seal(),
      stack.settle(600),
    ]);
    await stack.settle(600);
    expect(await round()).toMatchObject({ status: 'sealed' });
    const { body } = await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, WORKER);
    expect(body.rows).toHaveLength(4);
    for (const [place, { status, body: answer }] of answers.entries()) {
      const row = body.rows.find(({ household }: { household: string }) => household === corrected[place]?.household);
      if (status === 200) expect(row).toMatchObject({ class: 'monitor', visit: answer.items[0].visit });
      else {
        expect(['village-sealed', 'round-sealed']).toContain(answer.code);
        expect(row.class).toBe('secure');
      }
    }
  });

  it('loses nothing when answers are lost: every write of every task is done twice or answered with a failure once', async () => {
    await submitAll();
    for (const kind of ['lose-answer', 'deliver-twice'] as const) {
      stack.local.gateway.faults.add({ service: 'dynamodb', kind, probability: 0.2, seed: 7, times: 40 });
    }
    await seal();
    await stack.settle(600);
    stack.local.gateway.faults.clear();
    expect(await round()).toMatchObject({
      status: 'sealed',
      totals: { expected: { households: 6 }, visited: { households: 6 } },
    });
  });
});
