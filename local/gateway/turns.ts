import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { randomFrom } from '../random.ts';

/** Turns of the event loop without activity after which this process counts as idle. */
const QUIET = 8;

interface Entry {
  key: string;
  /** Lets it go on; resolves when the next may. */
  grant: () => Promise<unknown>;
}

/** The state of one invocation's calls. */
interface Invocation {
  /** Requests whose head has arrived, and those that were answered. */
  arrived: number;
  finished: number;
  /** Calls that stand in the queue, or were let go and wait for others (an invocation, a synchronous execution). */
  waiting: number;
}

/** A worker's report on the invocation it runs. */
export interface WorkerState {
  invocation: number;
  /** Requests it began, and those whose answer it has read. */
  requests: number;
  answered: number;
  /** Whether its event loop is idle. */
  idle: boolean;
}

/**
 * One order of all calls, drawn from a seed. A call waits until everything else has come to rest too: every running function
 * is blocked on calls that wait here, or has ended. Then one is chosen and done alone, and so on. Which of two arrived first,
 * by the accidents of threads and sockets, has no influence: a call is identified by its caller and that caller's running number.
 */
export class Turns {
  readonly #random: () => number;
  readonly #invocations = new Map<number, Invocation>();
  #queue: Entry[] = [];
  #workers: () => Promise<readonly WorkerState[] | undefined> = () => Promise.resolve([]);
  #arrivals = 0;
  #busy = 0;
  #held = 0;
  #version = 0;
  #isPumping = false;
  #isClosed = false;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  /** @param workers reports of the busy workers; undefined while one of them cannot report (it is starting or ending) */
  watch(workers: () => Promise<readonly WorkerState[] | undefined>): void {
    this.#workers = workers;
  }

  /** Chooses nothing until `count` calls wait: for calls from outside, of which nobody knows how many will come. */
  hold(count: number): void {
    this.#held = count;
  }

  /**
   * A request of a function arrived; the function returned tells that it was answered.
   * @param tag `invocation.index`
   * @param isApi it is for the HTTP API, which takes no turn of its own: until it is answered its sender waits for others
   */
  heard(tag: string, isApi: boolean): () => void {
    const invocation = this.#invocation(tag);
    invocation.arrived += 1;
    if (isApi) invocation.waiting += 1;
    this.#version += 1;
    return () => {
      invocation.finished += 1;
      if (isApi) invocation.waiting -= 1;
      this.#version += 1;
    };
  }

  /** Something is under way that will make a call or end; the function returned ends it, once. */
  busy(): () => void {
    this.#busy += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#busy -= 1;
      this.#version += 1;
    };
  }

  /** An invocation ended: nothing more will be asked about it. */
  forget(invocation: number): void {
    this.#invocations.delete(invocation);
    this.#version += 1;
  }

  /**
   * Does a call when its turn has come.
   * @param tag of a function's request; undefined for a call made within this process
   * @param waits whether the call needs others to be done before it is answered: then these get their turns, and its answer one too
   */
  async take<T>(tag: string | undefined, waits: boolean, run: () => Promise<T>): Promise<T> {
    this.#arrivals += 1;
    const key =
      tag === undefined ? `0 ${padded(this.#arrivals)}` : `1 ${tag.split('.').map(Number).map(padded).join(' ')}`;
    const invocation = tag === undefined ? undefined : this.#invocation(tag);
    if (invocation !== undefined) invocation.waiting += 1;
    try {
      if (!waits) return await this.#enter(key, run, true);
      const outcome = await this.#enter(key, () => settled(run()), false);
      await this.#enter(`${key} answer`, () => Promise.resolve(), true);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    } finally {
      if (invocation !== undefined) invocation.waiting -= 1;
      this.#version += 1;
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #enter<T>(key: string, run: () => Promise<T>, isAlone: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const grant = (): Promise<unknown> => {
        const done = run();
        done.then(resolve, reject);
        return isAlone ? done.catch(() => undefined) : Promise.resolve();
      };
      this.#queue.push({ key, grant });
      this.#version += 1;
      void this.#pump();
    });
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#queue.length > 0 && !this.#isClosed) {
      await this.#rest();
      const candidates = this.#queue.sort((a, b) => (a.key < b.key ? -1 : 1));
      const [chosen] = candidates.splice(Math.floor(this.#random() * candidates.length), 1);
      this.#held = 0;
      await chosen?.grant();
    }
    this.#isPumping = false;
  }

  /** Resolves when nothing can happen any more without one of the waiting calls. */
  async #rest(): Promise<void> {
    while (!this.#isClosed) {
      const version = this.#version;
      for (let turn = 0; turn < QUIET; turn += 1) await nextTurn();
      if (version === this.#version && this.#busy === 0 && this.#queue.length >= this.#held) {
        const states = await this.#workers();
        if (version === this.#version && states?.every((state) => this.#isBlocked(state)) === true) return;
      }
      // A function that computes or sleeps is asked again a little later.
      await pause(1);
    }
  }

  #isBlocked({ invocation: number, requests, answered, idle }: WorkerState): boolean {
    const { arrived, finished, waiting } = this.#invocations.get(number) ?? { arrived: 0, finished: 0, waiting: 0 };
    return idle && waiting > 0 && requests === arrived && answered === finished && arrived - finished === waiting;
  }

  #invocation(tag: string): Invocation {
    const number = Number.parseInt(tag, 10);
    let invocation = this.#invocations.get(number);
    if (invocation === undefined) {
      invocation = { arrived: 0, finished: 0, waiting: 0 };
      this.#invocations.set(number, invocation);
    }
    return invocation;
  }
}

function padded(number: number): string {
  return String(number).padStart(10, '0');
}

function settled<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
