import type { MapState, ParallelState } from './definition.ts';
import type { Execution } from './execution.ts';
import { type Template, unexpectedType, wholeNumber } from './expression.ts';
import { type Failure, QUERY_ERROR, StateFailure } from './failure.ts';
import type { Frame, MapItem } from './frame.ts';
import { isJsonArray, isJsonObject, type Json, tooLarge } from './json.ts';
import { dataLimit, limited } from './leave.ts';
import { contextOf, scopeOf } from './scope.ts';

/** How many iterations of an inline Map run at once when it does not say: what the service does at most. */
const INLINE_CONCURRENCY = 40;

/** Starts the branches of a Parallel state. */
export async function enterParallel(execution: Execution, frame: Frame, state: ParallelState): Promise<void> {
  const input =
    state.arguments === undefined
      ? frame.at.input
      : limited(frame.at.state, await state.arguments(scopeOf(execution, frame)));
  if (!frame.alive) return;
  execution.emit(frame, 'ParallelStateStarted');
  frame.at.phase = 'children';
  frame.results = state.branches.map(() => undefined);
  const { previous } = frame.at;
  const branches = state.branches.map((block, index) => execution.addFrame(frame, index, block, input, { previous }));
  execution.commit();
  for (const branch of branches) execution.engine.drive(execution, branch);
}

/** The items of a Map state: an array, or the members of an object as `{Key, Value}`. */
export async function itemsOf(
  execution: Execution,
  frame: Frame,
  items: Template | undefined,
): Promise<readonly Json[]> {
  const value = items === undefined ? frame.at.input : limited(frame.at.state, await items(scopeOf(execution, frame)));
  if (isJsonArray(value)) return value;
  if (isJsonObject(value)) return Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
  if (items === undefined)
    throw new StateFailure(QUERY_ERROR, `Map state input must be an array but was: ${JSON.stringify(value)}`);
  throw unexpectedType(items, 'Items', 'array', value);
}

/** Starts an inline Map state. */
export async function enterMap(execution: Execution, frame: Frame, state: MapState): Promise<void> {
  const items = await itemsOf(execution, frame, state.items);
  const asked =
    state.maxConcurrency === undefined
      ? 0
      : await wholeNumber(state.maxConcurrency, 'MaxConcurrency', scopeOf(execution, frame), 0, 2 ** 31 - 1);
  if (!frame.alive) return;
  execution.emit(frame, 'MapStateStarted', () => ({ length: items.length }));
  if (items.length === 0) {
    execution.emit(frame, 'MapStateSucceeded', undefined, true);
    frame.at.phase = 'succeeded';
    frame.at.result = [];
    execution.engine.drive(execution, frame);
    return;
  }
  frame.at.phase = 'children';
  frame.at.items = items;
  frame.at.concurrency = asked === 0 ? INLINE_CONCURRENCY : Math.min(asked, INLINE_CONCURRENCY);
  frame.results = [];
  const { previous } = frame.at;
  const first = Array.from({ length: Math.min(items.length, frame.at.concurrency) }, (_, index) =>
    startIteration(execution, frame, state, index, previous),
  );
  execution.commit();
  for (const iteration of first) execution.engine.drive(execution, iteration);
}

function startIteration(execution: Execution, frame: Frame, state: MapState, index: number, previous: number): Frame {
  const value = frame.at.items?.[index] ?? null;
  const iteration = execution.addFrame(frame, index, state.processor, value, {
    previous,
    item: mapItem(index, value),
    select: state.itemSelector !== undefined,
  });
  frame.results[index] = undefined;
  execution.emit(iteration, 'MapIterationStarted', () => ({ name: frame.at.state, index }));
  return iteration;
}

/** How `$states.context.Map.Item` tells an item; those of an object have a key. */
export function mapItem(index: number, value: Json): MapItem {
  const keyed =
    isJsonObject(value) && Object.keys(value).length === 2 && typeof value['Key'] === 'string' && 'Value' in value;
  return { Index: index, Value: value, ...(keyed && typeof value['Key'] === 'string' && { Key: value['Key'] }) };
}

/**
 * Makes the input of an iteration.
 * @throws StateFailure of the Map state, not of the iteration
 */
export async function selectItem(execution: Execution, iteration: Frame): Promise<void> {
  const map = iteration.parent;
  const state = map === undefined ? undefined : execution.state(map);
  if (map === undefined || state?.type !== 'Map' || state.itemSelector === undefined) return;
  const scope = scopeOf(execution, map);
  const { item } = iteration.at;
  const context = contextOf(execution, map, item === undefined ? {} : { item });
  const input = limited(map.at.state, await state.itemSelector({ ...scope, states: { ...scope.states, context } }));
  if (!iteration.alive) return;
  iteration.at.input = input;
  iteration.at.phase = 'start';
  execution.touch(iteration);
}

/** A branch or iteration has ended with an output. */
export function childDone(execution: Execution, child: Frame, output: Json): void {
  const { parent } = child;
  if (parent === undefined) return;
  const state = execution.state(parent);
  child.at.phase = 'done';
  child.at.output = output;
  child.alive = false;
  parent.results[child.at.index] = output;
  execution.touch(child);
  let { previous } = child.at;
  if (state.type === 'Map') {
    const ended = execution.emit(
      child,
      'MapIterationSucceeded',
      () => ({ name: parent.at.state, index: child.at.index }),
      true,
    );
    const index = parent.results.length;
    if (index < (parent.at.items?.length ?? 0)) {
      const iteration = startIteration(execution, parent, state, index, previous);
      execution.commit();
      execution.engine.drive(execution, iteration);
      return;
    }
    previous = ended;
  }
  if ([...parent.children].every((other) => other.at.phase === 'done')) allDone(execution, parent, previous);
  execution.commit();
}

function allDone(execution: Execution, parent: Frame, previous: number): void {
  const type = execution.state(parent).type;
  const result = parent.results.map((output) => output ?? null);
  parent.at.previous = previous;
  if (tooLarge(JSON.stringify(result))) {
    fanFailed(execution, parent, { ...dataLimit(parent.at.state).told, ofTask: false });
    return;
  }
  execution.killChildren(parent);
  delete parent.at.items;
  execution.emit(parent, `${type}StateSucceeded`, undefined, true);
  parent.at.phase = 'succeeded';
  parent.at.result = result;
  execution.engine.drive(execution, parent);
}

/** A branch or iteration has failed and nothing in it caught that: the others are aborted, and the state fails. */
export function childFailed(execution: Execution, child: Frame, failure: Failure): void {
  const { parent } = child;
  if (parent === undefined) return;
  const isMap = execution.state(parent).type === 'Map';
  const { previous } = child.at;
  if (isMap)
    execution.emit(child, 'MapIterationFailed', () => ({ name: parent.at.state, index: child.at.index }), true);
  child.alive = false;
  for (const other of parent.children) if (other.alive) abort(execution, other, isMap);
  parent.at.previous = previous;
  fanFailed(execution, parent, failure);
}

/** Tells of a branch that is given up: its innermost states first. */
function abort(execution: Execution, frame: Frame, isIteration: boolean): void {
  if (frame.at.phase === 'done') return;
  const inner = execution.state(frame);
  for (const child of frame.children) if (child.alive) abort(execution, child, inner.type === 'Map');
  if (frame.at.phase === 'mapRun') execution.emit(frame, 'MapRunAborted');
  if (frame.at.phase !== 'start' && frame.at.phase !== 'select') execution.emit(frame, `${inner.type}StateAborted`);
  if (isIteration)
    execution.emit(frame, 'MapIterationAborted', () => ({ name: frame.parent?.at.state ?? '', index: frame.at.index }));
}

/** The Parallel or Map state itself fails; its branches rest where they stand until it is retried, left or redriven. */
export function fanFailed(execution: Execution, parent: Frame, failure: Failure): void {
  for (const child of parent.children) execution.rest(child);
  execution.emit(parent, `${execution.state(parent).type}StateFailed`);
  parent.at.phase = 'failed';
  parent.at.failure = failure;
  execution.touch(parent);
  execution.commit();
  execution.engine.drive(execution, parent);
}
