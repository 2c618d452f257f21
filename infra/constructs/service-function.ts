import { ArnFormat, Duration, type IResource, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { machineVariable, workflowNames } from '../../functions/contracts/workflows.ts';
import { type Grant, grants } from '../config.ts';

export interface ServiceFunctionProps {
  /** The name of its bundle, `dist/<bundle>`, and of its entry in `config.ts`. */
  bundle: string;
  stage: string;
  district: string;
  table: Table;
  tableKey: IKey;
  personalDataKey: IKey;
  documents: Bucket;
  /** How many at once at the most: functions behind public routes, so that a flood there leaves the account's concurrency to officials. */
  concurrency?: number;
}

/** A Lambda function with a role of its own that may write its own log and do what `config.ts` grants it by name. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const grant = grants[props.bundle];
    if (grant === undefined)
      throw new Error(`infra/config.ts grants nothing to the function ${props.bundle}; add an entry.`);
    const functionName = `shouwang-${props.stage}-${props.bundle}`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.log = logGroup;
    logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(`dist/${props.bundle}`),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      memorySize: grant.memory ?? 1024,
      timeout: grant.timeout ?? Duration.seconds(29),
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      environment: {
        DISTRICT: props.district,
        POWERTOOLS_SERVICE_NAME: props.bundle,
        ...(grant.table === undefined ? {} : { TABLE_NAME: props.table.tableName }),
        ...(grant.personalData === undefined ? {} : { PERSONAL_DATA_KEY: props.personalDataKey.keyArn }),
        ...(grant.documents === undefined ? {} : { DOCUMENTS_BUCKET: props.documents.bucketName }),
      },
    });
    if (grant.table !== undefined) this.#grantTable(role, props, grant.table);
    if (grant.openIndex)
      role.addToPolicy(
        new PolicyStatement({ actions: ['dynamodb:Query'], resources: [`${props.table.tableArn}/index/open`] }),
      );
    if (grant.personalData !== undefined) {
      role.addToPolicy(
        new PolicyStatement({ actions: [...grant.personalData], resources: [props.personalDataKey.keyArn] }),
      );
    }
    if (grant.documents !== undefined) this.#grantDocuments(role, props, grant.documents);
    for (const workflow of workflowNames) {
      const actions = grant.workflows?.[workflow];
      if (actions === undefined) continue;
      // By its name, not its reference: a task may call the very workflow it belongs to, which would be a circle.
      const resourceName = `shouwang-${props.stage}-${workflow}`;
      const arn = Stack.of(this).formatArn({
        service: 'states',
        resource: 'stateMachine',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      this.lambda.addEnvironment(machineVariable(workflow), arn);
      if (actions.length > 0) role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [arn] }));
    }
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason:
        'X-Ray does not trace Lambda in the China regions, and the template is the same in every partition; requests are followed by their ids in the logs.',
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Every function is called synchronously, by the HTTP API or a workflow task: a failure reaches the caller, nothing is queued.',
    });
  }

  #grantDocuments(
    role: Role,
    { documents, tableKey }: ServiceFunctionProps,
    { folder, actions }: NonNullable<Grant['documents']>,
  ): void {
    role.addToPolicy(
      new PolicyStatement({ actions: [...actions], resources: [documents.arnForObjects(`${folder}/*`)] }),
    );
    // S3 wraps each paper's key in the name of whoever signed the request; outside S3 this grants nothing.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [tableKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${regionOf(documents)}.amazonaws.com` } },
      }),
    );
    Validations.of(role).acknowledge({
      // The bucket as its export names it.
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::Shouwang-Data:ExportsOutputFnGetAttDocuments7E5B2978Arn159F38C5/${folder}/*]`,
      reason: 'Papers of claims or photographs of evidence, whose names are made when they come in.',
    });
  }

  #grantTable(role: Role, { table, tableKey }: ServiceFunctionProps, actions: readonly string[]): void {
    role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [table.tableArn] }));
    // DynamoDB unwraps the table's key in the name of the caller; outside DynamoDB this grants nothing.
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:DescribeKey'],
        resources: [tableKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${regionOf(table)}.amazonaws.com` } },
      }),
    );
  }
}

function regionOf(resource: IResource): string {
  return Stack.of(resource).region;
}
