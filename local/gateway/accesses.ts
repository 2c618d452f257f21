import { AwsError } from '../errors.ts';
import { isRecord } from '../template/stack.ts';
import type { Access } from './policy.ts';

/** What the gateway knows of a table: enough to say whose partition a request touches. */
export interface TableShape {
  arn: string;
  partitionKey: string;
  /** Partition keys of the indexes by index name. */
  indexes: ReadonlyMap<string, string>;
}

type Input = Record<string, unknown>;

/** Data-plane actions that name one table, with the field that holds the item's key. */
const KEY_FIELD: Readonly<Record<string, string>> = {
  GetItem: 'Key',
  PutItem: 'Item',
  UpdateItem: 'Key',
  DeleteItem: 'Key',
  ConditionCheckItem: 'Key',
};
const TRANSACT: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

/**
 * What a DynamoDB call needs to be permitted. As on AWS a transaction needs the right to each of its actions on each table,
 * a batch only the right to the batch.
 * @throws AwsError for PartiQL that does not set attributes of one item by its key: the rights of other statements hang on more than can be read off here
 */
export function dynamodbAccesses(
  action: string,
  input: Input,
  shapes: ReadonlyMap<string, TableShape>,
  unknownArn: (table: string) => string,
): Access[] {
  const access = (name: string, tableName: unknown, indexName: unknown, leadingKeys: string[]): Access => {
    const table = plainName(tableName);
    const arn = shapes.get(table)?.arn ?? unknownArn(table);
    return {
      action: `dynamodb:${name}`,
      resource: typeof indexName === 'string' ? `${arn}/index/${indexName}` : arn,
      context: leadingKeys.length === 0 ? {} : { 'dynamodb:leadingkeys': leadingKeys },
    };
  };
  const leading = (tableName: unknown, items: unknown[]): string[] => {
    const key = shapes.get(plainName(tableName))?.partitionKey;
    return key === undefined ? [] : items.flatMap((item) => (isRecord(item) ? attributeText(item[key]) : []));
  };
  switch (action) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return records(input['TransactItems']).flatMap((item) =>
        Object.entries(item).flatMap(([kind, detail]) => {
          const name = TRANSACT[kind];
          return name === undefined || !isRecord(detail)
            ? []
            : [
                access(
                  name,
                  detail['TableName'],
                  undefined,
                  leading(detail['TableName'], [detail[KEY_FIELD[name] ?? '']]),
                ),
              ];
        }),
      );
    case 'BatchWriteItem':
      return entries(input['RequestItems']).map(([table, requests]) =>
        access(
          action,
          table,
          undefined,
          leading(
            table,
            records(requests).flatMap((each) => [
              field(each['PutRequest'], 'Item'),
              field(each['DeleteRequest'], 'Key'),
            ]),
          ),
        ),
      );
    case 'BatchGetItem':
      return entries(input['RequestItems']).map(([table, wanted]) =>
        access(action, table, undefined, leading(table, records(field(wanted, 'Keys')))),
      );
    case 'Query': {
      const shape = shapes.get(plainName(input['TableName']));
      const index = input['IndexName'];
      const key = typeof index === 'string' ? shape?.indexes.get(index) : shape?.partitionKey;
      return [access(action, input['TableName'], index, key === undefined ? [] : queriedKey(input, key))];
    }
    case 'BatchExecuteStatement':
      return records(input['Statements']).map((each) => {
        const { table, key } = updated(each);
        return access('PartiQLUpdate', table, undefined, leading(table, [key]));
      });
    case 'ExecuteStatement':
    case 'ExecuteTransaction':
      throw new AwsError('ValidationException', `Of PartiQL only updates in a batch are run locally: ${action}.`);
    case 'ListTables':
      return [{ action: 'dynamodb:ListTables', resource: '*', context: {} }];
    default:
      return [
        access(
          action,
          input['TableName'],
          action === 'Scan' ? input['IndexName'] : undefined,
          leading(input['TableName'], [input[KEY_FIELD[action] ?? '']]),
        ),
      ];
  }
}

const UPDATE = /^UPDATE "([\w.-]+)"((?: SET "\w+"=\?)+) WHERE "(\w+)"=\?(?: AND "(\w+)"=\?)?$/;

/** The table of a PartiQL update and the key of the item that it is about. @throws AwsError for a statement of another form */
function updated({ Statement, Parameters }: Record<string, unknown>): { table: string; key: Record<string, unknown> } {
  const [, table, sets, ...names] = UPDATE.exec(String(Statement)) ?? [];
  if (table === undefined || sets === undefined)
    throw new AwsError('ValidationException', 'Of PartiQL only updates of one item by its key are run locally.');
  const values = records(Parameters).slice(sets.split('?').length - 1);
  return {
    table,
    key: Object.fromEntries(names.flatMap((name, n) => (name === undefined ? [] : [[name, values[n]]]))),
  };
}

/** The table's name, whether the caller gave it or its ARN. */
export function plainName(table: unknown): string {
  return typeof table === 'string' ? table.replace(/^arn:.*:table\//, '') : '';
}

/** The value that the key condition asks of the partition key. */
function queriedKey(input: Input, key: string): string[] {
  const legacy = field(input['KeyConditions'], key);
  if (legacy !== undefined) return records(field(legacy, 'AttributeValueList')).flatMap(attributeText);
  for (const [, name = '', value = ''] of String(input['KeyConditionExpression'] ?? '').matchAll(
    /([#\w.-]+)\s*=\s*(:\w+)/g,
  )) {
    if ((name.startsWith('#') ? field(input['ExpressionAttributeNames'], name) : name) === key)
      return attributeText(field(input['ExpressionAttributeValues'], value));
  }
  return [];
}

function attributeText(value: unknown): string[] {
  const text = isRecord(value) ? (value['S'] ?? value['N'] ?? value['B']) : undefined;
  return typeof text === 'string' ? [text] : [];
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function entries(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}
