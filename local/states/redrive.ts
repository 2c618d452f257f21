import { AwsError } from '../errors.ts';
import type { Execution } from './execution.ts';
import { executionRow } from './executions.ts';
import { DATA_LIMIT } from './failure.ts';
import { type Frame, forget } from './frame.ts';
import type { JsonObject } from './json.ts';
import { restore, resumeMapRuns } from './recover.ts';
import { notRedrivable } from './redrivable.ts';
import type { Request } from './request.ts';
import type { Service } from './service.ts';
import { integer, optionalText, type Row, text } from './store.ts';

export function redriveExecution(service: Service, request: Request): JsonObject {
  const arn = request.arn('executionArn', ['execution']);
  const token = request.optionalText('clientToken', { least: 1, most: 64 });
  const row = executionRow(service, arn);
  // The same request once more: the caller lost the answer.
  if (token !== undefined && optionalText(row, 'redrive_token') === token)
    return { redriveDate: integer(row, 'redriven') / 1000 };
  const reason =
    row['map_run'] === null ? notRedrivable(service, row) : 'Execution is a child of a Map Run and is redriven with it';
  if (reason !== undefined) throw new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${reason}'`);
  redrive(service, row, token);
  return { redriveDate: service.clock.now() / 1000 };
}

/** Goes on with a child of a map run, if it can be redriven. */
export function redriveChild(service: Service, row: Row): Execution | undefined {
  return notRedrivable(service, row) === undefined ? redrive(service, row) : undefined;
}

/**
 * Lets an execution go on from where it failed: the same definition, the states that had not ended with their inputs and
 * variables, retries counted anew. What had succeeded stays.
 */
function redrive(service: Service, row: Row, token?: string): Execution {
  const redrives = integer(row, 'redrives') + 1;
  const now = service.clock.now();
  const execution = restore(service, { ...row, redrives, redriven: now });
  const redriven = execution.emitAfter(execution.lastEvent, 'ExecutionRedriven', () => ({ redriveCount: redrives }));
  const roots = [...execution.frames.values()].filter((frame) => frame.parent === undefined);
  const writes: (() => void)[] = [];
  for (const frame of roots) rewind({ service, execution, redriven, writes }, frame);
  const { row: id, child } = execution.is;
  execution.commit(() => {
    for (const write of writes) write();
    service.store.run(
      "UPDATE executions SET status = 'RUNNING', stopped = NULL, output = NULL, error = NULL, cause = NULL, redrives = ?, redriven = ?, redrive_token = ? WHERE id = ?",
      ...[redrives, now, token ?? null, id],
    );
    if (child !== undefined)
      service.store.run(
        "UPDATE map_children SET status = 'RUNNING', started = ?, stopped = NULL WHERE run = ? AND id = ?",
        now,
        child.run,
        child.id,
      );
  });
  for (const frame of [...execution.frames.values()]) if (frame.alive) service.resume(execution, frame);
  resumeMapRuns(service, execution);
  execution.armTimeout();
  return execution;
}

interface Redrive {
  readonly service: Service;
  readonly execution: Execution;
  /** Number of the event that says so. */
  readonly redriven: number;
  /** What is to be written in the same transaction. */
  readonly writes: (() => void)[];
}

/** Sets a branch back to where its current state begins, or its branches to where they stopped. */
function rewind(by: Redrive, frame: Frame): void {
  const { execution } = by;
  const { at } = frame;
  if (at.phase === 'done') return;
  frame.alive = true;
  at.previous = by.redriven;
  at.retries = [];
  at.retryCount = 0;
  const isWhole = at.failure?.error === DATA_LIMIT;
  execution.touch(frame);
  // A wait keeps its instant: one that has passed is over at once.
  if (at.phase === 'start' || at.phase === 'select' || at.phase === 'waiting') return;
  if (frame.children.size > 0 && !isWhole) {
    at.phase = 'children';
    delete at.failure;
    for (const child of frame.children) rewind(by, child);
  } else if (at.mapRun !== undefined && redriveMapRun(by, frame, at.mapRun, isWhole)) {
    at.phase = 'mapRun';
    delete at.failure;
  } else {
    execution.killChildren(frame);
    forget(at);
    at.phase = 'entered';
  }
}

/**
 * Opens a failed map run again: children that did not succeed (all, when `isWhole`) are to run once more.
 * @returns false when there is nothing to open: the run had succeeded, or had no children
 */
function redriveMapRun(by: Redrive, frame: Frame, run: number, isWhole: boolean): boolean {
  const { store, clock } = by.service;
  const row = store.get("SELECT * FROM map_runs WHERE id = ? AND status IN ('FAILED', 'ABORTED')", run);
  if (row === undefined || store.get('SELECT 1 AS n FROM map_children WHERE run = ?', run) === undefined) return false;
  const redrives = integer(row, 'redrives') + 1;
  const fixed = childrenNotRedrivable(by.service, run);
  by.writes.push(() => {
    store.run(
      "UPDATE map_runs SET status = 'RUNNING', stopped = NULL, redrives = ?, redriven = ? WHERE id = ?",
      redrives,
      clock.now(),
      run,
    );
    const again = `UPDATE map_children SET status = CASE WHEN started IS NULL THEN 'PENDING' ELSE 'PENDING_REDRIVE' END,
      output = NULL, error = NULL, cause = NULL, stopped = NULL, redrives = redrives + (started IS NOT NULL) WHERE run = ?`;
    if (isWhole) store.run(again, run);
    else
      store.run(
        `${again} AND status <> 'SUCCEEDED' AND id NOT IN (SELECT value FROM json_each(?))`,
        run,
        JSON.stringify(fixed),
      );
  });
  by.execution.emit(frame, 'MapRunRedriven', () => ({ mapRunArn: text(row, 'arn'), redriveCount: redrives }));
  return true;
}

/** Standard children whose own execution does not allow a redrive any more. */
function childrenNotRedrivable(service: Service, run: number): number[] {
  const rows = service.store.all("SELECT * FROM executions WHERE map_run = ? AND status <> 'SUCCEEDED'", run);
  return rows.filter((row) => notRedrivable(service, row) !== undefined).map((row) => integer(row, 'child'));
}
