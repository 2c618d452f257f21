import { describe, expect, it } from 'vitest';
import { Bench, codeOf, invoke, storeFile, waitForToken } from './harness.ts';
import { redrive, workshop } from './redriving.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';
const DAY = 86_400;

const SEQUENCE = {
  StartAt: 'One',
  TimeoutSeconds: 1000,
  States: {
    One: invoke('work', { step: 'one' }, { Assign: { kept: '{% $states.result.Payload.step %}' }, Next: 'Two' }),
    Two: invoke(
      'work',
      {
        step: 'two',
        from: '{% $states.input.step %}',
        count: '{% $states.context.State.RetryCount %}',
        redrives: '{% $states.context.Execution.RedriveCount %}',
      },
      {
        Retry: [{ ErrorEquals: ['Broken'], IntervalSeconds: 1, MaxAttempts: 1 }],
        Output: { two: '{% $states.result.Payload.payload %}', kept: '{% $kept %}' },
        End: true,
      },
    ),
  },
};

describe('RedriveExecution', () => {
  it('goes on at the state that failed, with its input and variables, counting retries anew', async () => {
    const { bench, broken, ran } = workshop();
    broken.add('two');
    bench.put('machine', SEQUENCE);
    const arn = await bench.start('machine');
    await bench.settle(5);
    expect(await bench.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(await bench.states.handle('DescribeExecution', { executionArn: arn })).toMatchObject({
      redriveCount: 0,
      redriveStatus: 'REDRIVABLE',
    });
    broken.clear();
    await bench.settle(DAY);
    expect(await redrive(bench, arn)).toEqual({ redriveDate: 1735689605 + DAY });
    expect(await bench.describe(arn)).toEqual({ status: 'RUNNING' });
    await bench.settle(5);
    expect(await bench.describe(arn)).toEqual({
      status: 'SUCCEEDED',
      output: { two: { step: 'two', from: 'one', count: 0, redrives: 1 }, kept: 'one' },
    });
    expect(ran).toEqual(['one', 'two', 'two', 'two']);
    const history = await bench.history(arn);
    const at = history.findIndex(({ type }) => type === 'ExecutionRedriven');
    expect(history.slice(at - 1).map(({ type }) => type)).toEqual([
      'ExecutionFailed',
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(history[at]).toMatchObject({
      id: at + 1,
      previousEventId: at,
      executionRedrivenEventDetails: { redriveCount: 1 },
    });
    expect(await bench.states.handle('DescribeExecution', { executionArn: arn })).toMatchObject({
      redriveCount: 1,
      redriveDate: 1735689605 + DAY,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    const listed = await bench.states.handle('ListExecutions', { stateMachineArn: MACHINE, redriveFilter: 'REDRIVEN' });
    expect(listed['executions']).toMatchObject([{ redriveCount: 1 }]);
  });

  it('takes up what a stop or a timeout cut off, with a timeout of the machine counted anew', async () => {
    const { bench } = workshop();
    bench.put('machine', {
      StartAt: 'W',
      TimeoutSeconds: 100,
      States: { W: { Type: 'Wait', Seconds: 150, Next: 'End' }, End: { Type: 'Pass', Output: 'over', End: true } },
    });
    const arn = await bench.start('machine');
    await bench.settle(100);
    expect((await bench.describe(arn)).status).toBe('TIMED_OUT');
    await redrive(bench, arn);
    await bench.settle(10);
    await bench.states.handle('StopExecution', { executionArn: arn });
    expect((await bench.describe(arn)).status).toBe('ABORTED');
    await redrive(bench, arn);
    // The wait keeps its instant: 150 s after it began.
    await bench.settle(39);
    expect((await bench.describe(arn)).status).toBe('RUNNING');
    await bench.settle(1);
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: 'over' });
    expect(await bench.states.handle('DescribeExecution', { executionArn: arn })).toMatchObject({ redriveCount: 2 });
  });

  it('runs only the branches and iterations that had not ended again', async () => {
    const { bench, broken, ran } = workshop({ file: storeFile() });
    const branch = (step: string) => ({ StartAt: step, States: { [step]: invoke('work', { step }, { End: true }) } });
    const each = {
      Type: 'Map',
      Items: ['i', 'j', 'k'],
      MaxConcurrency: 1,
      ItemProcessor: {
        StartAt: 'Item',
        States: { Item: invoke('work', { step: '{% $states.input %}' }, { End: true }) },
      },
      End: true,
    };
    const both = {
      Type: 'Parallel',
      Branches: [branch('a'), branch('b'), { StartAt: 'Each', States: { Each: each } }],
      Output: '{% $states.result.step %}',
      End: true,
    };
    bench.put('machine', { StartAt: 'Both', States: { Both: both } });
    broken.add('j');
    const arn = await bench.start('machine');
    await bench.settle();
    expect((await bench.describe(arn)).status).toBe('FAILED');
    expect([...ran].sort()).toEqual(['a', 'b', 'i', 'j']);
    broken.clear();
    bench.restart();
    await redrive(bench, arn);
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: ['a', 'b', 'i', 'j', 'k'] });
    expect([...ran].sort()).toEqual(['a', 'b', 'i', 'j', 'j', 'k']);
  });

  it('gives a waiting task a new token', async () => {
    const tokens: string[] = [];
    const bench = new Bench({ functions: { ask: (payload) => void tokens.push(JSON.stringify(payload)) } });
    bench.put('machine', { StartAt: 'T', States: { T: waitForToken('ask', { TimeoutSeconds: 10, End: true }) } });
    const arn = await bench.start('machine');
    await bench.settle(11);
    await redrive(bench, arn);
    await bench.settle();
    const [first, second] = tokens.map((text): string => JSON.parse(text).token);
    expect(second).not.toBe(first);
    expect(await codeOf(bench.states.handle('SendTaskSuccess', { taskToken: first, output: '1' }))).toBe(
      'TaskTimedOut',
    );
    await bench.states.handle('SendTaskSuccess', { taskToken: second, output: '1' });
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: 1 });
  });

  it('is answered alike for the same client token', async () => {
    const { bench, broken } = workshop();
    broken.add('one');
    bench.put('machine', SEQUENCE);
    const arn = await bench.start('machine');
    await bench.settle();
    const first = await redrive(bench, arn, { clientToken: 'again' });
    await bench.settle(3);
    expect(await redrive(bench, arn, { clientToken: 'again' })).toEqual(first);
    expect(await bench.states.handle('DescribeExecution', { executionArn: arn })).toMatchObject({ redriveCount: 1 });
  });

  it('is refused where it cannot be', async () => {
    const { bench, broken } = workshop();
    bench.put('machine', SEQUENCE);
    const refusal = async (arn: string) =>
      await redrive(bench, arn).then(
        () => 'none',
        (error: unknown) => `${String(error)}`,
      );
    const going = await bench.start('machine', {}, 'going');
    expect(await refusal(going)).toMatch(/Execution is RUNNING and cannot be redriven/);
    await bench.settle();
    expect(await refusal(going)).toMatch(/Execution is SUCCEEDED and cannot be redriven/);
    broken.add('one');
    const late = await bench.start('machine', {}, 'late');
    await bench.settle(14 * DAY + 1);
    expect(await refusal(late)).toMatch(/Execution redrivable period exceeded/);
    expect(await codeOf(redrive(bench, late))).toBe('ExecutionNotRedrivable');
    expect(await bench.states.handle('DescribeExecution', { executionArn: late })).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution redrivable period exceeded',
    });
    expect(await codeOf(redrive(bench, `${going}x`))).toBe('ExecutionDoesNotExist');
    const gone = await bench.start('machine', {}, 'gone');
    await bench.settle();
    await bench.states.handle('DeleteStateMachine', { stateMachineArn: MACHINE });
    expect(await refusal(gone)).toMatch(/State machine is in DELETING status/);
  });
});
