// Runs one function in a worker thread, as Lambda's Node.js runtime does in a sandbox: one invocation at a time.
import { existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Ending, FunctionFailure, Invocation, Question, WorkerMessage, WorkerSetup } from './protocol.ts';

const setup: WorkerSetup = workerData;
const written = { lines: 0, bytes: 0 };
const NEWLINE = 10;
Reflect.deleteProperty(process.env, 'NODE_COMPILE_CACHE');

/** Carries a failure to load to each invocation. */
class Failure extends Error {
  readonly failure: FunctionFailure;

  constructor(failure: FunctionFailure) {
    super(failure.errorMessage);
    this.failure = failure;
  }
}

if (setup.clock !== undefined) followClock(new BigInt64Array(setup.clock));
writeLogsTo(setup.logFile);
// Loaded only where they are wanted: what counts requests loads all of Node's HTTP, which takes as long as the handler does.
const requests = setup.ordered === undefined ? undefined : new (await import('./requests.ts')).Requests(setup.ordered);
const coverage = setup.coverage === undefined ? undefined : await (await import('./coverage.ts')).Coverage.start();
const loaded = await load();
parentPort?.on('message', (message: Invocation | Question | Ending) => {
  if ('ends' in message) void end();
  else if (!('question' in message)) void answer(message);
  else void requests?.state().then((state) => tell({ kind: 'state', question: message.question, ...state }));
});
tell({ kind: 'ready' });

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** The worker ends by itself only where its coverage is wanted. */
async function end(): Promise<void> {
  if (setup.coverage !== undefined) await coverage?.write(setup, setup.coverage);
  process.exit(0);
}

async function answer(invocation: Invocation): Promise<void> {
  const { requestId } = invocation;
  requests?.begin(invocation.number);
  let payload: string;
  let failed = false;
  try {
    if (typeof loaded !== 'function') throw new Failure(loaded);
    // A handler that gives nothing answers null.
    payload = JSON.stringify(await loaded(JSON.parse(invocation.payload), contextOf(invocation))) ?? 'null';
  } catch (error) {
    failed = true;
    const failure = describe(error);
    payload = JSON.stringify(failure);
    process.stderr.write(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error\t${payload}\n`);
  }
  tell({ kind: 'done', requestId, failed, payload, logLines: written.lines, logBytes: written.bytes });
  written.lines = 0;
  written.bytes = 0;
}

type Handler = (event: unknown, context: unknown) => unknown;

/** The handler, or why it cannot be loaded: every invocation then answers so. */
async function load(): Promise<Handler | FunctionFailure> {
  const dot = setup.handler.lastIndexOf('.');
  const [module, name] = [setup.handler.slice(0, dot), setup.handler.slice(dot + 1)];
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => join(setup.folder, module + extension))
    .find((path) => existsSync(path));
  if (file === undefined)
    return { errorType: 'Runtime.ImportModuleError', errorMessage: `Error: Cannot find module '${module}'`, trace: [] };
  try {
    const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
    const inner = exported['default'];
    const found =
      exported[name] ?? (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined);
    if (typeof found === 'function') return (event, context) => Reflect.apply(found, undefined, [event, context]);
    return {
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: `${setup.handler} is undefined or not exported`,
      trace: [],
    };
  } catch (error) {
    const failure = describe(error);
    if (error instanceof SyntaxError)
      return {
        ...failure,
        errorType: 'Runtime.UserCodeSyntaxError',
        errorMessage: `SyntaxError: ${failure.errorMessage}`,
      };
    const isMissing =
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');
    return isMissing
      ? { ...failure, errorType: 'Runtime.ImportModuleError', errorMessage: `Error: ${failure.errorMessage}` }
      : failure;
  }
}

function describe(error: unknown): FunctionFailure {
  if (error instanceof Failure) return error.failure;
  if (error instanceof Error)
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function contextOf({ requestId, functionArn, timeoutMs }: Invocation): unknown {
  const ends = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(setup.memoryMb),
    logGroupName: setup.logGroup,
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(ends - performance.now())),
  };
}

/** Lets `Date` read the stack's clock. Timers stay real: what waits for minutes belongs into a workflow. */
function followClock(cell: BigInt64Array): void {
  const RealDate = Date;
  const now = (): number => Number(Atomics.load(cell, 0));
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
}

/** Sends stdout and stderr to the function's log file, at once: lines written before a crash are the ones somebody will look for. */
function writeLogsTo(file: string): void {
  const descriptor = openSync(file, 'a');
  const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    writeSync(descriptor, bytes);
    written.bytes += bytes.length;
    for (const byte of bytes) if (byte === NEWLINE) written.lines += 1;
    const after = typeof encoding === 'function' ? encoding : done;
    if (typeof after === 'function') process.nextTick(after);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}
