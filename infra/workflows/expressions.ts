/*
 * Expressions that the workflows share. JSONata, between `{%` and `%}`; `$states` and the machine's variables are Step Functions' own.
 */

/** When the state was entered: every task's clock. */
export const enteredAt = '{% $states.context.State.EnteredTime %}';

/** Which state of which execution calls: it stands in every line of the task's log. */
const CALLED_BY = "{'execution': $states.context.Execution.Id, 'state': $states.context.State.Name}";
export const calledBy = `{% ${CALLED_BY} %}`;

/** Every task's clock and caller, as fields to merge. */
const asked = `'enteredAt': $states.context.State.EnteredTime, 'calledBy': ${CALLED_BY}`;

/** Adds a task's clock and caller, and other fields, to what an expression gives. */
export function withClock(of: string, fields = ''): string {
  return `{% $merge([${of}, {${fields}${asked}}]) %}`;
}

/** How long the last task said to wait, in seconds. */
export const waitSeconds = '{% $waitSeconds %}';

/** What the execution is about goes to every task: which case or claim, as it was started. */
export const subject = withClock('$states.context.Execution.Input');

/** The same with the turn that stood when the machine last asked; a task of another turn does nothing. */
export const turnOfSubject = withClock('$states.context.Execution.Input', "'turn': $turn, ");

/** The same with the token by which the wait can be ended. */
export const waitOfSubject = withClock(
  '$states.context.Execution.Input',
  "'turn': $turn, 'token': $states.context.Task.Token, ",
);

/** The answer of a task that tells what comes next. */
export const turnAndWait = {
  turn: '{% $states.result.Payload.turn %}',
  waitSeconds: '{% $states.result.Payload.waitSeconds %}',
};
