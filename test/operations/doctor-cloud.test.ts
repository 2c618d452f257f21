import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { workflowNames } from '../../functions/contracts/workflows.ts';
import {
  cloudFindings,
  hearersFinding,
  quotaFinding,
  recoveryFinding,
  ringingFinding,
  schedulesFinding,
} from '../../operations/doctor/cloud.ts';
import type { Finding } from '../../operations/doctor/finding.ts';

describe('what only AWS can be asked, in the shapes its command line answers', () => {
  it.each([
    [
      'a new account',
      quotaFinding,
      { AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } },
      'wrong',
    ],
    [
      'an account with room',
      quotaFinding,
      { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 920 } },
      'well',
    ],
    ['nobody hears', hearersFinding, { Subscriptions: [] }, 'wrong'],
    [
      'somebody has not confirmed',
      hearersFinding,
      { Subscriptions: [{ SubscriptionArn: 'PendingConfirmation' }] },
      'wrong',
    ],
    ['somebody hears', hearersFinding, { Subscriptions: [{ SubscriptionArn: 'arn:aws:sns:x:1:t:s' }] }, 'well'],
    ['an alarm rings', ringingFinding, { MetricAlarms: [{ AlarmName: 'a', StateValue: 'ALARM' }] }, 'wrong'],
    ['none rings', ringingFinding, { MetricAlarms: [{ AlarmName: 'a', StateValue: 'OK' }] }, 'well'],
    ['no alarm is there', ringingFinding, { MetricAlarms: [] }, 'wrong'],
    [
      'a schedule is off',
      schedulesFinding,
      { Schedules: [1, 2, 3, 4, 5].map((n) => ({ Name: `s${n}`, State: n === 2 ? 'DISABLED' : 'ENABLED' })) },
      'wrong',
    ],
    [
      'a restored table',
      recoveryFinding,
      { ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' } } },
      'wrong',
    ],
    ['no right to look', recoveryFinding, undefined, 'unknown'],
  ])('%s', (_, judge, answer, state) => {
    expect(judge(answer).state).toBe(state);
  });
});

describe('the checks of any system', () => {
  let checks: typeof import('../../operations/doctor/checks.ts').checks;
  /** What answers for API, distribution, DynamoDB and Step Functions. */
  let answer: (target: string, body: Record<string, unknown>) => [number, object];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const target = request.headers['x-amz-target']?.toString().split('.')[1] ?? request.url ?? '';
      const [status, told] = answer(target, body === '' ? {} : Object(JSON.parse(body)));
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(told));
    });
  });
  let at = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    at = `http://127.0.0.1:${Object(server.address()).port}`;
    const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', TABLE_NAME: 'table' };
    Object.assign(process.env, { ...keys, AWS_ENDPOINT_URL_SFN: at, AWS_ENDPOINT_URL_DYNAMODB: at });
    ({ checks } = await import('../../operations/doctor/checks.ts'));
  });
  afterAll(() => server.close());

  const system = (more = {}) => ({ where: 'aws', district: '440904', stage: 'x', api: at, ...more }) as const;
  const machine = (name: string) => ({ name, stateMachineArn: `arn:${name}`, type: 'STANDARD', creationDate: 1 });

  it('see what stands on a further page of a list', async () => {
    answer = (target, { nextToken, statusFilter }) => {
      if (target === 'ListStateMachines')
        return nextToken === undefined
          ? [200, { stateMachines: [machine('another')], nextToken: 'n' }]
          : [200, { stateMachines: workflowNames.map((name) => machine(`shouwang-x-${name}`)) }];
      const old = { executionArn: 'e', stateMachineArn: 'm', name: 'old', status: 'FAILED', startDate: 1, stopDate: 2 };
      if (statusFilter !== 'FAILED') return [200, { executions: [] }];
      return nextToken === undefined
        ? [200, { executions: [old], nextToken: 'n' }]
        : [200, { executions: [{ ...old, name: 'late', stopDate: 1_700_000_000 }] }];
    };
    const now = 1_700_000_100_000;
    expect(await checks['machines']?.(system(), now)).toMatchObject({ state: 'well' });
    expect(await checks['executions']?.(system(), now)).toMatchObject({
      state: 'wrong',
      says: expect.stringMatching(new RegExp(`^${workflowNames.length} 个流程失败而停下，例如 late`)),
    });
  });

  it.each([
    [200, 'well'],
    [404, 'well'],
    [403, 'wrong'],
    [503, 'wrong'],
  ])('ask the API through the distribution, which answers %i', async (status, state) => {
    answer = (target) => [
      target.startsWith('/front') && !target.endsWith('/me') ? status : target.endsWith('/me') ? 401 : 403,
      {},
    ];
    expect(await checks['api']?.(system({ front: `${at}/front` }), 0)).toMatchObject({ state });
  });

  it.each([
    [['open', 'openAt'], 'well'],
    [['open'], 'wrong'],
  ])('know that a table needs both indexes, and this has %j', async (names, state) => {
    const GlobalSecondaryIndexes = names.map((IndexName) => ({ IndexName }));
    answer = () => [200, { Table: { TableStatus: 'ACTIVE', GlobalSecondaryIndexes } }];
    expect(await checks['table']?.(system(), 0)).toMatchObject({ state });
  });
});

describe('a cell whose stacks are not what they must be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shouwang-aws-'));
  const { PATH = '' } = process.env;
  afterEach(() => {
    process.env['PATH'] = PATH;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const topic = 'arn:aws:sns:x:1:t';
  const given = (values: Record<string, string>) =>
    Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const stackOf = (Parameters: object[] = [], StackStatus = 'UPDATE_COMPLETE') => ({ StackStatus, Parameters });
  const issuer = { Issuer: 'https://id.example.org/realms/shouwang', Audience: 'shouwang' };
  const whole = {
    Data: stackOf(),
    Service: stackOf(given({ ...issuer, RestoredTable: 'none' })),
    Console: stackOf(given(issuer)),
    Watch: {
      ...stackOf(given({ RestoredTable: 'none' })),
      Outputs: [{ OutputKey: 'AlarmTopic', OutputValue: topic }],
    },
  };

  /** What is found where the command line of AWS answers so of the stacks, and refuses everything else. */
  function found(stacks: Readonly<Record<string, object | undefined>>): Record<string, Finding> {
    for (const part of ['Data', 'Service', 'Console', 'Watch']) {
      const file = join(folder, `Shouwang-440904-prod-${part}.json`);
      rmSync(file, { force: true });
      if (stacks[part] !== undefined) writeFileSync(file, JSON.stringify({ Stacks: [stacks[part]] }));
    }
    const script = `#!/bin/sh\ncase "$1" in cloudformation) exec cat "${folder}/$4.json";; *) exit 255;; esac\n`;
    writeFileSync(join(folder, 'aws'), script, { mode: 0o755 });
    process.env['PATH'] = `${folder}${delimiter}${PATH}`;
    const system = { district: '440904', stage: '440904-prod', api: 'https://x', cell: '440904-prod' };
    return Object.fromEntries(cloudFindings({ ...system, where: 'aws' }).map((one) => [one.check, one]));
  }

  it('finds nothing where they are whole and were given the same', () => {
    expect(found(whole)).toMatchObject({ stacks: { state: 'well' }, parameters: { state: 'well' } });
  });

  it.each([
    ['Issuer', 'Console', { ...issuer, Issuer: 'https://id.example.org/realms/shouwang/' }],
    ['Audience', 'Console', { ...issuer, Audience: 'another' }],
    ['RestoredTable', 'Watch', { RestoredTable: 'restored' }],
  ])('sees another %s at the stack %s', (name, part, values) => {
    const { parameters } = found({ ...whole, [part]: stackOf(given(values)) });
    expect(parameters).toMatchObject({
      state: 'wrong',
      says: expect.stringMatching(new RegExp(`^须相同的参数不同：Service:${name}=\\S+ 与 ${part}:${name}=`)),
    });
  });

  it.each([
    ['Watch', undefined, 'wrong'],
    ['Data', stackOf([], 'UPDATE_ROLLBACK_FAILED'), 'wrong'],
    ['Console', stackOf([], 'ROLLBACK_COMPLETE'), 'wrong'],
    ['Service', stackOf([], 'UPDATE_ROLLBACK_COMPLETE'), 'attention'],
    ['Service', stackOf([], 'UPDATE_IN_PROGRESS'), 'attention'],
  ])('looks on when %s stands at %j', (part, stack, state) => {
    const { stacks, hearers, schedules } = found({ ...whole, [part]: stack });
    expect(stacks).toMatchObject({ state, says: expect.stringContaining(part) });
    expect([hearers?.state, schedules?.state]).toEqual([part === 'Watch' ? 'wrong' : 'unknown', 'unknown']);
  });

  it('names only steps that the runbooks have, and parameters that the stacks have', () => {
    const page = readFileSync('docs/runbooks/restore.md', 'utf8');
    const todo = schedulesFinding({ Schedules: [] }).todo ?? '';
    const [, step = ''] = /第 (\d+) 步/.exec(todo) ?? [];
    expect(page.split(/^(?=\d+\. )/m).find((part) => part.startsWith(`${step}. `))).toContain('--state ENABLED');
    for (const [part, names] of [
      ['Service', ['Issuer', 'Audience', 'RestoredTable']],
      ['Console', ['Issuer', 'Audience']],
      ['Watch', ['RestoredTable']],
    ] as const)
      expect(
        Object.keys(JSON.parse(readFileSync(`cdk.out/Shouwang-${part}.template.json`, 'utf8')).Parameters),
      ).toEqual(expect.arrayContaining([...names]));
  });
});
