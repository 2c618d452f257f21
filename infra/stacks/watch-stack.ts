import { CfnCondition, CfnOutput, CfnParameter, Fn, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alarmsOf, type Watched } from '../alarms.ts';
import { type Cell, stageOf } from '../cell.ts';
import { answerNist } from '../nist.ts';
import { tableInUse } from '../table-in-use.ts';
import type { DataStack } from './data-stack.ts';
import type { ServiceStack } from './service-stack.ts';

interface WatchProps extends StackProps {
  cell: Cell | undefined;
  data: DataStack;
  service: ServiceStack;
  /** Where the runbooks lie: the address of docs/runbooks, or that path. */
  runbooks: string;
}

/** Whoever must get up at night, and what wakes them: every alarm goes to one topic and names its runbook; the dashboard shows the same metrics. */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id, props);
    const stage = stageOf(this, props.cell);
    const email = new CfnParameter(this, 'AlarmEmail', {
      description:
        'Who is told of alarms; AWS asks there first whether it may. Empty: nobody, which npm run doctor reports',
      default: '',
      allowedPattern: '^([^@\\s]+@[^@\\s]+)?$',
    }).valueAsString;
    const topic = new Topic(this, 'Alarms', { displayName: `Shouwang ${stage}`, enforceSSL: true });
    answerNist(
      topic,
      ['SNSEncryptedKMS'],
      'A message names an alarm, its figure and its runbook, nothing about a person; it goes by TLS, and ends as e-mail. Alarms cannot write to a topic under AWS’s own key.',
    );
    // A policy of the topic's own, as `enforceSSL` makes one, takes the place of the one by which its account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const wanted = new CfnCondition(this, 'HasAlarmEmail', {
      expression: Fn.conditionNot(Fn.conditionEquals(email, '')),
    });
    const subscription = new CfnSubscription(this, 'Mail', {
      topicArn: topic.topicArn,
      protocol: 'email',
      endpoint: email,
    });
    subscription.cfnOptions.condition = wanted;
    Validations.of(subscription).acknowledge({
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'E-mail has no queue to fall back to; what state an alarm is in can be seen on the dashboard.',
    });

    new CfnOutput(this, 'AlarmTopic', { value: topic.topicArn });

    const watched: Watched = {
      stage,
      table: tableInUse(this, props.data.table).name,
      apiId: props.service.apiId,
      undelivered: props.service.undelivered,
      failedEvents: props.service.failedEvents,
    };
    const alarms = alarmsOf(this, watched);
    for (const { id: name, says, runbook, metric, threshold, of = [1, 1], silence = 'fine' } of alarms) {
      new Alarm(this, name, {
        alarmName: `shouwang-${stage}-${name}`,
        alarmDescription: `${says} Runbook: ${props.runbooks.replace(/\/$/, '')}/${runbook}.md`,
        metric,
        threshold,
        datapointsToAlarm: of[0],
        evaluationPeriods: of[1],
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: silence === 'fine' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
      }).addAlarmAction(new SnsAction(topic));
    }
    this.#dashboard(
      stage,
      Map.groupBy(alarms, ({ panel }) => panel),
    );
  }

  #dashboard(stage: string, panels: Map<string, { id: string; metric: IMetric; threshold: number }[]>): void {
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `shouwang-${stage}`,
      periodOverride: PeriodOverride.AUTO,
    });
    dashboard.addWidgets(
      new TextWidget({
        markdown: `# 守望 ${stage}\nEvery line here has an alarm; every alarm has a page in docs/runbooks.`,
        width: 24,
        height: 2,
      }),
    );
    const graphs = [...panels].map(
      ([title, shown]) => new GraphWidget({ title, width: 12, height: 6, left: shown.map(({ metric }) => metric) }),
    );
    for (let n = 0; n < graphs.length; n += 2) dashboard.addWidgets(...graphs.slice(n, n + 2));
  }
}
