import type { Assign } from './definition.ts';
import type { Execution } from './execution.ts';
import type { Scope, Template } from './expression.ts';
import { StateFailure } from './failure.ts';
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
  const output = exit.output === undefined ? exit.otherwise : await exit.output(scope);
  if (exit.output !== undefined && tooLarge(JSON.stringify(output))) throw dataLimit(name);
  return { assigned, output };
}

async function evaluateAssign(name: string, assign: Assign, scope: Scope): Promise<JsonObject | undefined> {
  if (assign.size === 0) return undefined;
  const assigned: Record<string, Json> = {};
  for (const [variable, template] of assign) assigned[variable] = await template(scope);
  if (tooLarge(JSON.stringify(assigned))) throw dataLimit(name);
  return assigned;
}

export function dataLimit(name: string): StateFailure {
  return new StateFailure('States.DataLimitExceeded', `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`);
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
      assignedVariables: Object.fromEntries(Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)])),
      assignedVariablesDetails: { truncated: false },
    }),
  }));
  if (assigned !== undefined) at.variables = { ...at.variables, ...assigned };
  if (next !== undefined) enterNext(at, next, left.output);
}
