import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { Bench, START, storeFile } from './harness.ts';

const PREFIX = 'arn:aws:states:us-east-1:123456789012';
const MACHINE = `${PREFIX}:stateMachine:machine`;

/** The thinnest front there can be: the target header names the action, bodies go in and out as they are. */
function front(bench: Bench): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const send = (status: number, body: object): void => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
      };
      bench.states.handle(action, JSON.parse(Buffer.concat(chunks).toString() || '{}')).then(
        (answer) => send(200, answer),
        (error: unknown) =>
          error instanceof AwsError
            ? send(error.statusCode, { __type: error.code, message: error.message })
            : send(500, { message: String(error) }),
      );
    });
  });
}

const bench = new Bench({ functions: { work: (payload) => ({ got: payload }) } });
let server: Server;
let endpoint = '';
let client: SFNClient;
beforeAll(async () => {
  server = front(bench);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // StartSyncExecution would go to `sync-<host>`.
  client = new SFNClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    disableHostPrefix: true,
  });
  bench.put('machine', {
    StartAt: 'Set',
    States: {
      Set: { Type: 'Pass', Assign: { v: { deep: [1] } }, Next: 'Fan' },
      Fan: {
        Type: 'Map',
        Items: [1, 2],
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'P',
          States: { P: { Type: 'Pass', End: true } },
        },
        Next: 'Work',
      },
      Work: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'work', Payload: '{% $v %}' },
        TimeoutSeconds: 60,
        Output: '{% $states.result.Payload %}',
        Next: 'Wait',
      },
      Wait: { Type: 'Wait', Seconds: '{% $states.context.Execution.Input.wait %}', End: true },
    },
  });
  bench.put(
    'express',
    { StartAt: 'P', States: { P: { Type: 'Pass', Output: { x: '{% $states.input.x %}' }, End: true } } },
    'EXPRESS',
  );
});
afterAll(() => {
  client.destroy();
  server.close();
});

describe('the SDK client, unmodified', () => {
  it('starts, describes, lists and reads the history', async () => {
    const started = await client.send(
      new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'sdk', input: '{"wait":0}' }),
    );
    expect(started.startDate).toEqual(new Date(START));
    const executionArn = started.executionArn ?? '';
    await bench.settle(1);
    const told = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(told).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"got":{"deep":[1]}}',
      outputDetails: { included: true },
      startDate: new Date(START),
      stopDate: new Date(START),
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    const listed = await client.send(
      new ListExecutionsCommand({ stateMachineArn: MACHINE, statusFilter: 'SUCCEEDED' }),
    );
    expect(listed.executions).toMatchObject([{ executionArn, name: 'sdk', startDate: new Date(START) }]);
    const events = [];
    for await (const page of paginateGetExecutionHistory({ client, pageSize: 4 }, { executionArn }))
      events.push(...(page.events ?? []));
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 17 }, (_, n) => n + 1));
    expect(events[0]).toMatchObject({
      type: 'ExecutionStarted',
      timestamp: new Date(START),
      executionStartedEventDetails: { input: '{"wait":0}', inputDetails: { truncated: false } },
    });
    expect(events.find(({ type }) => type === 'PassStateExited')?.stateExitedEventDetails).toMatchObject({
      name: 'Set',
      assignedVariables: { v: '{"deep":[1]}' },
      assignedVariablesDetails: { truncated: false },
    });
    expect(events.find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'us-east-1',
      parameters: '{"FunctionName":"work","Payload":{"deep":[1]}}',
      timeoutInSeconds: 60,
    });
    // Every detail that is sent is one the client knows: it drops what is not in its model.
    const raw = await bench.history(executionArn);
    expect(events.map((event) => Object.keys(event).sort())).toEqual(raw.map((event) => Object.keys(event).sort()));
  });

  it('reads map runs', async () => {
    const executionArn = `${PREFIX}:execution:machine:sdk`;
    const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
    expect(mapRuns).toMatchObject([{ executionArn, startDate: new Date(START), stopDate: new Date(START) }]);
    const run = await client.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn ?? '' }));
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      itemCounts: { total: 2, succeeded: 2, failed: 0 },
      executionCounts: { total: 2, resultsWritten: 2 },
      maxConcurrency: 0,
      toleratedFailurePercentage: 0,
    });
    const children = await client.send(new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn ?? '' }));
    expect(children.executions).toMatchObject([{ status: 'SUCCEEDED', itemCount: 1 }, { status: 'SUCCEEDED' }]);
  });

  it('stops and redrives', async () => {
    const { executionArn = '' } = await client.send(
      new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'stopped', input: '{"wait":100}' }),
    );
    await bench.settle(5);
    const stopped = await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'said' }));
    expect(stopped.stopDate).toBeInstanceOf(Date);
    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
    );
    expect(events).toMatchObject([
      { type: 'ExecutionAborted', executionAbortedEventDetails: { error: 'Enough', cause: 'said' } },
    ]);
    const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn }));
    expect(redriveDate).toBeInstanceOf(Date);
    await bench.settle(100);
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      redriveDate,
    });
  });

  it('runs Express machines to their end', async () => {
    const done = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: `${PREFIX}:stateMachine:express`, input: '{"x":1}' }),
    );
    expect(done).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"x":1}',
      startDate: expect.any(Date),
      billingDetails: { billedDurationInMilliseconds: 100 },
    });
  });

  it('describes machines and definitions', async () => {
    const machine = await client.send(new DescribeStateMachineCommand({ stateMachineArn: MACHINE }));
    expect(machine).toMatchObject({
      name: 'machine',
      type: 'STANDARD',
      status: 'ACTIVE',
      creationDate: new Date(START),
      variableReferences: { Work: ['v'] },
      loggingConfiguration: { level: 'OFF' },
    });
    const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
    expect(stateMachines.map(({ name }) => name)).toEqual(['express', 'machine']);
    const checked = await client.send(new ValidateStateMachineDefinitionCommand({ definition: '{}' }));
    expect(checked).toMatchObject({
      result: 'FAIL',
      diagnostics: [{ severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', location: '/' }],
    });
  });

  it('throws its own errors', async () => {
    await expect(
      client.send(new DescribeExecutionCommand({ executionArn: `${PREFIX}:execution:machine:none` })),
    ).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'sdk', input: '{}' })),
    ).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    await expect(
      client.send(new RedriveExecutionCommand({ executionArn: `${PREFIX}:execution:machine:sdk` })),
    ).rejects.toBeInstanceOf(ExecutionNotRedrivable);
  });
});

/** The first CLI prints times as they come unless told; the second always so. */
const CONFIG = `${storeFile()}.config`;
writeFileSync(CONFIG, '[default]\ncli_timestamp_format = iso8601\n');

/** Runs the AWS CLI; undefined when there is none on this machine. */
async function aws(...words: string[]): Promise<unknown> {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_PAGER: '',
    AWS_CONFIG_FILE: CONFIG,
  };
  return await new Promise((resolve, reject) => {
    execFile(
      'aws',
      ['stepfunctions', ...words, '--endpoint-url', endpoint, '--output', 'json'],
      { env },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim() === '' ? {} : JSON.parse(stdout));
        else if (error.code === 'ENOENT') resolve(undefined);
        else reject(new Error(stderr));
      },
    );
  });
}

it('the AWS CLI starts, describes, lists, stops and reads the history', async ({ skip }) => {
  const machines = await aws('list-state-machines');
  if (machines === undefined) return skip('There is no AWS CLI here.');
  expect(machines).toMatchObject({
    stateMachines: [{ name: 'express' }, { stateMachineArn: MACHINE, type: 'STANDARD' }],
  });
  const executionArn = `${PREFIX}:execution:machine:cli`;
  expect(
    await aws('start-execution', '--state-machine-arn', MACHINE, '--name', 'cli', '--input', '{"wait":1000}'),
  ).toMatchObject({
    executionArn,
    startDate: expect.stringMatching(/^2025-01-01T/),
  });
  await bench.settle(1);
  const [described, listed, history] = await Promise.all([
    aws('describe-execution', '--execution-arn', executionArn),
    aws('list-executions', '--state-machine-arn', MACHINE, '--status-filter', 'RUNNING'),
    aws('get-execution-history', '--execution-arn', executionArn, '--page-size', '5'),
  ]);
  const stopped = await aws('stop-execution', '--execution-arn', executionArn, '--error', 'Enough');
  expect(described).toMatchObject({
    status: 'RUNNING',
    input: '{"wait":1000}',
    redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
  });
  expect(listed).toMatchObject({ executions: [{ executionArn }] });
  expect(history).toMatchObject({ events: Array.from({ length: 15 }, (_, n) => ({ id: n + 1 })) });
  expect(stopped).toMatchObject({ stopDate: expect.stringMatching(/^2025-01-01T/) });
  await expect(aws('describe-execution', '--execution-arn', `${executionArn}x`)).rejects.toThrow(
    /ExecutionDoesNotExist/,
  );
});
