import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerState } from '../gateway/turns.ts';
import type { Ending, FunctionFailure, Invocation, WorkerMessage, WorkerSetup } from './protocol.ts';

/** What an invocation came to. */
export interface Outcome {
  requestId: string;
  failed: boolean;
  /** JSON text: what the handler gave, or a `FunctionFailure`. */
  payload: string;
  /** Real time from handing over to answer, the start of a worker not counted. */
  milliseconds: number;
  logLines: number;
  logBytes: number;
}

/** Gives out the numbers and ids of invocations, and is told when one has ended. */
interface Numbering {
  next: () => { number: number; requestId: string };
  ended: (number: number) => void;
}

interface Member {
  worker: Worker;
  current:
    | {
        invocation: Invocation;
        started: number;
        timer: NodeJS.Timeout | undefined;
        resolve: (outcome: Outcome) => void;
      }
    | undefined;
  /** `starting` until the handler is loaded, `ended` once its worker is being stopped. */
  state: 'starting' | 'ready' | 'ended';
  idle: NodeJS.Timeout | undefined;
  /** Who waits for the answer to a question. */
  questions: Map<number, (state: WorkerState | undefined) => void>;
  /** At its end it tells what it ran. */
  tells: boolean;
}

/** When calls are put in order, runs are the same on every machine: so many workers for a function. */
const ORDERED_WORKERS = 2;
/**
 * One for each processor: what they wait for, the gateway and the engine, works on the same ones. With two for each a year replayed on two processors was
 * no faster, and took a quarter more memory.
 */
const WORKERS = Math.max(2, availableParallelism());
/**
 * MiB of the young heap. V8's own 48 would be two gigabytes for all functions; with 6 the collector runs so often that submitting takes a tenth longer.
 */
const YOUNG_MIB = 16;
/**
 * To start a worker takes the processor as long as ten short invocations, so another is started only when there has been a queue for twice that long: a
 * burst of short ones is over before it would be ready, and long ones lose a fifth of a second.
 */
const PATIENCE_MS = 200;
/** An idle worker costs some 30 MB; the last one stays, so that a function that was warm stays warm. */
const IDLE_MS = 20_000;
/** A response may not be larger (6 MB and the room Lambda gives its envelope). */
const LARGEST_RESPONSE = 6_291_556;

/** The workers of one function. */
export class Pool {
  readonly #setup: WorkerSetup;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #numbering: Numbering;
  readonly #members = new Set<Member>();
  readonly #queue: { invocation: Invocation; resolve: (outcome: Outcome) => void }[] = [];
  /** Since when there has been a queue, or since the last worker was started for it. */
  #queuedSince = 0;
  #impatient: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #closed = false;
  #questions = 0;

  constructor(
    setup: WorkerSetup,
    environment: Readonly<Record<string, string>>,
    timeoutMs: number,
    numbering: Numbering,
  ) {
    this.#setup = setup;
    this.#environment = environment;
    this.#timeoutMs = timeoutMs;
    this.#numbering = numbering;
  }

  /** Invocations running or waiting for a worker. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Runs the handler; a failing one gives an outcome too. @param payload JSON text */
  async invoke(payload: string, functionArn: string): Promise<Outcome> {
    this.#inFlight += 1;
    try {
      return await new Promise<Outcome>((resolve) => {
        const invocation = { ...this.#numbering.next(), payload, functionArn, timeoutMs: this.#timeoutMs };
        if (this.#queue.length === 0) this.#queuedSince = performance.now();
        this.#queue.push({ invocation, resolve });
        this.#dispatch();
      });
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** How each running invocation stands; undefined while a worker starts or ends, so that none can say. */
  async states(): Promise<WorkerState[] | undefined> {
    const isChanging = [...this.#members].some(
      ({ state }) => state === 'starting' || (state === 'ended' && this.#queue.length > 0),
    );
    if (isChanging) return undefined;
    const states = await Promise.all(
      [...this.#members].filter(({ current }) => current !== undefined).map((member) => this.#ask(member)),
    );
    return states.every((state) => state !== undefined) ? states : undefined;
  }

  #ask(member: Member): Promise<WorkerState | undefined> {
    this.#questions += 1;
    const question = this.#questions;
    return new Promise<WorkerState | undefined>((resolve) => {
      member.questions.set(question, resolve);
      member.worker.postMessage({ question });
    }).finally(() => member.questions.delete(question));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#impatient);
    await Promise.all(
      [...this.#members].map(async (member) => {
        clearTimeout(member.idle);
        clearTimeout(member.current?.timer);
        if (member.tells && member.state === 'ready' && member.current === undefined) {
          const exited = new Promise((resolve) => member.worker.once('exit', resolve));
          member.worker.postMessage({ ends: true } satisfies Ending);
          await exited;
        } else await member.worker.terminate();
      }),
    );
  }

  #dispatch(): void {
    if (this.#closed || this.#queue.length === 0) return;
    const free = [...this.#members].find((member) => member.state === 'ready' && member.current === undefined);
    if (free === undefined) {
      this.#grow();
      return;
    }
    const next = this.#queue.shift();
    if (next === undefined) return;
    clearTimeout(free.idle);
    const timer = setTimeout(() => this.#timeOut(free), this.#timeoutMs);
    free.current = { ...next, started: performance.now(), timer };
    free.worker.postMessage(next.invocation);
    this.#dispatch();
  }

  /** Starts another worker for whoever waits: the first at once, more when the queue does not end. */
  #grow(): void {
    const starting = [...this.#members].filter(({ state }) => state === 'starting').length;
    const most = this.#setup.ordered === undefined ? WORKERS : ORDERED_WORKERS;
    if (this.#members.size >= most || starting >= this.#queue.length) return;
    const waited = performance.now() - this.#queuedSince;
    // When calls are put in order no real clock decides.
    if (this.#members.size === 0 || this.#setup.ordered !== undefined || waited >= PATIENCE_MS) {
      this.#queuedSince = performance.now();
      this.#start();
    } else
      this.#impatient ??= setTimeout(() => {
        this.#impatient = undefined;
        this.#dispatch();
      }, PATIENCE_MS - waited);
  }

  #start(): void {
    // What a worker ran is asked of one at a time: the others do the same, and to ask takes as long as to start one.
    const isTold = [...this.#members].some(({ tells }) => tells);
    const coverage = isTold ? undefined : this.#setup.coverage;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { ...this.#setup, coverage } satisfies WorkerSetup,
      env: { ...this.#environment },
      // The heap is the largest part of a function's memory; without a floor V8 could not load the SDK at 128 MB.
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(64, this.#setup.memoryMb),
        maxYoungGenerationSizeMb: YOUNG_MIB,
      },
    });
    const member: Member = {
      worker,
      current: undefined,
      state: 'starting',
      idle: undefined,
      questions: new Map(),
      tells: coverage !== undefined,
    };
    this.#members.add(member);
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        member.state = 'ready';
        this.#dispatch();
      } else if (message.kind === 'state') member.questions.get(message.question)?.(message);
      else this.#finish(member, message);
    });
    let reason: FunctionFailure = {
      errorType: 'Runtime.ExitError',
      errorMessage: 'Runtime exited without providing a reason',
    };
    worker.on('error', (error) => {
      const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      reason = outOfMemory
        ? { errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' }
        : { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
    });
    worker.on('exit', (code) => {
      this.#members.delete(member);
      clearTimeout(member.idle);
      for (const answer of member.questions.values()) answer(undefined);
      if (reason.errorType === 'Runtime.ExitError' && code > 0)
        reason.errorMessage = `Runtime exited with error: exit status ${code}`;
      // A worker that dies before it was ready fails the invocation it was started for; otherwise that one would start workers for ever.
      if (member.state === 'starting' && !this.#closed) {
        const next = this.#queue.shift();
        if (next !== undefined) member.current = { ...next, started: performance.now(), timer: undefined };
      }
      this.#fail(member, {
        ...reason,
        errorMessage:
          reason.trace === undefined
            ? `RequestId: ${member.current?.invocation.requestId} Error: ${reason.errorMessage}`
            : reason.errorMessage,
      });
      this.#dispatch();
    });
  }

  #finish(member: Member, message: Extract<WorkerMessage, { kind: 'done' }>): void {
    const { current } = member;
    if (current === undefined || current.invocation.requestId !== message.requestId) return;
    clearTimeout(current.timer);
    member.current = undefined;
    this.#numbering.ended(current.invocation.number);
    const outcome = { ...message, milliseconds: performance.now() - current.started };
    const size = message.payload.length > LARGEST_RESPONSE / 3 ? Buffer.byteLength(message.payload) : 0;
    current.resolve(
      size > LARGEST_RESPONSE ? { ...outcome, failed: true, payload: JSON.stringify(tooLarge) } : outcome,
    );
    this.#dispatch();
    // A worker that ends by the real clock would not end at the same place of two runs.
    if (member.current !== undefined || this.#setup.ordered !== undefined) return;
    member.idle = setTimeout(() => {
      if (this.#members.size <= 1 || member.tells) return;
      member.state = 'ended';
      void member.worker.terminate();
    }, IDLE_MS);
    member.idle.unref();
  }

  #timeOut(member: Member): void {
    const id = member.current?.invocation.requestId;
    const seconds = (this.#timeoutMs / 1000).toFixed(2);
    this.#fail(member, {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${id} Error: Task timed out after ${seconds} seconds`,
    });
    void member.worker.terminate();
  }

  #fail(member: Member, failure: FunctionFailure): void {
    const { current } = member;
    if (current === undefined) return;
    clearTimeout(current.timer);
    member.current = undefined;
    this.#numbering.ended(current.invocation.number);
    // Until it is gone, a failed worker takes no more invocations.
    member.state = 'ended';
    current.resolve({
      requestId: current.invocation.requestId,
      failed: true,
      payload: JSON.stringify(failure),
      milliseconds: performance.now() - current.started,
      logLines: 0,
      logBytes: 0,
    });
  }
}

const tooLarge: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`,
};
