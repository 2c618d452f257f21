import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type WorkflowName, workflowNames } from '../functions/contracts/workflows.ts';
import { metricsOf } from './constructs/service-function.ts';
import { functionEntries } from './functions.ts';
import { answerNist } from './nist.ts';

/** What there is to watch in a deployment. */
export interface Watched {
  stage: string;
  table: string;
  apiId: string;
  undelivered: Queue;
  failedEvents: Queue;
}

/** Something that wakes a person, and the page that says what to do. */
interface AlarmKind {
  id: string;
  /** One sentence: what has happened. */
  says: string;
  /** `docs/runbooks/<runbook>.md` */
  runbook: string;
  /** Where the dashboard draws it. */
  panel: string;
  metric: IMetric;
  /** The alarm goes off at this value. */
  threshold: number;
  /** In how many of how many periods; one of one when left out. */
  of?: readonly [number, number];
  /** What no value at all means: for what reports by itself it means that nobody looks. */
  silence?: 'fine' | 'wrong';
}

const RUNBOOKS: Readonly<Record<WorkflowName, string>> = {
  'quarterly-screening': 'quarterly-screening-failed',
  'case-admission': 'review-failed',
  'case-closure': 'review-failed',
  'claim-settlement': 'claim-settlement-failed',
};

const FIVE = Duration.minutes(5);
/** An alarm may look at ten metrics. */
const MOST = 10;
/** What fell undone for so long is not healed by the next sweep: six runs. */
const HALF_AN_HOUR = 1800;
/** A bank answers within three working days, a week with a long holiday. */
const DAYS_UNTIL_RECONCILED = 8;
/** A round a third behind an even pace is not caught up by itself. */
const POINTS_BEHIND = 34;

/** Every alarm of a deployment. A new one needs its page in docs/runbooks: a test holds them together. */
export function alarmsOf(scope: Construct, watched: Watched): AlarmKind[] {
  return [
    ...workflowAlarms(scope, watched),
    ...functionAlarms(watched),
    ...apiAlarms(watched),
    ...tableAlarms(watched),
    ...queueAlarms(watched),
    ...districtAlarms(watched),
  ];
}

function workflowAlarms(scope: Construct, { stage }: Watched): AlarmKind[] {
  return workflowNames.map((name, n) => {
    const StateMachineArn = Stack.of(scope).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: `shouwang-${stage}-${name}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const of = (metricName: string) => aws('AWS/States', metricName, { StateMachineArn });
    return {
      id: `${name}-failed`,
      says: `A ${name} execution failed or timed out.`,
      runbook: RUNBOOKS[name],
      panel: 'Workflows',
      metric: new MathExpression({
        label: name,
        expression: `FILL(failed${n}, 0) + FILL(late${n}, 0)`,
        usingMetrics: { [`failed${n}`]: of('ExecutionsFailed'), [`late${n}`]: of('ExecutionsTimedOut') },
        period: FIVE,
      }),
      threshold: 1,
    };
  });
}

function functionAlarms({ stage }: Watched): AlarmKind[] {
  const names = [...functionEntries().keys()].sort();
  return grouped(names).flatMap((group, n) => {
    const first = `${group[0]} … ${group.at(-1)}`;
    const sumOf = (metricName: string, label: string) =>
      sum(
        `g${n}`,
        label,
        group.map((name) => aws('AWS/Lambda', metricName, { FunctionName: `shouwang-${stage}-${name}` })),
      );
    return [
      {
        id: `functions-failing-${n + 1}`,
        says: `Functions fail (${first}).`,
        runbook: 'functions-failing',
        panel: 'Functions that fail',
        metric: sumOf('Errors', first),
        threshold: 3,
      },
      {
        id: `functions-throttled-${n + 1}`,
        says: `Functions are throttled (${first}).`,
        runbook: 'functions-throttled',
        panel: 'Functions that are throttled',
        metric: sumOf('Throttles', first),
        threshold: 10,
        of: [2, 3],
      } as const,
    ];
  });
}

/**
 * What takes a new release back while it is let in: functions that fail, seen a minute after they do. Beside the alarms that wake a person, and before them.
 */
export function releaseAlarms(scope: Construct, stage: string): Alarm[] {
  const alarms = grouped([...functionEntries().keys()].sort()).map(
    (group, n) =>
      new Alarm(scope, `Release${n + 1}`, {
        alarmName: `shouwang-${stage}-release-${n + 1}`,
        alarmDescription: 'While a release is let in: its functions fail, and it is taken back. Nobody is woken.',
        metric: sum(
          `r${n}`,
          'errors',
          group.map((name) => aws('AWS/Lambda', 'Errors', { FunctionName: `shouwang-${stage}-${name}` })),
        ).with({ period: Duration.minutes(1) }),
        threshold: 3,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
  );
  for (const alarm of alarms) answerNist(alarm, ['CloudWatchAlarmAction']);
  return alarms;
}

function grouped(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / MOST) }, (_, n) => names.slice(n * MOST, (n + 1) * MOST));
}

function apiAlarms({ apiId: ApiId }: Watched): AlarmKind[] {
  return [
    {
      id: 'api-failing',
      says: 'The API answers that it failed (5xx).',
      runbook: 'api-failing',
      panel: 'API: failures',
      metric: aws('AWS/ApiGateway', '5xx', { ApiId }),
      threshold: 5,
      of: [2, 3],
    },
    {
      id: 'api-slow',
      says: 'One request in twenty takes five seconds and longer.',
      runbook: 'api-slow',
      panel: 'API: milliseconds',
      metric: aws('AWS/ApiGateway', 'Latency', { ApiId }, 'p95'),
      threshold: 5000,
      of: [3, 3],
    },
  ];
}

/** What the functions call; each action has a metric of its own. */
const ACTIONS = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'BatchExecuteStatement',
];

function tableAlarms({ table: TableName }: Watched): AlarmKind[] {
  const indexes = ['open', 'openAt'].map((name) => ({ TableName, GlobalSecondaryIndexName: name }));
  return [
    {
      id: 'table-throttled',
      says: 'The table turns calls away.',
      runbook: 'table-throttled',
      panel: 'Table',
      metric: sum(
        't',
        'throttled',
        ['ReadThrottleEvents', 'WriteThrottleEvents'].flatMap((name) =>
          [{ TableName }, ...indexes].map((dimensions) => aws('AWS/DynamoDB', name, dimensions)),
        ),
      ),
      threshold: 100,
      of: [2, 3],
    },
    {
      id: 'table-failing',
      says: 'The table fails at calls.',
      runbook: 'table-failing',
      panel: 'Table',
      metric: sum(
        'f',
        'failed',
        ACTIONS.map((Operation) => aws('AWS/DynamoDB', 'SystemErrors', { TableName, Operation })),
      ),
      threshold: 5,
      of: [2, 3],
    },
  ];
}

function queueAlarms({ undelivered, failedEvents }: Watched): AlarmKind[] {
  const waiting = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: FIVE, statistic: 'Maximum' });
  return [
    {
      id: 'schedule-undelivered',
      says: 'A schedule could not call its target.',
      runbook: 'schedule-undelivered',
      panel: 'Dead letters',
      metric: waiting(undelivered),
      threshold: 1,
    },
    {
      id: 'event-failed',
      says: 'A function that a schedule calls failed for the last time.',
      runbook: 'event-failed',
      panel: 'Dead letters',
      metric: waiting(failedEvents),
      threshold: 1,
    },
  ];
}

function districtAlarms({ stage }: Watched): AlarmKind[] {
  const own = (metricName: string, service: string, period: Duration) =>
    new Metric({ namespace: metricsOf(stage), metricName, dimensionsMap: { service }, statistic: 'Maximum', period });
  // The watch looks every eight and sixteen hours; a day without it means that it does not look.
  const daily = (metricName: string) => own(metricName, 'watch-district', Duration.days(1));
  const panel = 'What is late';
  return [
    {
      id: 'sweep-failing',
      says: 'A start, a decision or a batch of payments lies undelivered for half an hour, or the sweep does not run.',
      runbook: 'sweep-failing',
      panel: 'Undelivered, seconds',
      metric: own('OldestLeftSeconds', 'deliver-decisions', Duration.minutes(30)),
      threshold: HALF_AN_HOUR,
      silence: 'wrong',
    },
    {
      id: 'payments-unreconciled',
      says: `A payment was instructed ${DAYS_UNTIL_RECONCILED} days ago, and the bank has not said what came of it.`,
      runbook: 'payments-unreconciled',
      panel,
      metric: daily('UnreconciledDays'),
      threshold: DAYS_UNTIL_RECONCILED,
      silence: 'wrong',
    },
    {
      id: 'quarter-unopened',
      says: 'The quarter should be open and is not.',
      runbook: 'quarter-unopened',
      panel,
      metric: daily('QuarterUnopened'),
      threshold: 1,
    },
    {
      id: 'round-behind',
      says: `The round is ${POINTS_BEHIND} points of a hundred behind an even pace.`,
      runbook: 'round-behind',
      panel,
      metric: daily('PointsBehind'),
      threshold: POINTS_BEHIND,
    },
  ];
}

/** @param prefix of the metrics' ids, which must differ within one graph */
function sum(prefix: string, label: string, metrics: readonly Metric[]): MathExpression {
  return new MathExpression({
    label,
    expression: metrics.map((_, n) => `FILL(${prefix}x${n}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(metrics.map((metric, n) => [`${prefix}x${n}`, metric])),
    period: FIVE,
  });
}

function aws(namespace: string, metricName: string, dimensionsMap: Record<string, string>, statistic = 'Sum'): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period: FIVE });
}
