import type { Clock } from '../clock.ts';
import type { Abandoned, Frame } from './frame.ts';
import type { Ending } from './identity.ts';
import type { Json } from './json.ts';
import type { Row, Store } from './store.ts';

/**
 * A call to another service, made as the state machine's role.
 * Inputs and answers have the words of the service's own wire protocol (`stateMachineArn`, `TableName`), with two exceptions:
 * a Lambda function is called with `{FunctionName, Payload, Qualifier?, InvocationType?}` where Payload is a JSON value, and
 * answers `{StatusCode, ExecutedVersion, Payload, FunctionError?}`; `s3` takes and gives objects (`{Bucket, Key}` →
 * `{Body}` as text for GetObject, `{Bucket, Key, Body, ContentType}` for PutObject, `{Bucket, Prefix?, ContinuationToken?}` →
 * `{Contents: [{Key, Size, ETag, LastModified, StorageClass}], NextContinuationToken?}` for ListObjectsV2).
 * @throws AwsError as the service answers, also when the role may not make the call
 */
export type ServiceCall = (request: {
  roleArn: string;
  service: string;
  action: string;
  input: Record<string, unknown>;
}) => Promise<unknown>;

/** A map run under way, as the engine and the API see it. */
export interface RunningMap {
  childEnded(id: number, ending: Ending, started: number): void;
  update(changes: {
    maxConcurrency: number | undefined;
    toleratedFailurePercentage: number | undefined;
    toleratedFailureCount: number | undefined;
  }): void;
  stop(): void;
}

/** What the parts of the interpreter share. @typeParam Execution is handed in, since an execution holds its engine. */
export interface Engine<Execution> {
  readonly store: Store;
  readonly clock: Clock;
  readonly call: ServiceCall;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly region: string;
  readonly onEvent: ((event: { executionArn: string; id: number; type: string }) => void) | undefined;
  /** Running executions by row. */
  readonly running: Map<number, Execution>;
  /** Map runs under way by row. */
  readonly mapRuns: Map<number, RunningMap>;
  /** Lets a branch go on by itself, as work the clock waits for. */
  drive(execution: Execution, frame: Frame): void;
  /** Counts a promise as work under way and lets a failure of the interpreter itself surface. */
  work(promise: Promise<void>): void;
  /** Starts the child of a map run. */
  startChild(parent: Execution, start: ChildStart): Execution;
  /** Goes on with a Standard child that had failed, when it can be redriven. */
  redriveChild(row: Row): Execution | undefined;
  /** Called when an execution has ended and that is written. */
  finished(execution: Execution, ending: Ending): void;
  /** Called when a branch was given up and that is written: what it had under way outside is to be stopped. */
  abandoned(execution: Execution, what: Abandoned): void;
  /** Calls `tell` once the execution has ended; at once when it already has. */
  watch(executionArn: string, tell: () => void): void;
  /** Random identifier in the form of a UUID. */
  uuid(): string;
}

export interface ChildStart {
  readonly run: number;
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly label: string;
  readonly block: string;
  readonly input: { readonly given: string; readonly value: Json };
  readonly kept: boolean;
}
