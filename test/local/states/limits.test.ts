import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Bench, codeOf, invoke, storeFile, waitForToken } from './harness.ts';

const LIMIT = 262_144;
/** Takes three bytes in UTF-8, so that counting characters would pass what counting bytes does not. */
const WIDE = '村';
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';
const of = (name: string) =>
  `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;

/** An expression for a text of `bytes` bytes when written as JSON, quotes included. */
const wide = (bytes: number): string =>
  `{% $join($range(1, ${Math.floor((bytes - 2) / 3)}, 1).("${WIDE}")) & "${'x'.repeat((bytes - 2) % 3)}" %}`;

describe('a value of at most 256 KiB, in bytes of UTF-8', () => {
  const end = { Type: 'Pass', Output: 'fits', End: true };
  const cases: [string, (bytes: number) => object][] = [
    ['the output of a Pass', (bytes) => ({ S: { Type: 'Pass', Output: wide(bytes), Next: 'End' }, End: end })],
    [
      'all variables of an Assign',
      (bytes) => ({ S: { Type: 'Pass', Assign: { v: wide(bytes - '{"v":}'.length) }, Next: 'End' }, End: end }),
    ],
    [
      'the arguments of a Task',
      (bytes) => ({
        S: invoke('small', wide(bytes - '{"FunctionName":"small","Payload":}'.length), { Output: 1, Next: 'End' }),
        End: end,
      }),
    ],
    [
      'the arguments of a Parallel',
      (bytes) => ({
        S: {
          Type: 'Parallel',
          Arguments: wide(bytes),
          Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Output: 1, End: true } } }],
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the items of a Map',
      (bytes) => ({
        S: {
          Type: 'Map',
          Items: [wide(bytes - 2)],
          ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', Output: 1, End: true } } },
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the input of an iteration',
      (bytes) => ({
        S: {
          Type: 'Map',
          Items: [1],
          ItemSelector: wide(bytes),
          ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', Output: 1, End: true } } },
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the result of a Map',
      (bytes) => ({
        S: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', Output: wide(bytes - 2), End: true } } },
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the result of a Parallel',
      (bytes) => ({
        S: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Output: wide(bytes - 2), End: true } } }],
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the input of a child execution',
      (bytes) => ({
        S: {
          Type: 'Map',
          Items: [1],
          ItemSelector: wide(bytes),
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
            StartAt: 'I',
            States: { I: { Type: 'Pass', Output: 1, End: true } },
          },
          Next: 'End',
        },
        End: end,
      }),
    ],
    [
      'the result of a Distributed Map',
      (bytes) => ({
        S: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'I',
            States: { I: { Type: 'Pass', Output: wide(bytes - 2), End: true } },
          },
          Next: 'End',
        },
        End: end,
      }),
    ],
  ];
  it.each(cases)('%s', async (_name, states) => {
    const functions = { small: () => 1 };
    expect(await new Bench({ functions }).run({ StartAt: 'S', States: states(LIMIT) })).toEqual({
      status: 'SUCCEEDED',
      output: 'fits',
    });
    expect(await new Bench({ functions }).run({ StartAt: 'S', States: states(LIMIT + 1) })).toEqual({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: of('S'),
    });
  });

  it('the result of a task, which States.ALL meets as recorded from the service', async () => {
    const bench = new Bench({ functions: { large: () => WIDE.repeat(LIMIT / 3) } });
    const task = invoke('large', {}, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }], End: true });
    expect(await bench.run({ StartAt: 'T', States: { T: task, C: { Type: 'Pass', End: true } } })).toEqual({
      status: 'SUCCEEDED',
      output: { Error: 'States.DataLimitExceeded', Cause: of('lambda') },
    });
    const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:large';
    expect(await bench.run({ StartAt: 'T', States: { T: { Type: 'Task', Resource, End: true } } })).toEqual({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: of(Resource),
    });
  });

  it("a state's own data, which States.ALL does not meet, as documented", async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'C' }];
    const task = (names: string[]) => ({
      StartAt: 'T',
      States: {
        T: invoke('small', {}, { Output: wide(LIMIT + 1), Catch: [{ ...Catch[0], ErrorEquals: names }], End: true }),
        C: { Type: 'Pass', Output: 'caught', End: true },
      },
    });
    const bench = new Bench({ functions: { small: () => 1 } });
    expect(await bench.run(task(['States.ALL']))).toEqual({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: of('T'),
    });
    expect(await bench.run(task(['States.DataLimitExceeded']))).toEqual({ status: 'SUCCEEDED', output: 'caught' });
  });

  it('the input of an execution and the output of a token', async () => {
    const tokens: string[] = [];
    const bench = new Bench({ functions: { ask: (payload) => void tokens.push(JSON.stringify(payload)) } });
    bench.put('machine', { StartAt: 'T', States: { T: waitForToken('ask', { Output: 1, End: true }) } });
    const start = (input: string, name: string) =>
      bench.states.handle('StartExecution', { stateMachineArn: MACHINE, name, input });
    const text = (bytes: number) => JSON.stringify(WIDE.repeat((bytes - 2) / 3) + 'x'.repeat((bytes - 2) % 3));
    expect(await codeOf(start(text(LIMIT + 1), 'a'))).toBe('ValidationException');
    expect(await codeOf(start(text(LIMIT), 'b'))).toBe('none');
    await bench.settle();
    const taskToken: string = JSON.parse(tokens[0] ?? '{}').token;
    expect(await codeOf(bench.states.handle('SendTaskSuccess', { taskToken, output: text(LIMIT + 1) }))).toBe(
      'ValidationException',
    );
    expect(await codeOf(bench.states.handle('SendTaskSuccess', { taskToken, output: text(LIMIT) }))).toBe('none');
  });
});

it('takes definitions of at most 1 MiB', async () => {
  const bench = new Bench();
  const sized = (bytes: number) => {
    const whole = { Comment: '', QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } };
    return JSON.stringify({ ...whole, Comment: 'x'.repeat(bytes - JSON.stringify(whole).length) });
  };
  const create = (definition: string) =>
    codeOf(
      bench.states.handle('CreateStateMachine', {
        name: 'big',
        definition,
        roleArn: 'arn:aws:iam::123456789012:role/r',
      }),
    );
  expect(await create(sized(1_048_576))).toBe('none');
  expect(await create(sized(1_048_577))).toBe('ValidationException');
  expect(() => bench.states.put({ name: 'big', type: 'STANDARD', roleArn: 'r', definition: sized(1_048_577) })).toThrow(
    /longer than 1048576 bytes/,
  );
});

it('keeps memory flat while 4,090 items pass in 205 Express children', async () => {
  setFlagsFromString('--expose_gc');
  const collect: unknown = runInNewContext('gc');
  const heap = (): number => {
    if (typeof collect === 'function') collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  let most = 0;
  let children = 0;
  const bench = new Bench({
    file: storeFile(),
    functions: {
      work: (payload) => {
        children += 1;
        if (children % 40 === 0) most = Math.max(most, heap());
        return { count: JSON.stringify(payload).length, filler: 'x'.repeat(500) };
      },
    },
  });
  bench.put('machine', {
    StartAt: 'Fan',
    States: {
      Fan: {
        Type: 'Map',
        Items: '{% $range(1, 4090, 1).("330" & $formatNumber($, "000000000")) %}',
        MaxConcurrency: 8,
        ItemBatcher: { MaxItemsPerBatch: 20, BatchInput: { round: '2025-Q1' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'B',
          States: { B: invoke('work', '{% $states.input %}', { End: true }) },
        },
        Output: '{% $count($states.result) %}',
        End: true,
      },
    },
  });
  const run = async (name: string) => {
    const arn = await bench.start('machine', {}, name);
    await bench.settle();
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: 205 });
  };
  await run('warm');
  bench.calls.length = 0;
  const before = heap();
  most = 0;
  await run('measured');
  bench.calls.length = 0;
  // While it runs: the inputs of eight children. After: nothing.
  expect(most - before).toBeLessThan(8);
  expect(heap() - before).toBeLessThan(1);
  expect(children).toBe(410);
});
