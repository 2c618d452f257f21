import { AwsError } from '../errors.ts';
import type { JsonObject } from './json.ts';
import { settingsOf } from './recover.ts';
import { pageToken, type Request } from './request.ts';
import type { Service } from './service.ts';
import { integer, optionalInteger, type Row, text } from './store.ts';

function runRow(service: Service, request: Request): Row {
  const arn = request.arn('mapRunArn', ['mapRun']);
  const row = service.store.get('SELECT r.*, e.arn AS execution_arn, e.machine FROM map_runs r JOIN executions e ON e.id = r.execution WHERE r.arn = ?', arn);
  if (row === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  return row;
}

const COUNTED = { PENDING: 'pending', RUNNING: 'running', SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'timedOut', ABORTED: 'aborted' };

export function describeMapRun(service: Service, request: Request): JsonObject {
  const row = runRow(service, request);
  const id = integer(row, 'id');
  const stopped = optionalInteger(row, 'stopped');
  const redriven = optionalInteger(row, 'redriven');
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = settingsOf(row);
  const { items, executions } = counts(service, id);
  return {
    mapRunArn: text(row, 'arn'),
    executionArn: text(row, 'execution_arn'),
    status: text(row, 'status'),
    startDate: integer(row, 'started') / 1000,
    ...(stopped !== undefined && { stopDate: stopped / 1000 }),
    maxConcurrency,
    toleratedFailurePercentage,
    toleratedFailureCount,
    itemCounts: items,
    executionCounts: executions,
    redriveCount: integer(row, 'redrives'),
    ...(redriven !== undefined && { redriveDate: redriven / 1000 }),
  };
}

/** Express children under way are known in memory only; in the store they are still pending. */
function counts(service: Service, run: number): { items: JsonObject; executions: JsonObject } {
  const none = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, total: 0, resultsWritten: 0, failuresNotRedrivable: 0, pendingRedrive: 0 };
  const items = { ...none };
  const executions = { ...none };
  for (const row of service.store.all('SELECT status, count(*) AS n, sum(items) AS items FROM map_children WHERE run = ? GROUP BY status', run)) {
    const status = text(row, 'status');
    const name = Object.entries(COUNTED).find(([key]) => key === status)?.[1];
    const [n, of] = [integer(row, 'n'), integer(row, 'items')];
    executions.total += n;
    items.total += of;
    if (name === 'pending' || name === 'running' || name === 'succeeded' || name === 'failed' || name === 'timedOut' || name === 'aborted') {
      executions[name] += n;
      items[name] += of;
    }
  }
  for (const execution of service.running.values()) {
    if (execution.kept || execution.is.child?.run !== run) continue;
    const row = service.store.get('SELECT items FROM map_children WHERE run = ? AND id = ?', run, execution.is.child.id);
    const of = row === undefined ? 0 : integer(row, 'items');
    executions.pending -= 1;
    executions.running += 1;
    items.pending -= of;
    items.running += of;
  }
  return { items, executions };
}

export function listMapRuns(service: Service, request: Request): JsonObject {
  const arn = request.arn('executionArn', ['execution']);
  const { limit, after } = request.page();
  const execution = service.store.get('SELECT id, machine FROM executions WHERE arn = ?', arn);
  if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  const rows = service.store.all('SELECT * FROM map_runs WHERE execution = ? ORDER BY id DESC LIMIT ? OFFSET ?', integer(execution, 'id'), limit + 1, after);
  return {
    mapRuns: rows.slice(0, limit).map((row) => {
      const mapRunArn = text(row, 'arn');
      const stopped = optionalInteger(row, 'stopped');
      return {
        executionArn: arn,
        mapRunArn,
        stateMachineArn: mapRunArn.slice(0, mapRunArn.lastIndexOf(':')).replace(':mapRun:', ':stateMachine:'),
        startDate: integer(row, 'started') / 1000,
        ...(stopped !== undefined && { stopDate: stopped / 1000 }),
      };
    }),
    ...(rows.length > limit && { nextToken: pageToken(after + limit) }),
  };
}

export function updateMapRun(service: Service, request: Request): JsonObject {
  const row = runRow(service, request);
  const most = 2 ** 31 - 1;
  const run = service.mapRuns.get(integer(row, 'id'));
  const changes = {
    maxConcurrency: request.number('maxConcurrency', 0, most),
    toleratedFailurePercentage: request.number('toleratedFailurePercentage', 0, 100),
    toleratedFailureCount: request.number('toleratedFailureCount', 0, most),
  };
  if (run === undefined) throw new AwsError('ValidationException', 'The Map Run is no longer running');
  run.update(changes);
  return {};
}
