import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop after which a worker that did nothing counts as resting. */
const QUIET = 4;

/**
 * What keeps an event loop alive without being about to do something: sockets wait for answers, and timers guard them. Anything
 * else (a file being read, a name looked up, a hash computed in the background) will go on by itself.
 */
const RESTING = new Set([
  'TCPSocketWrap',
  'TCPServerWrap',
  'Timeout',
  'MessagePort',
  'MessagePortWrap',
  'TTYWrap',
  'PipeWrap',
  'Immediate',
  'HTTPINCOMINGMESSAGE',
]);

/** The header by which the stack knows which request it is. */
const TAG = 'x-local-call';

/** What Node tells of a request of `fetch`. */
interface Fetched {
  request: { origin: string; addHeader: (name: string, value: string) => void };
}

/** Counts a worker's requests to the stack, and marks each so that the stack knows which it is. */
export class Requests {
  #invocation = 0;
  #requests = 0;
  #answered = 0;

  /** @param host where the stack answers, with its port; other requests are not its business */
  constructor(host: string) {
    subscribe('http.client.request.created', (message) => {
      const { request }: { request: ClientRequest } = Object(message);
      if (request.getHeader('host') !== host) return;
      request.setHeader(TAG, this.#begun());
      request.once('close', this.#ender());
    });
    // The same for `fetch`, which does not pass there.
    const fetched = new Map<unknown, () => void>();
    subscribe('undici:request:create', (message) => {
      const { request }: Fetched = Object(message);
      if (new URL(request.origin).host !== host) return;
      request.addHeader(TAG, this.#begun());
      fetched.set(request, this.#ender());
    });
    const ended = (message: unknown): void => {
      const { request }: Fetched = Object(message);
      fetched.get(request)?.();
      fetched.delete(request);
    };
    subscribe('undici:request:trailers', ended);
    subscribe('undici:request:error', ended);
  }

  /** Counts one more request and gives its tag. */
  #begun(): string {
    this.#requests += 1;
    return `${this.#invocation}.${this.#requests}`;
  }

  /** Tells that it was answered, if its invocation is still the one that runs. */
  #ender(): () => void {
    const invocation = this.#invocation;
    return () => {
      if (invocation === this.#invocation) this.#answered += 1;
    };
  }

  begin(invocation: number): void {
    this.#invocation = invocation;
    this.#requests = 0;
    this.#answered = 0;
  }

  /** How things stand after a few turns of the event loop. */
  async state(): Promise<{ invocation: number; requests: number; answered: number; idle: boolean }> {
    const [requests, answered] = [this.#requests, this.#answered];
    for (let turn = 0; turn < QUIET; turn += 1) await nextTurn();
    const idle =
      requests === this.#requests &&
      answered === this.#answered &&
      process.getActiveResourcesInfo().every((each) => RESTING.has(each));
    return { invocation: this.#invocation, requests, answered, idle };
  }
}
