import { AwsError } from '../errors.ts';
import type { Execution } from './execution.ts';
import { type Json, type JsonObject, PAYLOAD_LIMIT, parseJson } from './json.ts';
import { checkName, currentRevision, machineRow, references, settingsIn } from './machines.ts';
import { notRedrivable } from './redrivable.ts';
import { pageToken, type Request } from './request.ts';
import type { Service } from './service.ts';
import { integer, optionalInteger, optionalText, type Row, text } from './store.ts';

/** The name of a Standard execution is free again so long after it has ended. */
const NAME_KEPT = 90 * 24 * 3600 * 1000;

export function startExecution(service: Service, request: Request): JsonObject {
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  const name = request.optionalText('name') ?? service.uuid();
  checkName(name);
  const body = inputOf(request);
  const revision = currentRevision(service, arn);
  if (revision.type === 'EXPRESS') {
    const execution = service.start(
      revision,
      name,
      service.arn('express', `${revision.machineName}:${name}:${service.uuid()}`),
      body,
    );
    return startedAs(execution);
  }
  const executionArn = service.arn('execution', `${revision.machineName}:${name}`);
  const known = service.store.get('SELECT * FROM executions WHERE arn = ?', executionArn);
  if (known !== undefined) {
    const stopped = optionalInteger(known, 'stopped');
    if (text(known, 'status') === 'RUNNING' && text(known, 'input') === body.given) {
      return { executionArn, startDate: integer(known, 'started') / 1000 };
    }
    if (stopped === undefined || service.clock.now() - stopped < NAME_KEPT)
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    forgetExecution(service, integer(known, 'id'));
  }
  return startedAs(service.start(revision, name, executionArn, body));
}

function startedAs(execution: Execution): JsonObject {
  return { executionArn: execution.is.arn, startDate: execution.is.started / 1000 };
}

function forgetExecution(service: Service, row: number): void {
  service.store.transaction(() => {
    for (const table of ['events', 'frames']) service.store.run(`DELETE FROM ${table} WHERE execution = ?`, row);
    service.store.run('DELETE FROM executions WHERE id = ?', row);
  });
}

/** An input as it was given, and what it says. */
export interface Input {
  readonly given: string;
  readonly value: Json;
}

function inputOf(request: Request): Input {
  const given = request.optionalText('input') ?? '{}';
  if (Buffer.byteLength(given) > PAYLOAD_LIMIT) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT}`,
    );
  }
  try {
    return { given, value: parseJson(given) };
  } catch (error) {
    const why =
      given.trim() === '' ? 'Invalid execution input.' : error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  }
}

export async function startSyncExecution(service: Service, request: Request): Promise<JsonObject> {
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  const name = request.optionalText('name') ?? service.uuid();
  checkName(name);
  const body = inputOf(request);
  const revision = currentRevision(service, arn);
  if (revision.type !== 'EXPRESS')
    throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
  const execution = service.start(
    revision,
    name,
    service.arn('express', `${revision.machineName}:${name}:${service.uuid()}`),
    body,
  );
  const ending = await execution.ended;
  const duration = ending.stopped - execution.is.started;
  return {
    executionArn: execution.is.arn,
    stateMachineArn: arn,
    name,
    startDate: execution.is.started / 1000,
    stopDate: ending.stopped / 1000,
    status: ending.status,
    ...(ending.error !== undefined && { error: ending.error }),
    ...(ending.cause !== undefined && { cause: ending.cause }),
    input: body.given,
    inputDetails: { included: true },
    ...(ending.output !== undefined && { output: JSON.stringify(ending.output), outputDetails: { included: true } }),
    billingDetails: {
      billedMemoryUsedInMB: 64,
      billedDurationInMilliseconds: Math.max(100, Math.ceil(duration / 100) * 100),
    },
  };
}

export function executionRow(service: Service, arn: string): Row {
  const row = service.store.get('SELECT * FROM executions WHERE arn = ?', arn);
  if (row === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return row;
}

export function describeExecution(service: Service, request: Request): JsonObject {
  const arn = request.arn('executionArn', ['execution', 'express']);
  const express = expressChild(service, arn);
  if (express !== undefined) return express;
  const row = executionRow(service, arn);
  const output = optionalText(row, 'output');
  const redriven = optionalInteger(row, 'redriven');
  return {
    ...entryOf(service, row),
    input: text(row, 'input'),
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...failureIn(row),
    redriveCount: integer(row, 'redrives'),
    ...(redriven !== undefined && { redriveDate: redriven / 1000 }),
    ...redrivability(service, row),
  };
}

/** An Express execution is only told of when it is the child of a map run. */
function expressChild(service: Service, arn: string): JsonObject | undefined {
  if (!arn.includes(':express:')) return undefined;
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  const row = service.store.get(
    'SELECT c.*, r.arn AS run_arn FROM map_children c JOIN map_runs r ON r.id = c.run WHERE c.name = ?',
    name,
  );
  if (row === undefined)
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: express'`);
  const running = [...service.running.values()].find((execution) => execution.is.arn === arn);
  const output = optionalText(row, 'output');
  const stopped = optionalInteger(row, 'stopped');
  const started = running?.is.started ?? optionalInteger(row, 'started') ?? stopped;
  return {
    executionArn: arn,
    stateMachineArn: arn.slice(0, arn.lastIndexOf(':')).replace(':express:', ':stateMachine:'),
    name,
    status: running === undefined ? text(row, 'status') : 'RUNNING',
    ...(started !== undefined && { startDate: started / 1000 }),
    ...(stopped !== undefined && { stopDate: stopped / 1000 }),
    mapRunArn: text(row, 'run_arn'),
    input: text(row, 'input'),
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...failureIn(row),
    redriveCount: integer(row, 'redrives'),
    ...expressRedrive(running === undefined ? text(row, 'status') : 'RUNNING'),
  };
}

function expressRedrive(status: string): JsonObject {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') return { redriveStatus: 'REDRIVABLE_BY_MAP_RUN' };
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: `Execution is ${status} and cannot be redriven` };
}

function failureIn(row: Row): JsonObject {
  const error = optionalText(row, 'error');
  const cause = optionalText(row, 'cause');
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

function redrivability(service: Service, row: Row): JsonObject {
  const reason = notRedrivable(service, row);
  if (reason !== undefined) return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
  return { redriveStatus: row['map_run'] === null ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
}

function entryOf(service: Service, row: Row): JsonObject {
  const stopped = optionalInteger(row, 'stopped');
  const run = optionalInteger(row, 'map_run');
  const runRow = run === undefined ? undefined : service.store.get('SELECT arn FROM map_runs WHERE id = ?', run);
  return {
    executionArn: text(row, 'arn'),
    stateMachineArn: text(row, 'machine'),
    name: text(row, 'name'),
    status: text(row, 'status'),
    startDate: integer(row, 'started') / 1000,
    ...(stopped !== undefined && { stopDate: stopped / 1000 }),
    ...(runRow !== undefined && { mapRunArn: text(runRow, 'arn') }),
  };
}

export function listExecutions(service: Service, request: Request): JsonObject {
  const status =
    request.choice('statusFilter', ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']) ??
    null;
  const redrive = request.choice('redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']) ?? null;
  const { limit, after } = request.page();
  if (request.has('stateMachineArn') === request.has('mapRunArn')) {
    throw new AwsError('ValidationException', 'Exactly one of stateMachineArn and mapRunArn must be provided');
  }
  if (request.has('mapRunArn'))
    return listChildren(service, request.arn('mapRunArn', ['mapRun']), { status, redrive }, limit, after);
  const arn = request.arn('stateMachineArn', ['stateMachine']);
  if (text(machineRow(service, arn), 'type') === 'EXPRESS')
    throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
  const rows = service.store.all(
    `SELECT * FROM executions WHERE machine = ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR (redrives > 0) = (?3 = 'REDRIVEN'))
     ORDER BY started DESC, id DESC LIMIT ?4 OFFSET ?5`,
    ...[arn, status, redrive, limit + 1, after],
  );
  return {
    executions: rows
      .slice(0, limit)
      .map((row) => ({ ...entryOf(service, row), redriveCount: integer(row, 'redrives') })),
    ...(rows.length > limit && { nextToken: pageToken(after + limit) }),
  };
}

function listChildren(
  service: Service,
  mapRunArn: string,
  filter: { status: string | null; redrive: string | null },
  limit: number,
  after: number,
): JsonObject {
  const run = service.store.get('SELECT * FROM map_runs WHERE arn = ?', mapRunArn);
  if (run === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${mapRunArn}'`);
  const running = new Map([...service.running.values()].map((execution) => [execution.is.name, execution]));
  const machine = mapRunArn.slice(0, mapRunArn.lastIndexOf(':'));
  const entries = service.store
    .all(
      'SELECT id, name, items, status, started, stopped, redrives FROM map_children WHERE run = ? ORDER BY id DESC',
      integer(run, 'id'),
    )
    .flatMap((row) => {
      const name = text(row, 'name');
      const live = running.get(name);
      const state = live === undefined ? text(row, 'status') : 'RUNNING';
      const redrives = integer(row, 'redrives');
      if (state === 'PENDING' || (filter.status !== null && state !== filter.status)) return [];
      if (filter.redrive !== null && redrives > 0 !== (filter.redrive === 'REDRIVEN')) return [];
      const own = service.store.get(
        'SELECT arn FROM executions WHERE map_run = ? AND child = ?',
        integer(run, 'id'),
        integer(row, 'id'),
      );
      const stopped = optionalInteger(row, 'stopped');
      const started = live?.is.started ?? optionalInteger(row, 'started') ?? stopped ?? integer(run, 'started');
      return [
        {
          executionArn: own === undefined ? `${machine.replace(':mapRun:', ':express:')}:${name}` : text(own, 'arn'),
          stateMachineArn: machine.replace(':mapRun:', ':stateMachine:'),
          name,
          status: state,
          startDate: started / 1000,
          ...(stopped !== undefined && { stopDate: stopped / 1000 }),
          mapRunArn,
          itemCount: integer(row, 'items'),
          redriveCount: redrives,
        },
      ];
    });
  return {
    executions: entries.slice(after, after + limit),
    ...(entries.length > after + limit && { nextToken: pageToken(after + limit) }),
  };
}

export function stopExecution(service: Service, request: Request): JsonObject {
  const arn = request.arn('executionArn', ['execution']);
  const error = request.optionalText('error', { most: 256 });
  const cause = request.optionalText('cause', { most: 32_768 });
  const row = executionRow(service, arn);
  const execution = service.running.get(integer(row, 'id'));
  execution?.turn(() => execution.finish('ABORTED', undefined, { error, cause }));
  const stopped = optionalInteger(executionRow(service, arn), 'stopped');
  return { stopDate: (stopped ?? service.clock.now()) / 1000 };
}

export function describeStateMachineForExecution(service: Service, request: Request): JsonObject {
  const row = executionRow(service, request.arn('executionArn', ['execution']));
  const revision = service.revision(integer(row, 'definition'));
  const machine = service.store.get('SELECT settings FROM machines WHERE arn = ?', revision.machineArn);
  const created = service.store.get('SELECT created FROM definitions WHERE id = ?', revision.id);
  return {
    stateMachineArn: text(row, 'machine'),
    name: revision.machineName,
    definition: revision.body,
    roleArn: revision.roleArn,
    updateDate: (created === undefined ? 0 : integer(created, 'created')) / 1000,
    ...(machine !== undefined && settingsIn(machine)),
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...references(revision),
  };
}
