import { describe, expect, it } from 'vitest';
import { Bench, waitForToken } from './harness.ts';

const ONE = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
const WAIT = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 1000, End: true } } };
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';

async function code(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'none',
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error),
  );
}

describe('executions', () => {
  it('start once by name and input while they run', async () => {
    const bench = new Bench();
    bench.put('machine', WAIT);
    const first = await bench.states.handle('StartExecution', {
      stateMachineArn: MACHINE,
      name: 'one',
      input: '{"a":1}',
    });
    expect(
      await bench.states.handle('StartExecution', { stateMachineArn: MACHINE, name: 'one', input: '{"a":1}' }),
    ).toEqual(first);
    expect(first).toEqual({
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:one',
      startDate: 1735689600,
    });
    expect(await code(bench.start('machine', { a: 2 }, 'one'))).toBe('ExecutionAlreadyExists');
    await bench.settle(1000);
    expect(await code(bench.start('machine', { a: 1 }, 'one'))).toBe('ExecutionAlreadyExists');
    await bench.settle(90 * 86_400);
    expect(await bench.start('machine', { a: 1 }, 'one')).toBe(first['executionArn']);
  });

  it('tell their input as it was given', async () => {
    const bench = new Bench();
    bench.put('machine', ONE);
    const { executionArn } = await bench.states.handle('StartExecution', {
      stateMachineArn: MACHINE,
      name: 'one',
      input: '[ "a", 1 ]',
    });
    await bench.settle();
    expect(await bench.states.handle('DescribeExecution', { executionArn })).toMatchObject({
      input: '[ "a", 1 ]',
      output: '["a",1]',
    });
    expect(await bench.details(String(executionArn), 'ExecutionStarted')).toMatchObject({ input: '[ "a", 1 ]' });
    expect(await bench.details(String(executionArn), 'PassStateEntered')).toMatchObject({ input: '["a",1]' });
  });

  it('are listed newest first, by status, in pages', async () => {
    const bench = new Bench();
    bench.put('machine', ONE);
    for (const name of ['a', 'b', 'c']) {
      await bench.start('machine', {}, name);
      await bench.settle(1);
    }
    const names = (told: Record<string, unknown>) => (told['executions'] as { name: string }[]).map(({ name }) => name);
    const first = await bench.states.handle('ListExecutions', {
      stateMachineArn: MACHINE,
      maxResults: 2,
      statusFilter: 'SUCCEEDED',
    });
    expect(names(first)).toEqual(['c', 'b']);
    const second = await bench.states.handle('ListExecutions', {
      stateMachineArn: MACHINE,
      maxResults: 2,
      nextToken: first['nextToken'],
    });
    expect(names(second)).toEqual(['a']);
    expect(second).not.toHaveProperty('nextToken');
    expect(
      names(await bench.states.handle('ListExecutions', { stateMachineArn: MACHINE, statusFilter: 'FAILED' })),
    ).toEqual([]);
  });

  it('stop with an error and a cause', async () => {
    const bench = new Bench();
    bench.put('machine', WAIT);
    const arn = await bench.start('machine');
    await bench.settle(5);
    expect(
      await bench.states.handle('StopExecution', { executionArn: arn, error: 'Enough', cause: 'was said' }),
    ).toEqual({ stopDate: 1735689605 });
    expect(await bench.describe(arn)).toEqual({ status: 'ABORTED', error: 'Enough', cause: 'was said' });
    await bench.settle(2000);
    expect((await bench.history(arn)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Enough', cause: 'was said' },
    });
  });

  it('tell their history in pages, both ways', async () => {
    const bench = new Bench();
    bench.put('machine', ONE);
    const arn = await bench.start('machine');
    await bench.settle();
    const ids = (told: Record<string, unknown>) => (told['events'] as { id: number }[]).map(({ id }) => id);
    const first = await bench.states.handle('GetExecutionHistory', { executionArn: arn, maxResults: 3 });
    expect(ids(first)).toEqual([1, 2, 3]);
    expect(
      ids(
        await bench.states.handle('GetExecutionHistory', {
          executionArn: arn,
          maxResults: 3,
          nextToken: first['nextToken'],
        }),
      ),
    ).toEqual([4]);
    const back = await bench.states.handle('GetExecutionHistory', {
      executionArn: arn,
      maxResults: 3,
      reverseOrder: true,
    });
    expect(ids(back)).toEqual([4, 3, 2]);
    expect(
      ids(
        await bench.states.handle('GetExecutionHistory', {
          executionArn: arn,
          reverseOrder: true,
          nextToken: back['nextToken'],
        }),
      ),
    ).toEqual([1]);
    const bare = await bench.states.handle('GetExecutionHistory', { executionArn: arn, includeExecutionData: false });
    expect(bare['events']).toMatchObject([{}, { stateEnteredEventDetails: { name: 'A' } }, {}, {}]);
    expect(JSON.stringify(bare)).not.toContain('input');
  });

  it('end at 25,000 events', async () => {
    const bench = new Bench();
    const outcome = await bench.run({
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'A' },
        C: { Type: 'Succeed' },
      },
    });
    expect(outcome).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  });
});

describe('task tokens', () => {
  async function asking(more: object = {}) {
    const tokens: string[] = [];
    const bench = new Bench({
      functions: {
        ask: (payload) => {
          tokens.push(
            typeof payload === 'object' && payload !== null && 'token' in payload ? String(payload.token) : '',
          );
          return {};
        },
      },
    });
    bench.put('machine', { StartAt: 'T', States: { T: waitForToken('ask', { ...more, End: true }) } });
    const arn = await bench.start('machine');
    await bench.settle();
    return {
      bench,
      arn,
      token: tokens[0] ?? '',
      send: (action: string, more: object = {}) => bench.states.handle(action, { taskToken: tokens[0], ...more }),
    };
  }

  it('answer once', async () => {
    const { bench, arn, send } = await asking();
    await send('SendTaskSuccess', { output: '{"yes":true}' });
    expect(await code(send('SendTaskSuccess', { output: '{"yes":true}' }))).toBe('TaskTimedOut');
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: { yes: true } });
  });

  it('carry a failure', async () => {
    const { bench, arn, send } = await asking();
    await send('SendTaskFailure', { error: 'Refused', cause: 'no reason' });
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'FAILED', error: 'Refused', cause: 'no reason' });
  });

  it('come too late', async () => {
    const { bench, arn, send } = await asking({ TimeoutSeconds: 60 });
    await bench.settle(61);
    expect(await code(send('SendTaskSuccess', { output: '1' }))).toBe('TaskTimedOut');
    expect(await bench.describe(arn)).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('are kept alive by heartbeats', async () => {
    const { bench, arn, send } = await asking({ HeartbeatSeconds: 10 });
    for (let beat = 0; beat < 5; beat += 1) {
      await bench.settle(8);
      await send('SendTaskHeartbeat');
    }
    expect((await bench.describe(arn)).status).toBe('RUNNING');
    await bench.settle(11);
    expect((await bench.describe(arn)).status).toBe('FAILED');
  });

  it('are refused when they are none', async () => {
    const { bench, send } = await asking();
    expect(await code(bench.states.handle('SendTaskSuccess', { taskToken: 'nonsense', output: '1' }))).toBe(
      'InvalidToken',
    );
    expect(await code(send('SendTaskSuccess', { output: 'not json' }))).toBe('InvalidOutput');
    expect(await code(bench.states.handle('SendTaskSuccess', { output: '1' }))).toBe('ValidationException');
  });
});

describe('map runs', () => {
  it('are given other limits while they run', async () => {
    const bench = new Bench();
    bench.put('machine', {
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          Items: [1, 2, 3],
          MaxConcurrency: 1,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
            StartAt: 'W',
            States: { W: { Type: 'Wait', Seconds: 10, End: true } },
          },
          End: true,
        },
      },
    });
    const executionArn = await bench.start('machine');
    await bench.settle(1);
    const [run] = (await bench.states.handle('ListMapRuns', { executionArn }))['mapRuns'] as { mapRunArn: string }[];
    const describeRun = () => bench.states.handle('DescribeMapRun', { mapRunArn: run?.mapRunArn });
    expect(await describeRun()).toMatchObject({
      status: 'RUNNING',
      maxConcurrency: 1,
      executionCounts: { total: 3, running: 1, pending: 2 },
    });
    await bench.states.handle('UpdateMapRun', {
      mapRunArn: run?.mapRunArn,
      maxConcurrency: 3,
      toleratedFailurePercentage: 50,
      toleratedFailureCount: 2,
    });
    expect(await describeRun()).toMatchObject({
      maxConcurrency: 3,
      toleratedFailurePercentage: 50,
      toleratedFailureCount: 2,
      executionCounts: { running: 3, pending: 0 },
    });
    await bench.settle(11);
    expect(await bench.describe(executionArn)).toEqual({ status: 'SUCCEEDED', output: [1, 2, 3] });
  });

  it('are aborted with a branch that is given up, and that is told', async () => {
    const bench = new Bench();
    const map = {
      Type: 'Map',
      Items: [1],
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'W',
        States: { W: { Type: 'Wait', Seconds: 99, End: true } },
      },
      End: true,
    };
    const failing = {
      StartAt: 'V',
      States: { V: { Type: 'Wait', Seconds: 5, Next: 'F' }, F: { Type: 'Fail', Error: 'E' } },
    };
    bench.put('machine', {
      StartAt: 'P',
      States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'M', States: { M: map } }, failing], End: true } },
    });
    const executionArn = await bench.start('machine');
    await bench.settle(6);
    expect((await bench.types(executionArn)).slice(-5)).toEqual([
      'FailStateEntered',
      'MapRunAborted',
      'MapStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
    const [run] = (await bench.states.handle('ListMapRuns', { executionArn }))['mapRuns'] as { mapRunArn: string }[];
    const children = (await bench.states.handle('ListExecutions', { mapRunArn: run?.mapRunArn }))['executions'];
    expect(children).toMatchObject([{ status: 'ABORTED' }]);
  });
});
