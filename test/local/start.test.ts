import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { LocalStack } from '../../local/index.ts';
import { type FixtureTemplate, writeAssembly } from './fixture/assembly.ts';
import { newFolder, start } from './fixture/stack.ts';

const get = (stack: LocalStack, id: string): Promise<Record<string, unknown>> =>
  stack.gateway.call({
    principal: stack.gateway.principals.operator,
    service: 'lambda',
    action: 'Invoke',
    input: { FunctionName: 'notes', Payload: { do: 'get', id } },
  });
const put = (stack: LocalStack, id: string, text: string): Promise<Record<string, unknown>> =>
  stack.gateway.call({
    principal: stack.gateway.principals.operator,
    service: 'lambda',
    action: 'Invoke',
    input: { FunctionName: 'notes', Payload: { do: 'put', id, text } },
  });

describe('a stack', () => {
  test('starts again with what it stored, its clock where it stood', async () => {
    const data = newFolder();
    const first = await start({ data });
    await put(first, 'kept', 'here');
    await first.clock.advance(Date.parse('2023-10-01T00:00:00Z'));
    expect(JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8'))).toEqual(first.endpoints);
    await first.close();
    expect(existsSync(join(data, 'endpoints.json'))).toBe(false);
    expect(await first.ended).toBeUndefined();
    const second = await start({ data });
    expect(second.clock.now()).toBe(Date.parse('2023-10-01T00:00:00Z'));
    expect(await get(second, 'kept')).toMatchObject({ Payload: 'here' });
    await second.close();
  });

  test('keeps what it stores from whoever else uses the machine', async () => {
    const data = join(newFolder(), 'new', 'folder');
    const stack = await start({ data });
    expect(statSync(data).mode & 0o77).toBe(0);
    await stack.close();
  });

  test('starts what is scheduled, and the workflow waits by the same clock', async () => {
    const stack = await start();
    await stack.clock.advance(Date.parse('2023-10-11T01:59:59Z'));
    expect(await get(stack, 'round#2023-10-11T01:00:00Z')).toMatchObject({ StatusCode: 200, Payload: null });
    await stack.clock.advance(Date.parse('2023-10-11T02:00:00Z'));
    expect(await get(stack, 'round#2023-10-11T01:00:00Z')).toMatchObject({ Payload: 'from the machine' });
    await stack.close();
  });

  test('adds an index that a newer template has, with what is stored already', async () => {
    const data = newFolder();
    const first = await start({ data });
    await put(first, 'kept', 'here');
    await first.close();
    const assembly = writeAssembly(({ Resources }) => {
      const { AttributeDefinitions = [], GlobalSecondaryIndexes = [] } = Object(Resources['Table']?.Properties);
      Object.assign(Resources['Table']?.Properties ?? {}, {
        AttributeDefinitions: [...AttributeDefinitions, { AttributeName: 'text', AttributeType: 'S' }],
        GlobalSecondaryIndexes: [
          ...GlobalSecondaryIndexes,
          {
            IndexName: 'by-text',
            KeySchema: [{ AttributeName: 'text', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      });
    });
    for (let time = 0; time < 2; time += 1) {
      const second = await start({ data, assembly });
      const found = await second.gateway.call({
        principal: second.gateway.principals.operator,
        service: 'dynamodb',
        action: 'Query',
        input: {
          TableName: 'Fixture-Table',
          IndexName: 'by-text',
          KeyConditionExpression: '#text = :text',
          ExpressionAttributeNames: { '#text': 'text' },
          ExpressionAttributeValues: { ':text': { S: 'here' } },
        },
      });
      expect(found).toMatchObject({ Count: 1 });
      await second.close();
    }
  });

  test('fires once what fell due while it was down', async () => {
    const data = newFolder();
    const first = await start({ data });
    await first.close();
    writeFileSync(join(data, 'clock.json'), JSON.stringify({ now: '2024-05-01T00:00:00Z' }));
    const second = await start({ data });
    await second.clock.advance(Date.parse('2024-05-01T02:00:00Z'));
    // January and October are over as well; only the last is made up for.
    expect(await get(second, 'round#2024-04-11T01:00:00Z')).toMatchObject({ Payload: 'from the machine' });
    expect(await get(second, 'round#2024-01-11T01:00:00Z')).toMatchObject({ Payload: null });
    await second.close();
  });

  test('tells over HTTP where its clock stands and lets it be moved', async () => {
    const stack = await start();
    const advance = (to: unknown): Promise<Response> =>
      fetch(`${stack.endpoints.clock}/advance`, { method: 'POST', body: JSON.stringify({ to }) });
    // A page of another site in the same browser names its origin, and gets nothing.
    const elsewhere = { headers: { origin: 'https://example.org' } };
    expect((await fetch(stack.endpoints.clock, elsewhere)).status).toBe(403);
    expect((await fetch(`${stack.endpoints.issuer}/token`, { method: 'POST', ...elsewhere })).status).toBe(403);
    expect(await (await fetch(stack.endpoints.clock)).json()).toEqual({
      now: '2023-09-30T00:00:00.000Z',
      mode: 'virtual',
    });
    expect(await (await advance('2023-10-01T08:00:00+08:00')).json()).toMatchObject({
      now: '2023-10-01T00:00:00.000Z',
    });
    expect((await advance('2023-09-01T00:00:00Z')).status).toBe(400);
    expect((await advance('tomorrow')).status).toBe(400);
    expect(await (await fetch(stack.endpoints.console)).text()).toContain(stack.endpoints.issuer);
    await stack.close();
  });

  test('ends with a sentence when its engine dies', async () => {
    const data = newFolder();
    const lines: string[] = [];
    const stack = await start({ data, log: (line) => lines.push(line) });
    process.kill(Number(JSON.parse(readFileSync(join(data, 'dynamodb', 'engine.json'), 'utf8')).pid), 'SIGKILL');
    expect(await stack.ended).toContain('The DynamoDB engine stopped: it ended with SIGKILL');
    expect(lines.join('\n')).toContain('The DynamoDB engine stopped');
    await expect(fetch(stack.endpoints.api)).rejects.toThrow();
  });
});

describe('a start is refused with a sentence', () => {
  test('when the port is in use', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)));
    });
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use.`);
    server.close();
  });

  test('when another stack has the data folder', async () => {
    const data = newFolder();
    const first = await start({ data });
    await expect(start({ data })).rejects.toThrow(`is in use by process ${process.pid}`);
    await first.close();
    await (await start({ data })).close();
  });

  test.each([
    ['dynamodb/dynamodb.db', 'x'.repeat(5_000), 'The data folder is damaged: '],
    ['states.db', 'x'.repeat(5_000), 'damaged'],
    ['clock.json', '{}', 'The data folder is damaged: '],
    ['kms.json', 'null', 'The data folder is damaged: '],
    ['issuer.json', '[]', 'The data folder is damaged: '],
    ['scheduler.json', '{"a":1}', 'The data folder is damaged: '],
  ])('when %s is damaged', async (file, contents, sentence) => {
    const data = newFolder();
    await (await start({ data })).close();
    writeFileSync(join(data, file), contents);
    await expect(start({ data })).rejects.toThrow(sentence);
    // Nothing is left running or locked.
    expect(existsSync(join(data, 'lock.json'))).toBe(false);
  });

  test('when the data folder is a file', async () => {
    const data = join(newFolder(), 'file');
    writeFileSync(data, '');
    await expect(start({ data })).rejects.toThrow('cannot be made');
  });

  test('when the engine is not installed', async () => {
    vi.spyOn(process, 'arch', 'get').mockReturnValue('mips');
    await expect(start()).rejects.toThrow(
      `The DynamoDB engine is missing: package @dynoxide/${process.platform}-mips is not installed.`,
    );
    vi.restoreAllMocks();
  });

  test('when the stored table has other keys', async () => {
    const data = newFolder();
    await (await start({ data })).close();
    const assembly = writeAssembly(({ Resources }) => {
      Object.assign(Resources['Table']?.Properties ?? {}, {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      });
    });
    await expect(start({ data, assembly })).rejects.toThrow(/Table Fixture-Table .* is stored with other keys/);
  });

  test.each<[string, (resources: FixtureTemplate['Resources']) => unknown, string]>([
    [
      'a role does not trust its service',
      (r) => Object.assign(r['Role']?.Properties ?? {}, { AssumeRolePolicyDocument: { Statement: [] } }),
      'does not trust lambda.amazonaws.com',
    ],
    [
      'a role grants by an unknown policy',
      (r) =>
        Object.assign(r['Role']?.Properties ?? {}, {
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        }),
      'whose contents are not in the template',
    ],
    [
      'a schedule has no such expression',
      (r) => Object.assign(r['Schedule']?.Properties ?? {}, { ScheduleExpression: 'cron(0 9 * * *)' }),
      'Resource Schedule (AWS::Scheduler::Schedule): Properties.ScheduleExpression',
    ],
    [
      'a machine is in JSONPath',
      (r) =>
        Object.assign(r['Machine']?.Properties ?? {}, {
          DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
        }),
      'Resource Machine (AWS::StepFunctions::StateMachine)',
    ],
    [
      'a function has no code',
      (r) => Object.assign(r['Notes']?.Properties ?? {}, { Code: { S3Bucket: 'b', S3Key: 'other.zip' } }),
      'Function Notes: the assembly holds no asset folder for other.zip',
    ],
    [
      'there is a second stage',
      (r) =>
        Object.assign(r, {
          Stage2: {
            Type: 'AWS::ApiGatewayV2::Stage',
            Properties: { ApiId: { Ref: 'Api' }, StageName: 'two', AutoDeploy: true },
          },
        }),
      'Resource Stage2: a second HTTP API or stage',
    ],
  ])('when %s', async (_name, change, sentence) => {
    await expect(start({ assembly: writeAssembly(({ Resources }) => void change(Resources)) })).rejects.toThrow(
      sentence,
    );
  });
});

/** Whether a process still does something: one that ended stays listed until its parent asks for it. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a stack that was killed', () => {
  const run = (data: string, assembly: string): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const index = new URL('../../local/index.ts', import.meta.url).href;
      const code = `const { startLocal } = await import(${JSON.stringify(index)});
        await startLocal({ assembly: ${JSON.stringify(assembly)}, data: ${JSON.stringify(data)}, port: 0, clock: 'virtual', start: '2023-09-30T00:00:00Z', parameters: ({ issuer }) => ({ Issuer: issuer }), accounts: [] });
        console.log('ready');`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout?.once('data', () => resolve(child));
      child.once('exit', (status) => reject(new Error(`It ended with ${status}.`)));
    });

  const engineOf = (data: string): number =>
    Number(JSON.parse(readFileSync(join(data, 'dynamodb', 'engine.json'), 'utf8')).pid);

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by %s leaves no engine, and nothing that keeps the next from starting',
    async (signal) => {
      const [data, assembly] = [newFolder(), writeAssembly()];
      const child = await run(data, assembly);
      const engine = engineOf(data);
      await expect(start({ data, assembly })).rejects.toThrow(`is in use by process ${child.pid}`);
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill(signal);
      await gone;
      await vi.waitFor(() => expect(isRunning(engine)).toBe(false), { timeout: 60_000 });
      const again = await start({ data, assembly });
      expect(await get(again, 'nothing')).toMatchObject({ StatusCode: 200 });
      expect(engineOf(data)).not.toBe(engine);
      await again.close();
    },
  );

  test('does not harm a process that was given its numbers since', async () => {
    const [data, assembly] = [newFolder(), writeAssembly()];
    await (await start({ data, assembly })).close();
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      writeFileSync(join(data, 'dynamodb', 'engine.json'), JSON.stringify({ pid: stranger.pid }));
      writeFileSync(join(data, 'lock.json'), JSON.stringify({ pid: stranger.pid, started: '1' }));
      await (await start({ data, assembly })).close();
      expect(isRunning(stranger.pid ?? 0)).toBe(true);
    } finally {
      stranger.kill();
    }
  });

  test('whose guard was killed as well is cleared up by the next start', async () => {
    const [data, assembly] = [newFolder(), writeAssembly()];
    const child = await run(data, assembly);
    const engine = engineOf(data);
    const guards = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && commandOf(pid).includes(`guard ${engine} `),
    );
    expect(guards).toHaveLength(1);
    for (const pid of guards) process.kill(Number(pid), 'SIGKILL');
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(isRunning(engine)).toBe(true);
    await (await start({ data, assembly })).close();
    expect(isRunning(engine)).toBe(false);
  });
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

test('tells of every event of an execution after it was written', async () => {
  const told: string[] = [];
  const stack = await start({
    onEvent: ({ executionArn, id, type }) => told.push(`${executionArn.split(':').at(-1)} ${id} ${type}`),
  });
  await stack.gateway.call({
    principal: stack.gateway.principals.operator,
    service: 'states',
    action: 'StartExecution',
    input: {
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine',
      name: 'one',
      input: '{"at":"x"}',
    },
  });
  await stack.clock.idle();
  expect(told).toEqual(['one 1 ExecutionStarted', 'one 2 WaitStateEntered']);
  await stack.clock.advance(stack.clock.now() + 3_600_000);
  expect(told.at(-1)).toMatch(/^one \d+ ExecutionSucceeded$/);
  expect(stack.gateway.meter.snapshot().states.transitions).toBe(2);
  await stack.close();
});
