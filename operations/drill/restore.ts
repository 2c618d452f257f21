import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteTableCommand, DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { readyAccounts } from '../../demo/accounts.ts';
import { ApiClient } from '../../demo/client.ts';
import { demoDivisions } from '../../demo/district/households.ts';
import { consent } from '../../demo/officials.ts';
import { playReviews } from '../../demo/play-reviews.ts';
import { QUARTER_START, ROUND, seedDivisions, seedQuarter } from '../../demo/seed-quarter.ts';
import { assembly } from '../../infra/assembly.ts';
import { type LocalStack, startLocal } from '../../local/index.ts';
import { contentsOf, exportTable, importTable } from './table.ts';

/** One town with a third of its villages: some two hundred households, and reviews half-way. */
const TOWN = '440904116';
const DISTRICT = '440904';
const AUDITOR = { account: 'auditor' };

/** What the drill saw. It throws when something was not the same. */
export interface Drilled {
  items: number;
  digest: string;
  exportedBytes: number;
  exportSeconds: number;
  importSeconds: number;
  /** What the doctor said while the table was gone. */
  doctorExit: number;
  audit: string;
  /** Decisions made after the restore, by workflows that had begun before. */
  decidedAfterwards: number;
}

/**
 * Rehearses the loss of the table on the local engine: export, lose, restore into a table of another name, deploy the service with that name, compare
 * contents and totals, verify every chain, and let the reviews that were half-way go on to their end.
 */
export async function drillRestore(tell: (line: string) => void): Promise<Drilled> {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-drill-'));
  let stack = await start(data);
  try {
    tell('一、准备：一个镇的排查、封存，纳入审核办到一半');
    await playHalf(stack, data);
    const before = await lookAt(stack);

    tell('二、导出');
    const client = clientOf(stack);
    const [table = ''] = (await client.send(new ListTablesCommand({}))).TableNames ?? [];
    const contents = await contentsOf(client, table);
    const file = join(data, 'export.json.gz');
    const exportSeconds = await timed(() => exportTable(client, table, file));

    tell('三、丢失：删除数据表');
    // Keys and index are the template's, which nobody loses.
    const { Table: like } = await client.send(new DescribeTableCommand({ TableName: table }));
    await client.send(new DeleteTableCommand({ TableName: table }));
    const refused = await fetch(`${stack.endpoints.api}/v1/notices?region=${DISTRICT}`);
    if (refused.ok) throw new Error('数据表已删除，接口却仍有应答。');
    const doctorExit = await exitOf('operations/doctor.ts', data);
    if (doctorExit !== 1) throw new Error(`数据表已删除，检查却以 ${doctorExit} 结束。`);
    const restored = `${table}-restored`;
    const importSeconds = await timed(() => importTable(client, like, restored, file));

    tell('四、以恢复出的数据表重新部署服务');
    await stack.close();
    stack = await start(data, restored);

    tell('五、核对内容、合计和留痕链');
    const after = await contentsOf(clientOf(stack), restored);
    same('数据表内容', contents, after);
    same('合计、待办和监测对象', before, await lookAt(stack));
    const { stdout } = await promisify(execFile)(process.execPath, ['operations/verify-audit.ts', '--data', data]);

    tell('六、办到一半的审核继续办完');
    const stage = { client: new ApiClient(stack.endpoints, () => stack.clock.now()), clock: stack.clock };
    const decidedAfterwards = await playReviews(stage, (pending, today) => consent(stage, pending, today, 5));
    if (decidedAfterwards === 0) throw new Error('恢复之后没有一项待办能继续办理。');
    const exportedBytes = statSync(file).size;
    return {
      ...after,
      exportedBytes,
      exportSeconds,
      importSeconds,
      doctorExit,
      audit: stdout.trim(),
      decidedAfterwards,
    };
  } finally {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  }
}

async function start(data: string, restored = 'none'): Promise<LocalStack> {
  return await startLocal({
    assembly: await assembly(),
    data,
    port: 0,
    clock: 'virtual',
    start: QUARTER_START,
    parameters: ({ issuer }) => ({ DistrictCode: DISTRICT, Issuer: issuer, Stage: 'drill', RestoredTable: restored }),
    accounts: readyAccounts(DISTRICT),
    ...(restored === 'none' ? { prepare: seedDivisions } : {}),
  });
}

async function playHalf(stack: LocalStack, data: string): Promise<void> {
  const villages = demoDivisions().towns.find(({ code }) => code === TOWN)?.villages ?? [];
  const chosen = new Set(villages.slice(0, Math.ceil(villages.length / 3)).map(({ code }) => code));
  await seedQuarter({ endpoints: stack.endpoints, clock: stack.clock, data }, ({ village }) => chosen.has(village));
  const stage = { client: new ApiClient(stack.endpoints, () => stack.clock.now()), clock: stack.clock };
  const half = new Set(['home-verification', 'data-comparison']);
  await playReviews(stage, async (pending, today) =>
    half.has(pending.step) ? consent(stage, pending, today, 5) : undefined,
  );
}

/** What an auditor sees: the sealed totals, the cases, the inbox and the brief. */
async function lookAt(stack: LocalStack): Promise<object> {
  const client = new ApiClient(stack.endpoints, () => stack.clock.now());
  const [round, cases, inbox, brief] = await Promise.all([
    client.get<object>(`/v1/rounds/${ROUND}`, AUDITOR),
    client.get<{ items: object[] }>(`/v1/cases?region=${DISTRICT}&limit=200`, AUDITOR),
    client.get<{ items: { id: string }[] }>(`/v1/decisions?region=${DISTRICT}&limit=200`, AUDITOR),
    client.get<object>(`/v1/reports/brief?region=${DISTRICT}&asOf=2023-10-25`, AUDITOR),
  ]);
  const { knownAt: _, ...figures }: { knownAt?: string } = Object(brief);
  if (inbox.items.length === 0 || cases.items.length === 0) throw new Error('演练需要办到一半的审核。');
  return { round, cases: cases.items, inbox: inbox.items.map(({ id }) => id).sort(), figures };
}

function same(what: string, before: unknown, after: unknown): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error(`${what}：恢复前后不同。`);
}

function clientOf({ endpoints, operator }: LocalStack): DynamoDBClient {
  return new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator });
}

async function exitOf(script: string, data: string): Promise<number> {
  try {
    await promisify(execFile)(process.execPath, [script, '--data', data]);
    return 0;
  } catch (error) {
    return Number(Object(error)['code']);
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
