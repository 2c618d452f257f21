import { Clock } from '../../../local/clock.ts';
import { AwsError } from '../../../local/errors.ts';
import { States, type ServiceCall, type StatesOptions } from '../../../local/states/index.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/workflow';
export const START = Date.UTC(2025, 0, 1);
const PREFIX = 'arn:aws:states:us-east-1:123456789012';

export type Call = Parameters<ServiceCall>[0];
/** A function called by name; what it returns is the payload. */
export type Functions = Readonly<Record<string, (payload: unknown, call: Call) => unknown>>;

/** An engine with a virtual clock, and functions that are plain closures. */
export class Bench {
  readonly clock: Clock;
  readonly calls: Call[] = [];
  readonly options: StatesOptions;
  states: States;

  constructor(options: Partial<StatesOptions> & { functions?: Functions } = {}) {
    const { functions = {}, ...rest } = options;
    this.clock = rest.clock ?? new Clock({ mode: 'virtual', start: START });
    this.options = {
      file: ':memory:',
      call: (request) => this.#call(request, functions),
      region: 'us-east-1',
      accountId: '123456789012',
      partition: 'aws',
      services: new Set(['dynamodb', 'sfn']),
      ...rest,
      clock: this.clock,
    };
    this.states = new States(this.options);
  }

  async #call(request: Call, functions: Functions): Promise<unknown> {
    this.calls.push(request);
    if (request.service === 'states') return await this.states.handle(request.action, request.input);
    if (request.service !== 'lambda') throw new AwsError('AccessDeniedException', `No stub for ${request.service}:${request.action}`);
    const name = String(request.input['FunctionName']).split(':').at(-1) ?? '';
    const run = functions[name];
    if (run === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    try {
      return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: (await run(request.input['Payload'], request)) ?? null };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof AwsError) throw error;
      return { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: { errorType: error.name, errorMessage: error.message, trace: [] } };
    }
  }

  /** Drops the engine as a crash would and starts another on the same file. */
  restart(): void {
    this.states.close();
    this.states = new States(this.options);
    this.states.recover();
  }

  put(name: string, definition: object, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string {
    return this.states.put({ name, roleArn: ROLE, type, definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }) });
  }

  async start(machine: string, input: unknown = {}, name = 'run'): Promise<string> {
    const started = await this.states.handle('StartExecution', { stateMachineArn: `${PREFIX}:stateMachine:${machine}`, name, input: JSON.stringify(input) });
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

export type HistoryEvent = { readonly id: number; readonly type: string; readonly previousEventId: number; readonly timestamp: number } & Readonly<Record<string, unknown>>;

export function invoke(name: string, payload: unknown = '{% $states.input %}', more: object = {}): object {
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: name, Payload: payload }, Output: '{% $states.result.Payload %}', ...more };
}

export function waitForToken(name: string, more: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  };
}
