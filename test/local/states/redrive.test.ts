import { describe, expect, it } from 'vitest';
import { Bench, codeOf, invoke, pause, storeFile, waitForToken } from './harness.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';
const DAY = 86_400;

/** Functions that fail while `broken` holds their step. */
function workshop(options: { file?: string } = {}) {
  const broken = new Set<string>();
  const ran: string[] = [];
  const bench = new Bench({
    ...options,
    functions: {
      work: (payload) => {
        const step = typeof payload === 'object' && payload !== null && 'step' in payload ? String(payload.step) : '';
        ran.push(step);
        if (broken.has(step)) throw Object.assign(new Error(`${step} is broken`), { name: 'Broken' });
        return { step, payload };
      },
    },
  });
  return { bench, broken, ran };
}

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

async function redrive(bench: Bench, executionArn: string, more: object = {}) {
  return await bench.states.handle('RedriveExecution', { executionArn, ...more });
}

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

function mapped(ExecutionType: string, more: object = {}) {
  return {
    StartAt: 'Fan',
    States: {
      Fan: {
        Type: 'Map',
        Items: '{% [1..8] %}',
        MaxConcurrency: 2,
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
          StartAt: 'Batch',
          States: { Batch: invoke('work', { step: '{% $join($states.input.Items.$string(), ",") %}' }, { End: true }) },
        },
        Output: '{% $states.result.step %}',
        ...more,
        End: true,
      },
    },
  };
}

describe.each(['EXPRESS', 'STANDARD'])('a failed map run of %s children', (type) => {
  it('is redriven with its execution: only what did not succeed runs again', async () => {
    const { bench, broken, ran } = workshop({ file: storeFile() });
    broken.add('3,4');
    bench.put('machine', mapped(type));
    const arn = await bench.start('machine');
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    });
    expect((await bench.types(arn)).slice(-5)).toEqual([
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    const [run] = (await bench.states.handle('ListMapRuns', { executionArn: arn }))['mapRuns'] as {
      mapRunArn: string;
    }[];
    const describeRun = () => bench.states.handle('DescribeMapRun', { mapRunArn: run?.mapRunArn });
    expect(await describeRun()).toMatchObject({
      status: 'FAILED',
      executionCounts: { total: 4, failed: 1 },
      redriveCount: 0,
    });
    broken.clear();
    bench.restart();
    await redrive(bench, arn);
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: ['1,2', '3,4', '5,6', '7,8'] });
    expect((await bench.types(arn)).slice(-7)).toEqual([
      'ExecutionFailed',
      'ExecutionRedriven',
      'MapRunRedriven',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    expect(await bench.details(arn, 'MapRunRedriven')).toEqual({ mapRunArn: run?.mapRunArn, redriveCount: 1 });
    expect(await describeRun()).toMatchObject({
      status: 'SUCCEEDED',
      executionCounts: { total: 4, succeeded: 4, resultsWritten: 4 },
      itemCounts: { total: 8, succeeded: 8 },
      redriveCount: 1,
    });
    expect(ran.filter((step) => step === '1,2')).toHaveLength(1);
    expect(ran.filter((step) => step === '3,4')).toHaveLength(2);
  });

  it('fails again when a child does, and can be redriven again', async () => {
    const { bench, broken, ran } = workshop();
    broken.add('3,4');
    bench.put('machine', mapped(type, { MaxConcurrency: 1 }));
    const arn = await bench.start('machine');
    await bench.settle();
    await redrive(bench, arn);
    await bench.settle();
    expect((await bench.describe(arn)).status).toBe('FAILED');
    broken.clear();
    await redrive(bench, arn);
    await bench.settle();
    expect((await bench.describe(arn)).status).toBe('SUCCEEDED');
    expect(ran).toEqual(['1,2', '3,4', '3,4', '3,4', '5,6', '7,8']);
  });

  it('is redriven also when it was stopped with its execution', async () => {
    const bench = new Bench({
      functions: {
        work: (payload) => (JSON.stringify(payload).includes('3') ? new Promise(() => undefined) : payload),
      },
    });
    bench.put('machine', mapped(type, { MaxConcurrency: 1 }));
    const arn = await bench.start('machine');
    await pause();
    await bench.states.handle('StopExecution', { executionArn: arn });
    const [run] = (await bench.states.handle('ListMapRuns', { executionArn: arn }))['mapRuns'] as {
      mapRunArn: string;
    }[];
    expect(await bench.states.handle('DescribeMapRun', { mapRunArn: run?.mapRunArn })).toMatchObject({
      status: 'ABORTED',
      executionCounts: { succeeded: 1, aborted: 3 },
    });
    await redrive(bench, arn);
    await pause();
    expect(await bench.states.handle('DescribeMapRun', { mapRunArn: run?.mapRunArn })).toMatchObject({
      status: 'RUNNING',
      redriveCount: 1,
      executionCounts: { succeeded: 1, running: 1 },
    });
    const children = (await bench.states.handle('ListExecutions', { mapRunArn: run?.mapRunArn }))['executions'] as {
      executionArn: string;
      status: string;
    }[];
    expect(children.map(({ status }) => status).sort()).toEqual(['RUNNING', 'SUCCEEDED']);
  });
});

it('tells that the children of a map run are redriven with it', async () => {
  const { bench, broken } = workshop();
  broken.add('1,2');
  bench.put('machine', mapped('STANDARD', { MaxConcurrency: 1 }));
  const arn = await bench.start('machine');
  await bench.settle();
  const [run] = (await bench.states.handle('ListMapRuns', { executionArn: arn }))['mapRuns'] as { mapRunArn: string }[];
  const [child] = (await bench.states.handle('ListExecutions', { mapRunArn: run?.mapRunArn, statusFilter: 'FAILED' }))[
    'executions'
  ] as {
    executionArn: string;
  }[];
  expect(await bench.states.handle('DescribeExecution', { executionArn: child?.executionArn })).toMatchObject({
    redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
  });
  expect(await codeOf(redrive(bench, child?.executionArn ?? ''))).toBe('ExecutionNotRedrivable');
});

it.each(['EXPRESS', 'STANDARD'])('survives a crash at every event of a redrive, with %s children', async (type) => {
  const rest = {
    StartAt: 'Both',
    States: { Both: { Type: 'Parallel', Branches: [mapped(type, { MaxConcurrency: 1 }), SEQUENCE_BRANCH], End: true } },
  };
  let total = Number.POSITIVE_INFINITY;
  for (let crashAt = 0; crashAt <= total; crashAt += 1) {
    let counted = 0;
    let counting = false;
    const broken = new Set(['5,6']);
    const ran: string[] = [];
    const bench: Bench = new Bench({
      file: storeFile(),
      functions: {
        work: (payload) => {
          const { step } = payload as { step: string };
          ran.push(step);
          if (broken.has(step)) throw Object.assign(new Error(step), { name: 'Broken' });
          return { step };
        },
      },
      onEvent: () => {
        if (!counting) return;
        counted += 1;
        if (counted === crashAt) bench.states.close();
      },
    });
    bench.put('machine', rest);
    const arn = await bench.start('machine');
    await bench.settle(2);
    expect((await bench.describe(arn)).status).toBe('FAILED');
    broken.clear();
    counting = true;
    await redrive(bench, arn).catch(() => undefined);
    await bench.settle(5);
    if (crashAt > 0) {
      bench.restart();
      await bench.settle(10);
    } else total = counted;
    expect({ crashAt, ...(await bench.describe(arn)) }).toEqual({
      crashAt,
      status: 'SUCCEEDED',
      output: [['1,2', '3,4', '5,6', '7,8'], 'alone'],
    });
    for (const step of ['1,2', '3,4', 'alone'])
      expect({ crashAt, step, times: ran.filter((one) => one === step).length }).toEqual({ crashAt, step, times: 1 });
    bench.states.close();
  }
  expect(total).toBeGreaterThan(5);
});

/** Done before the other branch fails. */
const SEQUENCE_BRANCH = {
  StartAt: 'Alone',
  States: { Alone: invoke('work', { step: 'alone' }, { Output: 'alone', End: true }) },
};
