import { Execution } from './execution.ts';
import type { Frame, Position } from './frame.ts';
import type { Identity } from './identity.ts';
import { isRecord, parseJson } from './json.ts';
import { MapRun, type MapRunSettings } from './map-run.ts';
import type { Service } from './service.ts';
import { integer, optionalInteger, type Row, text } from './store.ts';

/** Continues every Standard execution that was running when the process ended. */
export function recover(service: Service): void {
  const { store } = service;
  const executions = store
    .all("SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY id")
    .map((row) => restore(service, row));
  // All of them stand in memory before any goes on, since they wait for one another.
  for (const execution of executions) {
    for (const frame of [...execution.frames.values()]) if (frame.alive) service.resume(execution, frame);
    resumeMapRuns(service, execution);
    execution.armTimeout();
  }
  endOrphans(service);
}

/** Map runs whose state was given up in the instant before the process ended: that was written, their end not yet. */
function endOrphans(service: Service): void {
  const { store, clock } = service;
  for (const row of store.all("SELECT id FROM map_runs WHERE status = 'RUNNING'")) {
    const id = integer(row, 'id');
    if (service.mapRuns.has(id)) continue;
    store.run("UPDATE map_runs SET status = 'ABORTED', stopped = ? WHERE id = ?", clock.now(), id);
    store.run(
      "UPDATE map_children SET status = 'ABORTED', stopped = ? WHERE run = ? AND status IN ('PENDING', 'PENDING_REDRIVE', 'RUNNING')",
      clock.now(),
      id,
    );
    for (const child of [...service.running.values()]) {
      if (child.is.child?.run === id) child.turn(() => child.finish('ABORTED', undefined, {}));
    }
  }
}

/** Brings an execution back as it was written. */
export function restore(service: Service, row: Row): Execution {
  const { store } = service;
  const id = integer(row, 'id');
  const revision = service.revision(integer(row, 'definition'));
  const run = optionalInteger(row, 'map_run');
  const block = text(row, 'block');
  const machineArn = text(row, 'machine');
  const identity: Identity = {
    row: id,
    arn: text(row, 'arn'),
    name: text(row, 'name'),
    type: 'STANDARD',
    machineArn,
    machineName: machineArn.slice(machineArn.lastIndexOf(':') + 1),
    roleArn: revision.roleArn,
    definition: revision.definition,
    block,
    input: parseJson(text(row, 'input')),
    given: text(row, 'input'),
    started: integer(row, 'started'),
    redrives: integer(row, 'redrives'),
    redriven: optionalInteger(row, 'redriven'),
    child: run === undefined ? undefined : { run, id: integer(row, 'child') },
  };
  const last = store.get('SELECT max(id) AS last FROM events WHERE execution = ?', id);
  const execution = new Execution(service, identity, last === undefined ? 0 : (optionalInteger(last, 'last') ?? 0));
  service.running.set(id, execution);
  for (const frameRow of store.all('SELECT id, body FROM frames WHERE execution = ? ORDER BY id', id)) {
    const at = positionOf(text(frameRow, 'body'));
    const parent = execution.frames.get(at.parent);
    const frame = execution.restoreFrame(integer(frameRow, 'id'), at, parent);
    if (parent !== undefined) placeResult(parent, frame);
  }
  return execution;
}

function placeResult(parent: Frame, frame: Frame): void {
  parent.results[frame.at.index] = frame.at.output;
}

function positionOf(body: string): Position {
  const value: unknown = JSON.parse(body);
  if (!isPosition(value)) throw new Error('A frame in the store is malformed.');
  return value;
}

/** Frames are written by this program only, so their form is taken on trust but for what a restart stands on. */
function isPosition(value: unknown): value is Position {
  return (
    isRecord(value) &&
    typeof value['state'] === 'string' &&
    typeof value['phase'] === 'string' &&
    typeof value['parent'] === 'number'
  );
}

/** Goes on with the map runs that branches of the execution wait for. */
export function resumeMapRuns(service: Service, execution: Execution): void {
  for (const frame of execution.frames.values()) {
    const { mapRun, phase } = frame.at;
    const state = execution.state(frame);
    if (
      !frame.alive ||
      phase !== 'mapRun' ||
      mapRun === undefined ||
      state.type !== 'Map' ||
      state.distributed === undefined
    )
      continue;
    const row = service.store.get('SELECT arn, settings FROM map_runs WHERE id = ?', mapRun);
    if (row === undefined) continue;
    new MapRun(
      execution,
      frame,
      mapRun,
      text(row, 'arn'),
      settingsOf(row),
      state.distributed,
      state.processor,
    ).recover();
  }
}

export function settingsOf(row: Row): MapRunSettings {
  const value: unknown = JSON.parse(text(row, 'settings'));
  const number = (name: string): number => {
    const found = isRecord(value) ? value[name] : undefined;
    if (typeof found !== 'number') throw new Error('A map run in the store is malformed.');
    return found;
  };
  return {
    maxConcurrency: number('maxConcurrency'),
    toleratedFailureCount: number('toleratedFailureCount'),
    toleratedFailurePercentage: number('toleratedFailurePercentage'),
    items: number('items'),
    children: number('children'),
  };
}
