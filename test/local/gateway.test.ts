import {
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../../local/index.ts';
import { start } from './fixture/stack.ts';

let stack: LocalStack;
let operator: { endpoint: string; region: string; credentials: LocalStack['operator']; maxAttempts: number };
let client: DynamoDBClient;
beforeAll(async () => {
  stack = await start();
  operator = { endpoint: stack.endpoints.dynamodb, region: 'us-east-1', credentials: stack.operator, maxAttempts: 1 };
  client = new DynamoDBClient(operator);
});
afterAll(() => stack.close());
afterEach(() => stack.gateway.faults.clear());

const TableName = 'Fixture-Table';
const put = (id: string): Promise<unknown> => client.send(new PutItemCommand({ TableName, Item: { pk: { S: id } } }));
const notes = (Payload: unknown): Promise<Record<string, unknown>> =>
  stack.gateway.call({
    principal: stack.gateway.principals.operator,
    service: 'lambda',
    action: 'Invoke',
    input: { FunctionName: 'notes', Payload },
  });

describe('who calls', () => {
  test('is known by the access key, and must sign with its secret', async () => {
    await expect(put('x')).resolves.toBeDefined();
    const wrongSecret = new DynamoDBClient({
      ...operator,
      credentials: { ...stack.operator, secretAccessKey: 'guessed' },
    });
    await expect(wrongSecret.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const stranger = new DynamoDBClient({
      ...operator,
      credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' },
    });
    await expect(stranger.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('without a signature gets nothing', async () => {
    const response = await fetch(stack.endpoints.dynamodb, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    });
    expect(response.status).toBe(403);
  });

  test('under another name than loopback is not answered', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`${stack.endpoints.issuer}/accounts`, { headers: { host: 'evil.example' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(status).toBe(421);
  });
});

describe('a function may do', () => {
  test('what its role grants', async () => {
    await notes({ do: 'put', id: 'mine#1', text: 'x' });
    expect(await notes({ do: 'query', id: 'mine#1' })).toMatchObject({ Payload: { Count: 1 } });
  });

  test('nothing outside its leading keys', async () => {
    expect(await notes({ do: 'query', id: 'yours#1' })).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: {
        errorType: 'AccessDeniedException',
        errorMessage:
          'User: arn:aws:sts::000000000000:assumed-role/Fixture-Role/notes is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:us-east-1:000000000000:table/Fixture-Table because no identity-based policy allows the dynamodb:Query action',
      },
    });
  });

  test('nothing with a key that it may only use through DynamoDB', async () => {
    expect(await notes({ do: 'key' })).toMatchObject({
      Payload: { errorType: 'AccessDeniedException', errorMessage: expect.stringContaining('kms:GenerateDataKey') },
    });
  });
});

describe('the wire', () => {
  test('serves DynamoDB, KMS and Step Functions to unmodified clients', async () => {
    expect((await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
    expect(
      (await new KMSClient(operator).send(new DescribeKeyCommand({ KeyId: 'alias/notes' }))).KeyMetadata?.KeyState,
    ).toBe('Enabled');
    const sfn = new SFNClient(operator);
    expect(
      (
        await sfn.send(
          new ListExecutionsCommand({ stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine' }),
        )
      ).executions,
    ).toEqual([]);
  });

  test('tells consumed units only to whoever asks, and a table may be named by its ARN', async () => {
    const query = {
      TableName: 'arn:aws:dynamodb:us-east-1:000000000000:table/Fixture-Table',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'x' } },
    };
    await put('x');
    expect((await client.send(new QueryCommand({ ...query }))).ConsumedCapacity).toBeUndefined();
    expect(
      (await client.send(new QueryCommand({ ...query, ReturnConsumedCapacity: 'NONE' }))).ConsumedCapacity,
    ).toBeUndefined();
    expect(
      (await client.send(new QueryCommand({ ...query, ReturnConsumedCapacity: 'TOTAL' }))).ConsumedCapacity
        ?.CapacityUnits,
    ).toBe(0.5);
  });

  test('refuses what is no JSON and what it does not know', async () => {
    const state = await fetch(`${stack.endpoints.api}/`, {
      method: 'POST',
      headers: { 'x-amz-target': 'SQS.SendMessage' },
      body: '{}',
    });
    expect(await state.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });
});

test('the meter counts calls and units by caller, and prices them', async () => {
  await notes({ do: 'put', id: 'warm', text: '' });
  stack.gateway.meter.reset();
  await notes({ do: 'put', id: 'mine#2', text: 'x'.repeat(1_500) });
  await put('y');
  const { calls, functions } = stack.gateway.meter.snapshot();
  expect(calls).toContainEqual({
    principal: 'notes',
    service: 'dynamodb',
    action: 'PutItem',
    calls: 1,
    errors: 0,
    readUnits: 0,
    writeUnits: 2,
  });
  expect(calls).toContainEqual({
    principal: 'operator',
    service: 'dynamodb',
    action: 'PutItem',
    calls: 1,
    errors: 0,
    readUnits: 0,
    writeUnits: 1,
  });
  expect(functions).toMatchObject([{ function: 'notes', invocations: 1, errors: 0, logLines: 1 }]);
  const { lines, usd } = stack.gateway.meter.price();
  expect(lines.find(({ what }) => what === 'DynamoDB write units')).toEqual({
    what: 'DynamoDB write units',
    quantity: 3,
    usd: 3 * 0.625e-6,
  });
  expect(usd).toBeGreaterThan(3 * 0.625e-6);
  expect(await (await fetch(`${stack.endpoints.api}/_local/meter`)).json()).toMatchObject({ price: { usd } });
});

describe('a fault', () => {
  const count = async (): Promise<number> =>
    (await client.send(new ScanCommand({ TableName, Select: 'COUNT' }))).Count ?? 0;

  test('fail-before does nothing and answers an error', async () => {
    const before = await count();
    stack.gateway.faults.add({ service: 'dynamodb', action: 'PutItem', kind: 'fail-before', times: 1 });
    await expect(put('f1')).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(await count()).toBe(before);
    await put('f1');
    expect(await count()).toBe(before + 1);
  });

  test('lose-answer does it and answers an error', async () => {
    const before = await count();
    stack.gateway.faults.add({
      action: 'PutItem',
      kind: 'lose-answer',
      error: { code: 'RequestTimeout', message: 'gone', statusCode: 500 },
    });
    await expect(put('f2')).rejects.toMatchObject({ name: 'RequestTimeout' });
    expect(await count()).toBe(before + 1);
  });

  test('throttle answers as the service does', async () => {
    stack.gateway.faults.add({ principal: 'operator', action: 'PutItem', kind: 'throttle', nth: 2 });
    await put('f3');
    await expect(put('f4')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await put('f4');
    expect(await count()).toBeGreaterThan(0);
  });

  test('deliver-twice does it twice', async () => {
    stack.gateway.faults.add({ service: 'lambda', action: 'Invoke', kind: 'deliver-twice' });
    stack.gateway.meter.reset();
    await notes({ do: 'put', id: 'f5', text: '' });
    expect(stack.gateway.meter.snapshot().functions).toMatchObject([{ invocations: 2 }]);
  });

  test('delay waits', async () => {
    stack.gateway.faults.add({ action: 'PutItem', kind: 'delay', milliseconds: 150 });
    const begun = performance.now();
    await put('f6');
    expect(performance.now() - begun).toBeGreaterThan(145);
  });

  test('by chance strikes the same calls for the same seed', async () => {
    const strikes = async (): Promise<boolean[]> => {
      stack.gateway.faults.clear();
      stack.gateway.faults.add({ action: 'PutItem', kind: 'fail-before', probability: 0.5, seed: 7 });
      const outcomes: boolean[] = [];
      for (let call = 0; call < 12; call += 1)
        outcomes.push(
          await put('f7').then(
            () => false,
            () => true,
          ),
        );
      return outcomes;
    };
    const first = await strikes();
    expect(new Set(first)).toEqual(new Set([true, false]));
    expect(await strikes()).toEqual(first);
  });

  test('can be asked for over HTTP, and a rule that makes no sense is refused', async () => {
    const post = (rule: unknown): Promise<Response> =>
      fetch(`${stack.endpoints.api}/_local/faults`, { method: 'POST', body: JSON.stringify(rule) });
    expect((await post({ action: 'PutItem', kind: 'throttle' })).status).toBe(200);
    await expect(put('f8')).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect((await post({ kind: 'explode' })).status).toBe(400);
    expect((await fetch(`${stack.endpoints.api}/_local/faults`, { method: 'DELETE' })).status).toBe(200);
    await expect(put('f8')).resolves.toBeDefined();
  });
});
