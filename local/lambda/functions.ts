import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { AwsError, StartError } from '../errors.ts';
import type { LocalService } from '../gateway/gateway.ts';
import type { Meter } from '../gateway/meter.ts';
import type { Access } from '../gateway/policy.ts';
import type { KeyPair } from '../gateway/principals.ts';
import type { Turns, WorkerState } from '../gateway/turns.ts';
import { eventInvokeConfig, functionName, lambdaFunction, permission } from '../template/kinds-compute.ts';
import type { Model, Resource } from '../template/model.ts';
import { type Outcome, Pool } from './pool.ts';

type Input = Record<string, unknown>;

interface LocalFunction {
  arn: string;
  name: string;
  pool: Pool;
  reserved: number | undefined;
  billing: { name: string; architecture: 'arm64' | 'x86_64'; memoryMb: number };
  retries: number;
  maximumAgeMs: number;
}

/** Largest payloads in bytes: 6 MB for an answer, 1 MB for an event. */
const LARGEST = { RequestResponse: 6_291_456, Event: 1_048_576 };
/** Lambda waits a minute before it tries a failed event again, and two before the last time. */
const RETRY_WAITS = [60_000, 120_000];

/** The functions of the template, run from their asset folders in worker threads. */
export class Functions implements LocalService {
  readonly #functions = new Map<string, LocalFunction>();
  readonly #permissions: { function: string; principal: string; source: string | undefined }[];
  readonly #clock: Clock;
  readonly #meter: Meter;

  /**
   * @param keysOf the key pair a function signs its calls with
   * @throws StartError when a function has no asset folder
   */
  constructor(parts: {
    model: Model;
    clock: Clock;
    meter: Meter;
    logs: string;
    /** Where Node keeps what it compiled. */
    compileCache: string;
    endpoint: string;
    keysOf: (source: Resource<ReturnType<typeof lambdaFunction.properties.parse>>) => KeyPair;
    turns: Turns | undefined;
    coverage: string | undefined;
    /** Makes the id of a request. */
    requestId?: (() => string) | undefined;
  }) {
    const { model, clock, meter } = parts;
    this.#clock = clock;
    this.#meter = meter;
    parts.turns?.watch(() => this.#states());
    let invocations = 0;
    const numbering = {
      next: (): { number: number; requestId: string } => {
        invocations += 1;
        return { number: invocations, requestId: (parts.requestId ?? randomUUID)() };
      },
      ended: (number: number): void => parts.turns?.forget(number),
    };
    this.#permissions = model
      .all(permission)
      .filter(({ properties }) => /^lambda:(InvokeFunction|\*)$/.test(properties.Action))
      .map(({ properties }) => ({
        function: functionName(properties.FunctionName),
        principal: properties.Principal,
        source: properties.SourceArn,
      }));
    const asynchronous = new Map(
      model.all(eventInvokeConfig).map(({ properties }) => [functionName(properties.FunctionName), properties]),
    );
    for (const source of model.all(lambdaFunction)) {
      const { properties, ref: name, arn } = source;
      const folder = source.asset(properties.Code.S3Key);
      if (folder === undefined)
        throw new StartError(`Function ${source.id}: the assembly holds no asset folder for ${properties.Code.S3Key}.`);
      const logGroup = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
      const keys = parts.keysOf(source);
      const pool = new Pool(
        {
          folder,
          handler: properties.Handler,
          functionName: name,
          functionArn: arn,
          memoryMb: properties.MemorySize,
          logGroup,
          logFile: join(parts.logs, `${name}.log`),
          clock: clock.shared,
          ordered: parts.turns === undefined ? undefined : new URL(parts.endpoint).host,
          coverage: parts.coverage,
        },
        {
          TZ: ':UTC',
          LANG: 'en_US.UTF-8',
          AWS_REGION: model.environment.region,
          AWS_DEFAULT_REGION: model.environment.region,
          AWS_EXECUTION_ENV: `AWS_Lambda_${properties.Runtime}`,
          AWS_LAMBDA_FUNCTION_NAME: name,
          AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
          AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
          AWS_LAMBDA_LOG_STREAM_NAME: 'local',
          AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_ENDPOINT_URL: parts.endpoint,
          _HANDLER: properties.Handler,
          LAMBDA_TASK_ROOT: folder,
          ...properties.Environment.Variables,
          // A process of its own reads it on AWS; here it would be each worker, with 10 MB of source map.
          NODE_OPTIONS: '',
          // Compiled code is kept, which spares each further worker a third of its start. The worker takes this out before the function sees it.
          NODE_COMPILE_CACHE: parts.compileCache,
        },
        properties.Timeout * 1000,
        numbering,
      );
      const events = asynchronous.get(name);
      this.#functions.set(name, {
        arn,
        name,
        pool,
        reserved: properties.ReservedConcurrentExecutions,
        billing: { name, architecture: properties.Architectures[0] ?? 'x86_64', memoryMb: properties.MemorySize },
        retries: events?.MaximumRetryAttempts ?? RETRY_WAITS.length,
        maximumAgeMs: (events?.MaximumEventAgeInSeconds ?? 21_600) * 1000,
      });
    }
  }

  /**
   * Runs a function and waits for what it answers.
   * @param payload JSON text
   * @throws AwsError ResourceNotFoundException, TooManyRequestsException, RequestTooLargeException
   */
  async invoke(reference: string, payload: string): Promise<Outcome> {
    const found = this.#find(reference);
    const size = payload.length > LARGEST.RequestResponse / 3 ? Buffer.byteLength(payload) : 0;
    if (size > LARGEST.RequestResponse) throw tooLarge(size, 'RequestResponse');
    return this.#run(found, payload, reference);
  }

  /** Whether a resource policy of the function lets the service invoke it on behalf of `source`. */
  permits(reference: string, service: string, source: string): boolean {
    const name = functionName(reference);
    return this.#permissions.some(
      (each) =>
        each.function === name &&
        each.principal === service &&
        (each.source === undefined || matchesArn(each.source, source)),
    );
  }

  accesses(action: string, input: Input): Access[] {
    if (action !== 'Invoke')
      throw new AwsError('UnknownOperationException', `Lambda's ${action} does not run locally.`);
    const reference = String(input['FunctionName']);
    const qualifier = /:function:[^:]+(:.+)$/.exec(reference)?.[1] ?? '';
    return [{ action: 'lambda:InvokeFunction', resource: this.#find(reference).arn + qualifier, context: {} }];
  }

  async handle(_action: string, input: Input): Promise<Record<string, unknown>> {
    const reference = String(input['FunctionName']);
    const payload = JSON.stringify(input['Payload'] ?? {});
    if (input['InvocationType'] === 'Event') {
      const size = Buffer.byteLength(payload);
      if (size > LARGEST.Event) throw tooLarge(size, 'Event');
      this.#deliver(this.#find(reference), payload, reference, 0, this.#clock.now());
      return { StatusCode: 202 };
    }
    if (input['InvocationType'] === 'DryRun') return { StatusCode: 204 };
    const outcome = await this.invoke(reference, payload);
    const answer: unknown = JSON.parse(outcome.payload);
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: answer,
      ...(outcome.failed ? { FunctionError: 'Unhandled' } : {}),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#functions.values()].map(({ pool }) => pool.close()));
  }

  async #states(): Promise<WorkerState[] | undefined> {
    const all = await Promise.all([...this.#functions.values()].map(({ pool }) => pool.states()));
    return all.every((states) => states !== undefined) ? all.flat() : undefined;
  }

  async #run(found: LocalFunction, payload: string, reference: string): Promise<Outcome> {
    if (found.reserved !== undefined && found.pool.inFlight >= found.reserved)
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    const outcome = await this.#clock.work(
      found.pool.invoke(payload, reference.startsWith('arn:') ? reference : found.arn),
    );
    this.#meter.invocation(found.billing, { ...outcome, error: outcome.failed });
    return outcome;
  }

  /** Runs an event in the background; a failed one is tried again. What was not delivered is lost with the process. */
  #deliver(found: LocalFunction, payload: string, reference: string, attempt: number, since: number): void {
    const done = this.#run(found, payload, reference).then(
      ({ failed }) => failed,
      () => true,
    );
    void this.#clock.work(done).then((failed) => {
      const wait = RETRY_WAITS[attempt];
      const due = this.#clock.now() + (wait ?? 0);
      if (!failed || wait === undefined || attempt >= found.retries || due - since > found.maximumAgeMs) return;
      this.#clock.at(due, `lambda ${found.name}`, () => this.#deliver(found, payload, reference, attempt + 1, since));
    });
  }

  #find(reference: string): LocalFunction {
    const name = functionName(reference);
    const found = this.#functions.get(name);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    return found;
  }
}

function tooLarge(size: number, type: keyof typeof LARGEST): AwsError {
  return new AwsError(
    'RequestTooLargeException',
    `${size} byte payload is too large for the ${type} invocation type (limit ${LARGEST[type]} bytes)`,
    413,
  );
}

/** `*` in a source ARN stands for any text. */
function matchesArn(pattern: string, arn: string): boolean {
  return new RegExp(`^${pattern.replace(/[\\^$.|+()[\]{}?]/g, '\\$&').replaceAll('*', '.*')}$`).test(arn);
}
