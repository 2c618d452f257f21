import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, type IChainable, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { TaskStates } from '../../constructs/task-states.ts';
import { subject, turnAndWait, turnOfSubject, waitOfSubject, waitSeconds } from '../expressions.ts';
import { approved, stands } from './expressions.ts';

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
 * the machine asks what comes next, does it or waits for it, and asks again. Send-back, rejection and escalation need no state of
 * their own: they only change what comes next. Deployed twice, as case-admission and case-closure (ADR 6).
 *
 * History: 15 events a step and 12 for each reminder; six steps sent back ten times are below 1,200 of 25,000.
 */
export function reviewLadder(scope: Construct, functionOf: (name: string) => IFunction): IChainable {
  const states = new TaskStates<ReviewTask>(scope, functionOf);
  const ask = states.call('What stands next', 'what-stands-next', subject, { assign: turnAndWait });
  // Ends when somebody decides, or at the next reminder or the end of the clock.
  const decision = states.wait('Await decision', 'await-decision', waitOfSubject);
  const answers = states.wait('Await answers to objections', 'await-decision', waitOfSubject);
  const watch = states.call('Remind or escalate', 'watch-clock', turnOfSubject);
  const publish = states.call('Publish notice', 'publish-notice', turnOfSubject);
  const notice = Wait.jsonata(scope, 'Notice stands', { time: WaitTime.seconds(waitSeconds) });
  const conclude = states.call('Conclude notice', 'conclude-notice', turnOfSubject);

  ask.next(
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
    // Decided before the wait began: ask again.
    wait.addCatch(ask, { errors: ['StepOver'] });
    wait.next(ask);
  }
  for (const state of [watch, publish, notice, conclude]) state.next(ask);
  return ask;
}
