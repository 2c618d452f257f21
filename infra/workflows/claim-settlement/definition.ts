import { Aws, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  CustomState,
  type IChainable,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { transientFailures } from '../../constructs/retry-policies.ts';
import { claim, comes, paidOut, turnOfClaim, waitOfClaim, waitSeconds } from './expressions.ts';

export const claimTasks = [
  'claim-next',
  'check-cover',
  'adjudicate-claim',
  'close-claim',
  'await-claim-step',
  'watch-claim',
] as const;
type ClaimTask = (typeof claimTasks)[number];

/**
 * 理赔: register and check the cover → documents (the clock stands still) → survey → adjudicate → approve and reserve → pay → confirmed → close. Where
 * a claim stands is in the claim; the machine asks what comes next, does it or waits for it, and asks again, as the reviews of cases do (ADR 6).
 *
 * History: 15 events a step and 12 for each reminder; a claim with every detour is below 800 of 25,000.
 */
export function claimSettlement(scope: Construct, functionOf: (name: string) => IFunction): IChainable {
  const task = (id: string, name: ClaimTask, payload: string, more: { assign?: Record<string, string> } = {}) =>
    LambdaInvoke.jsonata(scope, id, {
      lambdaFunction: functionOf(name),
      payload: TaskInput.fromText(payload),
      taskTimeout: Timeout.duration(Duration.seconds(60)),
      retryOnServiceExceptions: false,
      outputs: '{% $states.result.Payload %}',
      ...more,
    }).addRetry(transientFailures);

  const look = task('What comes next', 'claim-next', claim, {
    assign: { turn: '{% $states.result.Payload.turn %}', waitSeconds: '{% $states.result.Payload.waitSeconds %}' },
  });
  const check = task('Register and check cover', 'check-cover', turnOfClaim);
  const adjudicate = task('Adjudicate', 'adjudicate-claim', turnOfClaim);
  const close = task('Close claim', 'close-claim', turnOfClaim);
  const watch = task('Remind or escalate', 'watch-claim', turnOfClaim);
  const wait = new CustomState(scope, 'Await step', {
    stateJson: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`,
      Arguments: { FunctionName: functionOf('await-claim-step').functionArn, Payload: waitOfClaim },
      TimeoutSeconds: waitSeconds,
    },
  }).addRetry(transientFailures);
  wait.addCatch(watch, { errors: ['States.Timeout'] });
  wait.addCatch(look, { errors: ['StepOver'] });

  look.next(
    Choice.jsonata(scope, 'Which is it?')
      .when(Condition.jsonata(comes('check')), check)
      .when(Condition.jsonata(comes('adjudicate')), adjudicate)
      .when(Condition.jsonata(comes('wait')), wait)
      .when(Condition.jsonata(comes('close')), close)
      .when(Condition.jsonata(paidOut), Succeed.jsonata(scope, 'Paid and closed'))
      .otherwise(Succeed.jsonata(scope, 'Ended without payment')),
  );
  for (const state of [check, adjudicate, wait, close, watch]) state.next(look);
  return look;
}
