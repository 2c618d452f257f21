import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { aws } from './aws.ts';

/** A running system that operations work on, local or deployed. */
export interface System {
  where: 'local' | 'aws';
  district: string;
  /** What its functions and machines are named by, after `shouwang-`. */
  stage: string;
  /** Where the API answers. */
  api: string;
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
  const { api, dynamodb, stepFunctions, operator } = endpoints.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (!(await answers(api)))
    throw new NoSystem(`${file} 所记的地址 ${api} 无人应答：上次未正常停止。请重新 npm start。`);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SFN: stepFunctions,
    AWS_ENDPOINT_URL_KMS: dynamodb,
    DISTRICT: district,
  });
  const { DynamoDBClient, ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
  const { SFNClient, ListStateMachinesCommand } = await import('@aws-sdk/client-sfn');
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  // Of a table and the one it was restored into, the functions use the one they are told; the newest is theirs.
  const newest = TableNames.at(-1);
  if (newest !== undefined) process.env['TABLE_NAME'] = newest;
  const { stateMachines = [] } = await new SFNClient({}).send(new ListStateMachinesCommand({}));
  const stage = /^shouwang-(.+)-quarterly-screening$/.exec(
    stateMachines.find(({ name }) => name?.endsWith('-quarterly-screening'))?.name ?? '',
  )?.[1];
  return { where: 'local', district, stage: stage ?? 'local', api, data };
}

const stacks = z.object({
  Stacks: z.array(
    z.object({
      StackStatus: z.string(),
      Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })).default([]),
    }),
  ),
});

/** The outputs of one of a cell's stacks. @throws NoSystem when it is not deployed */
export function outputsOf(cell: string, part: string): Map<string, string> {
  const found = stacks.safeParse(aws('cloudformation', 'describe-stacks', '--stack-name', `Shouwang-${cell}-${part}`));
  const [stack] = found.data?.Stacks ?? [];
  if (stack === undefined) throw new NoSystem(`没有部署 Shouwang-${cell}-${part}，或当前凭证看不到它。`);
  return new Map(
    stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey.replace(/[A-F0-9]{8}$/, ''), OutputValue]),
  );
}

/** Finds a deployed cell by its stacks' outputs. Credentials and region are the environment's. */
export function connectAws(cell: string): System {
  const [district, stage] = [cell.slice(0, 6), cell];
  const outputs = outputsOf(cell, 'Service');
  const table = outputs.get('TableName');
  const api = outputs.get('ApiUrl');
  if (table === undefined || api === undefined)
    throw new NoSystem(`Shouwang-${cell}-Service 缺少输出 TableName 或 ApiUrl。`);
  Object.assign(process.env, { TABLE_NAME: table, DISTRICT: district });
  return { where: 'aws', district, stage, api, cell };
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
