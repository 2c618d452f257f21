import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../local/gateway/gateway.ts';
import type { LocalStack } from '../../local/index.ts';
import { type FixtureTemplate, placeholder, writeAssembly } from './fixture/assembly.ts';
import { newFolder, start } from './fixture/stack.ts';

/** A machine whose branches race for one item. */
function racing({ Resources }: FixtureTemplate): void {
  Object.assign(Resources['Machine']?.Properties ?? {}, {
    DefinitionString: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'All',
      States: {
        All: {
          Type: 'Map',
          Items: "{% ['a', 'b', 'c', 'd'] %}",
          ItemProcessor: {
            StartAt: 'Race',
            States: {
              Race: {
                Type: 'Task',
                Resource: 'arn:aws:states:::lambda:invoke',
                Arguments: { FunctionName: placeholder('fn'), Payload: { do: 'race', id: '{% $states.input %}' } },
                Output: '{% $states.result.Payload & $uuid() %}',
                End: true,
              },
            },
          },
          End: true,
        },
      },
    }),
  });
  Object.assign(Resources['RolePolicy']?.Properties ?? {}, {
    PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'kms:Decrypt'], Resource: '*' }] },
  });
}
const assembly = writeAssembly(racing);

interface Run {
  journal: readonly JournalEntry[];
  table: unknown;
  output: unknown;
}

async function inStack<T>(
  seed: number | undefined,
  act: (stack: LocalStack) => Promise<T>,
  data = newFolder(),
): Promise<T> {
  const stack = await start({ assembly, data, journal: true, ...(seed === undefined ? {} : { seed }) });
  try {
    return await act(stack);
  } finally {
    await stack.close();
  }
}

const raced = (seed: number, data?: string): Promise<Run> =>
  inStack(
    seed,
    async (stack) => {
      const { gateway, clock } = stack;
      const call = (action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> =>
        gateway.call({ principal: gateway.principals.operator, service: 'states', action, input });
      const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
      const { executionArn } = await call('StartExecution', { stateMachineArn, input: '{}' });
      await clock.idle();
      const journal = [...(gateway.journal ?? [])];
      const { output } = await call('DescribeExecution', { executionArn });
      return { journal, output, table: await itemsOf(stack) };
    },
    data,
  );

async function itemsOf(stack: LocalStack): Promise<string[]> {
  const client = new DynamoDBClient({
    endpoint: stack.endpoints.dynamodb,
    region: 'us-east-1',
    credentials: stack.operator,
  });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'Fixture-Table' }));
  return Items.map(({ pk, text }) => `${pk?.S} ${text?.S}`).sort();
}

describe('with a seed', () => {
  test('a run replays exactly, ids and lost updates included; another seed is another run', async () => {
    const first = await raced(7);
    expect(first.journal.filter(({ action }) => action === 'Invoke')).toHaveLength(4);
    expect(first.journal.filter(({ principal }) => principal === 'notes')).toHaveLength(24);
    const same = await raced(7);
    expect(same).toEqual(first);
    const others = [await raced(8), await raced(9), await raced(10)];
    expect(others.some(({ journal }) => JSON.stringify(journal) !== JSON.stringify(first.journal))).toBe(true);
    // Every seed does everything, in one order or another.
    for (const { journal } of others)
      expect(journal.map((each) => JSON.stringify(each)).sort()).toEqual(
        first.journal.map((each) => JSON.stringify(each)).sort(),
      );
  });

  test('a stack that starts again on the same data draws other ids', async () => {
    const data = newFolder();
    const first = await raced(7, data);
    expect((await raced(7, data)).output).not.toEqual(first.output);
  });

  test('requests from outside that come together are put in order too', async () => {
    const orders = await Promise.all(
      [3, 3, 4, 5].map((seed) =>
        inStack(seed, async (stack) => {
          stack.gateway.turns?.hold(4);
          const done: string[] = [];
          await Promise.all(
            ['a', 'b', 'c', 'd'].map(async (id) => {
              await stack.gateway.call({
                principal: stack.gateway.principals.operator,
                service: 'lambda',
                action: 'Invoke',
                input: { FunctionName: 'notes', Payload: { do: 'race', id } },
              });
              done.push(id);
            }),
          );
          return done.join('');
        }),
      ),
    );
    expect(orders[0]).toBe(orders[1]);
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  test('the HTTP API answers, and a function that fails or is not there does not stop the others', async () => {
    await inStack(1, async (stack) => {
      const statuses = await Promise.all(
        ['/plain', '/fail', '/unknown', '/plain'].map(async (path) => (await fetch(stack.endpoints.api + path)).status),
      );
      expect(statuses).toEqual([200, 500, 404, 200]);
    });
  });

  test('a start under a real clock is refused', async () => {
    await expect(start({ assembly, clock: 'real', seed: 1 })).rejects.toThrow('only under a virtual clock');
  });
});

test('without a seed the journal tells what was called', async () => {
  await inStack(undefined, async (stack) => {
    const { operator } = stack.gateway.principals;
    await stack.gateway
      .call({ principal: operator, service: 'lambda', action: 'Invoke', input: { FunctionName: 'nobody' } })
      .catch(() => undefined);
    expect(stack.gateway.journal).toEqual([
      { principal: 'operator', service: 'lambda', action: 'Invoke', error: 'ResourceNotFoundException' },
    ]);
  });
});
