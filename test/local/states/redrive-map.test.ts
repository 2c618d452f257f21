import { describe, expect, it } from 'vitest';
import { Bench, codeOf, invoke, pause, storeFile } from './harness.ts';
import { redrive, workshop } from './redriving.ts';

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
