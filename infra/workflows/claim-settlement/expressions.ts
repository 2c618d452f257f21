/** The input of the execution goes to every task unchanged: which claim, and which of its runs. */
export const claim = '{% $states.context.Execution.Input %}';
export const turnOfClaim = "{% $merge([$states.context.Execution.Input, {'turn': $turn}]) %}";
export const waitOfClaim =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'token': $states.context.Task.Token}]) %}";
export const waitSeconds = '{% $waitSeconds %}';

/** Tells which of its answers the task `claim-next` gave. */
export function comes(next: string): string {
  return `{% $states.input.next = '${next}' %}`;
}

export const paidOut = "{% $states.input.stage = 'closed' %}";
