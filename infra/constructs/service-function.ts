import { ArnFormat, Duration, type IResource, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  Architecture,
  Code,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { machineVariable, workflowNames } from '../../functions/contracts/workflows.ts';
import { type Grant, grants } from '../config.ts';
import { answerNist } from '../nist.ts';
import type { TableInUse } from '../table-in-use.ts';
import { keptLog } from './kept-log.ts';

export interface ServiceFunctionProps {
  /** The name of its bundle, `dist/<bundle>`, and of its entry in `config.ts`. */
  bundle: string;
  stage: string;
  district: string;
  table: TableInUse;
  tableKey: IKey;
  personalDataKey: IKey;
  briefKey: IKey;
  bus: EventBus;
  documents: Bucket;
  auditRoots: Bucket;
  /** `tag` where a scanner of the account marks what comes in, else `none`. */
  paperScan: string;
  /** How many at once at the most: functions behind public routes, so that a flood there leaves the account's concurrency to officials. */
  concurrency?: number;
  /** Of a function behind the API: what the distribution adds to each request, for it to ask for. */
  originSecret?: string;
  /** Of a function behind the API: under which claims a token tells role and region. */
  claims?: { role: string; region: string };
  /** What it is told by parameters of the deployment, in words: another text makes another version. */
  settings: string;
  /** Days for which its log is kept. */
  retention: number;
  /** Takes the events of a function that is called without waiting for its answer, when its retries are over. */
  deadLetters?: Queue;
}

/** A Lambda function with a role of its own that may write its own log and do what `config.ts` grants it by name. */
export class ServiceFunction extends Construct {
  /** What everybody calls: the version that is live, and during a deployment a share of the new one. */
  readonly live: Alias & IFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const grant = grants[props.bundle];
    if (grant === undefined)
      throw new Error(`infra/config.ts grants nothing to the function ${props.bundle}; add an entry.`);
    const functionName = `shouwang-${props.stage}-${props.bundle}`;
    const { retention, deadLetters } = props;
    const logGroup = keptLog(this, 'Log', { name: `/aws/lambda/${functionName}`, retention });
    const permissions = new PolicyDocument();
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      // Inside the role: a policy of its own would be one more of the 500 resources a stack may have.
      inlinePolicies: { own: permissions },
    });
    const permit = (...statements: PolicyStatement[]) => permissions.addStatements(...statements);
    permit(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    if (deadLetters !== undefined)
      permit(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
    const lambda = new LambdaFunction(this, 'Function', {
      functionName,
      // Of a function that is as it was Lambda makes no other version: what is in the version's name must be in each function too.
      description: props.settings,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(`dist/${props.bundle}`),
      role: role.withoutPolicyUpdates(),
      logGroup,
      ...(deadLetters === undefined ? {} : { deadLetterQueue: deadLetters }),
      loggingFormat: LoggingFormat.JSON,
      memorySize: grant.memory ?? 1024,
      timeout: grant.timeout ?? Duration.seconds(29),
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      currentVersionOptions: {
        // A version holds the settings it was made with. What parameters give to functions is in its name, so that other values make another version.
        description: props.settings,
        // The one before stays, to be gone back to.
        removalPolicy: RemovalPolicy.RETAIN,
      },
      environment: {
        DISTRICT: props.district,
        POWERTOOLS_SERVICE_NAME: props.bundle,
        // Stack traces name the line that was written: the map lies beside the bundle.
        NODE_OPTIONS: '--enable-source-maps',
        ...(props.originSecret === undefined ? {} : { ORIGIN_SECRET: props.originSecret }),
        ...(props.claims === undefined ? {} : { ROLE_CLAIM: props.claims.role, REGION_CLAIM: props.claims.region }),
        ...(grant.events ? { EVENT_BUS: props.bus.eventBusName } : {}),
        ...(grant.metrics ? { POWERTOOLS_METRICS_NAMESPACE: metricsOf(props.stage) } : {}),
        ...(grant.table === undefined ? {} : { TABLE_NAME: props.table.name }),
        ...(grant.personalData === undefined ? {} : { PERSONAL_DATA_KEY: props.personalDataKey.keyArn }),
        ...(grant.signsBriefs ? { BRIEF_KEY: props.briefKey.keyArn } : {}),
        ...(grant.writesAuditRoots ? { AUDIT_BUCKET: props.auditRoots.bucketName } : {}),
        ...(grant.documents === undefined && grant.erasesDocuments === undefined
          ? {}
          : { DOCUMENTS_BUCKET: props.documents.bucketName, PAPER_SCAN: props.paperScan }),
      },
    });
    if (grant.events)
      permit(new PolicyStatement({ actions: ['events:PutEvents'], resources: [props.bus.eventBusArn] }));
    if (grant.table !== undefined) permit(...this.#tableStatements(props, grant.table));
    const indexes = [...(grant.openIndex ? ['open'] : []), ...(grant.timeIndex ? ['openAt'] : [])];
    if (indexes.length > 0)
      permit(
        new PolicyStatement({
          actions: ['dynamodb:Query'],
          resources: indexes.map((index) => `${props.table.arn}/index/${index}`),
        }),
      );
    if (grant.personalData !== undefined) {
      permit(new PolicyStatement({ actions: [...grant.personalData], resources: [props.personalDataKey.keyArn] }));
    }
    if (grant.signsBriefs)
      permit(new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [props.briefKey.keyArn] }));
    if (grant.writesAuditRoots) permit(this.#rootStatement(role, props));
    if (grant.documents !== undefined) permit(...this.#documentStatements(role, props, grant.documents));
    if (grant.erasesDocuments) permit(this.#erasingStatement(role, props));
    for (const workflow of workflowNames) {
      const actions = grant.workflows?.[workflow];
      if (actions === undefined) continue;
      // By its name, not its reference, and without the alias, which Step Functions does not ask the right for: a task may call the very workflow it belongs to, which would be a circle.
      const resourceName = `shouwang-${props.stage}-${workflow}`;
      const arn = Stack.of(this).formatArn({
        service: 'states',
        resource: 'stateMachine',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      lambda.addEnvironment(machineVariable(workflow), `${arn}:live`);
      if (actions.length > 0) permit(new PolicyStatement({ actions: [...actions], resources: [arn] }));
    }
    const { currentVersion: version } = lambda;
    if (!isVersion(version)) throw new Error('A function has a version.');
    const live = new Alias(this, 'Live', { aliasName: 'live', version });
    if (!isAlias(live)) throw new Error('A version has its alias.');
    this.live = live;
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason:
        'X-Ray does not trace Lambda in the China regions, and the template is the same in every partition; requests are followed by their ids in the logs.',
    });
    answerNist(this, ['IAMNoInlinePolicy', 'CloudWatchLogGroupEncrypted', 'LambdaInsideVPC']);
    if (props.concurrency === undefined) answerNist(this, ['LambdaConcurrency']);
    else
      answerNist(
        this,
        ['LambdaConcurrency'],
        'It is capped, by a parameter of the deployment, which the rule cannot read.',
      );
    if (deadLetters === undefined) {
      answerNist(this, ['LambdaDLQ']);
      Validations.of(this).acknowledge({
        id: 'Serverless-LambdaDLQ',
        reason:
          'Called by the HTTP API or a workflow task, which wait for the answer: a failure reaches the caller, nothing is queued. What a schedule calls has a queue.',
      });
    }
  }

  #rootStatement(role: Role, { auditRoots }: ServiceFunctionProps): PolicyStatement {
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${Stack.of(auditRoots).stackName}:ExportsOutputFnGetAttAuditRootsFD2559D7Arn729F612F/*]` as const,
      reason: 'Roots and their parts, named by day and by contents; what is there cannot be written again.',
    });
    return new PolicyStatement({ actions: ['s3:PutObject'], resources: [auditRoots.arnForObjects('*')] });
  }

  #documentStatements(
    role: Role,
    { documents, tableKey }: ServiceFunctionProps,
    { folder, actions }: NonNullable<Grant['documents']>,
  ): PolicyStatement[] {
    // Tables are this system's own: nothing comes in there.
    const incoming = folder === 'exchange' ? [] : [`incoming/${folder}`];
    const places = [folder, ...incoming];
    acknowledgeFiles(role, documents, places);
    return [
      new PolicyStatement({
        actions: [...actions],
        resources: places.map((place) => documents.arnForObjects(`${place}/*`)),
      }),
      // What a scanner says of a file stands in its tags.
      ...incoming.map(
        (place) =>
          new PolicyStatement({
            actions: ['s3:GetObjectTagging'],
            resources: [documents.arnForObjects(`${place}/*`)],
          }),
      ),
      // S3 wraps each paper's key in the name of whoever signed the request; outside S3 this grants nothing.
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [tableKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': endpointsOf('s3', documents) } },
      }),
    ];
  }

  #erasingStatement(role: Role, { documents }: ServiceFunctionProps): PolicyStatement {
    const places = ['claims', 'evidence', 'incoming/claims', 'incoming/evidence'];
    acknowledgeFiles(role, documents, places);
    return new PolicyStatement({
      actions: ['s3:DeleteObject'],
      resources: places.map((place) => documents.arnForObjects(`${place}/*`)),
    });
  }

  #tableStatements(
    { table, tableKey, documents }: ServiceFunctionProps,
    actions: readonly string[],
  ): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: [...actions], resources: [table.arn] }),
      ...(actions.some((action) => UNCONDITIONED.includes(action)) ? [leavesTimelines(table)] : []),
      // DynamoDB unwraps the table's key in the name of the caller; outside DynamoDB this grants nothing.
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:DescribeKey'],
        resources: [tableKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': endpointsOf('dynamodb', documents) } },
      }),
    ];
  }
}

/** What changes or removes an item, or writes over one without a condition. */
const UNCONDITIONED: readonly string[] = [
  'dynamodb:UpdateItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
];

/**
 * No function may update, delete or write in a batch what lies with a case or claim: that is where the links of their timelines are. A single put is left,
 * of which IAM cannot tell whether it has a condition (ADR 22).
 */
function leavesTimelines(table: TableInUse): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: [...UNCONDITIONED],
    resources: [table.arn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['CASE#*', 'CLAIM#*'] } },
  });
}

/** CDK's classes leave open what their own interfaces want said. */
function isVersion(one: Version): one is Version & IVersion {
  return one.role !== undefined;
}

function isAlias(one: Alias): one is Alias & IFunction {
  return one.role !== undefined;
}

/** The namespace of a deployment's own metrics. */
export function metricsOf(stage: string): string {
  return `shouwang-${stage}`;
}

/** Files are named when they come in or are asked for. */
function acknowledgeFiles(role: Role, documents: Bucket, places: readonly string[]): void {
  Validations.of(role).acknowledge(
    ...places.map((place) => ({
      // The bucket as its export names it.
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${Stack.of(documents).stackName}:ExportsOutputFnGetAttDocuments7E5B2978Arn159F38C5/${place}/*]` as const,
      reason: 'Papers, photographs or tables, whose names are made when they come in or are asked for.',
    })),
  );
}

/** Both names a service may go by: AWS's documents of the China regions use either suffix, and only one of them exists in any partition. */
function endpointsOf(service: string, resource: IResource): string[] {
  const { region } = Stack.of(resource);
  return ['amazonaws.com', 'amazonaws.com.cn'].map((suffix) => `${service}.${region}.${suffix}`);
}
