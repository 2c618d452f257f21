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
  /** Where the stack answers (`127.0.0.1:3000`), when calls are put in order: the worker then tells of each request it makes. */
  ordered: string | undefined;
  /** A folder: when the stack closes, the worker writes there what ran of its bundle. */
  coverage: string | undefined;
}

/** One invocation, main thread → worker. */
export interface Invocation {
  /** Which of all invocations of the stack it is. */
  number: number;
  requestId: string;
  /** JSON text. */
  payload: string;
  functionArn: string;
  timeoutMs: number;
}

/** Main thread → worker: whether it rests. */
export interface Question {
  question: number;
}

/** Main thread → worker: write what ran, then end. */
export interface Ending {
  ends: true;
}

/** Worker → main thread: ready for invocations, what one came to, or an answer to a question. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'state'; question: number; invocation: number; requests: number; answered: number; idle: boolean }
  | {
      kind: 'done';
      requestId: string;
      failed: boolean /** JSON text */;
      payload: string;
      logLines: number;
      logBytes: number;
    };

/** An error as Lambda describes it to the caller. */
export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}
