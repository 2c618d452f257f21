import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { functionNameOf } from '../../infra/functions.ts';
import { of, resources, statementsOf, statesOf } from './template.ts';

const data = resources('Shouwang-Data');
const service = resources('Shouwang-Service');
const consoleStack = resources('Shouwang-Console');

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
          GlobalSecondaryIndexes: [{ IndexName: 'open' }, { IndexName: 'openAt' }],
        },
      },
    ]);
  });

  it('keeps the papers of claims and the photographs of evidence under the customer key, and who signs for them may use it for S3 only', () => {
    expect(of(data, 'AWS::S3::Bucket').slice(0, 1)).toMatchObject([
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
    const statements = statementsOf(service);
    const ofPapers = statements.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('s3.'));
    expect(ofPapers.map(({ Action }) => Action)).toEqual(Array(3).fill(['kms:Decrypt', 'kms:GenerateDataKey']));
  });

  it('keeps its keys, and rotates those that can be; a pair that signs cannot', () => {
    const all = of(data, 'AWS::KMS::Key');
    const { pair: signing = [], one: others = [] } = Object.groupBy(all, ({ Properties }) =>
      Properties['KeyUsage'] === 'SIGN_VERIFY' ? 'pair' : 'one',
    );
    expect([signing.length, others.length]).toEqual([1, 2]);
    for (const key of all) expect(key).toMatchObject({ DeletionPolicy: 'Retain' });
    for (const key of others) expect(key).toMatchObject({ Properties: { EnableKeyRotation: true } });
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
    const statements = statementsOf(service);
    expect(statements.length).toBeGreaterThan(100);
    for (const { Action, Resource } of statements) {
      expect([Action].flat().join()).not.toContain('*');
      if (Resource === '*')
        expect([Action].flat().every((action) => /^(logs:|cloudwatch:DescribeAlarms$)/.test(action))).toBe(true);
    }
  });

  it('can be made again when the first deployment failed: a log that was just made goes with it, one that was in use stays', () => {
    const logs = of(service, 'AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThan(20);
    for (const log of logs)
      expect(log).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  it('lets CodeDeploy look at an alias, which is what it asks the concurrency of', () => {
    const statement = statementsOf(service).find(({ Action }) =>
      [Action].flat().includes('lambda:GetProvisionedConcurrencyConfig'),
    );
    expect([statement?.Resource].flat().map((one) => JSON.stringify(one))).toContainEqual(
      expect.stringMatching(/^\{"Fn::Join":\["",\[\{"Fn::GetAtt".*":\*"\]\]\}$/),
    );
  });

  it('calls functions and starts machines by what is live, lets releases in by a tenth, and takes them back by alarm', () => {
    const names = of(service, 'AWS::Lambda::Alias').map(({ Properties }) => Properties['Name']);
    expect(new Set(names)).toEqual(new Set(['live']));
    expect(names).toHaveLength(of(service, 'AWS::Lambda::Function').length);
    for (const type of ['AWS::Lambda::Version', 'AWS::StepFunctions::StateMachineVersion'])
      for (const one of of(service, type)) expect([type, one.DeletionPolicy]).toEqual([type, 'Retain']);
    for (const { Properties } of of(service, 'AWS::ApiGatewayV2::Integration'))
      expect(JSON.stringify(Properties['IntegrationUri'])).toMatch(/Live[A-F0-9]{8}/);
    for (const machine of of(service, 'AWS::StepFunctions::StateMachine')) {
      const called = [
        ...JSON.stringify(machine.Properties['DefinitionString']).matchAll(/"([A-Za-z]+)([A-F0-9]{8})"/g),
      ];
      expect(called.length).toBeGreaterThan(4);
      for (const [, id] of called) expect(id).toMatch(/Live$/);
    }
    const alarms = service.filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').map(([id]) => id);
    expect(alarms.length).toBeGreaterThan(3);
    const released = of(service, 'AWS::CodeDeploy::DeploymentGroup');
    expect(released).toHaveLength(new Set(Object.values(routes).map(functionNameOf)).size);
    for (const { Properties } of released) {
      expect(Object(Properties['AlarmConfiguration'])['Alarms']).toHaveLength(alarms.length);
      expect(Properties).toMatchObject({
        AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
        DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      });
    }
    for (const { Properties } of of(service, 'AWS::StepFunctions::StateMachineAlias'))
      expect(Properties['DeploymentPreference']).toMatchObject({
        Type: 'CANARY',
        Percentage: 10,
        Alarms: expect.any(Array),
      });
  });

  it('leaves room below the 500 resources a stack may have', () => {
    expect(service.length).toBeLessThan(485);
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
      'cron(30 8,16 * * ? *)',
      'cron(30 0 * * ? *)',
      'cron(0 1 * * ? *)',
    ]);
    expect(schedules[0]).toMatchObject({
      ScheduleExpressionTimezone: 'Asia/Shanghai',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('writes no execution data to logs, gives every task a timeout, and jitters every retry', () => {
    const machines = of(service, 'AWS::StepFunctions::StateMachine');
    expect(machines.length).toBeGreaterThan(2);
    for (const machine of machines) {
      expect(machine.Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        LoggingConfiguration: { IncludeExecutionData: false },
      });
      const states = [...statesOf(machine).values()];
      const tasks = states.filter(({ Type }) => Type === 'Task');
      expect(tasks.length).toBeGreaterThan(4);
      for (const task of tasks) {
        expect(task['TimeoutSeconds']).toBeDefined();
        expect(task['Retry']).toMatchObject([
          { JitterStrategy: 'FULL', ErrorEquals: expect.arrayContaining(['TableThrottled']) },
        ]);
        expect(JSON.stringify(task['Arguments'])).toContain('$states.context.State.EnteredTime');
      }
      expect(JSON.stringify(states)).not.toContain('Path"');
    }
  });

  it('names no region, account or partition', () => {
    for (const stack of ['Shouwang-Data', 'Shouwang-Service', 'Shouwang-Watch']) {
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
    const policies = of(consoleStack, 'AWS::CloudFront::ResponseHeadersPolicy').map(({ Properties }) =>
      JSON.stringify(Properties),
    );
    expect(policies).toHaveLength(2);
    for (const content of policies) {
      expect(content).toContain("default-src 'none'");
      expect(content).not.toContain('unsafe');
      expect(content).toContain('StrictTransportSecurity');
    }
    const scripts = policies.flatMap((content) => content.match(/script-src [^;]*/)?.[0] ?? []);
    expect(scripts).toEqual(["script-src 'self'"]);
  });

  it('serves console, field page, public pages and API under one origin, compressed, and keeps no answer of the API', () => {
    const [distribution] = of(consoleStack, 'AWS::CloudFront::Distribution');
    const { CacheBehaviors, CustomErrorResponses, DefaultCacheBehavior, Origins } = Object(
      distribution?.Properties['DistributionConfig'],
    );
    expect(CacheBehaviors).toMatchObject([
      { PathPattern: '/field*', Compress: true },
      { PathPattern: '/public*', Compress: true },
      { PathPattern: '/v1/*', Compress: true, ViewerProtocolPolicy: 'https-only' },
    ]);
    expect(DefaultCacheBehavior).toMatchObject({ Compress: true, ViewerProtocolPolicy: 'redirect-to-https' });
    // These it would keep for ten seconds, `no-store` or not.
    for (const status of [404, 500, 502, 503, 504])
      expect(CustomErrorResponses).toContainEqual({ ErrorCode: status, ErrorCachingMinTTL: 0 });
    const [policy] = of(consoleStack, 'AWS::CloudFront::CachePolicy');
    expect(policy?.Properties['CachePolicyConfig']).toMatchObject({
      DefaultTTL: 0,
      MinTTL: 0,
      MaxTTL: 1,
      ParametersInCacheKeyAndForwardedToOrigin: {
        EnableAcceptEncodingGzip: true,
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Authorization'] },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
      },
    });
    const added = Origins.flatMap(({ OriginCustomHeaders = [] }) => OriginCustomHeaders);
    expect(added).toMatchObject([{ HeaderName: 'x-origin-secret' }]);
  });

  it('asks every function behind the API, and no other, for what the distribution adds', () => {
    const asked = of(service, 'AWS::Lambda::Function').flatMap(({ Properties }) => {
      const { Variables } = Object(Properties['Environment']);
      return 'ORIGIN_SECRET' in Variables ? [String(Variables['POWERTOOLS_SERVICE_NAME'])] : [];
    });
    expect(asked.sort()).toEqual([...new Set(Object.values(routes).map(functionNameOf))].sort());
    const { Parameters } = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
    expect(Parameters['OriginSecret']).toMatchObject({ NoEcho: true });
  });
});
