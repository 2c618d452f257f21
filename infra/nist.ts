import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const AS_SERVERLESS_DLQ =
  'Called by the HTTP API or a workflow task, which wait for the answer: a failure reaches the caller, nothing is queued. What a schedule calls has a queue.';

/** What NIST 800-53 r5 asks for and is answered otherwise here, with the reason. Each is said where the thing is made, so that a new one is found again. */
const answers = {
  IAMNoInlinePolicy:
    'Each role has one holder, and its policy is made of what that one was granted by name: a policy of its own would be shared by nobody, could be attached elsewhere, and is one more of the 500 resources of a stack.',
  CloudWatchLogGroupEncrypted:
    'Logs hold ids, counts and words of outcome, nothing about a person (test/journeys/privacy); CloudWatch encrypts them at rest with its own key.',
  LambdaConcurrency:
    'Functions behind public routes are capped, so that a flood leaves the account’s concurrency to officials; the others share it, and a round needs all of it on one day and none on the next.',
  LambdaDLQ: AS_SERVERLESS_DLQ,
  LambdaInsideVPC:
    'Functions talk to AWS’s own services only, by TLS and signed by their roles; nothing of theirs listens. Inside a network they would need an endpoint for each service and could do no less.',
  CloudWatchAlarmAction:
    'CodeDeploy asks for it while a release goes in, and takes the release back; the same metrics wake a person through the alarms of the Watch stack.',
  DynamoDBInBackupPlan:
    'Restored to any second of 35 days (point-in-time recovery), and deletion is protected; a copy in another account is the organisation’s plan (docs/runbooks/restore.md), which names its vault.',
  S3BucketReplicationEnabled:
    'Nothing is written over or deleted here before its time; a copy elsewhere needs another account’s bucket, which only the organisation can name (docs/runbooks/restore.md).',
  S3BucketLoggingEnabled: 'As AwsSolutions-S1.',
} as const;

/** The same findings at other things, where another reason holds. */
type Finding = keyof typeof answers | 'S3DefaultEncryptionKMS' | 'SNSEncryptedKMS' | 'WAFv2LoggingEnabled';

/** Answers a finding of the NIST pack at a construct and what it holds. @param reason where it is not the common one */
export function answerNist(scope: Construct, findings: readonly (keyof typeof answers)[]): void;
export function answerNist(scope: Construct, findings: readonly Finding[], reason: string): void;
export function answerNist(scope: Construct, findings: readonly Finding[], reason?: string): void {
  const common: Readonly<Record<string, string>> = answers;
  Validations.of(scope).acknowledge(
    ...findings.map((finding) => ({
      id: `NIST.800.53.R5-${finding}` as const,
      reason: reason ?? common[finding] ?? '',
    })),
  );
}
