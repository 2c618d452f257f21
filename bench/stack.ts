import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { readyAccounts } from '../demo/accounts.ts';
import { assembly } from '../infra/assembly.ts';
import { type LocalStack, startLocal } from '../local/index.ts';

/** A stack in a folder of its own; this process then calls AWS through its gateway as the operator, with the SDK's own settings. */
export async function benchStack(
  start = '2023-10-12T20:00:00+08:00',
): Promise<{ stack: LocalStack & { data: string }; stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-bench-'));
  const stack = await startLocal({
    assembly: await assembly(),
    data,
    port: 0,
    clock: 'virtual',
    start,
    parameters: ({ issuer }) => ({ DistrictCode: '440904', Issuer: issuer, Audience: 'shouwang', Stage: 'bench' }),
    accounts: readyAccounts('440904'),
  });
  const { operator, endpoints } = stack;
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL: endpoints.api,
  });
  const { TableNames = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  process.env['TABLE_NAME'] = TableNames[0];
  const stop = async () => {
    await stack.close();
    rmSync(data, { recursive: true, force: true });
  };
  return { stack: { ...stack, data }, stop };
}
