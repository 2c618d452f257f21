/** What a worker is started with. */
export interface WorkerSetup {
  /** Path of the asset folder. */
  folder: string;
  /** `index.handler` */
  handler: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  logGroup: string;
  logFile: string;
  /** One BigInt64, ms since 1970: the virtual clock. Undefined when the clock is real. */
  clock: SharedArrayBuffer | undefined;
}

/** One invocation, main thread → worker. */
export interface Invocation {
  requestId: string;
  /** JSON text. */
  payload: string;
  functionArn: string;
  timeoutMs: number;
}

/** Worker → main thread: ready for invocations, or what one came to. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'done'; requestId: string; failed: boolean /** JSON text */; payload: string; logLines: number; logBytes: number };

/** An error as Lambda describes it to the caller. */
export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}
