import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from '../errors.ts';
import type { Definition, ExecutionType } from './definition.ts';
import { armWait, drive } from './drive.ts';
import type { ChildStart, Engine, RunningMap, ServiceCall } from './engine.ts';
import { Execution } from './execution.ts';
import type { Abandoned, Frame } from './frame.ts';
import type { Ending, Identity } from './identity.ts';
import type { Json } from './json.ts';
import { parseDefinition } from './parse.ts';
import { integer, type Row, type Store, text } from './store.ts';
import { resumeTask } from './task.ts';

export interface ServiceOptions {
  readonly clock: Clock;
  readonly call: ServiceCall;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly services: ReadonlySet<string>;
  readonly random?: () => number;
  readonly onEvent?: (event: { executionArn: string; id: number; type: string }) => void;
}

/** A definition as executions run it. */
export interface Revision {
  readonly id: number;
  readonly machineArn: string;
  readonly machineName: string;
  readonly type: ExecutionType;
  readonly roleArn: string;
  readonly body: string;
  readonly definition: Definition;
}

/** Starts executions, keeps those that run in memory, and tells who waits for their end. */
export class Service implements Engine<Execution> {
  readonly store: Store;
  readonly options: ServiceOptions;
  readonly clock: Clock;
  readonly call: ServiceCall;
  readonly random: () => number;
  readonly region: string;
  readonly onEvent: Engine<Execution>['onEvent'];
  readonly running = new Map<number, Execution>();
  readonly mapRuns = new Map<number, RunningMap>();
  readonly #revisions = new Map<number, Revision>();
  readonly #watchers = new Map<string, (() => void)[]>();
  #lastRow: number;
  #lastExpress = 0;
  #closed = false;
  readonly #redriven: (service: Service, row: Row) => Execution | undefined;

  /** @param redriven goes on with a failed child; handed in, because whoever redrives knows the service */
  constructor(store: Store, options: ServiceOptions, redriven: (service: Service, row: Row) => Execution | undefined) {
    this.#redriven = redriven;
    this.store = store;
    this.options = options;
    this.clock = options.clock;
    this.call = options.call;
    this.random = options.random ?? Math.random;
    this.region = options.region;
    this.onEvent = options.onEvent;
    const last = store.get('SELECT coalesce(max(id), 0) AS last FROM executions');
    this.#lastRow = last === undefined ? 0 : integer(last, 'last');
  }

  drive(execution: Execution, frame: Frame): void {
    this.work(drive(execution, frame));
  }

  work(promise: Promise<void>): void {
    this.clock.work(promise).catch((error: unknown) => {
      // Nothing could be written any more: going on would lose what the store promises to keep.
      if (!this.#closed) throw error;
    });
  }

  uuid(): string {
    if (this.random === Math.random) return randomUUID();
    const digit = (): string => Math.floor(this.random() * 16).toString(16);
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
  }

  arn(kind: string, name: string): string {
    const { partition, region, accountId } = this.options;
    return `arn:${partition}:states:${region}:${accountId}:${kind}:${name}`;
  }

  /** @throws Error when the row is missing, which the store never lets happen */
  revision(id: number): Revision {
    const known = this.#revisions.get(id);
    if (known !== undefined) return known;
    const row = this.store.get('SELECT * FROM definitions WHERE id = ?', id);
    if (row === undefined) throw new Error(`No definition ${id}.`);
    const type = typeOf(row);
    const body = text(row, 'body');
    const { definition, diagnostics } = this.parse(body, type);
    if (definition === undefined)
      throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${diagnostics[0]?.message ?? ''}'`);
    const revision: Revision = {
      id,
      machineArn: text(row, 'machine'),
      machineName: text(row, 'name'),
      type,
      roleArn: text(row, 'role'),
      body,
      definition,
    };
    this.#revisions.set(id, revision);
    return revision;
  }

  parse(body: string, type: ExecutionType): ReturnType<typeof parseDefinition> {
    return parseDefinition(body, {
      type,
      services: this.options.services,
      sources: { now: () => this.clock.now(), random: this.random },
    });
  }

  /** Starts an execution of a machine. It exists, durably when it is Standard, as soon as this returns. */
  start(revision: Revision, name: string, arn: string, input: { given: string; value: Json }): Execution {
    const started = this.clock.now();
    const isKept = revision.type === 'STANDARD';
    const identity = {
      arn,
      name,
      type: revision.type,
      machineArn: revision.machineArn,
      machineName: revision.machineName,
      roleArn: revision.roleArn,
      definition: revision.definition,
      block: '',
      input: input.value,
      given: input.given,
      started,
      redrives: 0,
      redriven: undefined,
      child: undefined,
    };
    return this.#begin({ ...identity, row: this.#newRow(isKept) }, revision.id);
  }

  startChild(parent: Execution, start: ChildStart): Execution {
    const { is } = parent;
    const type: ExecutionType = start.kept ? 'STANDARD' : 'EXPRESS';
    const identity = {
      arn: start.arn,
      name: start.name,
      type,
      machineArn: `${is.machineArn}/${start.label}`,
      machineName: `${is.machineName}/${start.label}`,
      roleArn: is.roleArn,
      definition: is.definition,
      block: start.block,
      input: start.input.value,
      given: start.input.given,
      started: this.clock.now(),
      redrives: 0,
      redriven: undefined,
      child: { run: start.run, id: start.id },
    };
    if (!start.kept) return this.#begin({ ...identity, row: this.#newRow(false) }, 0);
    const parentRow = this.store.get('SELECT definition FROM executions WHERE id = ?', is.row);
    const definition = parentRow === undefined ? 0 : integer(parentRow, 'definition');
    return this.#begin({ ...identity, row: this.#newRow(true) }, definition);
  }

  #newRow(isKept: boolean): number {
    if (isKept) {
      this.#lastRow += 1;
      return this.#lastRow;
    }
    this.#lastExpress -= 1;
    return this.#lastExpress;
  }

  #insert(identity: Identity, definition: number): void {
    const { row, child } = identity;
    this.store.run(
      'INSERT INTO executions (id, arn, machine, name, definition, block, status, started, input, map_run, child) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[
        row,
        identity.arn,
        identity.machineArn,
        identity.name,
        definition,
        identity.block,
        'RUNNING',
        identity.started,
        identity.given,
      ],
      ...[child?.run ?? null, child?.id ?? null],
    );
    if (child !== undefined)
      this.store.run(
        "UPDATE map_children SET status = 'RUNNING', started = ? WHERE run = ? AND id = ?",
        identity.started,
        child.run,
        child.id,
      );
  }

  #begin(identity: Identity, definition: number): Execution {
    const execution = new Execution(this, identity);
    this.running.set(identity.row, execution);
    execution.emit(undefined, 'ExecutionStarted', () => ({
      input: identity.given,
      inputDetails: { truncated: false },
      roleArn: identity.roleArn,
    }));
    const frame = execution.addFrame(undefined, 0, identity.block, identity.input, { previous: 0 });
    execution.commit(identity.row > 0 ? () => this.#insert(identity, definition) : undefined);
    execution.armTimeout();
    // Not within the caller's turn: whoever starts an execution has its ARN before it does anything.
    this.work(
      new Promise<void>((resolve) => {
        setImmediate(resolve);
      }).then(() => drive(execution, frame)),
    );
    return execution;
  }

  /** Lets a branch go on from where it is written to stand. */
  resume(execution: Execution, frame: Frame): void {
    const { at } = frame;
    if (at.phase === 'waiting' || at.phase === 'retrying') armWait(execution, frame, at.due ?? this.clock.now());
    else if (at.phase === 'scheduled') {
      const state = execution.state(frame);
      if (state.type === 'Task') resumeTask(execution, frame, state, true);
    } else if (at.phase !== 'children' && at.phase !== 'mapRun' && at.phase !== 'done') this.drive(execution, frame);
  }

  finished(execution: Execution, ending: Ending): void {
    const { arn, child } = execution.is;
    for (const tell of this.#watchers.get(arn) ?? []) tell();
    this.#watchers.delete(arn);
    if (child !== undefined) this.mapRuns.get(child.run)?.childEnded(child.id, ending, execution.is.started);
  }

  watch(executionArn: string, tell: () => void): void {
    const running = this.store.get("SELECT 1 AS n FROM executions WHERE arn = ? AND status = 'RUNNING'", executionArn);
    if (running === undefined) tell();
    else this.#watchers.set(executionArn, [...(this.#watchers.get(executionArn) ?? []), tell]);
  }

  abandoned(execution: Execution, { mapRun, watching }: Abandoned): void {
    if (mapRun !== undefined) this.mapRuns.get(mapRun)?.stop();
    if (watching === undefined) return;
    const running = this.store.get("SELECT 1 AS n FROM executions WHERE arn = ? AND status = 'RUNNING'", watching);
    if (running === undefined) return;
    // What a `.sync` task started is stopped with it, if the role may; the service does not insist either.
    const stop = this.call({
      roleArn: execution.is.roleArn,
      service: 'states',
      action: 'StopExecution',
      input: { executionArn: watching },
    });
    this.work(
      stop.then(
        () => undefined,
        () => undefined,
      ),
    );
  }

  redriveChild(row: Row): Execution | undefined {
    return this.#redriven(this, row);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const execution of this.running.values()) execution.drop();
    this.running.clear();
    this.mapRuns.clear();
    this.store.close();
  }
}

export function typeOf(row: Row): ExecutionType {
  return text(row, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}
