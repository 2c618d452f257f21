import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { StartError } from './errors.ts';
import { type Timer, Timers } from './timers.ts';

/** setTimeout overflows above 2^31 − 1 ms and would fire at once: longer waits are re-armed. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * The one clock of the local stack: real, or virtual (it stands still until told).
 *
 * Everything that waits registers with `at`; everything that is under way and does not wait for the clock is wrapped in
 * `work`. A virtual clock fires due timers one by one in the order (due, key), and lets all work come to rest between two,
 * so that a run replays exactly. Times are milliseconds since 1970, as `Date.now()` gives them.
 */
export class Clock {
  readonly mode: 'real' | 'virtual';
  /** Holds the virtual time as one BigInt64, so that worker threads read the same clock. Undefined when the clock is real. */
  readonly shared: SharedArrayBuffer | undefined;
  readonly #file: string | undefined;
  readonly #timers = new Timers();
  readonly #handles = new Map<Timer, NodeJS.Timeout>();
  #now: number;
  #descriptor: number | undefined;
  #inFlight = 0;
  #idleWaiters: (() => void)[] = [];
  #advancing: Promise<void> = Promise.resolve();

  /** @param file where a virtual clock keeps its time between two starts; a stored time wins over `start` */
  constructor(options: { mode: 'real' | 'virtual'; file?: string; start?: number }) {
    this.mode = options.mode;
    this.#file = options.file;
    this.#now = this.#stored() ?? options.start ?? Date.now();
    if (this.mode === 'virtual') {
      this.shared = new SharedArrayBuffer(8);
      this.#set(this.#now);
    }
  }

  now(): number {
    return this.mode === 'real' ? Date.now() : this.#now;
  }

  /**
   * Calls `fire` once, at or after `due`; a time already past fires in a later turn of the event loop (real) or at the next
   * `advance` (virtual, even one to the present instant).
   * @param key breaks ties between timers due at the same instant, so that their order never depends on registration
   * @returns a function that cancels
   */
  at(due: number, key: string, fire: () => void): () => void {
    const timer: Timer = { due, key, fire, dropped: false };
    this.#timers.add(timer);
    if (this.mode === 'real') this.#arm(timer);
    return () => this.#drop(timer);
  }

  /** Counts a promise as work under way: a virtual clock does not move on before it has settled. */
  async work<T>(promise: Promise<T>): Promise<T> {
    const end = this.begin();
    try {
      return await promise;
    } finally {
      end();
    }
  }

  /** Begins a piece of work; the function returned ends it, once. */
  begin(): () => void {
    this.#inFlight += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#inFlight -= 1;
      if (this.#inFlight === 0) for (const wake of this.#idleWaiters.splice(0)) wake();
    };
  }

  /** Resolves when no work is under way, also not in the turns of the event loop right after. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      if (this.#inFlight > 0) {
        await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
        quiet = 0;
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /**
   * Moves a virtual clock to `to`, firing what falls due on the way, in order. Two calls run one after the other.
   * @throws RangeError when the clock is real or `to` lies in the past
   */
  advance(to: number): Promise<void> {
    if (this.mode === 'real') throw new RangeError('A real clock cannot be moved.');
    const next = this.#advancing.then(() => this.#advanceNow(to));
    this.#advancing = next.catch(() => undefined);
    return next;
  }

  /** The instant of the earliest timer, or undefined when nothing waits. */
  nextDue(): number | undefined {
    return this.#timers.first()?.due;
  }

  close(): void {
    for (const handle of this.#handles.values()) clearTimeout(handle);
    this.#handles.clear();
    this.#timers.clear();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  async #advanceNow(to: number): Promise<void> {
    if (to < this.#now)
      throw new RangeError(`The clock stands at ${new Date(this.#now).toISOString()}, later than asked.`);
    for (;;) {
      await this.idle();
      const timer = this.#timers.first();
      if (timer === undefined || timer.due > to) break;
      this.#timers.drop(timer);
      this.#set(Math.max(this.#now, timer.due));
      timer.fire();
    }
    this.#set(to);
  }

  #arm(timer: Timer): void {
    const wait = Math.max(0, timer.due - Date.now());
    this.#handles.set(
      timer,
      setTimeout(
        () => {
          if (timer.due > Date.now()) return this.#arm(timer);
          this.#drop(timer);
          timer.fire();
        },
        Math.min(wait, LONGEST_TIMEOUT),
      ),
    );
  }

  #drop(timer: Timer): void {
    this.#timers.drop(timer);
    clearTimeout(this.#handles.get(timer));
    this.#handles.delete(timer);
  }

  #set(now: number): void {
    this.#now = now;
    if (this.shared !== undefined) Atomics.store(new BigInt64Array(this.shared), 0, BigInt(now));
    if (this.#file === undefined || this.mode !== 'virtual') return;
    // In its place, where a new file under the old name would be whole too, but takes ten times as long: a year sets the clock a hundred thousand times.
    // The text is always as long, and so short that it is written at once.
    const text = JSON.stringify({ now: new Date(now).toISOString() });
    const isFirst = this.#descriptor === undefined;
    this.#descriptor ??= openSync(this.#file, existsSync(this.#file) ? 'r+' : 'w');
    writeSync(this.#descriptor, text, 0);
    // A time that somebody wrote by hand may have been longer.
    if (isFirst) ftruncateSync(this.#descriptor, text.length);
  }

  #stored(): number | undefined {
    if (this.#file === undefined || this.mode === 'real' || !existsSync(this.#file)) return undefined;
    try {
      const stored: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      if (typeof stored === 'object' && stored !== null && 'now' in stored && typeof stored.now === 'string') {
        const now = Date.parse(stored.now);
        if (!Number.isNaN(now)) return now;
      }
    } catch {
      // Falls through to the one message below: a file that is no JSON is as damaged as one without a time.
    }
    throw new StartError(
      `The data folder is damaged: ${this.#file} holds no time. Restore it, or start with another --data folder.`,
    );
  }
}
