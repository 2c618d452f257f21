import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/errors.ts';
import { Bench, codeOf, invoke, pause, ROLE, storeFile, waitForToken } from './harness.ts';

const SDK = 'arn:aws:states:::aws-sdk:';
const START = 'arn:aws:states:::states:startExecution';
const CHILD = 'arn:aws:states:us-east-1:123456789012:stateMachine:child';

const task = (Resource: string, Arguments: unknown, more: object = {}): object => ({
  StartAt: 'T',
  States: { T: { Type: 'Task', Resource, Arguments, ...more, End: true } },
});
const denied = () => {
  throw new AwsError('AccessDeniedException', `User: ${ROLE} is not authorized to perform that`);
};

describe('SDK integrations', () => {
  it('of Step Functions take and give names with a capital, and speak the wire names between', async () => {
    const bench = new Bench();
    bench.put('child', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    const outcome = await bench.run(
      task(`${SDK}sfn:startExecution`, { StateMachineArn: CHILD, Name: 'one', Input: '{"a":1}' }),
    );
    expect(bench.calls[0]).toEqual({
      roleArn: ROLE,
      service: 'states',
      action: 'StartExecution',
      input: { stateMachineArn: CHILD, name: 'one', input: '{"a":1}' },
    });
    expect(outcome).toEqual({
      status: 'SUCCEEDED',
      output: {
        ExecutionArn: `${CHILD.replace(':stateMachine:', ':execution:')}:one`,
        StartDate: '2025-01-01T00:00:00.000Z',
      },
    });
    const listed = await bench.run(task(`${SDK}sfn:listExecutions`, { StateMachineArn: CHILD }));
    expect(listed.output).toMatchObject({
      Executions: [{ Name: 'one', Status: 'SUCCEEDED', StartDate: '2025-01-01T00:00:00.000Z', RedriveCount: 0 }],
    });
    const made = await bench.run(
      task(`${SDK}sfn:tagResource`, { ResourceArn: CHILD, Tags: [{ Key: 'team', Value: 'Field' }] }),
    );
    expect(made).toEqual({ status: 'SUCCEEDED', output: {} });
    expect((await bench.run(task(`${SDK}sfn:listTagsForResource`, { ResourceArn: CHILD }))).output).toEqual({
      Tags: [{ Key: 'team', Value: 'Field' }],
    });
  });

  it('of DynamoDB pass arguments and results on as they are', async () => {
    const Item = { pk: { S: 'a' }, itemCount: { N: '1' } };
    const bench = new Bench({ stubs: { dynamodb: () => ({ Item }) } });
    const outcome = await bench.run(
      task(`${SDK}dynamodb:getItem`, { TableName: 'T', Key: { pk: { S: '{% $states.input.pk %}' } } }),
      { pk: 'a' },
    );
    expect(bench.calls[0]).toEqual({
      roleArn: ROLE,
      service: 'dynamodb',
      action: 'GetItem',
      input: { TableName: 'T', Key: { pk: { S: 'a' } } },
    });
    expect(outcome.output).toEqual({ Item });
    bench.put('named', task(`${SDK}dynamodb:getItem`, {}));
    const arn = await bench.start('named');
    await bench.settle();
    expect(await bench.details(arn, 'TaskScheduled')).toEqual({
      resourceType: 'aws-sdk:dynamodb',
      resource: 'getItem',
      region: 'us-east-1',
      parameters: '{}',
    });
  });

  it('of Lambda carry the payload as text and succeed when the function does not', async () => {
    const bench = new Bench({
      services: new Set(['lambda']),
      functions: {
        work: () => {
          throw new RangeError('no');
        },
      },
    });
    const outcome = await bench.run(task(`${SDK}lambda:invoke`, { FunctionName: 'work', Payload: '{"a":1}' }));
    expect(bench.calls[0]?.input).toEqual({ FunctionName: 'work', Payload: { a: 1 } });
    expect(outcome).toEqual({
      status: 'SUCCEEDED',
      output: {
        ExecutedVersion: '$LATEST',
        FunctionError: 'Unhandled',
        Payload: '{"errorType":"RangeError","errorMessage":"no","trace":[]}',
        StatusCode: 200,
      },
    });
  });

  const failures: [string, string, string, string][] = [
    ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDb.ConditionalCheckFailedException', 'DynamoDb'],
    ['dynamodb:putItem', 'ValidationException', 'DynamoDb.DynamoDbException', 'DynamoDb'],
    ['dynamodb:putItem', 'AccessDeniedException', 'DynamoDb.DynamoDbException', 'DynamoDb'],
    ['sfn:sendTaskSuccess', 'TaskTimedOut', 'Sfn.TaskTimedOutException', 'Sfn'],
  ];
  it.each(failures)('%s: %s is told as %s', async (action, code, error, service) => {
    const fail = () => {
      throw new AwsError(code, 'because');
    };
    const bench = new Bench({ stubs: { dynamodb: fail, states: fail } });
    const outcome = await bench.run(task(SDK + action, {}));
    expect(outcome).toMatchObject({ status: 'FAILED', error });
    expect(outcome.cause).toMatch(
      new RegExp(`^because \\(Service: ${service}, Status Code: 400, Request ID: [0-9a-f-]{36}\\)$`),
    );
  });
});

describe('Lambda', () => {
  it('is called by a function ARN with the arguments as payload, and has events of its own', async () => {
    const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:work';
    const bench = new Bench({ functions: { work: (payload) => ({ got: payload }) } });
    bench.put('machine', task(Resource, { a: '{% $states.input %}' }, { TimeoutSeconds: 30 }));
    const arn = await bench.start('machine', 1);
    await bench.settle();
    expect((await bench.describe(arn)).output).toEqual({ got: { a: 1 } });
    expect(await bench.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(await bench.details(arn, 'LambdaFunctionScheduled')).toEqual({
      input: '{"a":1}',
      inputDetails: { truncated: false },
      resource: Resource,
      timeoutInSeconds: 30,
    });
  });

  it('tells refusals after its own service, and Catch meets them as States.Permissions too', async () => {
    const Catch = [{ ErrorEquals: ['States.Permissions'], Next: 'C' }];
    const bench = new Bench({ stubs: { lambda: denied } });
    const outcome = await bench.run({
      StartAt: 'T',
      States: {
        T: invoke('work', {}, { Catch, End: true }),
        C: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true },
      },
    });
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'Lambda.AWSLambdaException' });
  });

  it('that was never reached did not get the task submitted', async () => {
    const bench = new Bench();
    bench.put('machine', { StartAt: 'T', States: { T: waitForToken('nobody', { End: true }) } });
    const arn = await bench.start('machine');
    await bench.settle();
    expect(await bench.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitFailed',
      'ExecutionFailed',
    ]);
    expect(await bench.describe(arn)).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });

  it('waits as long as expressions say', async () => {
    const timing = { TimeoutSeconds: '{% $states.input.timeout %}', HeartbeatSeconds: '{% $states.input.beat %}' };
    const bench = new Bench({ functions: { ask: () => ({}) } });
    bench.put('machine', {
      StartAt: 'T',
      States: {
        T: waitForToken('ask', {
          ...timing,
          Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Late' }],
          End: true,
        }),
        Late: { Type: 'Pass', End: true },
      },
    });
    const arn = await bench.start('machine', { timeout: 600, beat: 20 });
    await bench.settle();
    expect(await bench.details(arn, 'TaskScheduled')).toMatchObject({ timeoutInSeconds: 600, heartbeatInSeconds: 20 });
    await bench.settle(21);
    // Told as the service tells it, caught by either name.
    expect(await bench.details(arn, 'TaskTimedOut')).toMatchObject({ error: 'States.Timeout' });
    expect(await bench.describe(arn)).toEqual({ status: 'SUCCEEDED', output: { Error: 'States.Timeout' } });
    const second = await bench.start('machine', { timeout: 0, beat: 1 }, 'second');
    await bench.settle();
    expect(await bench.describe(second)).toEqual({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'T' (entered at the event id #2). The TimeoutSeconds field must be between 1 and 99999999: 0",
    });
  });
});

describe('nested executions', () => {
  const child = {
    StartAt: 'W',
    States: {
      W: { Type: 'Wait', Seconds: 10, Next: 'P' },
      P: { Type: 'Pass', Output: { got: '{% $states.input %}' }, End: true },
    },
  };

  it('are started and left', async () => {
    const bench = new Bench();
    bench.put('child', child);
    const outcome = await bench.run(task(START, { StateMachineArn: CHILD, Name: 'one', Input: { a: 1 } }));
    expect(outcome.output).toMatchObject({
      ExecutionArn: `${CHILD.replace(':stateMachine:', ':execution:')}:one`,
      StartDate: 1735689600000,
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
  });

  it.each([
    ['.sync', '{"got":{"a":1}}', '{"a":1}'],
    ['.sync:2', { got: { a: 1 } }, { a: 1 }],
  ])('%s waits for their end', async (suffix, Output, Input) => {
    const bench = new Bench({ file: storeFile() });
    bench.put('child', child);
    bench.put('machine', task(START + suffix, { StateMachineArn: CHILD, Input: { a: 1 } }));
    const arn = await bench.start('machine');
    await bench.settle(9);
    expect((await bench.describe(arn)).status).toBe('RUNNING');
    bench.restart();
    await bench.settle(2);
    expect(await bench.describe(arn)).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        Input,
        Output,
        Status: 'SUCCEEDED',
        StartDate: 1735689600000,
        StopDate: 1735689610000,
        StateMachineArn: CHILD,
      },
    });
    expect(await bench.types(arn)).toContain('TaskSubmitted');
  });

  it('.sync fails with what they failed with, and stops them when it is stopped', async () => {
    const bench = new Bench();
    bench.put('child', { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Own', Cause: 'reason' } } });
    const failed = await bench.run(task(`${START}.sync:2`, { StateMachineArn: CHILD }));
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ Error: 'Own', Cause: 'reason', Status: 'FAILED' });
    bench.put('child', child);
    bench.put('machine', task(`${START}.sync:2`, { StateMachineArn: CHILD, Name: 'long' }));
    const arn = await bench.start('machine');
    await bench.settle(1);
    await bench.states.handle('StopExecution', { executionArn: arn });
    await bench.settle();
    expect((await bench.describe(`${CHILD.replace(':stateMachine:', ':execution:')}:long`)).status).toBe('ABORTED');
  });

  it('tell a machine that does not exist as recorded from the service', async () => {
    const outcome = await new Bench().run(task(START, { StateMachineArn: CHILD }));
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'StepFunctions.StateMachineDoesNotExistException' });
    expect(outcome.cause).toMatch(
      /^State Machine Does Not Exist: '.+' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: .+; Proxy: null\)$/,
    );
  });

  it('whose start was answered into a crash count as started', async () => {
    let losing = true;
    const bench: Bench = new Bench({
      file: storeFile(),
      stubs: {
        states: async (call) => {
          const answer = await bench.states.handle(call.action, call.input);
          return losing ? new Promise(() => undefined) : answer;
        },
      },
    });
    bench.put('child', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    bench.put('machine', task(START, { StateMachineArn: CHILD, Name: 'once', Input: { a: 1 } }));
    const arn = await bench.start('machine');
    await pause();
    losing = false;
    bench.restart();
    await pause();
    expect(await bench.describe(arn)).toMatchObject({
      status: 'SUCCEEDED',
      output: { ExecutionArn: expect.stringMatching(/:child:once$/) },
    });
    // Without a crash the same name is a collision, as in the service.
    const again = await bench.start('machine', {}, 'again');
    await pause();
    expect(await bench.describe(again)).toMatchObject({
      status: 'FAILED',
      error: 'StepFunctions.ExecutionAlreadyExistsException',
    });
    bench.states.close();
  });
});

it('refuses by name what does not run here', async () => {
  const refused = [
    'arn:aws:states:::sqs:sendMessage',
    'arn:aws:states:::dynamodb:getItem',
    `${SDK}sqs:sendMessage`,
    'arn:aws:states:us-east-1:123456789012:activity:act',
    'arn:aws:states:::lambda:invoke.sync',
  ];
  for (const Resource of refused) {
    const bench = new Bench();
    expect(await codeOf(() => bench.put('machine', task(Resource, {})))).toBe('InvalidDefinition');
    expect(() => bench.put('machine', task(Resource, {}))).toThrow(Resource);
  }
});
