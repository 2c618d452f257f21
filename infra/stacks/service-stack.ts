import {
  CfnOutput,
  CfnParameter,
  Duration,
  Fn,
  Stack,
  type StackProps,
  TimeZone,
  Token,
  Validations,
} from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { routes } from '../../functions/api/routes.ts';
import { releaseAlarms } from '../alarms.ts';
import { type Cell, districtOf, stageOf } from '../cell.ts';
import { Api } from '../constructs/api.ts';
import { retentionOf } from '../constructs/kept-log.ts';
import { releasedByTenths } from '../constructs/releases.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { Workflow } from '../constructs/workflow.ts';
import { originSecretOf } from '../front.ts';
import { functionEntries, functionNameOf, publicFunctions } from '../functions.ts';
import { issuerOf } from '../issuer.ts';
import { answerNist } from '../nist.ts';
import { tableInUse } from '../table-in-use.ts';
import { claimSettlement, claimTasks } from '../workflows/claim-settlement/definition.ts';
import { quarterlyScreening } from '../workflows/quarterly-screening/definition.ts';
import { reviewLadder, reviewTasks } from '../workflows/review-ladder/definition.ts';
import type { DataStack } from './data-stack.ts';

/** Everything replaceable: functions, API, workflows, schedules. One district is one deployment of this template. */
export class ServiceStack extends Stack {
  /** Where the HTTP API answers. */
  readonly api: string;
  readonly apiId: string;
  /** What a schedule could not hand over, and what a function called without waiting failed at for the last time. */
  readonly undelivered: Queue;
  readonly failedEvents: Queue;

  constructor(scope: Construct, id: string, props: StackProps & { data: DataStack; cell: Cell | undefined }) {
    super(scope, id, props);
    const district = districtOf(this, props.cell);
    const stage = stageOf(this, props.cell);
    const retention = retentionOf(this);
    const issuer = issuerOf(this);
    const publicConcurrency = new CfnParameter(this, 'PublicConcurrency', {
      type: 'Number',
      description:
        'How many requests each function behind a public route serves at once; officials keep the rest of the account',
      default: 20,
      minValue: 1,
    }).valueAsNumber;

    const originSecret = originSecretOf(this);
    const claimName = (id: string, what: string, otherwise: string) =>
      new CfnParameter(this, id, {
        description: `The claim of a token that tells the ${what}, such as custom:${what} or cognito:groups`,
        default: otherwise,
        allowedPattern: '^[A-Za-z0-9_:./-]{1,50}$',
      }).valueAsString;
    const claims = {
      role: claimName('RoleClaim', 'role', 'role'),
      region: claimName('RegionClaim', 'region', 'region'),
    };
    const publicRoutes = new CfnParameter(this, 'PublicRoutes', {
      description:
        'Whether anybody may read notices, declare and report without a token. Off in a China region until the domain name is filed (ICP): API Gateway would not answer',
      default: 'on',
      allowedValues: ['on', 'off'],
    }).valueAsString;
    const paperScan = new CfnParameter(this, 'PaperScan', {
      description:
        'tag: papers are taken in once a malware scanner has tagged them clean (GuardDuty Malware Protection for S3 on the prefix incoming/); none: by their content only',
      default: 'none',
      allowedValues: ['none', 'tag'],
    }).valueAsString;
    // The secret itself must not be in a version's name; its serial number is.
    const serial = new CfnParameter(this, 'OriginSecretSerial', {
      type: 'Number',
      description: 'Raise it whenever OriginSecret is changed: functions keep the settings of their version',
      default: 0,
    }).valueAsNumber;
    const ofApi = new Set(Object.values(routes).map(functionNameOf));

    const { tableKey, personalDataKey, briefKey, documents, auditRoots } = props.data;
    const table = tableInUse(this, props.data.table);
    const settings = Fn.join(' ', [
      'table',
      table.name,
      'secret',
      Token.asString(serial),
      'claims',
      claims.role,
      claims.region,
      'scan',
      paperScan,
    ]);
    const rollback = releaseAlarms(this, stage);
    const bus = new EventBus(this, 'Events', {
      eventBusName: `shouwang-${stage}`,
      description: 'Shouwang: what has happened, for whoever should be told; ids only',
    });
    this.undelivered = this.#deadLetters('Undelivered');
    this.failedEvents = this.#deadLetters('FailedEvents');
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
          briefKey,
          bus,
          documents,
          auditRoots,
          paperScan,
          retention,
          settings,
          ...(ofApi.has(bundle) ? { originSecret, claims } : {}),
          ...(SCHEDULED.includes(bundle) ? { deadLetters: this.failedEvents } : {}),
          ...(publicFunctions().has(bundle) ? { concurrency: publicConcurrency } : {}),
        }),
      ]),
    );
    const functionOf = (name: string) => {
      const found = made.get(name);
      if (found === undefined) throw new Error(`There is no function ${name}.`);
      return found.live;
    };

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
      stage,
      retention,
      rollback,
      // A month of collecting, 15 days of grace, and days for a person to look and redrive.
      timeout: Duration.days(60),
      definition: quarterlyScreening(this, tasks),
      tasks: Object.values(tasks),
      hasMaps: true,
    });
    new Schedule(this, 'QuarterlySchedule', {
      scheduleName: `shouwang-${stage}-quarter`,
      description:
        'Opens the quarter: 09:00 Asia/Shanghai on the 11th, the first of the middle ten days of its first month',
      schedule: ScheduleExpression.cron({
        minute: '0',
        hour: '9',
        day: '11',
        month: '1,4,7,10',
        timeZone: TimeZone.of('Asia/Shanghai'),
      }),
      target: new StepFunctionsStartExecution(screening.live, {
        input: ScheduleTargetInput.fromObject({ scheduledAt: ContextAttribute.scheduledTime }),
        retryAttempts: 10,
        maxEventAge: Duration.hours(24),
        deadLetterQueue: this.undelivered,
        // The right to an alias is the right to its machine, which CDK does not know.
        role: this.#scheduler('Quarterly', 'states:StartExecution', screening.machine.stateMachineArn),
      }),
    });
    for (const name of ['case-admission', 'case-closure'] as const) {
      new Workflow(this, pascal(name), {
        name,
        stage,
        retention,
        rollback,
        // Fifteen days as published; what lies longer is escalated and orange, and is not given up for a year.
        timeout: Duration.days(364),
        definition: reviewLadder(new Construct(this, `${pascal(name)}States`), functionOf),
        tasks: reviewTasks.map(functionOf),
      });
    }
    new Workflow(this, 'ClaimSettlement', {
      name: 'claim-settlement',
      stage,
      retention,
      rollback,
      // A decision may take 30 days beside a family's own time; what lies longer is escalated, and not given up for a year.
      timeout: Duration.days(364),
      definition: claimSettlement(new Construct(this, 'ClaimSettlementStates'), functionOf),
      tasks: claimTasks.map(functionOf),
    });
    this.#callBySchedule('Delivery', functionOf('deliver-decisions'), {
      name: `shouwang-${stage}-delivery`,
      description: 'Starts workflows and delivers decisions whose first attempt was lost',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
    });
    this.#callBySchedule('Watch', functionOf('watch-district'), {
      name: `shouwang-${stage}-watch`,
      description: 'Looks twice a day at what is late: 08:30 and 16:30 Asia/Shanghai',
      schedule: ScheduleExpression.cron({ minute: '30', hour: '8,16', timeZone: TimeZone.of('Asia/Shanghai') }),
    });
    this.#callBySchedule('Close', functionOf('close-day'), {
      name: `shouwang-${stage}-close`,
      description: 'Sums up each village for briefs: 00:30 Asia/Shanghai',
      schedule: ScheduleExpression.cron({ minute: '30', hour: '0', timeZone: TimeZone.of('Asia/Shanghai') }),
    });
    this.#callBySchedule('RootAudit', functionOf('root-audit'), {
      name: `shouwang-${stage}-root`,
      description: 'Puts the daily root of all chains where nobody can delete it: 01:00 Asia/Shanghai',
      schedule: ScheduleExpression.cron({ minute: '0', hour: '1', timeZone: TimeZone.of('Asia/Shanghai') }),
    });
    const { apiEndpoint, apiId } = new Api(this, 'Api', {
      publicRoutes,
      stage,
      issuer,
      retention,
      functions: functionOf,
    }).api;
    this.api = apiEndpoint;
    this.apiId = apiId;
    new CfnOutput(this, 'EventBus', { value: bus.eventBusArn });
    new CfnOutput(this, 'AuditBucket', { value: auditRoots.bucketName });
    new CfnOutput(this, 'ApiUrl', { value: apiEndpoint });
    // What the runbooks ask for.
    new CfnOutput(this, 'ApiId', { value: apiId });
    new CfnOutput(this, 'UndeliveredUrl', { value: this.undelivered.queueUrl });
    new CfnOutput(this, 'FailedEventsUrl', { value: this.failedEvents.queueUrl });
    releasedByTenths(this, [...ofApi].map(functionOf), rollback);
    new CfnOutput(this, 'TableName', { value: table.name });
  }

  /** Calls a function by a schedule, which does not wait for its answer: a failure is tried again, then kept in the queue of failed events. */
  #callBySchedule(
    id: string,
    target: IFunction,
    { name, description, schedule }: { name: string; description: string; schedule: ScheduleExpression },
  ) {
    new Schedule(this, `${id}Schedule`, {
      scheduleName: name,
      description,
      schedule,
      target: new LambdaInvoke(target, {
        input: ScheduleTargetInput.fromObject({ enteredAt: ContextAttribute.scheduledTime }),
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
        deadLetterQueue: this.undelivered,
        role: this.#scheduler(id, 'lambda:InvokeFunction', target.functionArn),
      }),
    });
  }

  /** Who a schedule calls as; without CDK's own additions, which grant every version of a function by wildcard. */
  #scheduler(id: string, action: string, target: string): IRole {
    const statement = (act: string, resource: string) => new PolicyStatement({ actions: [act], resources: [resource] });
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      inlinePolicies: {
        own: new PolicyDocument({
          statements: [statement(action, target), statement('sqs:SendMessage', this.undelivered.queueArn)],
        }),
      },
    });
    answerNist(role, ['IAMNoInlinePolicy']);
    return role.withoutPolicyUpdates();
  }

  #deadLetters(id: string): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const reason = 'It is itself where dead letters go, for a person to look at; nothing takes messages from it.';
    Validations.of(queue).acknowledge(
      { id: 'AwsSolutions-SQS3', reason },
      { id: 'Serverless-SQSRedrivePolicy', reason },
    );
    return queue;
  }
}

/** Functions that only a schedule calls. */
const SCHEDULED: readonly string[] = ['deliver-decisions', 'watch-district', 'close-day', 'root-audit'];

function pascal(name: string): string {
  return name
    .split('-')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join('');
}
