import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 2);
});
afterAll(() => stack.stop());

const input = JSON.stringify({ round: '2023Q4', openedBy: 'operator' });

describe('an operator on the running stack', () => {
  it('lists, describes, starts, stops and reads histories with the unmodified SDK', async () => {
    const client = stack.stepFunctions;
    const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines.map(({ name }) => name)).toContain('shouwang-test-quarterly-screening');
    const stateMachineArn = await stack.machine('quarterly-screening');
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(machine).toMatchObject({ name: 'shouwang-test-quarterly-screening', type: 'STANDARD', status: 'ACTIVE' });
    expect(machine.creationDate).toBeInstanceOf(Date);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input }));
    const again = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input }));
    expect(again.executionArn).toBe(executionArn);
    await stack.settle();
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'RUNNING',
      input,
    });
    expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body).toMatchObject({
      status: 'collecting',
      expectedHouseholds: 2,
    });
    await client.send(new StopExecutionCommand({ executionArn, error: 'ByHand', cause: 'a test' }));
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'ABORTED',
      error: 'ByHand',
      cause: 'a test',
    });
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 2 }),
    );
    expect(events[0]).toMatchObject({ type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'ByHand' } });
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'ABORTED' }),
    );
    expect(executions.map(({ name }) => name)).toEqual(['by-hand']);
  });

  // Where the AWS CLI is not installed there is nothing to compare with; the SDK's test above always runs.
  const cli = spawnSync('aws', ['--version']).status === 0;
  it.runIf(cli)('does the same with the AWS CLI', async () => {
    const { endpoints, operator } = stack.local;
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    const aws = async (...words: string[]) => {
      const { stdout } = await promisify(execFile)(
        'aws',
        ['--endpoint-url', endpoints.stepFunctions, '--output', 'json', 'stepfunctions', ...words],
        { env },
      );
      return stdout === '' ? {} : JSON.parse(stdout);
    };
    const arn = (await aws('list-state-machines')).stateMachines.find(({ name }: { name: string }) =>
      name.endsWith('quarterly-screening'),
    ).stateMachineArn;
    expect((await aws('describe-state-machine', '--state-machine-arn', arn)).name).toBe(
      'shouwang-test-quarterly-screening',
    );
    const { executionArn } = await aws(
      'start-execution',
      '--state-machine-arn',
      arn,
      '--name',
      'by-cli',
      '--input',
      input,
    );
    await stack.settle();
    await aws('stop-execution', '--execution-arn', executionArn);
    expect(['ABORTED', 'SUCCEEDED']).toContain(
      (await aws('describe-execution', '--execution-arn', executionArn)).status,
    );
    const { events } = await aws('get-execution-history', '--execution-arn', executionArn);
    expect(events[0]).toMatchObject({ id: 1, type: 'ExecutionStarted' });
    expect(
      (await aws('list-executions', '--state-machine-arn', arn)).executions.map(({ name }: { name: string }) => name),
    ).toContain('by-cli');
  });
});
