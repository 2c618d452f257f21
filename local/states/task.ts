import { AwsError } from '../errors.ts';
import type { TaskState } from './definition.ts';
import type { Execution } from './execution.ts';
import { wholeNumber } from './expression.ts';
import { StateFailure, TIMEOUT } from './failure.ts';
import type { Frame, TaskRecord } from './frame.ts';
import { isJsonObject, type Json, type JsonObject, tooLarge } from './json.ts';
import { dataLimit, limited } from './leave.ts';
import { LONGEST_SECONDS } from './parser.ts';
import type { Integration } from './resource.ts';
import { scopeOf } from './scope.ts';
import { integer, text } from './store.ts';
import { requestOf } from './task-request.ts';
import { failureOf, resultOf, settledExecution } from './task-result.ts';
import { makeToken } from './token.ts';

/** Records that the task is under way, then calls. */
export async function beginTask(execution: Execution, frame: Frame, state: TaskState): Promise<void> {
  const { engine } = execution;
  const { integration } = state;
  const token =
    integration.pattern === 'token' ? makeToken({ row: execution.is.row, frame: frame.id }, engine.random) : undefined;
  const scope = scopeOf(execution, frame, {}, token === undefined ? undefined : { Token: token });
  const args = state.arguments === undefined ? frame.at.input : limited(frame.at.state, await state.arguments(scope));
  const timeout =
    state.timeoutSeconds === undefined
      ? undefined
      : await wholeNumber(state.timeoutSeconds, 'TimeoutSeconds', scope, 1, LONGEST_SECONDS);
  const heartbeat =
    state.heartbeatSeconds === undefined
      ? undefined
      : await wholeNumber(state.heartbeatSeconds, 'HeartbeatSeconds', scope, 1, LONGEST_SECONDS);
  if (!frame.alive) return;
  const now = engine.clock.now();
  frame.at.task = {
    input: requestOf(integration, args, () => engine.uuid()),
    began: now,
    token,
    due: timeout === undefined ? undefined : now + timeout * 1000,
    heartbeat: heartbeat === undefined ? undefined : heartbeat * 1000,
    beat: heartbeat === undefined ? undefined : now + heartbeat * 1000,
    submitted: false,
    watching: undefined,
  };
  const timing = {
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
  };
  frame.at.phase = 'scheduled';
  if (integration.kind === 'lambda-function') {
    const details = {
      input: JSON.stringify(args),
      inputDetails: { truncated: false },
      resource: integration.resource,
      ...timing,
    };
    execution.emit(frame, 'LambdaFunctionScheduled', () => details);
    execution.emit(frame, 'LambdaFunctionStarted');
  } else {
    execution.emit(frame, 'TaskScheduled', () => ({
      ...namesOf(integration),
      region: engine.region,
      parameters: JSON.stringify(args),
      ...timing,
    }));
    execution.emit(frame, 'TaskStarted', () => namesOf(integration));
  }
  execution.commit();
  resumeTask(execution, frame, state);
}

function namesOf(integration: Integration): JsonObject {
  return { resourceType: integration.resourceType, resource: integration.resource };
}

/**
 * Arms the timeouts and makes the call.
 * @param again after a restart: the call may have been made before, its answer not recorded
 */
export function resumeTask(execution: Execution, frame: Frame, state: TaskState, again = false): void {
  const { task } = frame.at;
  if (task === undefined) return;
  if (task.due !== undefined)
    execution.timer(frame, 'timeout', task.due, () => timeOut(execution, frame, task, state.integration));
  if (task.beat !== undefined) armHeartbeat(execution, frame, task, state.integration, task.beat);
  if (task.watching !== undefined) watch(execution, frame, task, state, task.watching);
  else if (!task.submitted) execution.engine.work(dispatch(execution, frame, task, state, again));
}

function armHeartbeat(
  execution: Execution,
  frame: Frame,
  task: TaskRecord,
  integration: Integration,
  beat: number,
): void {
  execution.timer(frame, 'heartbeat', beat, () => {
    if (frame.at.task !== task || task.beat === undefined) return;
    if (task.beat > beat) armHeartbeat(execution, frame, task, integration, task.beat);
    else timeOut(execution, frame, task, integration, 'States.HeartbeatTimeout');
  });
}

/** @param also the name of a timeout that is told as a plain one */
function timeOut(execution: Execution, frame: Frame, task: TaskRecord, integration: Integration, also?: string): void {
  if (frame.at.task !== task || frame.at.phase !== 'scheduled') return;
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionTimedOut' : 'TaskTimedOut', () => ({
    ...(!own && namesOf(integration)),
    error: TIMEOUT,
  }));
  settle(execution, frame);
  frame.at.phase = 'failed';
  frame.at.failure = { error: TIMEOUT, cause: undefined, ofTask: true, ...(also !== undefined && { also }) };
  execution.engine.drive(execution, frame);
}

async function dispatch(
  execution: Execution,
  frame: Frame,
  task: TaskRecord,
  state: TaskState,
  again: boolean,
): Promise<void> {
  const { integration } = state;
  const { engine } = execution;
  const requestId = engine.uuid();
  const input = { ...task.input };
  let result: Json;
  try {
    const answer = await engine
      .call({ roleArn: execution.is.roleArn, service: integration.service, action: integration.action, input })
      .catch((error: unknown) => (again ? startedBefore(execution, integration, task, error) : Promise.reject(error)));
    result = resultOf(integration, answer, requestId);
  } catch (error) {
    const failure = failureOf(integration, error, requestId);
    // A function that answered with an error was called: only a call that came to nothing was not submitted.
    const event =
      integration.pattern === 'request' || error instanceof StateFailure ? 'TaskFailed' : 'TaskSubmitFailed';
    execution.turn(() => {
      if (frame.at.task === task && frame.alive) failTask(execution, frame, integration, failure, event);
    });
    return;
  }
  execution.turn(() => {
    if (frame.at.task !== task || !frame.alive) return;
    if (integration.pattern === 'request') succeedTask(execution, frame, state, result);
    else submitted(execution, frame, task, state, result);
  });
}

/**
 * The answer of a start that a crash had cut off: the execution it started has its name and its input, and began since.
 * @throws the error given, when there is no such execution
 */
function startedBefore(execution: Execution, integration: Integration, task: TaskRecord, error: unknown): JsonObject {
  if (
    !(error instanceof AwsError) ||
    error.code !== 'ExecutionAlreadyExists' ||
    integration.action !== 'StartExecution'
  )
    throw error;
  const { stateMachineArn, name, input } = task.input;
  const executionArn = `${String(stateMachineArn).replace(':stateMachine:', ':execution:')}:${String(name)}`;
  const known = execution.engine.store.get('SELECT started, input FROM executions WHERE arn = ?', executionArn);
  if (known === undefined || integer(known, 'started') < task.began || text(known, 'input') !== (input ?? '{}'))
    throw error;
  return { executionArn, startDate: integer(known, 'started') / 1000 };
}

/** The call was answered; the task goes on until its token comes back or the execution it started has ended. */
function submitted(execution: Execution, frame: Frame, task: TaskRecord, state: TaskState, result: Json): void {
  const { integration } = state;
  execution.emit(frame, 'TaskSubmitted', () => ({
    ...namesOf(integration),
    output: JSON.stringify(result),
    outputDetails: { truncated: false },
  }));
  task.submitted = true;
  const started = isJsonObject(result) ? result['ExecutionArn'] : undefined;
  if (integration.pattern === 'token' || typeof started !== 'string') return;
  task.watching = started;
  watch(execution, frame, task, state, started);
}

/** Waits for the end of the execution a `.sync` task started. */
function watch(execution: Execution, frame: Frame, task: TaskRecord, state: TaskState, started: string): void {
  execution.engine.watch(started, () => execution.engine.work(collect(execution, frame, task, state, started)));
}

async function collect(
  execution: Execution,
  frame: Frame,
  task: TaskRecord,
  state: TaskState,
  started: string,
): Promise<void> {
  const { integration } = state;
  if (frame.at.task !== task || !frame.alive) return;
  let outcome: () => void;
  try {
    const answer = await execution.engine.call({
      roleArn: execution.is.roleArn,
      service: 'states',
      action: 'DescribeExecution',
      input: { executionArn: started },
    });
    const told = settledExecution(answer, integration.pattern === 'sync2');
    outcome = () => {
      if (told['Status'] === 'SUCCEEDED') succeedTask(execution, frame, state, told);
      else failTask(execution, frame, integration, new StateFailure('States.TaskFailed', JSON.stringify(told)));
    };
  } catch (error) {
    const failure = failureOf(integration, error, execution.engine.uuid());
    outcome = () => failTask(execution, frame, integration, failure);
  }
  execution.turn(() => {
    if (frame.at.task === task && frame.alive) outcome();
  });
}

/** The task is done: recorded at once, so that it never runs again. */
export function succeedTask(execution: Execution, frame: Frame, state: TaskState, result: Json): void {
  const { integration } = state;
  const output = JSON.stringify(result);
  if (tooLarge(output)) {
    failTask(
      execution,
      frame,
      integration,
      dataLimit(integration.kind === 'lambda-function' ? integration.resource : integration.resourceType),
    );
    return;
  }
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionSucceeded' : 'TaskSucceeded', () => ({
    ...(!own && namesOf(integration)),
    output,
    outputDetails: { truncated: false },
  }));
  settle(execution, frame);
  frame.at.phase = 'succeeded';
  frame.at.result = result;
  execution.engine.drive(execution, frame);
}

export function failTask(
  execution: Execution,
  frame: Frame,
  integration: Integration,
  failure: StateFailure,
  event: 'TaskFailed' | 'TaskSubmitFailed' = 'TaskFailed',
): void {
  const told = {
    ...(failure.error !== '' && { error: failure.error }),
    ...(failure.reason !== undefined && { cause: failure.reason }),
  };
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionFailed' : event, () => ({ ...(!own && namesOf(integration)), ...told }));
  settle(execution, frame);
  frame.at.phase = 'failed';
  frame.at.failure = { ...failure.told, ofTask: true };
  execution.engine.drive(execution, frame);
}

/** The task is over: its timers and its token mean nothing any more. */
function settle(execution: Execution, frame: Frame): void {
  execution.clearTimers(frame);
  execution.abandon({ mapRun: undefined, watching: frame.at.task?.watching });
  delete frame.at.task;
}
