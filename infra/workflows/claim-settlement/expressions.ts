/** The input of the execution goes to every task: which claim, and which of its runs; and when its state was entered, the task's clock. */
export const claim =
  "{% $merge([$states.context.Execution.Input, {'enteredAt': $states.context.State.EnteredTime}]) %}";
export const turnOfClaim =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'enteredAt': $states.context.State.EnteredTime}]) %}";
export const waitOfClaim =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'token': $states.context.Task.Token, 'enteredAt': $states.context.State.EnteredTime}]) %}";
export const waitSeconds = '{% $waitSeconds %}';

/** Tells which of its answers the task `claim-next` gave. */
export function comes(next: string): string {
  return `{% $states.input.next = '${next}' %}`;
}

export const paidOut = "{% $states.input.stage = 'closed' %}";
