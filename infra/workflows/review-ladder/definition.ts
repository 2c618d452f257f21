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
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { transientFailures } from '../../constructs/retry-policies.ts';
import { approved, review, stands, turnOfReview, waitOfReview, waitSeconds } from './expressions.ts';

export const reviewTasks = [
  'what-stands-next',
  'await-decision',
  'watch-clock',
  'publish-notice',
  'conclude-notice',
] as const;
type ReviewTask = (typeof reviewTasks)[number];

/**
 * A review ladder: 入户核实 → 数据比对 → 村级评议 → 公示 → 乡镇审核 → 区级审批, or the closure's. The steps, tiers and clocks are data (domain/cases/ladder.ts);
 * the machine looks at what stands next, waits for it, and looks again. Send-back, rejection and escalation need no state of
 * their own: they only change what stands next. Deployed twice, as case-admission and case-closure (ADR 6).
 *
 * History: 15 events a step and 12 for each reminder; six steps sent back ten times are below 1,200 of 25,000.
 */
export function reviewLadder(scope: Construct, functionOf: (name: string) => IFunction): IChainable {
  const task = (id: string, name: ReviewTask, payload: string, more: { assign?: Record<string, string> } = {}) =>
    LambdaInvoke.jsonata(scope, id, {
      lambdaFunction: functionOf(name),
      payload: TaskInput.fromText(payload),
      taskTimeout: Timeout.duration(Duration.seconds(60)),
      retryOnServiceExceptions: false,
      outputs: '{% $states.result.Payload %}',
      ...more,
    }).addRetry(transientFailures);

  const look = task('What stands next', 'what-stands-next', review, {
    assign: { turn: '{% $states.result.Payload.turn %}', waitSeconds: '{% $states.result.Payload.waitSeconds %}' },
  });

  // Ends when somebody decides, or, by its timeout, at the next reminder or the end of the clock. Written out: for a JSONata
  // machine CDK renders an expression as `TimeoutSecondsPath`, which Step Functions refuses.
  const await_ = (id: string) =>
    new CustomState(scope, id, {
      stateJson: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`,
        Arguments: { FunctionName: functionOf('await-decision').functionArn, Payload: waitOfReview },
        TimeoutSeconds: waitSeconds,
      },
    }).addRetry(transientFailures);
  const decision = await_('Await decision');
  const answers = await_('Await answers to objections');
  const watch = task('Remind or escalate', 'watch-clock', turnOfReview);
  const publish = task('Publish notice', 'publish-notice', turnOfReview);
  const notice = Wait.jsonata(scope, 'Notice stands', { time: WaitTime.seconds(waitSeconds) });
  const conclude = task('Conclude notice', 'conclude-notice', turnOfReview);

  look.next(
    Choice.jsonata(scope, 'Which is it?')
      .when(Condition.jsonata(stands('decide')), decision)
      .when(Condition.jsonata(stands('publish')), publish)
      .when(Condition.jsonata(stands('stand')), notice)
      .when(Condition.jsonata(stands('answer')), answers)
      .when(Condition.jsonata(stands('conclude')), conclude)
      .when(Condition.jsonata(approved), Succeed.jsonata(scope, 'Approved'))
      .otherwise(Succeed.jsonata(scope, 'Not approved')),
  );
  for (const wait of [decision, answers]) {
    wait.addCatch(watch, { errors: ['States.Timeout'] });
    // Decided before it was asked: look again.
    wait.addCatch(look, { errors: ['StepOver'] });
    wait.next(look);
  }
  for (const state of [watch, publish, notice, conclude]) state.next(look);
  return look;
}
