import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { keys } from '../../functions/store/keys.ts';
import { NoSystem } from './system.ts';

/**
 * Makes sure that a table is this district's. Of a mistyped district it holds nothing: no chain is broken there and nobody is left to be erased, which would be
 * told as if all were well. Every district begins with its divisions.
 * @throws NoSystem when the table does not know them
 */
export async function mustHoldDistrict(TableName: string, district: string): Promise<void> {
  // Made only now: its settings are the environment's, which may just have been pointed at a local system.
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const { Item } = await table.send(new GetCommand({ TableName, Key: keys.divisions(district) }));
  if (Item === undefined)
    throw new NoSystem(`数据表 ${TableName} 里没有 ${district} 的行政区划：请核对 DISTRICT、表名和 AWS_REGION。`);
}
