import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../../../local/clock.ts';
import { AwsError } from '../../../local/errors.ts';
import { type ServiceCall, States, type StatesOptions } from '../../../local/states/index.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/workflow';
export const START = Date.UTC(2025, 0, 1);
const PREFIX = 'arn:aws:states:us-east-1:123456789012';

export type Call = Parameters<ServiceCall>[0];
/** A function called by name; what it returns is the payload. */
export type Functions = Readonly<Record<string, (payload: unknown, call: Call) => unknown>>;

/** A file for a store that outlives its engine, removed when the tests are over. */
export function storeFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'states-'));
  if (folders.length === 0) {
    process.on('exit', () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true });
    });
  }
  folders.push(folder);
  return join(folder, 'states.sqlite');
}
const folders: string[] = [];

/** Lets real turns of the event loop pass, for calls that never answer and so never let the clock rest. */
export async function pause(milliseconds = 30): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** An engine with a virtual clock, and functions that are plain closures. */
export class Bench {
  readonly clock: Clock;
  readonly calls: Call[] = [];
  readonly options: StatesOptions;
  states: States;

  /** `stubs` answer for services other than Lambda and Step Functions, by service. */
  constructor(
    options: Partial<StatesOptions> & {
      functions?: Functions;
      stubs?: Readonly<Record<string, (call: Call) => unknown>>;
    } = {},
  ) {
    const { functions = {}, stubs = {}, ...rest } = options;
    this.clock = rest.clock ?? new Clock({ mode: 'virtual', start: START });
    this.options = {
      file: ':memory:',
      call: (request) => this.#call(request, functions, stubs),
      region: 'us-east-1',
      accountId: '123456789012',
      partition: 'aws',
      services: new Set(['dynamodb', 'sfn']),
      ...rest,
      clock: this.clock,
    };
    this.states = new States(this.options);
  }

  async #call(
    request: Call,
    functions: Functions,
    stubs: Readonly<Record<string, (call: Call) => unknown>>,
  ): Promise<unknown> {
    this.calls.push(request);
    const stub = stubs[request.service];
    if (stub !== undefined) return await stub(request);
    if (request.service === 'states') return await this.states.handle(request.action, request.input);
    if (request.service !== 'lambda')
      throw new AwsError('AccessDeniedException', `No stub for ${request.service}:${request.action}`);
    const name = String(request.input['FunctionName']).split(':').at(-1) ?? '';
    const run = functions[name];
    if (run === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    try {
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        Payload: (await run(request.input['Payload'], request)) ?? null,
      };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof AwsError) throw error;
      return {
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        FunctionError: 'Unhandled',
        Payload: { errorType: error.name, errorMessage: error.message, trace: [] },
      };
    }
  }

  /** Drops the engine as a crash would and starts another on the same file. */
  restart(): void {
    this.states.close();
    this.states = new States(this.options);
    this.states.recover();
  }

  put(name: string, definition: object, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string {
    return this.states.put({
      name,
      roleArn: ROLE,
      type,
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
    });
  }

  async start(machine: string, input: unknown = {}, name = 'run'): Promise<string> {
    const started = await this.states.handle('StartExecution', {
      stateMachineArn: `${PREFIX}:stateMachine:${machine}`,
      name,
      input: JSON.stringify(input),
    });
    return String(started['executionArn']);
  }

  /** Lets everything come to rest, and time pass. */
  async settle(seconds = 0): Promise<void> {
    await this.clock.advance(this.clock.now() + seconds * 1000);
    await this.clock.idle();
  }

  async describe(arn: string): Promise<Outcome> {
    const told = await this.states.handle('DescribeExecution', { executionArn: arn });
    return {
      status: String(told['status']),
      ...(typeof told['output'] === 'string' && { output: JSON.parse(told['output']) }),
      ...(typeof told['error'] === 'string' && { error: told['error'] }),
      ...(typeof told['cause'] === 'string' && { cause: told['cause'] }),
    };
  }

  /** Runs a machine of this definition to its end, letting `seconds` pass. */
  async run(definition: object, input: unknown = {}, seconds = 0): Promise<Outcome> {
    this.put('machine', definition);
    const arn = await this.start('machine', input, `run-${this.calls.length}-${this.clock.now()}`);
    await this.settle(seconds);
    return await this.describe(arn);
  }

  /** The details of the first event of a type. */
  async details(arn: string, type: string): Promise<unknown> {
    const event = (await this.history(arn)).find((one) => one.type === type);
    return event === undefined ? undefined : Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1];
  }

  async types(arn: string): Promise<string[]> {
    return (await this.history(arn)).map(({ type }) => type);
  }

  async history(arn: string): Promise<HistoryEvent[]> {
    const told = await this.states.handle('GetExecutionHistory', { executionArn: arn, maxResults: 1000 });
    return told['events'] as HistoryEvent[];
  }
}

export interface Outcome {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export type HistoryEvent = {
  readonly id: number;
  readonly type: string;
  readonly previousEventId: number;
  readonly timestamp: number;
} & Readonly<Record<string, unknown>>;

export function invoke(name: string, payload: unknown = '{% $states.input %}', more: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: name, Payload: payload },
    Output: '{% $states.result.Payload %}',
    ...more,
  };
}

export function waitForToken(name: string, more: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  };
}

/** The code a call fails with, or `none`. */
export async function codeOf(call: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof call === 'function' ? call() : call);
    return 'none';
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
  }
}

/** What the sources of the interpreter say about codes: a code without a case in a test fails it. */
export function codesInSources(pattern: RegExp): string[] {
  const sources = new URL('../../../local/states/', import.meta.url);
  const found = readdirSync(sources)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      [...readFileSync(new URL(name, sources), 'utf8').matchAll(pattern)].map((match) => match[1] ?? ''),
    );
  return [...new Set(found)].sort();
}
