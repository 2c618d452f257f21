import { describe, expect, it } from 'vitest';
import { Bench, invoke } from './harness.ts';

const pass = (Output: unknown, more: object = {}): object => ({
  StartAt: 'A',
  States: { A: { Type: 'Pass', Output, ...more, End: true } },
});

describe('expressions', () => {
  const cases: [string, unknown, unknown, unknown][] = [
    ['a literal', 'plain {% text', {}, 'plain {% text'],
    ['an expression', '{% $states.input.a + 1 %}', { a: 1 }, 2],
    ['null is a value', { a: '{% null %}' }, {}, { a: null }],
    [
      'nested',
      { list: ['{% $states.input.a %}', 'x', { deep: '{% $states.input.a * 2 %}' }] },
      { a: 2 },
      { list: [2, 'x', { deep: 4 }] },
    ],
    ['the name of the machine', '{% $states.context.StateMachine.Name %}', {}, 'machine'],
    ['$partition', '{% $partition([1,2,3,4,5], 2) %}', {}, [[1, 2], [3, 4], [5]]],
    ['$range', '{% $range(0, 10, 5) %}', {}, [0, 5, 10]],
    ['$range backwards', '{% $range(3, 1, -1) %}', {}, [3, 2, 1]],
    ['$hash', '{% $hash("hello", "SHA-1") %}', {}, 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'],
    ['$parse', '{% $parse("{\\"a\\":[1]}").a %}', {}, [1]],
    ['$random with a seed', '{% $random(7) = $random(7) and $random(7) < 1 %}', {}, true],
    [
      '$uuid',
      '{% $contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) %}',
      {},
      true,
    ],
    ['$now is the clock', '{% $now() %}', {}, '2025-01-01T00:00:00.000Z'],
    ['$now with a picture', '{% $now("[Y0001]/[M01]") %}', {}, '2025/01'],
    ['$millis is the clock', '{% $millis() %}', {}, Date.UTC(2025, 0, 1)],
  ];
  it.each(cases)('%s', async (_name, output, input, expected) => {
    expect(await new Bench().run(pass(output), input)).toEqual({ status: 'SUCCEEDED', output: expected });
  });

  it('fails where an expression returns nothing', async () => {
    const bench = new Bench();
    expect(await bench.run(pass({ v: ['{% $states.input.absent %}'] }))).toEqual({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression '$states.input.absent' specified for the field 'Output/v[0]' returned nothing (undefined).",
    });
    const failed = (
      await bench.history('arn:aws:states:us-east-1:123456789012:execution:machine:run-0-1735689600000')
    ).find((event) => event.type === 'EvaluationFailed');
    expect(failed?.['evaluationFailedEventDetails']).toMatchObject({
      location: 'Output/v[0]',
      state: 'A',
      error: 'States.QueryEvaluationError',
    });
  });
});

describe('variables', () => {
  it('are seen from the next state on, also in inner scopes, and inner ones do not leave', async () => {
    const outcome = await new Bench().run({
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { a: 1 }, Next: 'Swap' },
        Swap: { Type: 'Pass', Assign: { a: 2, b: '{% $a %}' }, Output: '{% $a %}', Next: 'Fan' },
        Fan: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'In',
              States: {
                In: { Type: 'Pass', Assign: { own: '{% $a * 10 %}' }, Next: 'Out' },
                Out: { Type: 'Pass', Output: '{% [$own, $b] %}', End: true },
              },
            },
            { StartAt: 'Other', States: { Other: { Type: 'Pass', Output: '{% $exists($own) %}', End: true } } },
          ],
          Next: 'End',
        },
        End: { Type: 'Pass', Output: { fan: '{% $states.input %}', own: '{% $exists($own) %}' }, End: true },
      },
    });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: { fan: [[20, 1], false], own: false } });
  });

  it('of an outer scope cannot be assigned within', () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { a: 2 }, End: true } } };
    const definition = {
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { a: 1 }, Next: 'Fan' },
        Fan: { Type: 'Parallel', Branches: [inner], End: true },
      },
    };
    expect(() => new Bench().put('machine', definition)).toThrow(
      /SCHEMA_VALIDATION_FAILED: Variable 'a' is already assigned in an outer scope at \/States\/Fan\/Branches\[0\]\/States\/In/,
    );
  });
});

describe('retry and catch', () => {
  const failing = (...names: string[]) => {
    const left = [...names];
    return () => {
      const name = left.shift();
      if (name !== undefined) throw Object.assign(new Error(`because of ${name}`), { name });
      return 'fine';
    };
  };

  it('waits as each retrier says, counting for each', async () => {
    const bench = new Bench({ functions: { work: failing('A', 'A', 'B', 'A', 'B') } });
    const Retry = [
      { ErrorEquals: ['A'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 3 },
      { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 2 },
    ];
    expect(
      await bench.run(
        { StartAt: 'T', States: { T: invoke('work', '{% $states.context.State.RetryCount %}', { Retry, End: true }) } },
        {},
        100,
      ),
    ).toMatchObject({ output: 'fine' });
    const events = await bench.history('arn:aws:states:us-east-1:123456789012:execution:machine:run-0-1735689600000');
    const times = events.filter((event) => event.type === 'TaskScheduled').map((event) => event.timestamp - 1735689600);
    expect(times).toEqual([0, 2, 8, 9, 19, 21]);
    expect(bench.calls.map((call) => call.input['Payload'])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('draws full jitter from the seed', async () => {
    const bench = new Bench({ random: () => 0.25, functions: { work: failing('A') } });
    await bench.run(
      {
        StartAt: 'T',
        States: {
          T: invoke(
            'work',
            {},
            { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 8, JitterStrategy: 'FULL' }], End: true },
          ),
        },
      },
      {},
      60,
    );
    const events = await bench.history('arn:aws:states:us-east-1:123456789012:execution:machine:run-0-1735689600000');
    expect(
      events.filter((event) => event.type === 'TaskScheduled').map((event) => event.timestamp - 1735689600),
    ).toEqual([0, 2]);
  });

  it('does not retry with MaxAttempts 0, and catches with Assign and Output', async () => {
    const Catch = [
      {
        ErrorEquals: ['States.TaskFailed'],
        Assign: { why: '{% $states.errorOutput.Error %}' },
        Output: { cause: '{% $parse($states.errorOutput.Cause).errorMessage %}', input: '{% $states.input %}' },
        Next: 'End',
      },
    ];
    const outcome = await new Bench({ functions: { work: failing('A', 'A') } }).run(
      {
        StartAt: 'T',
        States: {
          T: invoke('work', {}, { Retry: [{ ErrorEquals: ['A'], MaxAttempts: 0 }], Catch, Next: 'End' }),
          End: { Type: 'Pass', Output: { why: '{% $why %}', got: '{% $states.input %}' }, End: true },
        },
      },
      { n: 1 },
    );
    expect(outcome).toEqual({
      status: 'SUCCEEDED',
      output: { why: 'A', got: { cause: 'because of A', input: { n: 1 } } },
    });
  });

  it('fails with what nothing caught', async () => {
    const outcome = await new Bench({ functions: { work: failing('A') } }).run({
      StartAt: 'T',
      States: { T: invoke('work', {}, { Catch: [{ ErrorEquals: ['B'], Next: 'T' }], End: true }) },
    });
    expect(outcome).toEqual({
      status: 'FAILED',
      error: 'A',
      cause: '{"errorType":"A","errorMessage":"because of A","trace":[]}',
    });
  });

  it('aborts the other branches when one fails', async () => {
    const bench = new Bench({ functions: { work: failing('A') } });
    const outcome = await bench.run({
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 99, End: true } } },
            { StartAt: 'T', States: { T: invoke('work', {}, { End: true }) } },
          ],
          Catch: [{ ErrorEquals: ['A'], Next: 'Z' }],
          End: true,
        },
        Z: { Type: 'Pass', Output: 'caught', End: true },
      },
    });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'caught' });
    const types = (
      await bench.history('arn:aws:states:us-east-1:123456789012:execution:machine:run-0-1735689600000')
    ).map((event) => event.type);
    expect(types).toContain('WaitStateAborted');
    expect(types).toContain('ParallelStateFailed');
  });
});

describe('an inline Map', () => {
  const map = (more: object): object => ({
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'P',
          States: {
            P: {
              Type: 'Choice',
              Choices: [{ Condition: '{% $states.input = 2 and $fails %}', Next: 'F' }],
              Default: 'S',
            },
            F: { Type: 'Fail', Error: 'Two' },
            S: { Type: 'Succeed' },
          },
        },
        ...more,
        End: true,
      },
    },
  });
  const starting = (fails: boolean, rest: object): object => {
    const { States } = Object(rest);
    return { StartAt: 'B', States: { B: { Type: 'Pass', Assign: { fails }, Next: 'M' }, ...States } };
  };

  it.each([{ ToleratedFailureCount: 1 }, { ToleratedFailurePercentage: 50 }])(
    'may say %j, as the service accepts it, which tolerates nothing there: one failed iteration fails the state',
    async (tolerated) => {
      expect(await new Bench().run(starting(false, map(tolerated)))).toEqual({
        status: 'SUCCEEDED',
        output: [1, 2, 3],
      });
      expect(await new Bench().run(starting(true, map(tolerated)))).toMatchObject({ status: 'FAILED', error: 'Two' });
    },
  );
});
