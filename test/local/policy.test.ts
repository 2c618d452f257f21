import { describe, expect, test } from 'vitest';
import { dynamodbAccesses } from '../../local/gateway/accesses.ts';
import { type Access, compile, type Decision, evaluate } from '../../local/gateway/policy.ts';
import { policyDocument } from '../../local/template/policy-document.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/notes';

function decide(statements: unknown[], action: string, resource = TABLE, context: Access['context'] = {}): Decision {
  return evaluate(compile(policyDocument.parse({ Version: '2012-10-17', Statement: statements }).Statement), {
    action,
    resource,
    context,
  });
}

describe('a policy', () => {
  test.each<[string, unknown[], string, string, Decision]>([
    [
      'permits what it names',
      [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE }],
      'dynamodb:GetItem',
      TABLE,
      'allow',
    ],
    [
      'permits nothing else',
      [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: TABLE }],
      'dynamodb:PutItem',
      TABLE,
      'implicit-deny',
    ],
    [
      'knows actions in any case',
      [{ Effect: 'Allow', Action: 'DynamoDB:getitem', Resource: TABLE }],
      'dynamodb:GetItem',
      TABLE,
      'allow',
    ],
    [
      'knows * and ?',
      [{ Effect: 'Allow', Action: 'dynamodb:?etIt*', Resource: '*' }],
      'dynamodb:GetItem',
      TABLE,
      'allow',
    ],
    [
      'does not take a dot for any sign',
      [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::a.b' }],
      's3:GetObject',
      'arn:aws:s3:::axb',
      'implicit-deny',
    ],
    [
      'on a table does not cover its index',
      [{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: TABLE }],
      'dynamodb:Query',
      `${TABLE}/index/open`,
      'implicit-deny',
    ],
    [
      'on its indexes covers one',
      [{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${TABLE}/index/*` }],
      'dynamodb:Query',
      `${TABLE}/index/open`,
      'allow',
    ],
    [
      'a deny wins',
      [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'dynamodb:*', Resource: TABLE },
      ],
      'dynamodb:GetItem',
      TABLE,
      'explicit-deny',
    ],
    [
      'NotAction is everything else',
      [{ Effect: 'Allow', NotAction: 'dynamodb:DeleteItem', Resource: '*' }],
      'dynamodb:GetItem',
      TABLE,
      'allow',
    ],
    [
      'NotAction leaves out what it names',
      [{ Effect: 'Allow', NotAction: 'dynamodb:DeleteItem', Resource: '*' }],
      'dynamodb:DeleteItem',
      TABLE,
      'implicit-deny',
    ],
    [
      'NotResource leaves out what it names',
      [{ Effect: 'Allow', Action: '*', NotResource: TABLE }],
      'dynamodb:GetItem',
      TABLE,
      'implicit-deny',
    ],
  ])('%s', (_name, statements, action, resource, expected) => {
    expect(decide(statements, action, resource)).toBe(expected);
  });

  test.each<[string, Record<string, unknown>, Access['context'], Decision]>([
    [
      'all leading keys fit',
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['A#*', 'B'] } },
      { 'dynamodb:leadingkeys': ['A#1', 'B'] },
      'allow',
    ],
    [
      'one leading key does not',
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['A#*'] } },
      { 'dynamodb:leadingkeys': ['A#1', 'C'] },
      'implicit-deny',
    ],
    [
      'no key at all fits ForAllValues, as on AWS',
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['A'] } },
      {},
      'allow',
    ],
    [
      'no key at all fits no ForAnyValue',
      { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': ['A'] } },
      {},
      'implicit-deny',
    ],
    ['a missing key fails StringEquals', { StringEquals: { 'kms:ViaService': 's3' } }, {}, 'implicit-deny'],
    ['a missing key passes IfExists', { StringEqualsIfExists: { 'kms:ViaService': 's3' } }, {}, 'allow'],
    [
      'StringNotEquals holds for another value',
      { StringNotEquals: { 'kms:ViaService': 's3' } },
      { 'kms:viaservice': ['dynamodb'] },
      'allow',
    ],
    [
      'StringNotEquals fails for the value',
      { StringNotEquals: { 'kms:ViaService': 's3' } },
      { 'kms:viaservice': ['s3'] },
      'implicit-deny',
    ],
    ['Null asks whether a key is missing', { Null: { 'kms:ViaService': 'true' } }, {}, 'allow'],
    [
      'two conditions both count',
      { StringEquals: { 'kms:ViaService': 'a', 'kms:CallerAccount': '1' } },
      { 'kms:viaservice': ['a'] },
      'implicit-deny',
    ],
  ])('condition: %s', (_name, Condition, context, expected) => {
    expect(
      decide([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }], 'dynamodb:GetItem', TABLE, context),
    ).toBe(expected);
  });

  test('with a condition nobody can judge here is refused when it is read', () => {
    const statement = (Condition: unknown): unknown => ({
      Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition },
    });
    expect(policyDocument.safeParse(statement({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })).success).toBe(false);
    expect(policyDocument.safeParse(statement({ StringEquals: { 'aws:RequestTag/x': 'y' } })).success).toBe(false);
    expect(policyDocument.safeParse(statement({ StringEquals: { 'kms:ViaService': 'y' } })).success).toBe(true);
  });
});

describe('a call of DynamoDB needs', () => {
  const shapes = new Map([['notes', { arn: TABLE, partitionKey: 'pk', indexes: new Map([['open', 'kind']]) }]]);
  const needs = (action: string, input: Record<string, unknown>): string[] =>
    dynamodbAccesses(action, input, shapes, (name) => `unknown/${name}`).map(
      (access) =>
        `${access.action} ${access.resource.replace(TABLE, 'T')} ${(access.context['dynamodb:leadingkeys'] ?? []).join()}`,
    );

  test.each<[string, Record<string, unknown>, string[]]>([
    ['GetItem', { TableName: 'notes', Key: { pk: { S: 'a' } } }, ['dynamodb:GetItem T a']],
    ['PutItem', { TableName: TABLE, Item: { pk: { S: 'a' } } }, ['dynamodb:PutItem T a']],
    [
      'Query',
      {
        TableName: 'notes',
        KeyConditionExpression: '#k = :k AND begins_with(sk, :p)',
        ExpressionAttributeNames: { '#k': 'pk' },
        ExpressionAttributeValues: { ':k': { S: 'a' }, ':p': { S: 'z' } },
      },
      ['dynamodb:Query T a'],
    ],
    [
      'Query',
      {
        TableName: 'notes',
        IndexName: 'open',
        KeyConditionExpression: 'sk = :s and kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'x' }, ':s': { S: 'z' } },
      },
      ['dynamodb:Query T/index/open x'],
    ],
    ['Scan', { TableName: 'notes', IndexName: 'open' }, ['dynamodb:Scan T/index/open ']],
    [
      'BatchWriteItem',
      {
        RequestItems: {
          notes: [{ PutRequest: { Item: { pk: { S: 'a' } } } }, { DeleteRequest: { Key: { pk: { S: 'b' } } } }],
        },
      },
      ['dynamodb:BatchWriteItem T a,b'],
    ],
    ['BatchGetItem', { RequestItems: { notes: { Keys: [{ pk: { S: 'a' } }] } } }, ['dynamodb:BatchGetItem T a']],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'notes', Item: { pk: { S: 'a' } } } },
          { ConditionCheck: { TableName: 'other', Key: { pk: { S: 'b' } } } },
        ],
      },
      ['dynamodb:PutItem T a', 'dynamodb:ConditionCheckItem unknown/other '],
    ],
    [
      'BatchExecuteStatement',
      {
        Statements: ['a', 'b'].map((pk) => ({
          Statement: 'UPDATE "notes" SET "status"=? WHERE "pk"=? AND "sk"=?',
          Parameters: [{ S: 'done' }, { S: pk }, { S: 'z' }],
        })),
      },
      ['dynamodb:PartiQLUpdate T a', 'dynamodb:PartiQLUpdate T b'],
    ],
  ])('%s %j', (action, input, expected) => {
    expect(needs(action, input)).toEqual(expected);
  });

  test.each([
    ['ExecuteStatement', { Statement: 'SELECT * FROM notes' }],
    ['BatchExecuteStatement', { Statements: [{ Statement: 'SELECT * FROM "notes" WHERE "pk"=?' }] }],
    ['BatchExecuteStatement', { Statements: [{ Statement: `UPDATE "notes" SET "status"='done' WHERE "pk"='a'` }] }],
    ['BatchExecuteStatement', { Statements: [{ Statement: 'UPDATE "notes" SET "a"=? WHERE "pk"=? OR "pk"=?' }] }],
    ['BatchExecuteStatement', { Statements: [{}] }],
  ])('other PartiQL is refused: %s %j', (action, input) => {
    expect(() => needs(action, input)).toThrow('PartiQL');
  });
});
