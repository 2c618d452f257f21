import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { TaskStates } from '../../constructs/task-states.ts';
import { subject, turnAndWait, turnOfSubject, waitOfSubject } from '../expressions.ts';
import { comes, paidOut } from './expressions.ts';

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
 * 理赔: register and check the cover → documents (the clock stands still) → survey → adjudicate → approve and reserve → pay → confirmed → close. The
 * claim holds its own state; the machine asks what comes next, does it or waits for it, and asks again, as the reviews of cases do (ADR 6).
 *
 * History: 15 events a step and 12 for each reminder; a claim with every detour is below 800 of 25,000.
 */
export function claimSettlement(scope: Construct, functionOf: (name: string) => IFunction): IChainable {
  const states = new TaskStates<ClaimTask>(scope, functionOf);
  const ask = states.call('What comes next', 'claim-next', subject, { assign: turnAndWait });
  const check = states.call('Register and check cover', 'check-cover', turnOfSubject);
  const adjudicate = states.call('Adjudicate', 'adjudicate-claim', turnOfSubject);
  const close = states.call('Close claim', 'close-claim', turnOfSubject);
  const watch = states.call('Remind or escalate', 'watch-claim', turnOfSubject);
  const wait = states.wait('Await step', 'await-claim-step', waitOfSubject);
  wait.addCatch(watch, { errors: ['States.Timeout'] });
  // Taken before the wait began: ask again.
  wait.addCatch(ask, { errors: ['StepOver'] });

  ask.next(
    Choice.jsonata(scope, 'Which is it?')
      .when(Condition.jsonata(comes('check')), check)
      .when(Condition.jsonata(comes('adjudicate')), adjudicate)
      .when(Condition.jsonata(comes('wait')), wait)
      .when(Condition.jsonata(comes('close')), close)
      .when(Condition.jsonata(paidOut), Succeed.jsonata(scope, 'Paid and closed'))
      .otherwise(Succeed.jsonata(scope, 'Ended without payment')),
  );
  for (const state of [check, adjudicate, wait, close, watch]) state.next(ask);
  return ask;
}
