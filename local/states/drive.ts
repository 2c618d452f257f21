import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChoiceState, State, WaitState } from './definition.ts';
import { type Execution, HistoryFull } from './execution.ts';
import { unexpectedType, wholeNumber } from './expression.ts';
import { DATA_LIMIT, type Failure, matches, QUERY_ERROR, RUNTIME, retryDelay, StateFailure } from './failure.ts';
import { childDone, childFailed, enterMap, enterParallel, fanFailed, selectItem } from './fan.ts';
import { type Frame, forget } from './frame.ts';
import type { Json } from './json.ts';
import { type Exit, evaluateExit, leave } from './leave.ts';
import { enterDistributedMap } from './map-items.ts';
import { LONGEST_SECONDS, parseTimestamp } from './parser.ts';
import { scopeOf } from './scope.ts';
import { beginTask } from './task.ts';

/** After so many states without waiting, timers, stops and other executions get their turn. */
const STATES_IN_A_ROW = 32;

/** Lets a branch go on until it waits for something, or ends. */
export async function drive(execution: Execution, frame: Frame): Promise<void> {
  for (let states = 1; frame.alive; states += 1) {
    let goesOn: boolean;
    try {
      goesOn = await step(execution, frame);
    } catch (error) {
      if (!frame.alive) return;
      goesOn = fault(execution, frame, error);
    }
    if (!goesOn) break;
    if (states % STATES_IN_A_ROW === 0) {
      execution.commit();
      await nextTurn();
    }
  }
  execution.commit();
}

/** What was thrown becomes a failure of the state, or the end of the execution. */
function fault(execution: Execution, frame: Frame, error: unknown): boolean {
  try {
    if (error instanceof StateFailure) {
      stateFailed(execution, frame, error);
      return frame.alive;
    }
    if (error instanceof HistoryFull) throw error;
    // A fault of the interpreter itself must not leave the execution hanging.
    const cause = error instanceof Error ? error.message : String(error);
    execution.finish('FAILED', frame, { error: 'States.Runtime', cause });
  } catch (full) {
    if (!(full instanceof HistoryFull)) throw full;
    execution.exhausted();
  }
  return false;
}

/** The state failed by itself (an expression, a limit), not through what it called. */
function stateFailed(execution: Execution, frame: Frame, failure: StateFailure): void {
  const { at } = frame;
  const isSelector = at.phase === 'select';
  const failing = isSelector && frame.parent !== undefined ? frame.parent : frame;
  const isEvaluation = failure.error === QUERY_ERROR;
  const { location, reason } = failure;
  const entered = `An error occurred while executing the state '${failing.at.state}' (entered at the event id #${failing.at.enteredEvent}). `;
  // A data limit is told without saying where, as recorded from the service.
  const cause = reason !== undefined && failure.error !== DATA_LIMIT ? entered + reason : reason;
  const { type } = execution.state(failing);
  const isFan = type === 'Parallel' || type === 'Map';
  if (isEvaluation) {
    // So the service numbers it for a state that was to start branches and did not.
    if (isFan && failing.at.previous === failing.at.enteredEvent) failing.at.previous = failing.at.before;
    execution.emit(failing, 'EvaluationFailed', () => ({
      error: failure.error,
      cause: cause ?? '',
      ...(location !== undefined && { location }),
      state: failing.at.state,
    }));
  }
  const told = { ...failure.told, cause, ofTask: false };
  if (isSelector) {
    fanFailed(execution, failing, told);
    return;
  }
  if (isFan && at.phase === 'entered') execution.emit(frame, `${type}StateFailed`);
  at.phase = 'failed';
  at.failure = told;
  execution.touch(frame);
}

/** One step; false when the branch now waits, or has ended. */
async function step(execution: Execution, frame: Frame): Promise<boolean> {
  const { at } = frame;
  switch (at.phase) {
    case 'select':
      await selectItem(execution, frame);
      return frame.alive;
    case 'start':
      enter(execution, frame);
      return true;
    case 'entered':
      return await perform(execution, frame, execution.state(frame));
    case 'succeeded':
      return await succeed(execution, frame, execution.state(frame));
    case 'failed':
      return await handleFailure(execution, frame, execution.state(frame));
    default:
      return false;
  }
}

function enter(execution: Execution, frame: Frame): void {
  const { at } = frame;
  const { type } = execution.state(frame);
  at.before = at.previous;
  at.entered = execution.engine.clock.now();
  at.phase = 'entered';
  at.enteredEvent = execution.emit(frame, `${type}StateEntered`, () => ({
    name: at.state,
    input: JSON.stringify(at.input),
    inputDetails: { truncated: false },
  }));
}

async function perform(execution: Execution, frame: Frame, state: State): Promise<boolean> {
  const { at } = frame;
  switch (state.type) {
    case 'Pass':
    case 'Succeed':
      return await exit(
        execution,
        frame,
        state.next,
        { assign: state.assign, output: state.output, otherwise: at.input },
        {},
      );
    case 'Choice':
      return await choose(execution, frame, state);
    case 'Wait':
      return await wait(execution, frame, state);
    case 'Fail': {
      const scope = scopeOf(execution, frame);
      const error = state.error === undefined ? undefined : String(await state.error(scope));
      const cause = state.cause === undefined ? undefined : String(await state.cause(scope));
      if (frame.alive) blockFailed(execution, frame, { error: error ?? '', cause, ofTask: false });
      return false;
    }
    case 'Task':
      await beginTask(execution, frame, state);
      return false;
    case 'Parallel':
      await enterParallel(execution, frame, state);
      return false;
    case 'Map':
      if (state.distributed === undefined) await enterMap(execution, frame, state);
      else await enterDistributedMap(execution, frame, state, state.distributed);
      return false;
  }
}

async function choose(execution: Execution, frame: Frame, state: ChoiceState): Promise<boolean> {
  const scope = scopeOf(execution, frame);
  for (const [index, rule] of state.choices.entries()) {
    const holds = await rule.condition(scope);
    if (typeof holds !== 'boolean')
      throw unexpectedType(rule.condition, `Choices[${index}]/Condition`, 'boolean', holds);
    if (!frame.alive) return false;
    if (holds)
      return await exit(
        execution,
        frame,
        rule.next,
        { assign: rule.assign, output: rule.output, otherwise: frame.at.input },
        {},
      );
  }
  if (state.default === undefined) {
    throw new StateFailure(
      RUNTIME,
      'Failed to transition out of the state. The state does not point to a next state.',
      {
        also: 'States.NoChoiceMatched',
      },
    );
  }
  return await exit(
    execution,
    frame,
    state.default,
    { assign: state.assign, output: state.output, otherwise: frame.at.input },
    {},
  );
}

async function wait(execution: Execution, frame: Frame, state: WaitState): Promise<boolean> {
  const { at } = frame;
  const scope = scopeOf(execution, frame);
  let due = at.entered;
  if (state.seconds !== undefined)
    due += 1000 * (await wholeNumber(state.seconds, 'Seconds', scope, 0, LONGEST_SECONDS));
  if (state.timestamp !== undefined) {
    const value = await state.timestamp(scope);
    const parsed = typeof value === 'string' ? parseTimestamp(value) : undefined;
    if (parsed === undefined) {
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      throw new StateFailure(
        QUERY_ERROR,
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${shown}`,
        {
          location: 'Timestamp',
        },
      );
    }
    due = parsed;
  }
  if (!frame.alive) return false;
  at.due = due;
  at.phase = 'waiting';
  execution.touch(frame);
  armWait(execution, frame, due);
  return false;
}

/** Goes on when the clock says so; also after a restart. */
export function armWait(execution: Execution, frame: Frame, due: number): void {
  const then = frame.at.phase === 'retrying' ? 'entered' : 'succeeded';
  execution.timer(frame, frame.at.phase, due, () => {
    frame.at.phase = then;
    delete frame.at.due;
    execution.touch(frame);
    execution.engine.drive(execution, frame);
  });
}

async function succeed(execution: Execution, frame: Frame, state: State): Promise<boolean> {
  const { result } = frame.at;
  const hasResult = state.type === 'Task' || state.type === 'Parallel' || state.type === 'Map';
  const otherwise = hasResult ? (result ?? null) : frame.at.input;
  return await exit(
    execution,
    frame,
    state.next,
    { assign: state.assign, output: state.output, otherwise },
    hasResult ? { result: result ?? null } : {},
  );
}

/** Evaluates Assign and Output, and leaves the state. */
async function exit(
  execution: Execution,
  frame: Frame,
  next: string | undefined,
  fields: Exit,
  more: { readonly [name: string]: Json },
): Promise<boolean> {
  const left = await evaluateExit(frame.at.state, fields, scopeOf(execution, frame, more));
  if (!frame.alive) return false;
  leave(execution, frame, next, left);
  if (next !== undefined) return true;
  if (frame.parent === undefined) execution.finish('SUCCEEDED', frame, { output: left.output });
  else childDone(execution, frame, left.output);
  return false;
}

async function handleFailure(execution: Execution, frame: Frame, state: State): Promise<boolean> {
  const { at } = frame;
  const { failure } = at;
  if (failure === undefined) throw new Error('A failed state has no failure.');
  if ('retry' in state) {
    const index = state.retry.findIndex((retrier) => matches(retrier.errors, failure));
    const retrier = state.retry[index];
    const done = at.retries[index] ?? 0;
    if (retrier !== undefined && done < retrier.maxAttempts) {
      at.retries[index] = done + 1;
      at.retryCount += 1;
      execution.killChildren(frame);
      forget(at);
      at.phase = 'retrying';
      at.due = execution.engine.clock.now() + retryDelay(retrier, done, execution.engine.random);
      execution.touch(frame);
      armWait(execution, frame, at.due);
      return false;
    }
    const catcher = state.catch.find((one) => matches(one.errors, failure));
    if (catcher !== undefined) {
      const errorOutput = { Error: failure.error, ...(failure.cause !== undefined && { Cause: failure.cause }) };
      let left: Awaited<ReturnType<typeof evaluateExit>>;
      try {
        left = await evaluateExit(
          at.state,
          { assign: catcher.assign, output: catcher.output, otherwise: errorOutput },
          scopeOf(execution, frame, { errorOutput }),
        );
      } catch (error) {
        // A catcher that fails is not caught by another.
        if (!(error instanceof StateFailure) || !frame.alive) throw error;
        stateFailed(execution, frame, error);
        if (at.failure !== undefined) blockFailed(execution, frame, at.failure);
        return false;
      }
      if (!frame.alive) return false;
      leave(execution, frame, catcher.next, left);
      return true;
    }
  }
  blockFailed(execution, frame, failure);
  return false;
}

/** Nothing here caught it: the block around fails, or the execution. */
function blockFailed(execution: Execution, frame: Frame, failure: Failure): void {
  // A failure without a name is told without one.
  if (frame.parent === undefined)
    execution.finish('FAILED', frame, { error: failure.error || undefined, cause: failure.cause });
  else childFailed(execution, frame, failure);
}
