import { describe, expect, test } from 'vitest';
import { lambdaFunction, stateMachine } from '../../local/template/kinds-compute.ts';
import { table } from '../../local/template/kinds-data.ts';
import { Model } from '../../local/template/model.ts';
import { type FixtureTemplate, placeholder, writeAssembly } from './fixture/assembly.ts';

const environment = { region: 'us-east-1', accountId: '000000000000', partition: 'aws' };
const load = (change?: (template: FixtureTemplate) => void, parameters: Record<string, string> = {}): Model =>
  new Model(writeAssembly(change), environment, { Issuer: 'http://127.0.0.1/issuer', ...parameters });
const property = (template: FixtureTemplate, id: string, name: string, value: unknown): void => {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`The fixture has no ${id}.`);
  resource.Properties[name] = value;
};

describe('the template', () => {
  test('is resolved as deployment would', () => {
    const model = load();
    const [notes] = model.all(lambdaFunction);
    expect(notes?.arn).toBe('arn:aws:lambda:us-east-1:000000000000:function:notes');
    expect(notes?.properties.Role).toBe('arn:aws:iam::000000000000:role/Fixture-Role');
    expect(notes?.properties.Code.S3Bucket).toBe('cdk-assets-000000000000-us-east-1');
    expect(notes?.properties.Environment.Variables).toMatchObject({ TABLE_NAME: 'Fixture-Table', COLOUR: 'red' });
    expect(notes?.asset('notes.zip')).toMatch(/fixture\/notes$/);
    expect(model.all(table).map(({ ref }) => ref)).toEqual(['Fixture-Table']);
    expect(model.all(stateMachine)[0]?.ref).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:machine');
  });

  test('resolves every intrinsic function', () => {
    const model = load((content) => {
      content.Conditions['Red'] = {
        'Fn::And': [
          { 'Fn::Equals': [{ Ref: 'Colour' }, 'red'] },
          { 'Fn::Not': [{ Condition: 'Never' }] },
          { 'Fn::Or': [{ Condition: 'Never' }, { 'Fn::Equals': [1, '1'] }] },
        ],
      };
      Object.assign(content, { Mappings: { Sizes: { 'us-east-1': { memory: '256' } } } });
      property(content, 'Notes', 'MemorySize', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] });
      property(content, 'Notes', 'Layers', { Ref: 'AWS::NoValue' });
      property(content, 'Notes', 'Environment', {
        Variables: {
          a: {
            'Fn::Select': [
              1,
              {
                'Fn::Split': [
                  '/',
                  {
                    'Fn::Sub': [
                      [placeholder('Table'), placeholder('x'), placeholder('!y')].join('/'),
                      { x: { Ref: 'AWS::AccountId' } },
                    ],
                  },
                ],
              },
            ],
          },
          b: { 'Fn::If': ['Red', { 'Fn::Base64': 'ja' }, 'no'] },
          c: { 'Fn::Join': ['-', ['x', { 'Fn::Sub': placeholder('Table.Arn') }]] },
          d: { 'Fn::If': ['Never', 'x', { Ref: 'AWS::NoValue' }] },
        },
      });
    });
    const [notes] = model.all(lambdaFunction);
    expect(notes?.properties.MemorySize).toBe(256);
    expect(notes?.properties.Environment.Variables).toEqual({
      a: '000000000000',
      b: 'amE=',
      c: 'x-arn:aws:dynamodb:us-east-1:000000000000:table/Fixture-Table',
    });
  });

  test.each<[string, (template: FixtureTemplate) => void, string]>([
    [
      'an unknown type',
      (t) => (t.Resources['Absent'] = { Type: 'AWS::EC2::Instance', Properties: {} }),
      'resource Absent (AWS::EC2::Instance): this resource type is not run locally',
    ],
    [
      'an unknown property',
      (t) => property(t, 'Notes', 'SnapStart', { ApplyOn: 'None' }),
      'resource Notes (AWS::Lambda::Function): Properties.SnapStart is not run locally',
    ],
    [
      'an unknown property deep inside',
      (t) => property(t, 'Schedule', 'Target', { Arn: 'a', RoleArn: 'b', EcsParameters: {} }),
      'Schedule (AWS::Scheduler::Schedule): Properties.Target.EcsParameters is not run locally',
    ],
    [
      'provisioned throughput',
      (t) => property(t, 'Table', 'BillingMode', 'PROVISIONED'),
      'Table (AWS::DynamoDB::Table): Properties.BillingMode must be PAY_PER_REQUEST',
    ],
    [
      'a stream',
      (t) => property(t, 'Table', 'StreamSpecification', {}),
      'Properties.StreamSpecification is not run locally',
    ],
    [
      'a flexible window',
      (t) => property(t, 'Schedule', 'FlexibleTimeWindow', { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 }),
      'Properties.FlexibleTimeWindow.Mode must be OFF',
    ],
    [
      'a condition key nobody knows',
      (t) =>
        property(t, 'RolePolicy', 'PolicyDocument', {
          Statement: [
            { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } },
          ],
        }),
      'RolePolicy (AWS::IAM::Policy): Properties.PolicyDocument.Statement',
    ],
    [
      'a web socket API',
      (t) => property(t, 'Api', 'ProtocolType', 'WEBSOCKET'),
      'Properties.ProtocolType must be HTTP',
    ],
    [
      'another runtime',
      (t) => property(t, 'Notes', 'Runtime', 'python3.13'),
      'Properties.Runtime must be a Node.js runtime',
    ],
    [
      'a reference to nothing',
      (t) => property(t, 'Notes', 'Role', { Ref: 'Nobody' }),
      'Nobody is neither a parameter nor a resource',
    ],
    [
      'an unknown function',
      (t) => property(t, 'Notes', 'Role', { 'Fn::Transform': {} }),
      'Notes.Properties.Role: Fn::Transform is not run locally',
    ],
    [
      'an unknown attribute',
      (t) => property(t, 'Notes', 'Role', { 'Fn::GetAtt': ['Table', 'StreamArn'] }),
      'attribute StreamArn of Table (AWS::DynamoDB::Table) is not known locally',
    ],
    [
      'a value that does not match',
      (t) => (t.Parameters['Colour'] = { Type: 'String', Default: 'RED', AllowedPattern: '^[a-z]+$' }),
      'parameter Colour: "RED" does not match ^[a-z]+$',
    ],
    [
      'a parameter without value',
      (t) => (t.Parameters['Size'] = { Type: 'Number' }),
      'parameter Size: it has no default and was given no value',
    ],
    [
      'an alias of two versions',
      (t) =>
        Object.assign(t.Resources, {
          Shared: {
            Type: 'AWS::StepFunctions::StateMachineAlias',
            Properties: {
              Name: 'live',
              RoutingConfiguration: [1, 2].map((n) => ({ StateMachineVersionArn: `arn:m:${n}`, Weight: 50 })),
            },
          },
        }),
      'Shared (AWS::StepFunctions::StateMachineAlias): Properties.RoutingConfiguration must hold one version',
    ],
    [
      'an update policy',
      (t) => Object.assign(t.Resources['Notes'] ?? {}, { UpdatePolicy: { AutoScalingRollingUpdate: {} } }),
      'Unrecognized key: "AutoScalingRollingUpdate"',
    ],
  ])('with %s is refused by name', (_name, change, sentence) => {
    expect(() => load((content) => void change(content))).toThrow(sentence);
  });

  test('is refused with everything that is wrong at once', () => {
    const change = (content: FixtureTemplate): void => {
      property(content, 'Notes', 'SnapStart', {});
      property(content, 'Table', 'StreamSpecification', {});
    };
    expect(() => load(change)).toThrow(/Table .*StreamSpecification[\s\S]*Notes .*SnapStart/);
  });

  test('is refused with a parameter it does not have', () => {
    expect(() => load(undefined, { Unknown: 'x' })).toThrow('has a parameter Unknown');
  });

  test('is refused where there is none', () => {
    expect(() => new Model('/nowhere', environment, {})).toThrow('/nowhere/manifest.json cannot be read');
  });
});
