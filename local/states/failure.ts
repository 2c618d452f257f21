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

  constructor(error: string, cause?: string, location?: string) {
    super(cause ?? error);
    this.error = error;
    this.reason = cause;
    this.location = location;
  }
}

/** No Retry and no Catch meets these: the execution fails, whatever the definition says. */
const TERMINAL = new Set(['States.Runtime']);
/** `States.ALL` stands for every error but these. */
const NOT_ALL = new Set(['States.Runtime', 'States.DataLimitExceeded']);
const TIMEOUTS = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

/**
 * Whether an `ErrorEquals` list names the error.
 * @param ofTask whether it came from a task: only then `States.TaskFailed` stands for it
 */
export function matches(names: readonly string[], error: string, ofTask: boolean): boolean {
  if (TERMINAL.has(error)) return false;
  return names.some((name) => {
    if (name === error) return true;
    if (name === 'States.ALL') return !NOT_ALL.has(error);
    if (name === 'States.Timeout') return TIMEOUTS.has(error);
    return name === 'States.TaskFailed' && ofTask && !TIMEOUTS.has(error) && !NOT_ALL.has(error);
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
