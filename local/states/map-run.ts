import type { Distributed } from './definition.ts';
import type { Execution } from './execution.ts';
import { StateFailure } from './failure.ts';
import { fanFailed } from './fan.ts';
import type { Frame } from './frame.ts';
import type { Ending } from './identity.ts';
import { parseJson, tooLarge } from './json.ts';
import { dataLimit } from './leave.ts';
import { collectResults, writeResults } from './map-writer.ts';
import { integer, optionalText, text } from './store.ts';

/** How many child executions run at once when the state does not say: what the service does at most. */
const MOST_CONCURRENT = 10_000;

/** What a map run is told to do; kept with it, since UpdateMapRun changes it. */
export interface MapRunSettings {
  maxConcurrency: number;
  toleratedFailureCount: number;
  toleratedFailurePercentage: number;
  /** All items; children hold several when they are batched. */
  readonly items: number;
  readonly children: number;
}

/** The child executions of a Distributed Map under way. Only those running are in memory. */
export class MapRun {
  readonly execution: Execution;
  readonly frame: Frame;
  readonly id: number;
  readonly arn: string;
  readonly settings: MapRunSettings;
  readonly #distributed: Distributed;
  readonly #processor: string;
  readonly #children = new Map<number, Execution>();
  #next = 0;
  #left: number;
  #failedItems = 0;
  /** No child is to start any more. */
  #closing = false;
  /** What follows from the run has followed. */
  #over = false;

  constructor(
    execution: Execution,
    frame: Frame,
    id: number,
    arn: string,
    settings: MapRunSettings,
    distributed: Distributed,
    processor: string,
  ) {
    this.execution = execution;
    this.frame = frame;
    this.id = id;
    this.arn = arn;
    this.settings = settings;
    this.#distributed = distributed;
    this.#processor = processor;
    this.#left = settings.children;
    execution.engine.mapRuns.set(id, this);
  }

  /** After a restart: what has ended stays ended, Standard children go on by themselves, Express ones begin again. */
  recover(): void {
    const { store, running } = this.execution.engine;
    for (const row of store.all("SELECT id FROM map_children WHERE run = ? AND status = 'RUNNING'", this.id)) {
      const id = integer(row, 'id');
      const own = store.get(
        'SELECT id, status, output, error, cause, started, stopped FROM executions WHERE map_run = ? AND child = ?',
        this.id,
        id,
      );
      const child = own === undefined ? undefined : running.get(integer(own, 'id'));
      if (child !== undefined) this.#children.set(id, child);
      else if (own !== undefined)
        this.#record(
          id,
          text(own, 'status'),
          optionalText(own, 'output'),
          optionalText(own, 'error'),
          optionalText(own, 'cause'),
          integer(own, 'started'),
          integer(own, 'stopped'),
        );
    }
    const done = store.get(
      "SELECT count(*) AS n, coalesce(sum(CASE WHEN status <> 'SUCCEEDED' THEN items ELSE 0 END), 0) AS failed FROM map_children WHERE run = ? AND status NOT IN ('PENDING', 'PENDING_REDRIVE', 'RUNNING')",
      this.id,
    );
    if (done !== undefined) {
      this.#left -= integer(done, 'n');
      this.#failedItems = integer(done, 'failed');
    }
    if (this.#exceeded()) this.#exceed();
    else this.proceed();
  }

  /** Starts children up to the limit; ends the run when all have ended. */
  proceed(): void {
    const most = this.settings.maxConcurrency === 0 ? MOST_CONCURRENT : this.settings.maxConcurrency;
    while (!this.#closing && this.#children.size < most && this.#startNext()) {
      // Starting a child only sets it going: it cannot end before this loop has.
    }
    if (!this.#closing && this.#left === 0) this.execution.engine.work(this.#succeed());
  }

  #startNext(): boolean {
    const { engine } = this.execution;
    const sql =
      "SELECT id, name, input FROM map_children WHERE run = ? AND id >= ? AND status IN ('PENDING', 'PENDING_REDRIVE') ORDER BY id LIMIT 1";
    const row = engine.store.get(sql, this.id, this.#next);
    if (row === undefined) return false;
    const id = integer(row, 'id');
    const name = text(row, 'name');
    this.#next = id + 1;
    const { childType, label } = this.#distributed;
    const before =
      childType === 'STANDARD'
        ? engine.store.get('SELECT * FROM executions WHERE map_run = ? AND child = ?', this.id, id)
        : undefined;
    const again = before === undefined ? undefined : engine.redriveChild(before);
    const start = {
      run: this.id,
      id,
      name,
      arn: this.childArn(name),
      label,
      block: this.#processor,
      kept: childType === 'STANDARD',
    };
    this.#children.set(
      id,
      again ??
        engine.startChild(this.execution, {
          ...start,
          input: { given: text(row, 'input'), value: parseJson(text(row, 'input')) },
        }),
    );
    return true;
  }

  childArn(name: string): string {
    const kind = this.#distributed.childType === 'STANDARD' ? 'execution' : 'express';
    return `${this.execution.is.machineArn.replace(':stateMachine:', `:${kind}:`)}/${this.#distributed.label}:${name}`;
  }

  /** A child has ended; its result is written before anything follows from it. */
  childEnded(id: number, ending: Ending, started: number): void {
    this.#children.delete(id);
    if (this.#closing) return;
    const { store } = this.execution.engine;
    this.#record(
      id,
      ending.status,
      ending.output === undefined ? undefined : JSON.stringify(ending.output),
      ending.error,
      ending.cause,
      started,
      ending.stopped,
    );
    this.#left -= 1;
    if (ending.status !== 'SUCCEEDED') {
      const row = store.get('SELECT items FROM map_children WHERE run = ? AND id = ?', this.id, id);
      this.#failedItems += row === undefined ? 0 : integer(row, 'items');
      if (this.#exceeded()) {
        this.#exceed();
        return;
      }
    }
    this.proceed();
  }

  #record(
    id: number,
    status: string,
    output: string | undefined,
    error: string | undefined,
    cause: string | undefined,
    started: number,
    stopped: number,
  ): void {
    this.execution.engine.store.run(
      'UPDATE map_children SET status = ?, output = ?, error = ?, cause = ?, started = ?, stopped = ? WHERE run = ? AND id = ?',
      ...[status, output ?? null, error ?? null, cause ?? null, started, stopped, this.id, id],
    );
  }

  #exceed(): void {
    this.execution.engine.work(
      this.#fail(
        new StateFailure(
          'States.ExceedToleratedFailureThreshold',
          'The specified tolerated failure threshold was exceeded',
        ),
      ),
    );
  }

  #exceeded(): boolean {
    const { toleratedFailureCount: count, toleratedFailurePercentage: percent, items } = this.settings;
    if (count === 0 && percent === 0) return this.#failedItems > 0;
    return (count > 0 && this.#failedItems > count) || (percent > 0 && (100 * this.#failedItems) / items > percent);
  }

  async #succeed(): Promise<void> {
    this.#closing = true;
    const { writer } = this.#distributed;
    let result: string;
    try {
      result =
        writer?.arguments === undefined ? collectResults(this, writer) : await writeResults(this, this.frame, writer);
      if (tooLarge(result)) throw dataLimit(this.frame.at.state);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      this.#settle('FAILED', error);
      return;
    }
    this.#settle('SUCCEEDED', result);
  }

  async #fail(failure: StateFailure): Promise<void> {
    this.#close();
    const { writer } = this.#distributed;
    try {
      if (writer?.arguments !== undefined) await writeResults(this, this.frame, writer);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
    }
    this.#settle('FAILED', failure);
  }

  /** The items could not be read: the run ends before it has begun. */
  readerFailed(failure: StateFailure): void {
    this.#closing = true;
    this.#settle('FAILED', failure);
  }

  /** The run's end and what follows from it in the execution are written together. */
  #settle(status: 'SUCCEEDED' | 'FAILED', outcome: string | StateFailure): void {
    const { execution, frame } = this;
    if (this.#over || !frame.alive) return;
    this.#over = true;
    execution.turn(() => {
      execution.alsoWrite(() => this.#end(status));
      if (outcome instanceof StateFailure) {
        execution.emit(frame, 'MapRunFailed', () => ({ error: outcome.error, cause: outcome.reason ?? '' }));
        fanFailed(execution, frame, { ...outcome.told, ofTask: false });
        return;
      }
      execution.emit(frame, 'MapRunSucceeded');
      execution.emit(frame, 'MapStateSucceeded', undefined, true);
      frame.at.phase = 'succeeded';
      frame.at.result = parseJson(outcome);
      execution.engine.drive(execution, frame);
    });
  }

  /** As UpdateMapRun asks; fields left out stay. */
  update(changes: {
    maxConcurrency: number | undefined;
    toleratedFailurePercentage: number | undefined;
    toleratedFailureCount: number | undefined;
  }): void {
    const { settings } = this;
    settings.maxConcurrency = changes.maxConcurrency ?? settings.maxConcurrency;
    settings.toleratedFailurePercentage = changes.toleratedFailurePercentage ?? settings.toleratedFailurePercentage;
    settings.toleratedFailureCount = changes.toleratedFailureCount ?? settings.toleratedFailureCount;
    this.execution.engine.store.run('UPDATE map_runs SET settings = ? WHERE id = ?', JSON.stringify(settings), this.id);
    if (this.#closing) return;
    if (this.#exceeded()) this.#exceed();
    else this.proceed();
  }

  /** The state around was given up, and that is written: the run ends with it. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#close();
    this.#end('ABORTED');
  }

  /** No child starts any more; those that run are aborted. */
  #close(): void {
    this.#closing = true;
    const { store, clock } = this.execution.engine;
    store.run(
      "UPDATE map_children SET status = 'ABORTED', stopped = ? WHERE run = ? AND status IN ('PENDING', 'PENDING_REDRIVE', 'RUNNING')",
      clock.now(),
      this.id,
    );
    for (const child of this.#children.values()) child.turn(() => child.finish('ABORTED', undefined, {}));
    this.#children.clear();
  }

  #end(status: string): void {
    const { engine } = this.execution;
    engine.mapRuns.delete(this.id);
    engine.store.run('UPDATE map_runs SET status = ?, stopped = ? WHERE id = ?', status, engine.clock.now(), this.id);
  }
}
