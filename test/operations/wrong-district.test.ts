import { spawn } from 'node:child_process';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditBucket } from '../as-a-task.ts';
import { TestStack } from '../stack.ts';

let stack: TestStack;
let env: Record<string, string>;
beforeAll(async () => {
  // By the clock of whoever signs, as the real bucket looks at it.
  stack = await TestStack.start({ start: new Date().toISOString() });
  const { endpoints, operator } = stack.local;
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator });
  const { TableNames: [TABLE_NAME = ''] = [] } = await client.send(new ListTablesCommand({}));
  env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL: endpoints.dynamodb,
    TABLE_NAME,
    AUDIT_BUCKET: await auditBucket(stack),
    PERSONAL_DATA_KEY: 'key',
    DOCUMENTS_BUCKET: 'bucket',
    DISTRICT: '440904',
  };
});
afterAll(() => stack.stop());

const run = (program: string, options: string[], more: Readonly<Record<string, string>>) =>
  new Promise<{ status: number | null; text: string }>((resolve) => {
    const child = spawn(process.execPath, [`operations/${program}.ts`, ...options], {
      env: { ...process.env, ...env, ...more },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (status) => resolve({ status, text }));
  });

it('of the district that the table holds everything is verified', async () => {
  expect(await run('verify-audit', ['--aws'], {})).toEqual({ status: 0, text: expect.stringContaining('留痕完整') });
});

it.each([
  ['verify-audit', ['--aws']],
  ['rotate-data-key', ['--aws']],
  ['rotate-data-key', ['--aws', '--new']],
  ['erase-again', ['--from', 'another']],
])('%s %j of a mistyped district is not told as done', async (program, options) => {
  const asked = options.map((word) => (word === 'another' ? (env['TABLE_NAME'] ?? '') : word));
  const table = program === 'erase-again' ? { TABLE_NAME: 'restored' } : {};
  const { status, text } = await run(program, asked, { ...table, DISTRICT: '440905' });
  expect([status, text]).toEqual([2, expect.stringMatching(/^✗ 数据表 \S+ 里没有 440905 的行政区划/)]);
});

it('nobody is erased again by the list of the restored table itself', async () => {
  const { status, text } = await run('erase-again', ['--from', env['TABLE_NAME'] ?? ''], {});
  expect([status, text]).toEqual([2, expect.stringMatching(/^✗ --from 须是恢复之前的原表/)]);
});
