import { blockAt, type State, stateAt } from './definition.ts';
import type { Engine } from './engine.ts';
import type { Abandoned, Frame, MapItem, Position } from './frame.ts';
import type { Ending, Identity } from './identity.ts';
import type { Json, JsonObject } from './json.ts';

/** The last event an execution may have; it then fails. */
const LAST_EVENT = 25_000;

/** Thrown where an event would be one too many. */
export class HistoryFull extends Error {}

interface Event {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  readonly previous: number;
  readonly details: JsonObject | undefined;
}

/**
 * A running execution: its branches in memory, and what of them is not yet written. Everything is changed between two turns
 * of the event loop together with the events that tell of it, so that a commit at any moment writes a state to go on from.
 */
export class Execution {
  readonly is: Identity;
  readonly engine: Engine<Execution>;
  readonly frames = new Map<number, Frame>();
  /** Set once, when it has ended. */
  ending: Ending | undefined;
  /** Cancels the machine's own timeout. */
  #timeout: (() => void) | undefined;
  #events: number;
  #lastFrame = 0;
  #dropped = false;
  #pending: Event[] = [];
  readonly #dirty = new Set<Frame>();
  readonly #gone = new Set<number>();
  #abandoned: Abandoned[] = [];
  #also: (() => void)[] = [];
  #resolve: (ending: Ending) => void = () => undefined;
  /** Resolves when it has ended and that is written. */
  readonly ended = new Promise<Ending>((resolve) => {
    this.#resolve = resolve;
  });

  /** What every expression may read of it: the members of the context object that stay. */
  readonly context: JsonObject;

  constructor(engine: Engine<Execution>, is: Identity, events = 0) {
    this.engine = engine;
    this.is = is;
    this.#events = events;
    this.context = {
      Execution: {
        Id: is.arn,
        Input: is.input,
        StartTime: new Date(is.started).toISOString(),
        Name: is.name,
        RoleArn: is.roleArn,
        RedriveCount: is.redrives,
        ...(is.redriven !== undefined && { RedriveTime: new Date(is.redriven).toISOString() }),
      },
      StateMachine: { Id: is.machineArn, Name: is.machineName },
    };
  }

  /** Whether it outlives the process. */
  get kept(): boolean {
    return this.is.row > 0;
  }

  state(frame: Frame): State {
    return stateAt(this.is.definition, frame.at.block, frame.at.state);
  }

  addFrame(
    parent: Frame | undefined,
    index: number,
    block: string,
    input: Json,
    options: { previous: number; item?: MapItem; select?: boolean },
  ): Frame {
    const at: Position = {
      parent: parent?.id ?? 0,
      index,
      block,
      state: blockAt(this.is.definition, block).startAt,
      phase: options.select === true ? 'select' : 'start',
      input,
      variables: {},
      entered: 0,
      enteredEvent: 0,
      before: 0,
      previous: options.previous,
      retries: [],
      retryCount: 0,
      ...(options.item !== undefined && { item: options.item }),
    };
    const frame = this.restoreFrame(this.#lastFrame + 1, at, parent);
    this.#dirty.add(frame);
    return frame;
  }

  restoreFrame(id: number, at: Position, parent: Frame | undefined): Frame {
    // Branches of a state that has failed stay as they stood, for a redrive; only those of a state that waits for them live.
    const alive = at.phase !== 'done' && (parent === undefined || (parent.alive && parent.at.phase === 'children'));
    const frame: Frame = { id, at, parent, children: new Set(), results: [], alive, timers: new Set() };
    this.#lastFrame = Math.max(this.#lastFrame, id);
    this.frames.set(id, frame);
    parent?.children.add(frame);
    return frame;
  }

  /**
   * Records an event and makes it the one the frame's next event follows from (unless `aside`).
   * @throws HistoryFull
   */
  emit(frame: Frame | undefined, type: string, details?: () => JsonObject, aside = false): number {
    const id = this.emitAfter(frame?.at.previous ?? 0, type, details);
    if (frame !== undefined) {
      if (!aside) frame.at.previous = id;
      this.#dirty.add(frame);
    }
    return id;
  }

  /**
   * Records an event that belongs to no branch.
   * @throws HistoryFull
   */
  emitAfter(previous: number, type: string, details?: () => JsonObject): number {
    const id = this.#events + 1;
    if (id > LAST_EVENT || (id === LAST_EVENT && !type.startsWith('Execution'))) throw new HistoryFull();
    this.#events = id;
    if (this.kept) this.#pending.push({ id, at: this.engine.clock.now(), type, previous, details: details?.() });
    // An Express execution keeps no history, but whoever counts what it costs is told.
    else this.engine.onEvent?.({ executionArn: this.is.arn, id, type });
    return id;
  }

  /** Number of the last event. */
  get lastEvent(): number {
    return this.#events;
  }

  /** Says that a frame changed without an event. */
  touch(frame: Frame): void {
    this.#dirty.add(frame);
  }

  /** Forgets a branch and all below it. */
  kill(frame: Frame): void {
    this.killChildren(frame);
    this.#stop(frame);
    frame.parent?.children.delete(frame);
    this.frames.delete(frame.id);
    this.#dirty.delete(frame);
    this.#gone.add(frame.id);
  }

  killChildren(frame: Frame): void {
    for (const child of frame.children) this.kill(child);
    frame.results = [];
  }

  /** Gives up a branch and all below it where they stand: a redrive may go on from there. */
  rest(frame: Frame): void {
    for (const child of frame.children) this.rest(child);
    this.#stop(frame);
  }

  #stop(frame: Frame): void {
    if (frame.alive) this.abandon({ mapRun: frame.at.mapRun, watching: frame.at.task?.watching });
    frame.alive = false;
    this.clearTimers(frame);
  }

  /** Makes a write a part of the next commit. */
  alsoWrite(write: () => void): void {
    this.#also.push(write);
  }

  /** What was under way outside is stopped too, once it is written that it matters no more. */
  abandon(what: Abandoned): void {
    if (what.mapRun !== undefined || what.watching !== undefined) this.#abandoned.push(what);
  }

  /** Calls `fire` at `due`, in a turn of its own, unless the frame has moved on or ended. */
  timer(frame: Frame, kind: string, due: number, fire: () => void): void {
    const cancel = this.engine.clock.at(due, `${this.is.arn} ${frame.id} ${kind}`, () => {
      frame.timers.delete(cancel);
      this.turn(() => {
        if (frame.alive) fire();
      });
    });
    frame.timers.add(cancel);
  }

  clearTimers(frame: Frame): void {
    for (const cancel of frame.timers) cancel();
    frame.timers.clear();
  }

  /** Ends the execution `seconds` after it started. */
  armTimeout(): void {
    const own = this.is.block === '' ? this.is.definition.timeoutSeconds : undefined;
    const seconds = Math.min(
      own ?? Number.POSITIVE_INFINITY,
      this.is.type === 'EXPRESS' ? 300 : Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(seconds)) return;
    const since = this.is.redriven ?? this.is.started;
    this.#timeout = this.engine.clock.at(since + seconds * 1000, `${this.is.arn} timeout`, () => {
      this.turn(() => {
        this.finish('TIMED_OUT', undefined, { error: 'States.Timeout' });
      });
    });
  }

  /** Runs one synchronous step and writes what it changed; all that happens to an execution from outside comes through here. */
  turn(step: () => void): void {
    if (this.ending !== undefined || this.#dropped) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof HistoryFull)) throw error;
      this.exhausted();
    }
    this.commit();
  }

  exhausted(): void {
    this.finish('FAILED', undefined, {
      error: 'States.Runtime',
      cause: `The execution reached the maximum number of history events (${LAST_EVENT}).`,
    });
  }

  /** Ends the execution; `frame` is the branch whose last event the end follows from. Written with the next commit. */
  finish(
    status: Ending['status'],
    frame: Frame | undefined,
    how: { output?: Json; error?: string | undefined; cause?: string | undefined },
  ): void {
    if (this.ending !== undefined) return;
    const type = {
      SUCCEEDED: 'ExecutionSucceeded',
      FAILED: 'ExecutionFailed',
      TIMED_OUT: 'ExecutionTimedOut',
      ABORTED: 'ExecutionAborted',
      PENDING_REDRIVE: 'ExecutionFailed',
    }[status];
    this.emit(frame, type, () =>
      status === 'SUCCEEDED'
        ? { output: JSON.stringify(how.output ?? null), outputDetails: { truncated: false } }
        : {
            ...(how.error !== undefined && { error: how.error }),
            ...(how.cause !== undefined && { cause: how.cause }),
          },
    );
    this.ending = { status, stopped: this.engine.clock.now(), ...how };
    for (const other of [...this.frames.values()]) {
      if (other.parent !== undefined) continue;
      if (status === 'SUCCEEDED') this.kill(other);
      else this.rest(other);
    }
    this.#timeout?.();
  }

  /** Stops reacting, leaving everything as it is written. */
  drop(): void {
    this.#dropped = true;
    this.#timeout?.();
    for (const frame of this.frames.values()) {
      frame.alive = false;
      this.clearTimers(frame);
    }
  }

  /** Writes the events and branches changed since the last commit in one transaction. `also` becomes a part of it. */
  commit(also?: () => void): void {
    if (this.#dropped) return;
    if (this.kept && (this.#pending.length > 0 || this.#dirty.size > 0 || this.#gone.size > 0 || also !== undefined))
      this.#write(also);
    for (const what of this.#abandoned.splice(0)) this.engine.abandoned(this, what);
    if (this.ending !== undefined && this.engine.running.delete(this.is.row)) {
      this.engine.finished(this, this.ending);
      this.#resolve(this.ending);
    }
  }

  #write(also: (() => void) | undefined): void {
    const { store } = this.engine;
    const { row } = this.is;
    const events = this.#pending;
    this.#pending = [];
    store.transaction(() => {
      for (const event of events) {
        const details = event.details === undefined ? null : JSON.stringify(event.details);
        store.run(
          'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)',
          row,
          event.id,
          event.at,
          event.type,
          event.previous,
          details,
        );
      }
      for (const frame of this.#dirty) {
        if (this.frames.has(frame.id))
          store.run('INSERT OR REPLACE INTO frames VALUES (?, ?, ?)', row, frame.id, JSON.stringify(frame.at));
      }
      for (const id of this.#gone) store.run('DELETE FROM frames WHERE execution = ? AND id = ?', row, id);
      const { ending } = this;
      if (ending !== undefined) {
        const output = ending.output === undefined ? null : JSON.stringify(ending.output);
        store.run(
          'UPDATE executions SET status = ?, stopped = ?, output = ?, error = ?, cause = ? WHERE id = ?',
          ...[ending.status, ending.stopped, output, ending.error ?? null, ending.cause ?? null, row],
        );
      }
      for (const write of this.#also.splice(0)) write();
      also?.();
    });
    this.#dirty.clear();
    this.#gone.clear();
    const { onEvent } = this.engine;
    if (onEvent !== undefined)
      for (const event of events) onEvent({ executionArn: this.is.arn, id: event.id, type: event.type });
  }
}
