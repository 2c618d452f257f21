import type { Failure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';

/**
 * Where a branch of an execution stands in its current state:
 * `select` (a map iteration whose input is not made yet) → `start` → `entered` → what the state waits for (`waiting` for the
 * clock, `scheduled` for a task, `children` for its branches, `mapRun` for its child executions) → `succeeded` or `failed`,
 * and from there to the next state, or `retrying` (waiting for the clock) back to `entered`; `done` when the block has ended.
 */
export type Phase =
  | 'select'
  | 'start'
  | 'entered'
  | 'waiting'
  | 'scheduled'
  | 'children'
  | 'mapRun'
  | 'succeeded'
  | 'failed'
  | 'retrying'
  | 'done';

/** A task under way. Times are milliseconds since 1970. */
export interface TaskRecord {
  /** What is sent: kept, so that a call whose answer was not recorded is made again with the same words. */
  readonly input: JsonObject;
  /** When it was scheduled. */
  readonly began: number;
  readonly token: string | undefined;
  readonly due: number | undefined;
  readonly heartbeat: number | undefined;
  /** When the next heartbeat is missed. */
  beat: number | undefined;
  /** The call was answered; what is awaited now is the token, or the end of the execution it started. */
  submitted: boolean;
  watching: string | undefined;
}

export interface MapItem {
  readonly Index: number;
  readonly Value: Json;
  readonly Key?: string;
}

/** Everything a branch needs to go on after a `kill -9`; written as JSON in the transaction of the events that led here. */
export interface Position {
  /** Frame of the Parallel or Map state this branch belongs to; 0 for the execution itself. */
  readonly parent: number;
  /** Number of the branch or iteration. */
  readonly index: number;
  readonly block: string;
  state: string;
  phase: Phase;
  input: Json;
  /** The variables of this branch's own scope. */
  variables: JsonObject;
  entered: number;
  enteredEvent: number;
  /** The event that `enteredEvent` follows from. */
  before: number;
  /** The event that the next one follows from. */
  previous: number;
  /** Retries made in this visit of the state: one count for each retrier, and the sum. */
  retries: number[];
  retryCount: number;
  readonly item?: MapItem;
  /** When a wait or the delay before a retry is over. */
  due?: number;
  task?: TaskRecord;
  /** Of a Map: its items, and how many run at once. */
  items?: readonly Json[];
  concurrency?: number;
  mapRun?: number;
  result?: Json;
  failure?: Failure;
  output?: Json;
}

/** A branch of a running execution. */
export interface Frame {
  readonly id: number;
  readonly at: Position;
  readonly parent: Frame | undefined;
  /** Branches of the Parallel or Map state it stands in. */
  readonly children: Set<Frame>;
  /** Outputs of the branches that have ended, by index. */
  results: (Json | undefined)[];
  alive: boolean;
  /** Cancels what the clock holds for it. */
  readonly timers: Set<() => void>;
}

/** What a branch had under way outside when it was given up. */
export interface Abandoned {
  readonly mapRun: number | undefined;
  /** The execution that a `.sync` task started. */
  readonly watching: string | undefined;
}

/** Forgets what belonged to the state just left. */
export function enterNext(at: Position, state: string, input: Json): void {
  at.state = state;
  at.input = input;
  at.phase = 'start';
  at.retries = [];
  at.retryCount = 0;
  forget(at);
}

/** Forgets one attempt, before the next. */
export function forget(at: Position): void {
  delete at.due;
  delete at.task;
  delete at.items;
  delete at.concurrency;
  delete at.mapRun;
  delete at.result;
  delete at.failure;
}
