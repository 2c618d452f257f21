import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workflowNames } from '../../functions/contracts/workflows.ts';
import { functionEntries } from '../../infra/functions.ts';
import { of, resources, statesOf, textOf } from './template.ts';

const watch = resources('Shouwang-Watch');
const service = resources('Shouwang-Service');

interface Query {
  Expression?: string;
  MetricStat?: { Metric: { Namespace: string; MetricName: string; Dimensions?: { Name: string; Value: unknown }[] } };
}

const alarms = of(watch, 'AWS::CloudWatch::Alarm').map(({ Properties }) => ({
  name: textOf(Properties['AlarmName']).replace('shouwang-…-', ''),
  description: textOf(Properties['AlarmDescription']),
  actions: Properties['AlarmActions'],
  silence: Properties['TreatMissingData'],
  metrics: [Properties, ...[Properties['Metrics'] ?? []].flat()].flatMap((one) => {
    const query: Query & { MetricName?: string; Namespace?: unknown; Dimensions?: unknown } = Object(one);
    if (query.MetricName !== undefined)
      return [{ namespace: textOf(query.Namespace), name: query.MetricName, dimensions: query.Dimensions }];
    const metric = query.MetricStat?.Metric;
    return metric === undefined
      ? []
      : [{ namespace: metric.Namespace, name: metric.MetricName, dimensions: metric.Dimensions }];
  }),
}));
const pages = new Map(
  globSync('docs/runbooks/*.md').map((file) => [basename(file, '.md'), readFileSync(file, 'utf8')]),
);
/** Pages of what a person does without having been woken. */
const BY_HAND = new Set(['restore']);

describe('alarms', () => {
  it('reach a person: one topic, to which the e-mail address is subscribed when there is one', () => {
    const [topic] = watch.filter(([, { Type }]) => Type === 'AWS::SNS::Topic');
    expect(alarms.map(({ actions }) => actions)).toEqual(alarms.map(() => [{ Ref: topic?.[0] }]));
    expect(of(watch, 'AWS::SNS::Subscription')).toMatchObject([
      { Condition: 'HasAlarmEmail', Properties: { Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } } },
    ]);
  });

  it('may be sent: a policy of the topic’s own takes the place of the one that lets its account publish', () => {
    const statements = of(watch, 'AWS::SNS::TopicPolicy').flatMap(
      ({ Properties }): unknown[] => Object(Properties['PolicyDocument'])['Statement'],
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });

  it('have a runbook each, and no runbook lies there without an alarm', () => {
    const linked = alarms.map(({ description }) => /Runbook: docs\/runbooks\/([a-z-]+)\.md$/.exec(description)?.[1]);
    expect(linked.filter((page) => page === undefined || !pages.has(page))).toEqual([]);
    expect([...pages.keys()].filter((page) => !linked.includes(page) && !BY_HAND.has(page))).toEqual([]);
    for (const [name, text] of pages) {
      if (BY_HAND.has(name)) continue;
      expect([name, text.includes('**What it means.**')]).toEqual([name, true]);
      expect([name, /^1\. /m.test(text)]).toEqual([name, true]);
    }
  });

  it('watch every machine for failing and for running out of time', () => {
    for (const workflow of workflowNames) {
      const [alarm] = alarms.filter(({ name }) => name === `${workflow}-failed`);
      expect(alarm?.metrics.map(({ name }) => name).sort()).toEqual(['ExecutionsFailed', 'ExecutionsTimedOut']);
      expect(JSON.stringify(alarm?.metrics)).toContain(`-${workflow}"`);
    }
    expect(of(service, 'AWS::StepFunctions::StateMachine')).toHaveLength(workflowNames.length);
  });

  it('watch every function for errors and throttles, ten metrics an alarm at the most', () => {
    for (const metric of ['Errors', 'Throttles']) {
      const watched = alarms
        .flatMap(({ metrics }) => metrics)
        .filter(({ namespace, name }) => namespace === 'AWS/Lambda' && name === metric)
        .map(({ dimensions }) => textOf(Object(dimensions)[0].Value).replace('shouwang-…-', ''));
      expect(watched.sort()).toEqual([...functionEntries().keys()].sort());
    }
    expect(alarms.filter(({ metrics }) => metrics.length > 10)).toEqual([]);
  });

  it('watch the API, the table, what could not be delivered, and what is late', () => {
    const names = alarms.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'api-failing',
        'api-slow',
        'table-throttled',
        'table-failing',
        'schedule-undelivered',
        'event-failed',
        'sweep-failing',
        'payments-unreconciled',
        'quarter-unopened',
        'round-behind',
      ]),
    );
    expect(alarms.filter(({ silence }) => silence === 'breaching').map(({ name }) => name)).toEqual([
      'sweep-failing',
      'payments-unreconciled',
    ]);
  });

  it('hear of metrics that a function of this release writes', () => {
    const own = alarms.flatMap(({ metrics }) => metrics).filter(({ namespace }) => namespace === 'shouwang-…');
    expect(own.length).toBeGreaterThan(3);
    for (const { name, dimensions } of own) {
      const { Name, Value }: { Name: string; Value: string } = Object(dimensions)[0];
      expect(Name).toBe('service');
      const source = readFileSync(functionEntries().get(Value ?? '') ?? '', 'utf8');
      expect([name, source.includes(`addMetric('${name}'`)]).toEqual([name, true]);
    }
  });

  it('and their runbooks tell of every state a machine can stand in', () => {
    for (const machine of of(service, 'AWS::StepFunctions::StateMachine')) {
      const name = textOf(machine.Properties['StateMachineName']).replace('shouwang-…-', '');
      const [alarm] = alarms.filter((one) => one.name === `${name}-failed`);
      const page = pages.get(/([a-z-]+)\.md$/.exec(alarm?.description ?? '')?.[1] ?? '') ?? '';
      const states = [...statesOf(machine).keys()];
      expect(states.length).toBeGreaterThan(5);
      expect([name, states.filter((state) => !page.includes(`\`${state}\``))]).toEqual([name, []]);
    }
  });
});

it('keeps what a schedule could not hand over and what failed for the last time, in a queue each', () => {
  const queues = service.filter(([, { Type }]) => Type === 'AWS::SQS::Queue').map(([id]) => id);
  expect(queues).toHaveLength(2);
  for (const { Properties } of of(service, 'AWS::Scheduler::Schedule'))
    expect(JSON.stringify(Object(Properties['Target'])['DeadLetterConfig'])).toMatch(/Undelivered/);
  const called = of(service, 'AWS::Scheduler::Schedule').flatMap(
    ({ Properties }) =>
      /"([A-Za-z]+)Live[A-F0-9]{8}/.exec(JSON.stringify(Object(Properties['Target'])['Arn']))?.[1] ?? [],
  );
  expect(called.sort()).toEqual(['CloseDay', 'DeliverDecisions', 'QuarterlyScreening', 'RootAudit', 'WatchDistrict']);
  for (const id of called.filter((one) => one !== 'QuarterlyScreening')) {
    const found = service.find(
      ([name, { Type }]) => Type === 'AWS::Lambda::Function' && name.startsWith(`${id}Function`),
    )?.[1];
    expect([id, JSON.stringify(found?.Properties['DeadLetterConfig'] ?? '')]).toEqual([
      id,
      expect.stringContaining('FailedEvents'),
    ]);
  }
});

it('draws every alarm on one dashboard', () => {
  const [dashboard, second] = of(watch, 'AWS::CloudWatch::Dashboard');
  expect(second).toBeUndefined();
  const body = JSON.stringify(dashboard?.Properties['DashboardBody']);
  for (const { metrics } of alarms) for (const { name } of metrics) expect(body).toContain(name);
});
