import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

function resources(stack: string): [string, Resource][] {
  const template: unknown = JSON.parse(readFileSync(`cdk.out/${stack}.template.json`, 'utf8'));
  return Object.entries(Object(template)['Resources']);
}

const data = resources('Shouwang-Data');
const service = resources('Shouwang-Service');
const consoleStack = resources('Shouwang-Console');
const of = (all: [string, Resource][], type: string) =>
  all.filter(([, { Type }]) => Type === type).map(([, resource]) => resource);

/** The task states of a definition, those inside its maps too. */
function tasksOf(definition: { States: Record<string, Record<string, unknown>> }): Record<string, unknown>[] {
  return Object.values(definition.States).flatMap((state) => {
    if (state['Type'] === 'Map') return tasksOf(Object(state['ItemProcessor']));
    return state['Type'] === 'Task' ? [state] : [];
  });
}

describe('the data stack', () => {
  it('keeps one table: on demand, recoverable, protected, under a customer key', () => {
    expect(of(data, 'AWS::DynamoDB::Table')).toMatchObject([
      {
        DeletionPolicy: 'Retain',
        Properties: {
          BillingMode: 'PAY_PER_REQUEST',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
          GlobalSecondaryIndexes: [{ IndexName: 'open' }],
        },
      },
    ]);
  });

  it('keeps the papers of claims and the photographs of evidence under the customer key, and who signs for them may use it for S3 only', () => {
    expect(of(data, 'AWS::S3::Bucket')).toMatchObject([
      {
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.anything() } },
            ],
          },
        },
      },
    ]);
    const statements = of(service, 'AWS::IAM::Policy').flatMap(
      ({ Properties }): { Action: string | string[]; Condition?: object }[] =>
        Object(Properties['PolicyDocument'])['Statement'],
    );
    const ofPapers = statements.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('s3.'));
    expect(ofPapers.map(({ Action }) => Action)).toEqual(Array(2).fill(['kms:Decrypt', 'kms:GenerateDataKey']));
  });

  it('keeps and rotates its keys', () => {
    for (const key of of(data, 'AWS::KMS::Key'))
      expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  });
});

describe('the service stack', () => {
  it('runs every function on arm64 and Node 24', () => {
    const functions = of(service, 'AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(10);
    for (const one of functions)
      expect(one.Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
      });
  });

  it('grants no action by wildcard, and a resource by wildcard only where an action knows none', () => {
    for (const { Properties } of of(service, 'AWS::IAM::Policy')) {
      const { Statement }: { Statement: { Action: string | string[]; Resource: unknown }[] } = Object(
        Properties['PolicyDocument'],
      );
      for (const { Action, Resource } of Statement) {
        expect([Action].flat().join()).not.toContain('*');
        if (Resource === '*') expect([Action].flat().every((action) => action.startsWith('logs:'))).toBe(true);
      }
    }
  });

  it('has a route for every entry of the table, with the authorizer unless it is public', () => {
    const deployed = new Map(
      of(service, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => [
        Properties['RouteKey'],
        Properties['AuthorizationType'],
      ]),
    );
    expect([...deployed.keys()].sort()).toEqual(
      Object.values(routes)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
    for (const { method, path, roles } of Object.values(routes))
      expect(deployed.get(`${method} ${path}`)).toBe(roles === 'public' ? 'NONE' : 'JWT');
  });

  it('caps how much of the account the public routes may take, and nothing else', () => {
    const capped = of(service, 'AWS::Lambda::Function').flatMap(({ Properties }) =>
      Properties['ReservedConcurrentExecutions'] === undefined
        ? []
        : [
            String(
              Properties['FunctionName'] && Object(Properties['Environment'])['Variables']['POWERTOOLS_SERVICE_NAME'],
            ),
          ],
    );
    expect(capped.sort()).toEqual(['claim-reports', 'clues', 'notices', 'openapi']);
  });

  it('opens the quarter at 09:00 Asia/Shanghai on the 11th of its first month', () => {
    const schedules = of(service, 'AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(0 9 11 1,4,7,10 ? *)',
      'rate(5 minutes)',
    ]);
    expect(schedules[0]).toMatchObject({
      ScheduleExpressionTimezone: 'Asia/Shanghai',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('writes no execution data to logs, gives every task a timeout, and jitters every retry', () => {
    const machines = of(service, 'AWS::StepFunctions::StateMachine');
    expect(machines.length).toBeGreaterThan(2);
    for (const { Properties } of machines) {
      expect(Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        LoggingConfiguration: { IncludeExecutionData: false },
      });
      const parts: unknown[] = Object(Properties['DefinitionString'])['Fn::Join'][1];
      const definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join(''));
      const tasks = tasksOf(definition);
      expect(tasks.length).toBeGreaterThan(4);
      for (const task of tasks) {
        expect(task['TimeoutSeconds']).toBeDefined();
        expect(task['Retry']).toMatchObject([
          { JitterStrategy: 'FULL', ErrorEquals: expect.arrayContaining(['TableThrottled']) },
        ]);
        expect(JSON.stringify(task['Arguments'])).toContain('$states.context.State.EnteredTime');
      }
      expect(JSON.stringify(definition)).not.toContain('Path"');
    }
  });

  it('alarms on the age of what the sweep leaves undone', () => {
    expect(of(service, 'AWS::Logs::MetricFilter').map(({ Properties }) => Properties)).toMatchObject([
      { FilterPattern: '{ $.message = "swept" }', MetricTransformations: [{ MetricValue: '$.oldestSeconds' }] },
    ]);
    const alarms = of(service, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    expect(alarms).toContainEqual(
      expect.objectContaining({ MetricName: 'OldestLeftSeconds', Statistic: 'Maximum', TreatMissingData: 'breaching' }),
    );
  });

  it('names no region, account or partition', () => {
    for (const stack of ['Shouwang-Data', 'Shouwang-Service']) {
      expect(readFileSync(`cdk.out/${stack}.template.json`, 'utf8')).not.toMatch(/arn:aws[:-]|us-east-1|cn-north/);
    }
  });
});

describe('the console stack', () => {
  it('keeps its files private and lets no script in but its own', () => {
    const [bucket] = of(consoleStack, 'AWS::S3::Bucket');
    expect(bucket?.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const [policy] = of(consoleStack, 'AWS::CloudFront::ResponseHeadersPolicy');
    const content = JSON.stringify(policy?.Properties);
    expect(content).toContain("default-src 'none'; script-src 'self';");
    expect(content).not.toContain('unsafe-eval');
    expect(content.match(/script-src [^;]*/)?.[0]).toBe("script-src 'self'");
  });

  it('leads to the API under its own origin, uncached', () => {
    const [distribution] = of(consoleStack, 'AWS::CloudFront::Distribution');
    const { CacheBehaviors } = Object(distribution?.Properties['DistributionConfig']);
    expect(CacheBehaviors).toMatchObject([
      // AWS's own policy that caches nothing.
      {
        PathPattern: '/v1/*',
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        ViewerProtocolPolicy: 'https-only',
      },
    ]);
  });
});
