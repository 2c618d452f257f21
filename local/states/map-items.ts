import type { Distributed, MapState } from './definition.ts';
import type { Execution } from './execution.ts';
import { type Scope, type Template, wholeNumber } from './expression.ts';
import { QUERY_ERROR, StateFailure } from './failure.ts';
import { itemsOf, mapItem } from './fan.ts';
import type { Frame } from './frame.ts';
import { type Json, type JsonObject, PAYLOAD_LIMIT, tooLarge } from './json.ts';
import { dataLimit, limited } from './leave.ts';
import { readItems } from './map-reader.ts';
import { MapRun, type MapRunSettings } from './map-run.ts';
import { contextOf, scopeOf } from './scope.ts';

/** Makes the inputs of the child executions, keeps them, and starts the run. */
export async function enterDistributedMap(
  execution: Execution,
  frame: Frame,
  state: MapState,
  distributed: Distributed,
): Promise<void> {
  const { engine, is } = execution;
  const scope = scopeOf(execution, frame);
  const number = async (template: Template | undefined, field: string, most: number): Promise<number> =>
    template === undefined ? 0 : wholeNumber(template, field, scope, 0, most);
  const limits = {
    maxConcurrency: await number(state.maxConcurrency, 'MaxConcurrency', 2 ** 31 - 1),
    toleratedFailureCount: await number(distributed.toleratedCount, 'ToleratedFailureCount', 2 ** 31 - 1),
    toleratedFailurePercentage: await percentage(distributed.toleratedPercentage, scope),
  };
  const arn = `${is.machineArn.replace(':stateMachine:', ':mapRun:')}/${distributed.label}:${engine.uuid()}`;
  const start = (settings: MapRunSettings, inputs: readonly ChildInput[]): MapRun => {
    // With an item reader the service does not know yet how many items there are.
    execution.emit(frame, 'MapStateStarted', () => ({ length: distributed.reader === undefined ? settings.items : 0 }));
    execution.emit(frame, 'MapRunStarted', () => ({ mapRunArn: arn }));
    frame.at.phase = 'mapRun';
    let run = 0;
    execution.commit(() => {
      run = keep(execution, frame, arn, settings, inputs);
    });
    return new MapRun(execution, frame, run, arn, settings, distributed, state.processor);
  };
  let inputs: ChildInput[];
  let items: readonly Json[];
  try {
    items =
      distributed.reader === undefined
        ? await itemsOf(execution, frame, state.items)
        : await readItems(execution, frame, distributed.reader);
    inputs = await batches(frame.at.state, distributed, await selected(execution, frame, state, items, scope), scope);
  } catch (error) {
    if (!(error instanceof StateFailure) || error.error !== 'States.ItemReaderFailed' || !frame.alive) throw error;
    start({ ...limits, items: 0, children: 0 }, []).readerFailed(error);
    return;
  }
  if (!frame.alive) return;
  start({ ...limits, items: items.length, children: inputs.length }, inputs).proceed();
}

/** Writes the run and its children in the transaction of the events that start it. */
function keep(
  execution: Execution,
  frame: Frame,
  arn: string,
  settings: MapRunSettings,
  inputs: readonly ChildInput[],
): number {
  const { store, clock } = execution.engine;
  const run = store.run(
    'INSERT INTO map_runs (arn, execution, frame, status, started, settings) VALUES (?, ?, ?, ?, ?, ?)',
    ...[arn, execution.is.row, frame.id, 'RUNNING', clock.now(), JSON.stringify(settings)],
  );
  inputs.forEach(({ input, count }, index) => {
    store.run(
      "INSERT INTO map_children (run, id, name, items, status, input) VALUES (?, ?, ?, ?, 'PENDING', ?)",
      run,
      index,
      execution.engine.uuid(),
      count,
      input,
    );
  });
  frame.at.mapRun = run;
  store.run('INSERT OR REPLACE INTO frames VALUES (?, ?, ?)', execution.is.row, frame.id, JSON.stringify(frame.at));
  return run;
}

async function percentage(template: Template | undefined, scope: Scope): Promise<number> {
  if (template === undefined) return 0;
  const value = await template(scope);
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  const field = 'ToleratedFailurePercentage';
  throw new StateFailure(QUERY_ERROR, `The ${field} field must be between 0 and 100: ${JSON.stringify(value)}`, {
    location: field,
  });
}

async function selected(
  execution: Execution,
  frame: Frame,
  state: MapState,
  items: readonly Json[],
  scope: Scope,
): Promise<readonly Json[]> {
  const { itemSelector } = state;
  if (itemSelector === undefined) return items;
  const results: Json[] = [];
  for (const [index, value] of items.entries()) {
    const context = contextOf(execution, frame, { item: mapItem(index, value) });
    results.push(await itemSelector({ ...scope, states: { ...scope.states, context } }));
  }
  return results;
}

interface ChildInput {
  /** JSON. */
  readonly input: string;
  /** How many items are in it. */
  readonly count: number;
}

/** One child an item, or one a batch as the ItemBatcher says. */
async function batches(
  name: string,
  distributed: Distributed,
  items: readonly Json[],
  scope: Scope,
): Promise<ChildInput[]> {
  const { batcher } = distributed;
  if (batcher === undefined) return items.map((item) => childInput(name, item, 1));
  const most =
    batcher.maxItems === undefined
      ? Number.POSITIVE_INFINITY
      : await wholeNumber(batcher.maxItems, 'ItemBatcher/MaxItemsPerBatch', scope, 1, 100_000_000);
  const bytes =
    batcher.maxBytes === undefined
      ? PAYLOAD_LIMIT
      : await wholeNumber(batcher.maxBytes, 'ItemBatcher/MaxInputBytesPerBatch', scope, 1, PAYLOAD_LIMIT);
  const shared: JsonObject =
    batcher.input === undefined ? {} : { BatchInput: limited(name, await batcher.input(scope)) };
  const frameBytes = Buffer.byteLength(JSON.stringify({ ...shared, Items: [] }));
  const found: ChildInput[] = [];
  let batch: Json[] = [];
  let size = frameBytes;
  const close = (): void => {
    if (batch.length > 0) found.push(childInput(name, { ...shared, Items: batch }, batch.length));
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

function childInput(name: string, value: Json, count: number): ChildInput {
  const input = JSON.stringify(value);
  if (tooLarge(input)) throw dataLimit(name);
  return { input, count };
}
