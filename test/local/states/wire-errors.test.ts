import { describe, expect, it } from 'vitest';
import { Bench, codeOf, codesInSources, ROLE, storeFile, waitForToken } from './harness.ts';

const PREFIX = 'arn:aws:states:us-east-1:123456789012';
const MACHINE = `${PREFIX}:stateMachine:machine`;
const WAIT = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 1000, End: true } } };
const ONE = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } });

type Ask = (bench: Bench, handle: (action: string, input?: object) => Promise<unknown>) => unknown;

/** A task that waits for a token, and the token. */
async function asking(bench: Bench, tokens: string[]): Promise<string> {
  bench.put('asking', { StartAt: 'T', States: { T: waitForToken('ask', { TimeoutSeconds: 10, End: true }) } });
  await bench.start('asking');
  await bench.settle();
  return tokens.at(-1) ?? '';
}

const tokens: string[] = [];
const WIRE: Readonly<Record<string, readonly Ask[]>> = {
  ExecutionAlreadyExists: [
    async (bench) => {
      await bench.start('machine', { a: 1 });
      await bench.start('machine', { a: 2 });
    },
  ],
  ExecutionDoesNotExist: [
    'DescribeExecution',
    'StopExecution',
    'GetExecutionHistory',
    'ListMapRuns',
    'RedriveExecution',
    'DescribeStateMachineForExecution',
  ].map(
    (action): Ask =>
      (_bench, handle) =>
        handle(action, { executionArn: `${PREFIX}:execution:machine:nobody` }),
  ),
  ExecutionNotRedrivable: [
    async (bench, handle) => handle('RedriveExecution', { executionArn: await bench.start('machine') }),
  ],
  InvalidArn: [
    (_bench, handle) => handle('StartExecution', { stateMachineArn: 'machine' }),
    (_bench, handle) => handle('DescribeExecution', { executionArn: MACHINE }),
    (_bench, handle) => handle('CreateStateMachine', { name: 'new', definition: ONE, roleArn: 'role' }),
    (_bench, handle) => handle('DescribeExecution', { executionArn: `${PREFIX}:express:machine:a:b` }),
    (_bench, handle) => handle('GetExecutionHistory', { executionArn: `${PREFIX}:express:machine:a:b` }),
  ],
  InvalidDefinition: [
    (_bench, handle) => handle('CreateStateMachine', { name: 'new', definition: '{}', roleArn: ROLE }),
    (_bench, handle) => handle('UpdateStateMachine', { stateMachineArn: MACHINE, definition: '{}' }),
  ],
  InvalidExecutionInput: ['{', '', '{"a":}'].map(
    (input): Ask =>
      (_bench, handle) =>
        handle('StartExecution', { stateMachineArn: MACHINE, input }),
  ),
  InvalidName: ['a b', 'a:b', 'a"b', 'a\u0001b', 'x'.repeat(81)].map(
    (name): Ask =>
      (_bench, handle) =>
        handle('StartExecution', { stateMachineArn: MACHINE, name }),
  ),
  InvalidOutput: [
    async (bench, handle) => handle('SendTaskSuccess', { taskToken: await asking(bench, tokens), output: '{' }),
  ],
  InvalidToken: [
    (_bench, handle) => handle('SendTaskSuccess', { taskToken: 'none', output: '1' }),
    (_bench, handle) => handle('SendTaskHeartbeat', { taskToken: 'AAAA' }),
    (_bench, handle) => handle('ListStateMachines', { nextToken: 'none' }),
  ],
  MissingRequiredParameter: [(_bench, handle) => handle('UpdateStateMachine', { stateMachineArn: MACHINE })],
  ResourceNotFound: [
    (_bench, handle) => handle('DescribeMapRun', { mapRunArn: `${PREFIX}:mapRun:machine/Map:x` }),
    (_bench, handle) => handle('UpdateMapRun', { mapRunArn: `${PREFIX}:mapRun:machine/Map:x` }),
    (_bench, handle) => handle('ListExecutions', { mapRunArn: `${PREFIX}:mapRun:machine/Map:x` }),
    (_bench, handle) => handle('ListTagsForResource', { resourceArn: `${PREFIX}:stateMachine:nobody` }),
  ],
  SerializationException: [
    (_bench, handle) => handle('StartExecution', { stateMachineArn: 5 }),
    (_bench, handle) => handle('ListStateMachines', { maxResults: '5' }),
    async (bench, handle) =>
      handle('GetExecutionHistory', { executionArn: await bench.start('machine'), reverseOrder: 'yes' }),
    (_bench, handle) => handle('UpdateStateMachine', { stateMachineArn: MACHINE, loggingConfiguration: 'off' }),
    (_bench, handle) => handle('TagResource', { resourceArn: MACHINE, tags: {} }),
    (bench) => bench.states.handle('ListStateMachines', []),
  ],
  StateMachineAlreadyExists: [
    (_bench, handle) => handle('CreateStateMachine', { name: 'machine', definition: ONE, roleArn: ROLE }),
  ],
  StateMachineDoesNotExist: [
    'StartExecution',
    'StartSyncExecution',
    'DescribeStateMachine',
    'ListExecutions',
    'UpdateStateMachine',
  ].map(
    (action): Ask =>
      (_bench, handle) =>
        handle(action, {
          stateMachineArn: `${PREFIX}:stateMachine:nobody`,
          ...(action === 'UpdateStateMachine' && { definition: ONE }),
        }),
  ),
  StateMachineTypeNotSupported: [
    (_bench, handle) => handle('StartSyncExecution', { stateMachineArn: MACHINE }),
    (_bench, handle) => handle('ListExecutions', { stateMachineArn: `${PREFIX}:stateMachine:express` }),
  ],
  TaskDoesNotExist: [
    async (bench, handle) => {
      const taskToken = await asking(bench, tokens);
      // As if the store had been set back: the token is genuine, its execution is gone.
      bench.states.close();
      Object.assign(bench.options, { file: storeFile() });
      bench.restart();
      await handle('SendTaskSuccess', { taskToken, output: '1' });
    },
  ],
  TaskTimedOut: ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'].map(
    (action): Ask =>
      async (bench, handle) => {
        const taskToken = await asking(bench, tokens);
        await bench.settle(11);
        await handle(action, { taskToken, output: '1' });
      },
  ),
  TooManyTags: [
    (_bench, handle) =>
      handle('TagResource', {
        resourceArn: MACHINE,
        tags: Array.from({ length: 51 }, (_, n) => ({ key: String(n), value: '' })),
      }),
  ],
  UnknownOperationException: [(_bench, handle) => handle('CreateActivity', { name: 'a' })],
  ValidationException: [
    (_bench, handle) => handle('StartExecution'),
    (_bench, handle) =>
      handle('StopExecution', { executionArn: `${PREFIX}:execution:machine:run`, error: 'x'.repeat(257) }),
    (_bench, handle) => handle('CreateStateMachine', { name: 'new', definition: ONE, roleArn: ROLE, type: 'OTHER' }),
    (_bench, handle) => handle('CreateStateMachine', { name: 'new', definition: ONE, roleArn: ROLE, publish: true }),
    (_bench, handle) => handle('CreateStateMachine', { name: '', definition: ONE, roleArn: ROLE }),
    (_bench, handle) => handle('ListExecutions', {}),
    (_bench, handle) =>
      handle('ListExecutions', { stateMachineArn: MACHINE, mapRunArn: `${PREFIX}:mapRun:machine/Map:x` }),
    (_bench, handle) => handle('ListStateMachines', { maxResults: 1001 }),
    (_bench, handle) => handle('ListStateMachines', { maxResults: -1 }),
    (bench) => bench.put('machine', WAIT, 'EXPRESS'),
    async (bench, handle) => {
      bench.put('fan', {
        StartAt: 'M',
        States: {
          M: {
            Type: 'Map',
            Items: [1],
            ItemProcessor: {
              ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
              StartAt: 'P',
              States: { P: { Type: 'Succeed' } },
            },
            End: true,
          },
        },
      });
      const executionArn = await bench.start('fan');
      await bench.settle();
      const [run] = ((await bench.states.handle('ListMapRuns', { executionArn }))['mapRuns'] ?? []) as {
        mapRunArn: string;
      }[];
      await handle('UpdateMapRun', { mapRunArn: run?.mapRunArn, maxConcurrency: 5 });
    },
  ],
};

describe('wire errors', () => {
  it('all have a case', () => {
    expect(codesInSources(/new AwsError\(\s*'([A-Za-z]+)'/g)).toEqual(Object.keys(WIRE).sort());
  });

  it.each(
    Object.entries(WIRE).flatMap(([code, asks]) => asks.map((ask, index): [string, number, Ask] => [code, index, ask])),
  )('%s (%i)', async (code, _index, ask) => {
    const bench = new Bench({
      functions: { ask: (payload) => void tokens.push(String((payload as { token: string }).token)) },
    });
    bench.put('machine', WAIT);
    bench.put('express', { StartAt: 'A', States: { A: { Type: 'Succeed' } } }, 'EXPRESS');
    expect(await codeOf(async () => await ask(bench, (action, input = {}) => bench.states.handle(action, input)))).toBe(
      code,
    );
  });
});
