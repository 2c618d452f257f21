/**
 * A state that failed with an error name; Retry and Catch see exactly this. Thrown by the parts of a state, never out of
 * the interpreter.
 */
export class StateFailure extends Error {
  readonly error: string;
  /** What a person reads; AWS leaves it out for timeouts. */
  readonly reason: string | undefined;
  /** For a failed expression: the field, written `Arguments/Payload/id`. */
  readonly location: string | undefined;
  /** See `Failure.also`. */
  readonly also: string | undefined;

  constructor(error: string, cause?: string, more: { location?: string; also?: string } = {}) {
    super(cause ?? error);
    this.error = error;
    this.reason = cause;
    this.location = more.location;
    this.also = more.also;
  }

  /** What events, Retry and Catch are told. */
  get told(): { error: string; cause: string | undefined; also?: string } {
    return { error: this.error, cause: this.reason, ...(this.also !== undefined && { also: this.also }) };
  }
}

/** A failure as a branch keeps it. */
export interface Failure {
  /** The name that events and `$states.errorOutput` tell. */
  readonly error: string;
  readonly cause: string | undefined;
  /** Whether it came from a task: only then `States.TaskFailed` matches it. */
  readonly ofTask: boolean;
  /**
   * The name the documentation gives it, where the service tells another: a missed heartbeat is told as `States.Timeout`, a
   * choice without a match as `States.Runtime`. Retry and Catch meet it by this name too.
   */
  readonly also?: string;
}

export const RUNTIME = 'States.Runtime';
export const DATA_LIMIT = 'States.DataLimitExceeded';
export const QUERY_ERROR = 'States.QueryEvaluationError';
export const TIMEOUT = 'States.Timeout';

/**
 * Whether an `ErrorEquals` list names the error. A plain `States.Runtime` is met by nothing: the execution fails, whatever the
 * definition says. `States.ALL` meets a `States.DataLimitExceeded` only when a task's result was too large (as recorded from the
 * service), not when the state's own data was (as documented).
 */
export function matches(names: readonly string[], failure: Failure): boolean {
  const { error, also, ofTask } = failure;
  if (error === RUNTIME && also === undefined) return false;
  return names.some((name) => {
    if (name === also || (name === error && error !== RUNTIME)) return true;
    if (name === 'States.ALL') return error !== DATA_LIMIT || ofTask;
    return name === 'States.TaskFailed' && ofTask && error !== TIMEOUT;
  });
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly maxAttempts: number;
  readonly fullJitter: boolean;
}

/**
 * How long to wait before the next attempt, in milliseconds.
 * @param done how often this retrier has retried already in this visit of the state
 */
export function retryDelay(retrier: Retrier, done: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** done;
  const seconds = Math.min(grown, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return Math.round((retrier.fullJitter ? random() * seconds : seconds) * 1000);
}
