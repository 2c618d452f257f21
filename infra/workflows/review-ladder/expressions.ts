/** The input of the execution goes to every task unchanged: which case, which procedure, and when its review began. */
export const review = '{% $states.context.Execution.Input %}';

/** The same with the turn that stood when the workflow last looked; a task of another turn does nothing. */
export const turnOfReview = "{% $merge([$states.context.Execution.Input, {'turn': $turn}]) %}";

/** The same with the token by which the wait can be ended. */
export const waitOfReview =
  "{% $merge([$states.context.Execution.Input, {'turn': $turn, 'token': $states.context.Task.Token}]) %}";

export const waitSeconds = '{% $waitSeconds %}';

/** Tells which of its answers the task `what-stands-next` gave. */
export function stands(...next: string[]): string {
  return `{% $states.input.next in ${JSON.stringify(next).replaceAll('"', "'")} %}`;
}

export const approved = "{% $states.input.outcome = 'approved' %}";
