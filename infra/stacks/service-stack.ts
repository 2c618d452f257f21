import { CfnParameter, Duration, Stack, type StackProps, TimeZone } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { Api } from '../constructs/api.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { alarmOnAge } from '../constructs/sweep-alarm.ts';
import { Workflow } from '../constructs/workflow.ts';
import { functionEntries, publicFunctions } from '../functions.ts';
import { claimSettlement, claimTasks } from '../workflows/claim-settlement/definition.ts';
import { quarterlyScreening } from '../workflows/quarterly-screening/definition.ts';
import { reviewLadder, reviewTasks } from '../workflows/review-ladder/definition.ts';
import type { DataStack } from './data-stack.ts';

/** Everything replaceable: functions, API, workflows, schedules. One district is one deployment of this template. */
export class ServiceStack extends Stack {
  /** Where the HTTP API answers. */
  readonly api: string;
  /** Whose tokens it takes, and made for whom: the console signs in there. */
  readonly issuer: string;
  readonly audience: string;

  constructor(scope: Construct, id: string, props: StackProps & { data: DataStack }) {
    super(scope, id, props);
    const district = new CfnParameter(this, 'DistrictCode', {
      description: 'Six-digit division code of the district',
      allowedPattern: '^[0-9]{6}$',
    }).valueAsString;
    const issuer = new CfnParameter(this, 'Issuer', {
      description: 'URL of the OIDC issuer whose tokens are accepted',
      allowedPattern: '^https?://.+',
    }).valueAsString;
    const audience = new CfnParameter(this, 'Audience', {
      description: 'Audience the tokens must be made for',
      default: 'shouwang',
    }).valueAsString;
    const stage = new CfnParameter(this, 'Stage', {
      description: 'Names this deployment',
      default: 'prod',
      allowedPattern: '^[a-z][a-z0-9-]{0,15}$',
    }).valueAsString;

    const publicConcurrency = new CfnParameter(this, 'PublicConcurrency', {
      type: 'Number',
      description:
        'How many requests each function behind a public route serves at once; officials keep the rest of the account',
      default: 20,
      minValue: 1,
    }).valueAsNumber;

    const { table, tableKey, personalDataKey, documents } = props.data;
    const made = new Map(
      [...functionEntries().keys()].map((bundle) => [
        bundle,
        new ServiceFunction(this, pascal(bundle), {
          bundle,
          stage,
          district,
          table,
          tableKey,
          personalDataKey,
          documents,
          ...(publicFunctions().has(bundle) ? { concurrency: publicConcurrency } : {}),
        }),
      ]),
    );
    const serviceFunctionOf = (name: string) => {
      const found = made.get(name);
      if (found === undefined) throw new Error(`There is no function ${name}.`);
      return found;
    };
    const functionOf = (name: string) => serviceFunctionOf(name).lambda;

    const tasks = {
      'open-round': functionOf('open-round'),
      'await-early-seal': functionOf('await-early-seal'),
      'check-coverage': functionOf('check-coverage'),
      'remind-villages': functionOf('remind-villages'),
      'seal-villages': functionOf('seal-villages'),
      'judge-and-seal': functionOf('judge-and-seal'),
      'start-admissions': functionOf('start-admissions'),
      'publish-brief': functionOf('publish-brief'),
      'check-quality': functionOf('check-quality'),
    };
    const screening = new Workflow(this, 'QuarterlyScreening', {
      name: 'quarterly-screening',
      runbook: 'quarterly-screening-failed',
      stage,
      // A month of collecting, 15 days of grace, and days for a person to look and redrive.
      timeout: Duration.days(60),
      definition: quarterlyScreening(this, tasks),
      tasks: Object.values(tasks),
    });
    new Schedule(this, 'QuarterlySchedule', {
      description:
        'Opens the quarter: 09:00 Asia/Shanghai on the 11th, the first of the middle ten days of its first month',
      schedule: ScheduleExpression.cron({
        minute: '0',
        hour: '9',
        day: '11',
        month: '1,4,7,10',
        timeZone: TimeZone.of('Asia/Shanghai'),
      }),
      target: new StepFunctionsStartExecution(screening.machine, {
        input: ScheduleTargetInput.fromObject({ scheduledAt: ContextAttribute.scheduledTime }),
        retryAttempts: 10,
        maxEventAge: Duration.hours(24),
      }),
    });
    for (const name of ['case-admission', 'case-closure'] as const) {
      new Workflow(this, pascal(name), {
        name,
        runbook: 'review-failed',
        stage,
        // Fifteen days as published; what lies longer is escalated and orange, and is not given up for a year.
        timeout: Duration.days(364),
        definition: reviewLadder(new Construct(this, `${pascal(name)}States`), functionOf),
        tasks: reviewTasks.map(functionOf),
      });
    }
    new Workflow(this, 'ClaimSettlement', {
      name: 'claim-settlement',
      runbook: 'claim-settlement-failed',
      stage,
      // A decision may take 30 days beside a family's own time; what lies longer is escalated, and not given up for a year.
      timeout: Duration.days(364),
      definition: claimSettlement(new Construct(this, 'ClaimSettlementStates'), functionOf),
      tasks: claimTasks.map(functionOf),
    });
    const deliver = functionOf('deliver-decisions');
    const scheduler = new Role(this, 'DeliveryRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    scheduler.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [deliver.functionArn] }),
    );
    new Schedule(this, 'DeliverySchedule', {
      description: 'Starts workflows and delivers decisions whose first attempt was lost',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      target: new LambdaInvoke(deliver, {
        input: ScheduleTargetInput.fromObject({ enteredAt: ContextAttribute.scheduledTime }),
        retryAttempts: 0,
        // Without CDK's own additions, which grant every version of the function by wildcard.
        role: scheduler.withoutPolicyUpdates(),
      }),
    });
    alarmOnAge(this, serviceFunctionOf('deliver-decisions').log, stage);
    this.api = new Api(this, 'Api', { stage, issuer, audience, functions: functionOf }).api.apiEndpoint;
    this.issuer = issuer;
    this.audience = audience;
  }
}

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');
}
