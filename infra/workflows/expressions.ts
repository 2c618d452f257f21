/*
 * Expressions that the workflows share. JSONata, between `{%` and `%}`; `$states` and the machine's variables are Step Functions' own.
 */

/** When the state was entered: every task's clock. */
export const enteredAt = '{% $states.context.State.EnteredTime %}';

/** How long the last task said to wait, in seconds. */
export const waitSeconds = '{% $waitSeconds %}';

/** What the execution is about goes to every task: which case or claim, as it was started. */
export const subject =
  "{% $merge([$states.context.Execution.Input, {'enteredAt': $states.context.State.EnteredTime}]) %}";

/** The same with the turn that stood when the machine last asked; a task of another turn does nothing. */
export const turnOfSubject =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'enteredAt': $states.context.State.EnteredTime}]) %}";

/** The same with the token by which the wait can be ended. */
export const waitOfSubject =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'token': $states.context.Task.Token, 'enteredAt': $states.context.State.EnteredTime}]) %}";

/** The answer of a task that tells what comes next. */
export const turnAndWait = {
  turn: '{% $states.result.Payload.turn %}',
  waitSeconds: '{% $states.result.Payload.waitSeconds %}',
};
