import { CfnElement, type Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { answerNist } from '../nist.ts';

/** API functions let a new version in by a tenth and then the rest; what a workflow calls goes over at once, and is retried. */
export function releasedByTenths(stack: Stack, functions: readonly Alias[], rollback: readonly Alarm[]): void {
  const application = new LambdaApplication(stack, 'Releases');
  const role = new Role(stack, 'ReleaseRole', {
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
    inlinePolicies: {
      own: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
          new PolicyStatement({
            actions: ['lambda:GetAlias', 'lambda:UpdateAlias'],
            resources: functions.map(({ lambda }) => lambda.functionArn),
          }),
          // Asked of the alias and of each version, whose numbers nobody knows beforehand.
          new PolicyStatement({
            actions: ['lambda:GetProvisionedConcurrencyConfig'],
            resources: functions.map(({ lambda }) => `${lambda.functionArn}:*`),
          }),
        ],
      }),
    },
  });
  answerNist(role, ['IAMNoInlinePolicy']);
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason: 'Describing alarms knows no resource.' },
    ...functions.map(({ lambda }) => ({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${stack.getLogicalId(elementOf(lambda))}.Arn>:*]` as const,
      reason: 'Only looked at: its versions, which have no other names.',
    })),
  );
  for (const alias of functions) {
    new LambdaDeploymentGroup(stack, `${alias.lambda.node.scope?.node.id ?? ''}Release`, {
      application,
      // Without CDK's own additions: its managed policy may call functions of any name.
      role: role.withoutPolicyUpdates(),
      alias,
      alarms: [...rollback],
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    });
  }
}

function elementOf({ node }: IFunction): CfnElement {
  const { defaultChild } = node;
  if (!(defaultChild instanceof CfnElement)) throw new Error('A function is a resource of the template.');
  return defaultChild;
}
