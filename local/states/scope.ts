import type { Execution } from './execution.ts';
import type { Scope } from './expression.ts';
import type { Frame, MapItem } from './frame.ts';
import type { JsonObject } from './json.ts';

/** What an expression of the frame's state may read. */
export function scopeOf(execution: Execution, frame: Frame, more: JsonObject = {}, task?: { Token: string }): Scope {
  return {
    states: { input: frame.at.input, ...more, context: contextOf(execution, frame, { task }) },
    variables: variablesOf(frame),
  };
}

/** The context object; `item` stands for a map's item before its iteration has begun. */
export function contextOf(
  execution: Execution,
  frame: Frame,
  more: { task?: { Token: string } | undefined; item?: MapItem } = {},
): JsonObject {
  const { at } = frame;
  const guarded = 'retry' in execution.state(frame);
  const item = more.item ?? itemOf(frame);
  return {
    ...execution.context,
    State: {
      Name: at.state,
      EnteredTime: new Date(at.entered).toISOString(),
      ...(guarded && { RetryCount: at.retryCount }),
    },
    ...(more.task !== undefined && { Task: more.task }),
    ...(item !== undefined && { Map: { Item: { ...item } } }),
  };
}

function itemOf(frame: Frame): MapItem | undefined {
  return frame.at.item ?? (frame.parent === undefined ? undefined : itemOf(frame.parent));
}

/** The variables in scope, inner ones over outer ones. */
function variablesOf(frame: Frame): JsonObject {
  return frame.parent === undefined ? frame.at.variables : { ...variablesOf(frame.parent), ...frame.at.variables };
}
