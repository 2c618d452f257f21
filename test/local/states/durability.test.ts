import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartError } from '../../../local/errors.ts';
import { Bench, type HistoryEvent, invoke, waitForToken } from './harness.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const MACHINES: Readonly<Record<string, object>> = {
  'tasks, a wait, a choice and variables': {
    StartAt: 'First',
    States: {
      First: invoke(
        'work',
        { step: 'first' },
        { Assign: { count: '{% $states.result.Payload.step & "!" %}' }, Next: 'Pause' },
      ),
      Pause: { Type: 'Wait', Seconds: 30, Next: 'Again' },
      Again: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $count = "first!" %}', Assign: { count: 'twice' }, Next: 'Second' }],
        Default: 'Never',
      },
      Second: invoke('work', { step: '{% $count %}' }, { Next: 'Done' }),
      Never: { Type: 'Fail', Error: 'Unreachable' },
      Done: { Type: 'Succeed', Output: { end: '{% $states.input %}', count: '{% $count %}' } },
    },
  },
  'a retry that succeeds late, and a catch': {
    StartAt: 'Flaky',
    States: {
      Flaky: invoke(
        'flaky',
        { step: 'flaky' },
        { Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 5, MaxAttempts: 3 }], Next: 'Broken' },
      ),
      Broken: invoke(
        'broken',
        { step: 'broken' },
        {
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Done' }],
          End: true,
        },
      ),
      Done: { Type: 'Pass', End: true },
    },
  },
  'a parallel with a token, beside an inline map': {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Ask', States: { Ask: waitForToken('ask', { TimeoutSeconds: 1000, End: true }) } },
          {
            StartAt: 'Each',
            States: {
              Each: {
                Type: 'Map',
                Items: ['a', 'b', 'c', 'd'],
                MaxConcurrency: 2,
                ItemSelector: { step: '{% $states.context.Map.Item.Value %}' },
                ItemProcessor: {
                  StartAt: 'One',
                  States: { One: invoke('work', '{% $states.input %}', { End: true }) },
                },
                End: true,
              },
            },
          },
        ],
        Next: 'Last',
      },
      Last: invoke('work', { step: 'last', before: '{% $states.input %}' }, { End: true }),
    },
  },
  'a distributed map of Express children': distributed('EXPRESS'),
  'a distributed map of Standard children': distributed('STANDARD'),
};

function distributed(ExecutionType: string): object {
  return {
    StartAt: 'Fan',
    States: {
      Fan: {
        Type: 'Map',
        Items: '{% [1..7] %}',
        MaxConcurrency: 2,
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
          StartAt: 'Batch',
          States: {
            Batch: invoke('work', { step: '{% $join($states.input.Items.$string(), ",") %}' }, { Next: 'Rest' }),
            Rest: { Type: 'Wait', Seconds: 1, Next: 'Out' },
            Out: { Type: 'Pass', End: true },
          },
        },
        Next: 'Last',
      },
      Last: invoke('work', { step: 'last', before: '{% $states.input %}' }, { End: true }),
    },
  };
}

interface Run {
  readonly bench: Bench;
  /** Steps that functions were asked to do, in order. */
  readonly steps: string[];
  readonly tokens: string[];
  events: number;
  crashed: boolean;
  crashes: number;
}

/** Runs the machine, crashing once right after the `crashAt`-th event (counted over all executions) is written. */
async function runOnce(definition: object, crashAt: number): Promise<Run & { outcome: unknown; repeated: string[] }> {
  const run: { -readonly [Key in keyof Run]: Run[Key] } = {
    bench: new Bench(),
    steps: [],
    tokens: [],
    events: 0,
    crashed: false,
    crashes: 0,
  };
  run.bench.states.close();
  let failures = 0;
  const step = (payload: unknown): string => {
    const name = typeof payload === 'object' && payload !== null && 'step' in payload ? String(payload.step) : '';
    run.steps.push(name);
    return name;
  };
  run.bench = new Bench({
    file: join(folder, `${crashAt}.sqlite`),
    functions: {
      work: (payload) => ({ step: step(payload), seen: payload }),
      flaky: (payload) => {
        step(payload);
        failures += 1;
        if (failures < 3) throw Object.assign(new Error('not yet'), { name: 'Flaky' });
        return 'at last';
      },
      broken: () => {
        throw Object.assign(new Error('never'), { name: 'Broken' });
      },
      ask: (payload) => {
        if (typeof payload === 'object' && payload !== null && 'token' in payload)
          run.tokens.push(String(payload.token));
        return {};
      },
    },
    onEvent: () => {
      run.events += 1;
      if (run.events === crashAt) {
        run.crashed = true;
        run.crashes += 1;
        run.bench.states.close();
      }
    },
  });
  run.bench.put('machine', definition);
  const arn = await run.bench
    .start('machine')
    .catch(() => 'arn:aws:states:us-east-1:123456789012:execution:machine:run');
  let completed = new Set<string>();
  let asked = 0;
  for (let round = 0; round < 60; round += 1) {
    await run.bench.settle(10);
    if (run.crashed) {
      run.crashed = false;
      run.bench.restart();
      completed = completedSteps(await allEvents(run.bench, arn));
      asked = run.steps.length;
      continue;
    }
    const { status } = await run.bench.describe(arn);
    if (status !== 'RUNNING') break;
    const token = run.tokens.at(-1);
    if (token !== undefined && round > 3)
      await run.bench.states
        .handle('SendTaskSuccess', { taskToken: token, output: '"answered"' })
        .catch(() => undefined);
  }
  const outcome = await run.bench.describe(arn);
  const repeated = run.steps.slice(asked).filter((name) => completed.has(name));
  run.bench.states.close();
  return { ...run, outcome, repeated };
}

async function allEvents(bench: Bench, arn: string): Promise<HistoryEvent[][]> {
  const runs = await bench.states.handle('ListMapRuns', { executionArn: arn });
  const histories = [await bench.history(arn)];
  for (const run of runs['mapRuns'] as { mapRunArn: string }[]) {
    const children = await bench.states.handle('ListExecutions', { mapRunArn: run.mapRunArn });
    for (const child of children['executions'] as { executionArn: string }[]) {
      if (child.executionArn.includes(':execution:')) histories.push(await bench.history(child.executionArn));
    }
  }
  return histories;
}

/** The steps whose success is on record. */
function completedSteps(histories: HistoryEvent[][]): Set<string> {
  const done = histories.flat().flatMap((event) => {
    const details = event['taskSucceededEventDetails'];
    if (event.type !== 'TaskSucceeded' || typeof details !== 'object' || details === null || !('output' in details))
      return [];
    const output: unknown = JSON.parse(String(details.output));
    const payload = typeof output === 'object' && output !== null && 'Payload' in output ? output.Payload : undefined;
    return typeof payload === 'object' && payload !== null && 'step' in payload ? [String(payload.step)] : [];
  });
  return new Set(done);
}

describe.each(Object.entries(MACHINES))('killed at every event: %s', (_name, definition) => {
  it('ends as it would have, and repeats nothing that was done', async () => {
    const whole = await runOnce(definition, 0);
    expect(whole.outcome).toMatchObject({ status: 'SUCCEEDED' });
    expect(whole.events).toBeGreaterThan(8);
    for (let crashAt = 1; crashAt <= whole.events; crashAt += 1) {
      const run = await runOnce(definition, crashAt);
      expect(run.crashes).toBe(1);
      expect({ crashAt, outcome: run.outcome }).toEqual({ crashAt, outcome: whole.outcome });
      expect({ crashAt, repeated: run.repeated }).toEqual({ crashAt, repeated: [] });
      // At most the tasks that were under way at the crash ran twice.
      expect(run.steps.length).toBeLessThanOrEqual(whole.steps.length + 2);
    }
  });
});

it('runs only the unfinished Express children again', async () => {
  const file = join(folder, 'children.sqlite');
  let hang = true;
  const ran: string[] = [];
  const bench = new Bench({
    file,
    functions: {
      work: (payload) => {
        const text = JSON.stringify(payload);
        ran.push(text);
        return text.includes('5') && hang ? new Promise(() => undefined) : payload;
      },
    },
  });
  bench.put('machine', distributed('EXPRESS'));
  const arn = await bench.start('machine');
  // The clock cannot come to rest while a call hangs, so real turns pass instead.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ran).toEqual(['{"step":"1,2"}', '{"step":"3,4"}']);
  hang = false;
  bench.restart();
  await bench.settle(20);
  expect((await bench.describe(arn)).status).toBe('SUCCEEDED');
});

it('names a damaged file', () => {
  const file = join(folder, 'damaged.sqlite');
  writeFileSync(file, 'this is no database, however long one looks at it '.repeat(100));
  expect(() => new Bench({ file })).toThrow(StartError);
  expect(() => new Bench({ file })).toThrow(/damaged.sqlite is no store of executions/);
});
