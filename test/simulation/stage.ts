import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Endpoints, FaultRule } from '../../local/index.ts';
import { type Answer, type As, UNCOUNTED } from '../stack.ts';
import type { Order } from './process.ts';

export interface Request {
  as: As | 'anybody';
  method: string;
  path: string;
  body?: unknown;
}

/** Something that must never be seen. */
export class Violation extends Error {}

/** The system under a history, from outside: it is called, its clock is moved, it misbehaves and is killed, and everything is written down. */
export class Stage {
  readonly journal: string[] = [];
  /** Requests whose answer was lost or an error of the system: whoever sent them may try again. */
  readonly unanswered: Request[] = [];
  /** Every visit that the system said it has. */
  readonly acceptedVisits = new Map<string, { round: string; household: string; purpose: string }>();
  readonly #data: string;
  readonly #seed: number;
  #process: ChildProcess | undefined;
  #endpoints: Endpoints | undefined;
  #now = 0;
  #faults = 0;

  constructor(data: string, seed: number) {
    this.#data = data;
    this.#seed = seed;
  }

  get endpoints(): Endpoints {
    if (this.#endpoints === undefined) throw new Error('The stack is not started.');
    return this.#endpoints;
  }

  now(): number {
    return this.#now;
  }

  /** Asia/Shanghai; `days` before today when negative. */
  today(days = 0): string {
    return new Date(this.#now + (8 + 24 * days) * 3_600_000).toISOString().slice(0, 10);
  }

  async start(): Promise<void> {
    const child = fork(new URL('./process.ts', import.meta.url), {
      env: { ...process.env, ...UNCOUNTED, DATA: this.#data, SEED: String(this.#seed) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const [first] = await messageOrEnd(child);
    if (typeof first !== 'object' || first === null) throw new Error(`The stack did not start. ${complaint}`);
    this.#process = child;
    this.#endpoints = Object(first);
    this.#faults = 0;
    await this.#readClock();
  }

  async stop(): Promise<void> {
    if (this.#process?.connected === true) this.#process.send({ stop: true } satisfies Order);
    await this.#ended(this.#process);
  }

  /** @throws AbortError when it goes on for ten seconds */
  async #ended(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
  }

  /** The process is killed at once, and another one goes on from what was stored. */
  async crash(): Promise<void> {
    this.journal.push('the system is killed');
    this.#process?.kill('SIGKILL');
    await this.#ended(this.#process);
    await this.start();
  }

  /** The process will be killed right after so many more events of workflows. */
  async crashIn(events: number): Promise<void> {
    this.journal.push(`the system will be killed after ${events} events`);
    await this.#order({ killIn: events });
  }

  async #order(order: Order): Promise<void> {
    const child = this.#process;
    if (child?.connected !== true) return;
    // One that dies meanwhile hears nothing: whoever asks it next finds out.
    const heard = messageOrEnd(child);
    child.send(order);
    await heard;
  }

  get(as: As | 'anybody', path: string): Promise<Answer> {
    return this.send({ as, method: 'GET', path });
  }

  post(as: As | 'anybody', path: string, body: unknown = {}): Promise<Answer> {
    return this.send({ as, method: 'POST', path, body });
  }

  /** One request. @throws Violation when the system answers with an error of its own while nothing misbehaves */
  async send(request: Request): Promise<Answer> {
    const system = this.#process;
    const answer = await this.#attempt(request);
    await this.#after(request, answer, system);
    return answer;
  }

  /** Requests that arrive at the same moment; the seed decides which is done first. */
  async race(requests: readonly Request[]): Promise<Answer[]> {
    await this.#order({ hold: requests.length });
    const system = this.#process;
    const answers = await Promise.all(requests.map((request) => this.#attempt(request)));
    for (const [n, request] of requests.entries())
      await this.#after(request, answers[n] ?? { status: 0, body: {} }, system);
    return answers;
  }

  async #after(request: Request, answer: Answer, system: ChildProcess | undefined): Promise<void> {
    const { as, method, path } = request;
    const who = as === 'anybody' ? as : `${as.account}${as.person ?? ''}${as.region ?? ''}`;
    this.journal.push(`${this.today()} ${who} ${method} ${path} → ${answer.status} ${answer.body?.code ?? ''}`);
    if (answer.status === 200 && path.endsWith('/visits') && method === 'POST') this.#remember(request, answer);
    if (answer.status !== 0 && answer.status < 500) return;
    if (method !== 'GET') this.unanswered.push(request);
    if (answer.status === 0) await this.#comeBack(system);
    else if (this.#faults === 0)
      throw new Violation(`${method} ${path} was answered ${answer.status} while nothing misbehaved.`);
  }

  #remember({ body: sent }: Request, { body: { round, items } }: Answer): void {
    const { visits }: { visits: { purpose: string }[] } = Object(sent);
    for (const { row, household, outcome, visit } of items)
      if (outcome !== 'refused')
        this.acceptedVisits.set(visit, { round, household, purpose: visits[row]?.purpose ?? '' });
  }

  async #attempt({ as, method, path, body }: Request): Promise<Answer> {
    try {
      const token = as === 'anybody' ? undefined : await this.#token(as);
      const response = await fetch(`${this.endpoints.api}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text };
    } catch (error) {
      if (error instanceof TypeError) return { status: 0, body: {} };
      throw error;
    }
  }

  async #token({ account, region, person }: As): Promise<string> {
    const form = new URLSearchParams({
      account,
      ...(region === undefined ? {} : { region }),
      ...(person === undefined ? {} : { person: String(person) }),
    });
    const response = await fetch(`${this.endpoints.issuer}/token`, { method: 'POST', body: form });
    const { access_token: token }: { access_token: string } = Object(await response.json());
    return token;
  }

  /** Moves the clock, and fires what falls due; killed on the way, the system is started again where the clock stood. */
  async advance(milliseconds: number): Promise<void> {
    const to = new Date(this.#now + milliseconds).toISOString();
    this.journal.push(`the clock goes on to ${to}`);
    const system = this.#process;
    try {
      const response = await fetch(`${this.endpoints.clock}/advance`, { method: 'POST', body: JSON.stringify({ to }) });
      if (!response.ok) throw new Error(`The clock answered ${response.status} ${await response.text()}`);
      await response.text();
      await this.#readClock();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      await this.#comeBack(system);
    }
  }

  /** Of several who found the system dead the first starts it again. @param system the one that they asked */
  async #comeBack(system: ChildProcess | undefined): Promise<void> {
    await this.#ended(system);
    if (this.#process !== system) return;
    this.journal.push('the system was killed, and is started again');
    await this.start();
  }

  async #readClock(): Promise<void> {
    const { now }: { now: string } = Object(await (await fetch(this.endpoints.clock)).json());
    this.#now = Date.parse(now);
  }

  async misbehave(rule: FaultRule): Promise<void> {
    this.journal.push(`from now on ${JSON.stringify(rule)}`);
    this.#faults += 1;
    await fetch(this.endpoints.clock.replace(/clock$/, 'faults'), { method: 'POST', body: JSON.stringify(rule) });
  }

  async behave(): Promise<void> {
    this.#faults = 0;
    await fetch(this.endpoints.clock.replace(/clock$/, 'faults'), { method: 'DELETE' });
  }
}

/** What a process says next, or how it ended. */
async function messageOrEnd(child: ChildProcess): Promise<unknown[]> {
  const either = new AbortController();
  const { signal } = either;
  try {
    return await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
  } finally {
    either.abort();
  }
}
