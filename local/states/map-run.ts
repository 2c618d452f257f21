import type { Distributed, MapState } from './definition.ts';
import type { Ending, Execution } from './execution.ts';
import { type Scope, type Template, wholeNumber } from './expression.ts';
import { StateFailure } from './failure.ts';
import { fanFailed, itemsOf, mapItem } from './fan.ts';
import type { Frame } from './frame.ts';
import { type Json, type JsonObject, parseJson, PAYLOAD_LIMIT, tooLarge } from './json.ts';
import { dataLimit } from './leave.ts';
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

export type ChildStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** Makes the inputs of the child executions, keeps them, and starts the run. */
export async function enterDistributedMap(execution: Execution, frame: Frame, state: MapState, distributed: Distributed): Promise<void> {
  const { engine, is } = execution;
  const scope = execution.scope(frame);
  const number = async (template: Template | undefined, field: string, most: number): Promise<number> =>
    template === undefined ? 0 : wholeNumber(template, field, scope, 0, most);
  const items = await itemsOf(execution, frame, state.items);
  const inputs = await batches(distributed, await selected(execution, frame, state, items, scope), scope);
  const settings: MapRunSettings = {
    maxConcurrency: await number(state.maxConcurrency, 'MaxConcurrency', 2 ** 31 - 1),
    toleratedFailureCount: await number(distributed.toleratedCount, 'ToleratedFailureCount', 2 ** 31 - 1),
    toleratedFailurePercentage: await percentage(distributed.toleratedPercentage, scope),
    items: items.length,
    children: inputs.length,
  };
  if (!frame.alive) return;
  const arn = `${is.machineArn.replace(':stateMachine:', ':mapRun:')}/${distributed.label}:${engine.uuid()}`;
  execution.emit(frame, 'MapStateStarted', () => ({ length: items.length }));
  execution.emit(frame, 'MapRunStarted', () => ({ mapRunArn: arn }));
  frame.at.phase = 'mapRun';
  let run = 0;
  execution.commit(() => {
    const { store } = engine;
    run = store.run(
      'INSERT INTO map_runs (arn, execution, frame, status, started, settings) VALUES (?, ?, ?, ?, ?, ?)',
      ...[arn, is.row, frame.id, 'RUNNING', engine.clock.now(), JSON.stringify(settings)],
    );
    inputs.forEach(({ input, count }, index) => {
      store.run("INSERT INTO map_children (run, id, name, items, status, input) VALUES (?, ?, ?, ?, 'PENDING', ?)", run, index, engine.uuid(), count, input);
    });
    frame.at.mapRun = run;
    store.run('INSERT OR REPLACE INTO frames VALUES (?, ?, ?)', is.row, frame.id, JSON.stringify(frame.at));
  });
  new MapRun(execution, frame, run, arn, settings, distributed, state.processor).proceed();
}

async function percentage(template: Template | undefined, scope: Scope): Promise<number> {
  if (template === undefined) return 0;
  const value = await template(scope);
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw new StateFailure('States.QueryEvaluationError', `The ToleratedFailurePercentage field must be between 0 and 100: ${JSON.stringify(value)}`, 'ToleratedFailurePercentage');
}

async function selected(execution: Execution, frame: Frame, state: MapState, items: readonly Json[], scope: Scope): Promise<readonly Json[]> {
  const { itemSelector } = state;
  if (itemSelector === undefined) return items;
  const context = execution.context(frame);
  const results: Json[] = [];
  for (const [index, value] of items.entries()) {
    results.push(await itemSelector({ ...scope, states: { ...scope.states, context: { ...context, Map: { Item: { ...mapItem(index, value) } } } } }));
  }
  return results;
}

interface ChildInput {
  readonly input: string;
  readonly count: number;
}

/** One child an item, or one a batch as the ItemBatcher says. */
async function batches(distributed: Distributed, items: readonly Json[], scope: Scope): Promise<ChildInput[]> {
  const { batcher } = distributed;
  if (batcher === undefined) return items.map((item) => ({ input: JSON.stringify(item), count: 1 }));
  const most = batcher.maxItems === undefined ? Number.POSITIVE_INFINITY : await wholeNumber(batcher.maxItems, 'ItemBatcher/MaxItemsPerBatch', scope, 1, 100_000_000);
  const bytes = batcher.maxBytes === undefined ? PAYLOAD_LIMIT : await wholeNumber(batcher.maxBytes, 'ItemBatcher/MaxInputBytesPerBatch', scope, 1, PAYLOAD_LIMIT);
  const shared: JsonObject = batcher.input === undefined ? {} : { BatchInput: await batcher.input(scope) };
  const frameBytes = Buffer.byteLength(JSON.stringify({ ...shared, Items: [] }));
  const found: ChildInput[] = [];
  let batch: Json[] = [];
  let size = frameBytes;
  const close = (): void => {
    if (batch.length > 0) found.push({ input: JSON.stringify({ ...shared, Items: batch }), count: batch.length });
    batch = [];
    size = frameBytes;
  };
  for (const item of items) {
    const own = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batch.length >= most || (batch.length > 0 && size + own > bytes)) close();
    batch.push(item);
    size += own;
  }
  close();
  return found;
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
  #over = false;

  constructor(execution: Execution, frame: Frame, id: number, arn: string, settings: MapRunSettings, distributed: Distributed, processor: string) {
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
      const own = store.get('SELECT id, status, output, error, cause, stopped FROM executions WHERE map_run = ? AND child = ?', this.id, id);
      const child = own === undefined ? undefined : running.get(integer(own, 'id'));
      if (child !== undefined) this.#children.set(id, child);
      else if (own !== undefined) this.#record(id, text(own, 'status'), optionalText(own, 'output'), optionalText(own, 'error'), optionalText(own, 'cause'), integer(own, 'stopped'));
    }
    const done = store.get("SELECT count(*) AS n, coalesce(sum(CASE WHEN status <> 'SUCCEEDED' THEN items ELSE 0 END), 0) AS failed FROM map_children WHERE run = ? AND status NOT IN ('PENDING', 'RUNNING')", this.id);
    if (done !== undefined) {
      this.#left -= integer(done, 'n');
      this.#failedItems = integer(done, 'failed');
    }
    if (this.#exceeded()) this.#exceed();
    else this.proceed();
  }

  /** Starts children up to the limit; ends the run when all have ended. */
  proceed(): void {
    if (this.#over) return;
    const most = this.settings.maxConcurrency === 0 ? MOST_CONCURRENT : this.settings.maxConcurrency;
    while (!this.#over && this.#children.size < most && this.#startNext()) {
      // Starting a child only sets it going: it cannot end before this loop has.
    }
    if (!this.#over && this.#left === 0) this.#succeed();
  }

  #startNext(): boolean {
    const { engine, is } = this.execution;
    const row = engine.store.get("SELECT id, name, input FROM map_children WHERE run = ? AND id >= ? AND status = 'PENDING' ORDER BY id LIMIT 1", this.id, this.#next);
    if (row === undefined) return false;
    const id = integer(row, 'id');
    const name = text(row, 'name');
    this.#next = id + 1;
    const isKept = this.#distributed.childType === 'STANDARD';
    const kind = isKept ? 'execution' : 'express';
    const arn = `${is.machineArn.replace(':stateMachine:', `:${kind}:`)}/${this.#distributed.label}:${name}`;
    const input = parseJson(text(row, 'input'));
    this.#children.set(id, engine.startChild(this.execution, { run: this.id, id, name, arn, label: this.#distributed.label, block: this.#processor, input, kept: isKept }));
    return true;
  }

  /** A child has ended; its result is written before anything follows from it. */
  childEnded(id: number, ending: Ending): void {
    this.#children.delete(id);
    if (this.#over) return;
    const { store } = this.execution.engine;
    this.#record(id, ending.status, ending.output === undefined ? undefined : JSON.stringify(ending.output), ending.error, ending.cause, ending.stopped);
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

  #record(id: number, status: string, output: string | undefined, error: string | undefined, cause: string | undefined, stopped: number): void {
    this.execution.engine.store.run(
      'UPDATE map_children SET status = ?, output = ?, error = ?, cause = ?, stopped = ? WHERE run = ? AND id = ?',
      ...[status, output ?? null, error ?? null, cause ?? null, stopped, this.id, id],
    );
  }

  #exceed(): void {
    this.#fail('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
  }

  #exceeded(): boolean {
    const { toleratedFailureCount: count, toleratedFailurePercentage: percent, items } = this.settings;
    if (count === 0 && percent === 0) return this.#failedItems > 0;
    return (count > 0 && this.#failedItems > count) || (percent > 0 && (100 * this.#failedItems) / items > percent);
  }

  #succeed(): void {
    const outputs = this.execution.engine.store
      .all("SELECT output FROM map_children WHERE run = ? AND status = 'SUCCEEDED' ORDER BY id", this.id)
      .map((row) => optionalText(row, 'output') ?? 'null');
    const result = `[${outputs.join(',')}]`;
    if (tooLarge(result)) {
      const failure = dataLimit(this.frame.at.state);
      this.#fail(failure.error, failure.message);
      return;
    }
    this.#end('SUCCEEDED');
    this.execution.turn(() => {
      if (!this.frame.alive) return;
      this.execution.emit(this.frame, 'MapRunSucceeded');
      this.execution.emit(this.frame, 'MapStateSucceeded', undefined, true);
      this.frame.at.phase = 'succeeded';
      this.frame.at.result = parseJson(result);
      this.execution.engine.drive(this.execution, this.frame);
    });
  }

  #fail(error: string, cause: string): void {
    this.stop('FAILED');
    this.execution.turn(() => {
      if (!this.frame.alive) return;
      this.execution.emit(this.frame, 'MapRunFailed', () => ({ error, cause }));
      fanFailed(this.execution, this.frame, { error, cause, ofTask: false });
    });
  }

  /** As UpdateMapRun asks; fields left out stay. */
  update(changes: { maxConcurrency: number | undefined; toleratedFailurePercentage: number | undefined; toleratedFailureCount: number | undefined }): void {
    const { settings } = this;
    settings.maxConcurrency = changes.maxConcurrency ?? settings.maxConcurrency;
    settings.toleratedFailurePercentage = changes.toleratedFailurePercentage ?? settings.toleratedFailurePercentage;
    settings.toleratedFailureCount = changes.toleratedFailureCount ?? settings.toleratedFailureCount;
    this.execution.engine.store.run('UPDATE map_runs SET settings = ? WHERE id = ?', JSON.stringify(settings), this.id);
    if (this.#exceeded()) this.#exceed();
    else this.proceed();
  }

  /** Ends the run and aborts the children still running. */
  stop(status: 'FAILED' | 'ABORTED'): void {
    if (this.#over) return;
    this.#end(status);
    const { store, clock } = this.execution.engine;
    store.run("UPDATE map_children SET status = 'ABORTED', stopped = ? WHERE run = ? AND status IN ('PENDING', 'RUNNING')", clock.now(), this.id);
    for (const child of this.#children.values()) child.turn(() => child.finish('ABORTED', undefined, {}));
    this.#children.clear();
  }

  #end(status: string): void {
    this.#over = true;
    const { engine } = this.execution;
    engine.mapRuns.delete(this.id);
    engine.store.run('UPDATE map_runs SET status = ?, stopped = ? WHERE id = ?', status, engine.clock.now(), this.id);
  }
}
