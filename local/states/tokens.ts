import { AwsError } from '../errors.ts';
import type { TaskState } from './definition.ts';
import type { Execution } from './execution.ts';
import { StateFailure } from './failure.ts';
import type { Frame, TaskRecord } from './frame.ts';
import { type Json, type JsonObject, parseJson, tooLarge } from './json.ts';
import type { Request } from './request.ts';
import type { Service } from './service.ts';
import { failTask, succeedTask } from './task.ts';
import { readToken } from './token.ts';

interface Waiting {
  readonly execution: Execution;
  readonly frame: Frame;
  readonly state: TaskState;
  readonly task: TaskRecord;
}

/** The task that waits for the token. @throws AwsError InvalidToken, TaskDoesNotExist or TaskTimedOut */
function waiting(service: Service, request: Request): Waiting {
  const token = request.text('taskToken', { least: 1, most: 2048 });
  const content = readToken(token);
  if (content === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  const execution = service.running.get(content.row);
  const frame = execution?.frames.get(content.frame);
  const task = frame?.at.task;
  if (execution === undefined || frame === undefined || !frame.alive || task === undefined || task.token !== token) {
    const known = service.store.get('SELECT 1 AS n FROM executions WHERE id = ?', content.row);
    if (known === undefined)
      throw new AwsError('TaskDoesNotExist', "Task does not exist: 'Provided task does not exist'");
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
  const state = execution.state(frame);
  if (state.type !== 'Task') throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return { execution, frame, state, task };
}

export function sendTaskSuccess(service: Service, request: Request): JsonObject {
  const output = outputOf(request);
  const { execution, frame, state } = waiting(service, request);
  execution.turn(() => succeedTask(execution, frame, state, output));
  return {};
}

function outputOf(request: Request): Json {
  const output = request.text('output');
  if (tooLarge(output)) {
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or equal to 262144",
    );
  }
  try {
    return parseJson(output);
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${error instanceof Error ? error.message : String(error)}'`);
  }
}

export function sendTaskFailure(service: Service, request: Request): JsonObject {
  const error = request.optionalText('error', { most: 256 });
  const cause = request.optionalText('cause', { most: 32_768 });
  const { execution, frame, state } = waiting(service, request);
  execution.turn(() => failTask(execution, frame, state.integration, new StateFailure(error ?? '', cause)));
  return {};
}

export function sendTaskHeartbeat(service: Service, request: Request): JsonObject {
  const { execution, frame, task } = waiting(service, request);
  execution.turn(() => {
    if (task.heartbeat === undefined) return;
    task.beat = service.clock.now() + task.heartbeat;
    execution.touch(frame);
  });
  return {};
}
