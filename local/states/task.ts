import type { TaskState } from './definition.ts';
import type { Execution } from './execution.ts';
import { wholeNumber } from './expression.ts';
import { StateFailure } from './failure.ts';
import type { Frame, TaskRecord } from './frame.ts';
import { isJsonObject, type Json, type JsonObject, parseJson, tooLarge } from './json.ts';
import { dataLimit } from './leave.ts';
import { LONGEST_SECONDS } from './parser.ts';
import type { Integration } from './resource.ts';
import { failureOf, resultOf, sdkShape } from './task-result.ts';
import { makeToken } from './token.ts';

/** Records that the task is under way, then calls. */
export async function beginTask(execution: Execution, frame: Frame, state: TaskState): Promise<void> {
  const { engine } = execution;
  const { integration } = state;
  const token = integration.pattern === 'token' ? makeToken({ row: execution.is.row, frame: frame.id }, engine.random) : undefined;
  const scope = execution.scope(frame, {}, token === undefined ? undefined : { Token: token });
  const args = state.arguments === undefined ? frame.at.input : await state.arguments(scope);
  const timeout = state.timeoutSeconds === undefined ? undefined : await wholeNumber(state.timeoutSeconds, 'TimeoutSeconds', scope, 1, LONGEST_SECONDS);
  const heartbeat = state.heartbeatSeconds === undefined ? undefined : await wholeNumber(state.heartbeatSeconds, 'HeartbeatSeconds', scope, 1, LONGEST_SECONDS);
  if (!frame.alive) return;
  if (tooLarge(JSON.stringify(args))) throw dataLimit(frame.at.state);
  const now = engine.clock.now();
  frame.at.task = {
    input: requestOf(execution, integration, args),
    token,
    due: timeout === undefined ? undefined : now + timeout * 1000,
    heartbeat: heartbeat === undefined ? undefined : heartbeat * 1000,
    beat: heartbeat === undefined ? undefined : now + heartbeat * 1000,
    submitted: false,
    watching: undefined,
  };
  const timing = { ...(timeout !== undefined && { timeoutInSeconds: timeout }), ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }) };
  frame.at.phase = 'scheduled';
  if (integration.kind === 'lambda-function') {
    const details = { input: JSON.stringify(args), inputDetails: { truncated: false }, resource: integration.resource, ...timing };
    execution.emit(frame, 'LambdaFunctionScheduled', () => details);
    execution.emit(frame, 'LambdaFunctionStarted');
  } else {
    execution.emit(frame, 'TaskScheduled', () => ({ ...namesOf(integration), region: engine.region, parameters: JSON.stringify(args), ...timing }));
    execution.emit(frame, 'TaskStarted', () => namesOf(integration));
  }
  execution.commit();
  resumeTask(execution, frame, state);
}

function namesOf(integration: Integration): JsonObject {
  return { resourceType: integration.resourceType, resource: integration.resource };
}

/** What `call` is given for the arguments of a Task. */
function requestOf(execution: Execution, integration: Integration, args: Json): JsonObject {
  if (integration.kind === 'lambda-function') return { FunctionName: integration.resource, Payload: args };
  const fields = isJsonObject(args) ? args : {};
  if (integration.kind === 'sdk') return fields;
  if (integration.kind === 'states') {
    const input = fields['Input'] ?? {};
    // With a name of its own, a start whose answer was lost finds the execution it started instead of starting another.
    const name = fields['Name'] ?? execution.engine.uuid();
    return { stateMachineArn: fields['StateMachineArn'] ?? '', name, input: typeof input === 'string' ? input : JSON.stringify(input) };
  }
  return fields;
}

/** Arms the timeouts and makes the call (again, when its answer was not recorded); also after a restart. */
export function resumeTask(execution: Execution, frame: Frame, state: TaskState): void {
  const { task } = frame.at;
  if (task === undefined) return;
  if (task.due !== undefined) execution.timer(frame, 'timeout', task.due, () => timeOut(execution, frame, task, state.integration, 'States.Timeout'));
  if (task.beat !== undefined) armHeartbeat(execution, frame, task, state.integration, task.beat);
  if (task.watching !== undefined) watch(execution, frame, task, state, task.watching);
  else if (!task.submitted) execution.engine.work(dispatch(execution, frame, task, state));
}

function armHeartbeat(execution: Execution, frame: Frame, task: TaskRecord, integration: Integration, beat: number): void {
  execution.timer(frame, 'heartbeat', beat, () => {
    if (frame.at.task !== task || task.beat === undefined) return;
    if (task.beat > beat) armHeartbeat(execution, frame, task, integration, task.beat);
    else timeOut(execution, frame, task, integration, 'States.HeartbeatTimeout');
  });
}

/** The history calls both kinds by the same name. */
function timeOut(execution: Execution, frame: Frame, task: TaskRecord, integration: Integration, error: string): void {
  if (frame.at.task !== task || frame.at.phase !== 'scheduled') return;
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionTimedOut' : 'TaskTimedOut', () => ({ ...(!own && namesOf(integration)), error }));
  settle(execution, frame);
  frame.at.phase = 'failed';
  frame.at.failure = { error, cause: undefined, ofTask: true };
  execution.engine.drive(execution, frame);
}

async function dispatch(execution: Execution, frame: Frame, task: TaskRecord, state: TaskState): Promise<void> {
  const { integration } = state;
  const { engine } = execution;
  const requestId = engine.uuid();
  const input = { ...task.input };
  try {
    const answer = await engine.call({ roleArn: execution.is.roleArn, service: integration.service, action: integration.action, input });
    const result = resultOf(integration, answer, requestId);
    execution.turn(() => {
      if (frame.at.task !== task || !frame.alive) return;
      if (integration.pattern === 'request') succeedTask(execution, frame, state, result);
      else submitted(execution, frame, task, state, result);
    });
  } catch (error) {
    const failure = failureOf(integration, error, requestId);
    execution.turn(() => {
      if (frame.at.task === task && frame.alive) failTask(execution, frame, integration, failure);
    });
  }
}

/** The call was answered; the task goes on until its token comes back or the execution it started has ended. */
function submitted(execution: Execution, frame: Frame, task: TaskRecord, state: TaskState, result: Json): void {
  const { integration } = state;
  execution.emit(frame, 'TaskSubmitted', () => ({ ...namesOf(integration), output: JSON.stringify(result), outputDetails: { truncated: false } }));
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

async function collect(execution: Execution, frame: Frame, task: TaskRecord, state: TaskState, started: string): Promise<void> {
  const { integration } = state;
  if (frame.at.task !== task || !frame.alive) return;
  let outcome: () => void;
  try {
    const answer = await execution.engine.call({ roleArn: execution.is.roleArn, service: 'states', action: 'DescribeExecution', input: { executionArn: started } });
    const told = resultOf({ ...integration, kind: 'sdk' }, answer, '');
    const described = isJsonObject(told) ? sdkShape(told) : {};
    const parsed = integration.pattern === 'sync2' ? withJson(described) : described;
    outcome = () => {
      if (described['Status'] === 'SUCCEEDED') succeedTask(execution, frame, state, parsed);
      else failTask(execution, frame, integration, new StateFailure('States.TaskFailed', JSON.stringify(parsed)));
    };
  } catch (error) {
    const failure = failureOf(integration, error, execution.engine.uuid());
    outcome = () => failTask(execution, frame, integration, failure);
  }
  execution.turn(() => {
    if (frame.at.task === task && frame.alive) outcome();
  });
}

function withJson(described: JsonObject): JsonObject {
  const { Input: input, Output: output } = described;
  return { ...described, ...(typeof input === 'string' && { Input: parseJson(input) }), ...(typeof output === 'string' && { Output: parseJson(output) }) };
}

/** The task is done: recorded at once, so that it never runs again. */
export function succeedTask(execution: Execution, frame: Frame, state: TaskState, result: Json): void {
  const { integration } = state;
  const text = JSON.stringify(result);
  if (tooLarge(text)) {
    failTask(execution, frame, integration, dataLimit(integration.kind === 'lambda-function' ? integration.resource : integration.resourceType));
    return;
  }
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionSucceeded' : 'TaskSucceeded', () => ({ ...(!own && namesOf(integration)), output: text, outputDetails: { truncated: false } }));
  settle(execution, frame);
  frame.at.phase = 'succeeded';
  frame.at.result = result;
  execution.engine.drive(execution, frame);
}

export function failTask(execution: Execution, frame: Frame, integration: Integration, failure: StateFailure): void {
  const told = { error: failure.error, ...(failure.reason !== undefined && { cause: failure.reason }) };
  const own = integration.kind === 'lambda-function';
  execution.emit(frame, own ? 'LambdaFunctionFailed' : 'TaskFailed', () => ({ ...(!own && namesOf(integration)), ...told }));
  settle(execution, frame);
  frame.at.phase = 'failed';
  frame.at.failure = { error: failure.error, cause: failure.reason, ofTask: true };
  execution.engine.drive(execution, frame);
}

/** The task is over: its timers and its token mean nothing any more. */
function settle(execution: Execution, frame: Frame): void {
  execution.clearTimers(frame);
  if (frame.at.task?.watching !== undefined) execution.engine.abandoned(execution, frame);
  delete frame.at.task;
}
