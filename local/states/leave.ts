import type { Assign } from './definition.ts';
import type { Execution } from './execution.ts';
import type { Scope, Template } from './expression.ts';
import { DATA_LIMIT, StateFailure } from './failure.ts';
import { enterNext, type Frame } from './frame.ts';
import { type Json, type JsonObject, tooLarge } from './json.ts';

/** The Assign and Output that apply: the state's own, or those of a choice rule or a catcher. */
export interface Exit {
  readonly assign: Assign | undefined;
  readonly output: Template | undefined;
  /** The output when there is no Output field. */
  readonly otherwise: Json;
}

export interface Left {
  readonly assigned: JsonObject | undefined;
  readonly output: Json;
}

/**
 * Evaluates Assign and Output, both against the variables as they were: what is assigned here is seen from the next state on.
 * @throws StateFailure
 */
export async function evaluateExit(name: string, exit: Exit, scope: Scope): Promise<Left> {
  const assigned = exit.assign === undefined ? undefined : await evaluateAssign(name, exit.assign, scope);
  const output = exit.output === undefined ? exit.otherwise : limited(name, await exit.output(scope));
  return { assigned, output };
}

async function evaluateAssign(name: string, assign: Assign, scope: Scope): Promise<JsonObject | undefined> {
  if (assign.size === 0) return undefined;
  const assigned: Record<string, Json> = {};
  for (const [variable, template] of assign) assigned[variable] = await template(scope);
  return limited(name, assigned);
}

/** The value, when it is no larger than the service takes. @throws StateFailure States.DataLimitExceeded */
export function limited<T extends Json>(name: string, value: T): T {
  if (tooLarge(JSON.stringify(value))) throw dataLimit(name);
  return value;
}

export function dataLimit(name: string): StateFailure {
  return new StateFailure(
    DATA_LIMIT,
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/**
 * Leaves the state: the exit event, the variables, and the next state of the branch (undefined: its block has ended with
 * `left.output`).
 */
export function leave(execution: Execution, frame: Frame, next: string | undefined, left: Left): void {
  const { at } = frame;
  const { assigned } = left;
  execution.emit(frame, `${execution.state(frame).type}StateExited`, () => ({
    name: at.state,
    output: JSON.stringify(left.output),
    outputDetails: { truncated: false },
    ...(assigned !== undefined && {
      assignedVariables: Object.fromEntries(
        Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
      ),
      assignedVariablesDetails: { truncated: false },
    }),
  }));
  execution.killChildren(frame);
  if (assigned !== undefined) at.variables = { ...at.variables, ...assigned };
  if (next !== undefined) enterNext(at, next, left.output);
}
