import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  cloudFindings,
  hearersFinding,
  quotaFinding,
  recoveryFinding,
  ringingFinding,
  schedulesFinding,
} from '../../operations/doctor/cloud.ts';
import type { Finding } from '../../operations/doctor/finding.ts';
import { openRound, register } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

/** What somebody at the keyboard sees. */
async function doctor(
  data: string,
): Promise<{ status: number | null; wrong: Record<string, string>; all: Finding[]; text: string }> {
  const run = (...more: string[]) =>
    new Promise<{ status: number | null; text: string }>((resolve) => {
      const child = spawn(process.execPath, ['operations/doctor.ts', '--data', data, ...more]);
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.on('close', (status) => resolve({ status, text }));
    });
  const [{ status, text: json }, { text }] = await Promise.all([run('--json'), run()]);
  const { findings }: { findings: Finding[] } = JSON.parse(json);
  const wrong = findings.filter(({ state }) => state === 'wrong').map(({ check, says }) => [check, says] as const);
  return { status, wrong: Object.fromEntries(wrong), all: findings, text };
}

describe('the doctor', () => {
  let stack: TestStack | undefined;
  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
  });

  async function started(start = '2023-10-10T09:00:00+08:00', empty = false): Promise<TestStack> {
    stack = await TestStack.start({ start, empty });
    return stack;
  }

  async function tableOf({ local }: TestStack) {
    const client = new DynamoDBClient({
      endpoint: local.endpoints.dynamodb,
      region: 'us-east-1',
      credentials: local.operator,
    });
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    return { client, documents: DynamoDBDocumentClient.from(client), TableName: TableNames[0] ?? '' };
  }

  it('finds nothing wrong with a healthy system, and says what it looked at', async () => {
    const { data, prepare } = await started().then((one) => ({ data: one.data, prepare: () => one.prepare() }));
    await prepare();
    const { status, wrong, all, text } = await doctor(data);
    expect(wrong).toEqual({});
    expect(status).toBe(0);
    expect(all.map(({ check }) => check).sort()).toEqual([
      'api',
      'calendar',
      'clock',
      'criteria',
      'divisions',
      'executions',
      'inboxes',
      'keys',
      'machines',
      'officers',
      'payments',
      'rounds',
      'schedules',
      'table',
      'undelivered',
    ]);
    expect(text).toContain('✓ machines');
    expect(text).toMatch(/0 项不对/);
  });

  it('sees that a new system has neither divisions nor criteria, and who must bring them', async () => {
    const { data } = await started(undefined, true);
    const { status, wrong, text } = await doctor(data);
    expect(wrong).toEqual({ divisions: '没有导入行政区划', criteria: '没有研判标准' });
    expect(status).toBe(1);
    expect(text).toContain('→ 区级专干调用 POST /v1/divisions');
  });

  it('sees the quarter that failed to open, and the execution that stopped', async () => {
    const one = await started(undefined, true);
    // No criteria: the schedule calls, and the opening is refused.
    await one.advance('2023-10-11T10:00:00+08:00');
    const { wrong } = await doctor(one.data);
    expect(wrong['executions']).toMatch(/^1 个流程失败而停下，例如 .+（FAILED）$/);
  });

  it('sees what was never delivered', async () => {
    const one = await started();
    await one.prepare();
    const { documents, TableName } = await tableOf(one);
    const start = { workflow: 'no-such-workflow', name: 'lost', input: {} };
    const Item = {
      pk: 'START#lost',
      sk: 'START',
      open: 'UNSTARTED#440904',
      openSort: 'lost',
      since: '2023-10-10T00:00:00Z',
      doc: JSON.stringify(start),
    };
    await documents.send(new PutCommand({ TableName, Item }));
    const { status, wrong } = await doctor(one.data);
    expect(wrong).toEqual({ undelivered: '1 项办理结果或流程启动超过半小时未送达' });
    expect(status).toBe(1);
  });

  it('sees that the key of people’s numbers is gone', async () => {
    const one = await started('2023-10-11T10:00:00+08:00');
    await one.prepare();
    await register(one, 1);
    await openRound(one);
    const { documents, TableName } = await tableOf(one);
    await documents.send(new DeleteCommand({ TableName, Key: { pk: 'DISTRICT#440904', sk: 'DATA-KEY' } }));
    const { wrong } = await doctor(one.data);
    expect(wrong).toEqual({ keys: '已有排查轮次，却没有加密证件号码的数据密钥' });
  });

  it('sees that the table is gone, and where the way back is written', async () => {
    const one = await started();
    await one.prepare();
    const { client, TableName } = await tableOf(one);
    await client.send(new DeleteTableCommand({ TableName }));
    const { status, wrong, text } = await doctor(one.data);
    expect(wrong['table']).toBe('没有数据表');
    expect(text).toContain('docs/runbooks/restore.md');
    expect(status).toBe(1);
  });

  it('tells a system that does not run, or ended without a word, from one that is wrong', async () => {
    const data = mkdtempSync(join(tmpdir(), 'shouwang-none-'));
    expect(await doctor(data)).toMatchObject({ status: 2, text: expect.stringContaining('请先 npm start') });
    const nobody = 'http://127.0.0.1:9';
    const endpoints = {
      api: nobody,
      dynamodb: nobody,
      stepFunctions: nobody,
      operator: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
    writeFileSync(join(data, 'endpoints.json'), JSON.stringify(endpoints));
    expect(await doctor(data)).toMatchObject({ status: 2, text: expect.stringContaining('无人应答') });
    rmSync(data, { recursive: true });
  });
});

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
