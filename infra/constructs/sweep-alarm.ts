import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * Watches the age of the oldest item that the five-minute sweep could not finish: a workflow not started, a decision not delivered, a batch of payments
 * in the middle. Half an hour is six runs. No log line for half an hour means that the sweep does not run.
 */
export function alarmOnAge(scope: Construct, logGroup: LogGroup, stage: string): Alarm {
  const filter = new MetricFilter(scope, 'SweepAge', {
    logGroup,
    filterPattern: FilterPattern.stringValue('$.message', '=', 'swept'),
    metricNamespace: `shouwang-${stage}`,
    metricName: 'OldestLeftSeconds',
    metricValue: '$.oldestSeconds',
  });
  return new Alarm(scope, 'SweepFailing', {
    alarmDescription: 'Something lies undone for half an hour. Runbook: docs/runbooks/sweep-failing.md',
    metric: filter.metric({ period: Duration.minutes(30), statistic: Stats.MAXIMUM }),
    threshold: 1800,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
