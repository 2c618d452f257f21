import { AwsError } from '../errors.ts';
import type { JsonObject } from './json.ts';
import { settingsOf } from './recover.ts';
import { pageToken, type Request } from './request.ts';
import type { Service } from './service.ts';
import { integer, optionalInteger, type Row, text } from './store.ts';

function runRow(service: Service, request: Request): Row {
  const arn = request.arn('mapRunArn', ['mapRun']);
  const row = service.store.get(
    'SELECT r.*, e.arn AS execution_arn, e.machine FROM map_runs r JOIN executions e ON e.id = r.execution WHERE r.arn = ?',
    arn,
  );
  if (row === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  return row;
}

export function describeMapRun(service: Service, request: Request): JsonObject {
  const row = runRow(service, request);
  const stopped = optionalInteger(row, 'stopped');
  const redriven = optionalInteger(row, 'redriven');
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = settingsOf(row);
  const { items, executions } = counts(service, row);
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

const COUNTED: ReadonlyMap<string, Counted> = new Map([
  ['PENDING', 'pending'],
  ['PENDING_REDRIVE', 'pendingRedrive'],
  ['RUNNING', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['FAILED', 'failed'],
  ['TIMED_OUT', 'timedOut'],
  ['ABORTED', 'aborted'],
]);
type Counted = 'pending' | 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted' | 'pendingRedrive';

function counts(service: Service, row: Row): { items: JsonObject; executions: JsonObject } {
  const run = integer(row, 'id');
  const none = {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    total: 0,
    resultsWritten: 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
  const items = { ...none };
  const executions = { ...none };
  const add = (status: string, n: number, of: number): void => {
    const name = COUNTED.get(status);
    if (name === undefined) return;
    executions[name] += n;
    items[name] += of;
  };
  for (const group of service.store.all(
    'SELECT status, count(*) AS n, sum(items) AS items FROM map_children WHERE run = ? GROUP BY status',
    run,
  )) {
    const [n, of] = [integer(group, 'n'), integer(group, 'items')];
    executions.total += n;
    items.total += of;
    add(text(group, 'status'), n, of);
  }
  // Express children under way are known in memory only; in the store they are still to come.
  for (const execution of service.running.values()) {
    if (execution.kept || execution.is.child?.run !== run) continue;
    const child = service.store.get(
      'SELECT status, items FROM map_children WHERE run = ? AND id = ?',
      run,
      execution.is.child.id,
    );
    if (child === undefined) continue;
    add(text(child, 'status'), -1, -integer(child, 'items'));
    add('RUNNING', 1, integer(child, 'items'));
  }
  if (text(row, 'status') === 'SUCCEEDED') {
    items.resultsWritten = items.succeeded;
    executions.resultsWritten = executions.succeeded;
  }
  return { items, executions };
}

export function listMapRuns(service: Service, request: Request): JsonObject {
  const arn = request.arn('executionArn', ['execution']);
  const { limit, after } = request.page();
  const execution = service.store.get('SELECT id, machine FROM executions WHERE arn = ?', arn);
  if (execution === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  const rows = service.store.all(
    'SELECT * FROM map_runs WHERE execution = ? ORDER BY id DESC LIMIT ? OFFSET ?',
    integer(execution, 'id'),
    limit + 1,
    after,
  );
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
