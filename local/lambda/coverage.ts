import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';

/** Which characters of a function's bundle ran in this worker, as V8 saw it: the bundle stays the one that deploys. */
export class Coverage {
  readonly #session = new Session();

  /** Begins before the handler is loaded. */
  static async start(): Promise<Coverage> {
    const coverage = new Coverage();
    coverage.#session.connect();
    await coverage.#session.post('Profiler.enable');
    await coverage.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
    return coverage;
  }

  /** Writes the ranges that ran, `[start, end)` in characters, one file a worker. */
  async write({ folder, handler }: { folder: string; handler: string }, into: string): Promise<void> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const start = pathToFileURL(join(folder, handler.replace(/\.[^.]+$/, ''))).href;
    const script = result.find(({ url }) => url.startsWith(`${start}.`));
    if (script === undefined) return;
    const name = `${process.pid}-${threadId}-${String(process.hrtime.bigint())}.json`;
    writeFileSync(
      join(into, name),
      JSON.stringify({ bundle: fileURLToPath(script.url), ran: ranges(script.functions) }),
    );
  }
}

/** Inner ranges come after those around them and count instead of them. */
function ranges(functions: readonly Profiler.FunctionCoverage[]): [start: number, end: number][] {
  const length = Math.max(...functions.map(({ ranges: [whole] }) => whole?.endOffset ?? 0));
  const ran = new Uint8Array(length);
  for (const { ranges: all } of functions)
    for (const { startOffset, endOffset, count } of all) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  const found: [number, number][] = [];
  let at = ran.indexOf(1);
  while (at !== -1) {
    const zero = ran.indexOf(0, at);
    const end = zero === -1 ? length : zero;
    found.push([at, end]);
    at = ran.indexOf(1, end);
  }
  return found;
}
