import { CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Days CloudWatch Logs can keep, from the six months that the Cybersecurity Law (Article 21) asks for. */
const DAYS = [180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** How long all logs of a stack are kept: asked at deployment, never less than six months. */
export function retentionOf(scope: Construct): number {
  return new CfnParameter(scope, 'LogRetentionDays', {
    type: 'Number',
    description: 'Days for which logs are kept; six months at the least',
    default: DAYS[0],
    allowedValues: DAYS.map(String),
  }).valueAsNumber;
}

/** A log that outlives its stack: who did what must be told also after the system was taken down. */
export function keptLog(scope: Construct, id: string, props: { name?: string; retention: number }): LogGroup {
  return new LogGroup(scope, id, {
    ...(props.name === undefined ? {} : { logGroupName: props.name }),
    retention: props.retention,
    // Not when it was only just made: its name would be in the way of the next attempt of a first deployment that failed.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
