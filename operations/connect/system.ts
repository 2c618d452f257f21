import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { stackOf } from './stacks.ts';

/** A running system that operations work on, local or deployed. */
export interface System {
  where: 'local' | 'aws';
  district: string;
  /** What its functions and machines are named by, after `shouwang-`. */
  stage: string;
  /** Where the API answers. */
  api: string;
  /** Where a deployed one's distribution answers, which everybody calls. */
  front?: string;
  /** The folder of a local system. */
  data?: string;
  /** The cell of a deployed one. */
  cell?: string;
}

/** Nothing runs there, or it cannot be found: a sentence for a person. */
export class NoSystem extends Error {
  override readonly name = 'NoSystem';
}

const endpoints = z.object({
  api: z.string(),
  dynamodb: z.string(),
  stepFunctions: z.string(),
  operator: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});

/**
 * Points the SDK, through the environment, at the system that runs on a data folder.
 * @throws NoSystem when none does
 */
export async function connectLocal(data: string, district = '440904'): Promise<System> {
  const file = join(data, 'endpoints.json');
  if (!existsSync(file)) throw new NoSystem(`数据目录 ${data} 没有正在运行的系统：请先 npm start，或用 --data 指明。`);
  const { api, dynamodb, stepFunctions, operator } = endpointsIn(file);
  if (!(await answers(api)))
    throw new NoSystem(`${file} 所记的地址 ${api} 无人应答：上次未正常停止。请重新 npm start。`);
  // Of whoever is signed in to AWS in the same terminal: a profile goes before keys, and a session's token would be sent with them.
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])
    delete process.env[name];
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SFN: stepFunctions,
    AWS_ENDPOINT_URL_KMS: dynamodb,
    AWS_ENDPOINT_URL_S3: dynamodb,
    DISTRICT: district,
  });
  const { tables, machines, buckets } = await whatStands(api).catch((error: unknown) => {
    const said = error instanceof Error ? error.name : String(error);
    throw new NoSystem(
      `${file} 所记的地址 ${api} 有人应答，但不是这个系统，或不认所记的凭证（${said}）。请重新 npm start。`,
    );
  });
  // Of a table and the one it was restored into, the functions use the one they are told; the newest is theirs.
  const newest = tables.at(-1);
  if (newest !== undefined) process.env['TABLE_NAME'] = newest;
  const roots = buckets.find((name) => name.includes('auditroots'));
  if (roots !== undefined) process.env['AUDIT_BUCKET'] = roots;
  const stage = /^shouwang-(.+)-quarterly-screening$/.exec(
    machines.find((name) => name.endsWith('-quarterly-screening')) ?? '',
  )?.[1];
  return { where: 'local', district, stage: stage ?? 'local', api, data };
}

/** @throws NoSystem when the file was cut off or is none of ours */
function endpointsIn(file: string): z.infer<typeof endpoints> {
  try {
    return endpoints.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new NoSystem(`${file} 读不懂：启动未完成，或文件已损坏。请重新 npm start。`);
  }
}

/** The names of tables, machines and buckets, as the environment's credentials may see them. */
async function whatStands(api: string): Promise<{ tables: string[]; machines: string[]; buckets: string[] }> {
  const { DynamoDBClient, ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
  const { SFNClient, ListStateMachinesCommand } = await import('@aws-sdk/client-sfn');
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  const { stateMachines = [] } = await new SFNClient({}).send(new ListStateMachinesCommand({}));
  const { presignedAt } = await import('../../functions/store/presigned.ts');
  const listed = await presignedAt({ bucket: '', method: 'GET', key: '' }, 60, await nowOf({ where: 'local', api }));
  const buckets = [...(await (await fetch(listed)).text()).matchAll(/<Name>([^<]+)/g)].map(([, name = '']) => name);
  return { tables: TableNames, machines: stateMachines.flatMap(({ name }) => name ?? []), buckets };
}

/** Finds a deployed cell by its stacks' outputs. Credentials and region are the environment's. @throws NoSystem */
export function connectAws(cell: string): System {
  // As infra/cell.ts has it.
  if (!/^\d{6}-[a-z][a-z0-9-]{0,15}$/.test(cell)) throw new NoSystem('--cell 是区划代码和阶段，例如 440904-prod。');
  const [district, stage] = [cell.slice(0, 6), cell];
  const service = stackOf(cell, 'Service');
  if (service === undefined) throw new NoSystem(`没有部署 Shouwang-${cell}-Service，或当前凭证看不到它。`);
  const { outputs } = service;
  const table = outputs.get('TableName');
  const api = outputs.get('ApiUrl');
  if (table === undefined || api === undefined)
    throw new NoSystem(`Shouwang-${cell}-Service 缺少输出 TableName 或 ApiUrl。`);
  Object.assign(process.env, { TABLE_NAME: table, DISTRICT: district });
  const pages = stackOf(cell, 'Console')?.outputs.get('Console');
  return { where: 'aws', district, stage, api, cell, ...(pages === undefined ? {} : { front: new URL(pages).origin }) };
}

/** The instant it is for the system: a virtual clock stands where it was put. */
export async function nowOf({ where, api }: Pick<System, 'where' | 'api'>): Promise<number> {
  if (where === 'aws') return Date.now();
  try {
    const { now }: { now: string } = Object(await (await fetch(`${api}/_local/clock`)).json());
    return Date.parse(now);
  } catch {
    throw new NoSystem(`${api} 已不再应答：检查期间系统停止了。请重新 npm start。`);
  }
}

/** Whether anybody answers there: whatever it is, it is no refused connection. */
async function answers(api: string): Promise<boolean> {
  try {
    await fetch(`${api}/v1/openapi.json`, { signal: AbortSignal.timeout(10_000) });
    return true;
  } catch {
    return false;
  }
}
