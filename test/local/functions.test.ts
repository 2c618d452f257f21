import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../../local/index.ts';
import { newFolder, start } from './fixture/stack.ts';

const data = newFolder();
let stack: LocalStack;
beforeAll(async () => {
  stack = await start({ data });
});
afterAll(() => stack.close());

const invoke = (
  FunctionName: string,
  Payload: unknown,
  more: Record<string, unknown> = {},
): Promise<Record<string, unknown>> =>
  stack.gateway.call({
    principal: stack.gateway.principals.operator,
    service: 'lambda',
    action: 'Invoke',
    input: { FunctionName, Payload, ...more },
  });

describe('a function', () => {
  test('answers by name or ARN, and writes its log', async () => {
    await invoke('notes', { do: 'put', id: 'a', text: 'hello' });
    expect(await invoke('arn:aws:lambda:us-east-1:000000000000:function:notes', { do: 'get', id: 'a' })).toEqual({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: 'hello',
    });
    expect(readFileSync(join(data, 'logs', 'notes.log'), 'utf8')).toContain('ran put\nran get\n');
  });

  test('has exactly the environment Lambda gives it and the template’s', async () => {
    const { Payload: environment } = await invoke('notes', { do: 'environment' });
    expect(environment).toMatchObject({
      TABLE_NAME: 'Fixture-Table',
      COLOUR: 'red',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'notes',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_ENDPOINT_URL: stack.endpoints.api,
    });
    expect(environment).not.toHaveProperty('PATH');
    expect(environment).not.toHaveProperty('HOME');
  });

  test('is told about its invocation', async () => {
    const { Payload: context } = await invoke('notes', { do: 'context' });
    expect(context).toMatchObject({
      functionName: 'notes',
      functionVersion: '$LATEST',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/notes',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:notes',
    });
    expect(context).toHaveProperty('awsRequestId', expect.stringMatching(/^[0-9a-f-]{36}$/));
    expect(Object(context).remaining).toBeGreaterThan(4_000);
  });

  test('reads the virtual clock', async () => {
    expect((await invoke('notes', { do: 'now' }))['Payload']).toEqual({
      now: stack.clock.now(),
      date: '2023-09-30T00:00:00.000Z',
      fixed: '1970-01-01T00:00:00.000Z',
      isDate: true,
    });
    await stack.clock.advance(stack.clock.now() + 60_000);
    expect((await invoke('notes', { do: 'now' }))['Payload']).toMatchObject({
      now: Date.parse('2023-09-30T00:01:00Z'),
      date: '2023-09-30T00:01:00.000Z',
    });
  });

  test('that throws is described as Lambda does', async () => {
    const answer = await invoke('notes', { do: 'fail' });
    expect(answer).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      Payload: { errorType: 'TypeError', errorMessage: 'as asked' },
    });
    expect(Object(answer['Payload']).trace[0]).toBe('TypeError: as asked');
  });

  test('that ends its process fails, and the next invocation finds a new one', async () => {
    expect(await invoke('notes', { do: 'exit' })).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]+ Error: Runtime exited with error: exit status 3$/),
      },
    });
    expect(await invoke('notes', { do: 'sleep', ms: 1 })).toMatchObject({ Payload: 'slept' });
  });

  test('that takes too long is ended', async () => {
    expect(await invoke('hasty', { do: 'sleep', ms: 3_000 })).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]+ Error: Task timed out after 1\.00 seconds$/),
      },
    });
    expect(await invoke('hasty', { do: 'sleep', ms: 1 })).toMatchObject({ Payload: 'slept' });
  });

  test('runs side by side, but no more than is reserved', async () => {
    const begun = performance.now();
    await Promise.all([1, 2, 3, 4].map(() => invoke('notes', { do: 'sleep', ms: 400 })));
    expect(performance.now() - begun).toBeLessThan(4 * 400 + 200);
    const first = invoke('hasty', { do: 'sleep', ms: 200 });
    await expect(invoke('hasty', { do: 'sleep', ms: 1 })).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      statusCode: 429,
    });
    expect(await first).toMatchObject({ Payload: 'slept' });
  });

  test('may not be given or answer more than Lambda carries', async () => {
    await expect(invoke('notes', { do: 'now', x: 'x'.repeat(6_291_456) })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      statusCode: 413,
    });
    await expect(
      invoke('notes', { do: 'now', x: 'x'.repeat(1_048_576) }, { InvocationType: 'Event' }),
    ).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    expect(await invoke('notes', { do: 'large', bytes: 7_000_000 })).toMatchObject({
      FunctionError: 'Unhandled',
      Payload: { errorType: 'Function.ResponseSizeTooLarge' },
    });
  });

  test('that is not there is not found', async () => {
    await expect(invoke('nobody', {})).rejects.toMatchObject({ code: 'ResourceNotFoundException', statusCode: 404 });
  });

  test('called for an event answers at once and is tried again when it fails', async () => {
    const failures = (): number =>
      stack.gateway.meter.snapshot().functions.find((each) => each.function === 'notes')?.errors ?? 0;
    const before = failures();
    expect(await invoke('notes', { do: 'fail' }, { InvocationType: 'Event' })).toEqual({ StatusCode: 202 });
    await stack.clock.idle();
    expect(failures()).toBe(before + 1);
    await stack.clock.advance(stack.clock.now() + 59_000);
    expect(failures()).toBe(before + 1);
    await stack.clock.advance(stack.clock.now() + 3_600_000);
    expect(failures()).toBe(before + 3);
  });
});
