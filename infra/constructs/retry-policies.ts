import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { passingErrors } from '../../functions/contracts/passing-errors.ts';

/**
 * Temporary failures: Lambda throttling or internal errors, a runtime that was stopped, and what the services that tasks call answer when they fail.
 * Six retries from 2 s, doubled, at most 60 s, full jitter: up to 2 + 4 + 8 + 16 + 32 + 60 = 122 s, half of it on average.
 * On-demand tables double their capacity within minutes; what lasts longer is an outage, and a person redrives (runbook).
 */
export const transientFailures: RetryProps = {
  errors: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.Unknown',
    'Sandbox.Timedout',
    ...passingErrors,
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.seconds(60),
  maxAttempts: 6,
  jitterStrategy: JitterType.FULL,
};
