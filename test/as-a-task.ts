import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { TestStack } from './stack.ts';

/**
 * Lets a test call tasks and the store in its own process, on a stack's table as its operator. The store's client takes its settings from the environment when it is made: whatever is
 * imported of `functions/store` must be imported afterwards, and for one stack only.
 * @param more settings that only some tasks read @returns the name of the table
 */
export async function asATask({ local: { operator, endpoints } }: TestStack, more: Record<string, string> = {}) {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL: endpoints.api,
    DISTRICT: '440904',
    ...more,
  });
  const { TableNames: [table = ''] = [] } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
  process.env['TABLE_NAME'] = table;
  return table;
}

/** What the SDK would repeat is not what a test of faults looks at. */
export const ONE_ATTEMPT = { AWS_MAX_ATTEMPTS: '1' };

/** The bucket of daily roots, as the operator sees it. */
export async function auditBucket({ local: { gateway } }: TestStack): Promise<string> {
  const asked = { principal: gateway.principals.operator, service: 's3', action: 'ListBuckets', input: {} };
  const { Buckets }: { Buckets: { Name: string }[] } = Object(await gateway.call(asked));
  return Buckets.find(({ Name }) => Name.includes('auditroots'))?.Name ?? '';
}
