import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../operations/doctor/finding.ts';
import { openRound, register } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

/** What somebody at the keyboard sees. */
async function doctor(
  data: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; wrong: Record<string, string>; all: Finding[]; text: string }> {
  const run = (...more: string[]) =>
    new Promise<{ status: number | null; text: string }>((resolve) => {
      const child = spawn(process.execPath, ['operations/doctor.ts', '--data', data, ...more], {
        env: { ...process.env, ...env },
      });
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
    // Whoever is signed in to AWS in the same terminal looks at the local system all the same, and by its own credentials.
    const elsewhere = {
      AWS_PROFILE: 'work',
      AWS_SESSION_TOKEN: 'of-another',
      AWS_REGION: 'cn-north-1',
      DISTRICT: '110101',
    };
    const { status, wrong, all, text } = await doctor(data, elsewhere);
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
