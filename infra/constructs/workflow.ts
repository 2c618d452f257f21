import { ArnFormat, type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  type IChainable,
  type IStateMachine,
  LogLevel,
  QueryLanguage,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { answerNist } from '../nist.ts';
import { keptLog } from './kept-log.ts';

interface WorkflowProps {
  /** Of the machine; its folders in functions/tasks, infra/workflows and test/workflows are called so too, or after the ladder that two share. */
  name: string;
  stage: string;
  /** While one of them rings, a new version is taken back. */
  rollback: readonly IAlarm[];
  /** Days for which its log is kept. */
  retention: number;
  definition: IChainable;
  /** The functions its tasks call: its role may invoke these and nothing else. */
  tasks: readonly IFunction[];
  /** Whether a Distributed Map is among its states: its role may then start the machine's own children, and look after them. */
  hasMaps?: boolean;
  timeout: Duration;
}

/** A Standard workflow with its log (never execution data: payloads stay out of logs). */
export class Workflow extends Construct {
  readonly machine: StateMachine;
  /** What is started: the version that is live, and during a deployment a share of the new one. */
  readonly live: IStateMachine;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const destination = keptLog(this, 'Log', {
      name: `/aws/vendedlogs/states/shouwang-${props.stage}-${props.name}`,
      retention: props.retention,
    });
    const role = this.#role(props);
    this.machine = new StateMachine(this, 'StateMachine', {
      stateMachineName: `shouwang-${props.stage}-${props.name}`,
      stateMachineType: StateMachineType.STANDARD,
      // Without CDK's own additions, which grant every version of every function by wildcard.
      role: role.withoutPolicyUpdates(),
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(props.definition),
      logs: { destination, level: LogLevel.ALL, includeExecutionData: false },
      timeout: props.timeout,
    });
    // CDK's own policy for Distributed Maps names every execution of the machine; the role's is narrower.
    this.machine.node.tryRemoveChild('DistributedMapPolicy');
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.machine.stateMachineArn,
      // Another definition is another revision, and makes another version; running executions stay with theirs.
      stateMachineRevisionId: this.machine.stateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const alias = new CfnStateMachineAlias(this, 'Live', {
      name: 'live',
      deploymentPreference: {
        stateMachineVersionArn: version.attrArn,
        type: 'CANARY',
        percentage: 10,
        interval: 10,
        alarms: props.rollback.map(({ alarmName }) => alarmName),
      },
    });
    this.live = StateMachine.fromStateMachineArn(this, 'LiveMachine', alias.attrArn);
    answerNist(this, ['IAMNoInlinePolicy', 'CloudWatchLogGroupEncrypted']);
    Validations.of(this.machine).acknowledge(
      {
        id: 'AwsSolutions-SF2',
        reason:
          'X-Ray does not trace Lambda in the China regions, and the template is the same in every partition; executions keep their own history.',
      },
      { id: 'Serverless-StepFunctionStateMachineXray', reason: 'As AwsSolutions-SF2.' },
    );
  }

  #role({ name, stage, tasks, hasMaps = false }: WorkflowProps): Role {
    const permissions = new PolicyDocument();
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: { own: permissions },
    });
    permissions.addStatements(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: tasks.map(({ functionArn }) => functionArn),
      }),
    );
    if (hasMaps) this.#mayStartChildren(role, permissions, `shouwang-${stage}-${name}`, name);
    permissions.addStatements(
      new PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        resources: ['*'],
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'The log delivery actions know no resource (AWS: logging with Step Functions, IAM policies).',
    });
    return role;
  }

  /** A Distributed Map starts its children as executions of its own machine, and stops or redrives them by name. */
  #mayStartChildren(role: Role, permissions: PolicyDocument, machine: string, name: string): void {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    permissions.addStatements(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn('stateMachine', machine)] }),
    );
    permissions.addStatements(
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
        resources: [arn('execution', `${machine}/*`)],
      }),
    );
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:shouwang-<Stage>-${name}/*]`,
      reason: 'The children of this one machine, whose names Step Functions makes.',
    });
  }
}
