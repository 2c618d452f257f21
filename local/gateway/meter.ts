/**
 * On-demand list prices in US dollars, us-east-1, as published on the price pages of each service (aws.amazon.com/<service>/pricing),
 * November 2026; free tiers and volume discounts left out.
 */
const PRICES = {
  /** DynamoDB, standard table class: a write of up to 1 KB, a strongly consistent read of up to 4 KB. */
  dynamodbWriteUnit: 0.625e-6,
  dynamodbReadUnit: 0.125e-6,
  lambdaRequest: 0.2e-6,
  /** A GB for a second, first tier. */
  lambdaGbSecond: { arm64: 0.0000133334, x86_64: 0.0000166667 },
  /** Step Functions Standard: $25 a million transitions. */
  stateTransition: 25e-6,
  /** Express: $1 a million requests; $0.06 a GB-hour, first tier. */
  expressRequest: 1e-6,
  expressGbSecond: 0.06 / 3600,
  httpApiRequest: 1e-6,
  kmsRequest: 0.03 / 10_000,
  schedulerInvocation: 1e-6,
  /** S3 Standard: putting and listing, everything else but deleting, a GB kept for a month. */
  s3Put: 0.005 / 1_000,
  s3Get: 0.0004 / 1_000,
  s3GbMonth: 0.023,
  /** CloudWatch Logs: taking in a GB. */
  logGb: 0.5,
} as const;

type Architecture = keyof typeof PRICES.lambdaGbSecond;

/** Calls of one principal to one action. */
export interface CallCount {
  principal: string;
  service: string;
  action: string;
  calls: number;
  /** Answered with an error. */
  errors: number;
  readUnits: number;
  writeUnits: number;
}

export interface FunctionCount {
  function: string;
  architecture: Architecture;
  invocations: number;
  errors: number;
  /** Duration as billed (whole milliseconds) times memory. */
  gbMilliseconds: number;
  milliseconds: number;
  logLines: number;
  logBytes: number;
}

export interface StatesCount {
  transitions: number;
  expressRequests: number;
  expressGbMilliseconds: number;
}

export interface Snapshot {
  calls: CallCount[];
  functions: FunctionCount[];
  states: StatesCount;
  httpRequests: number;
  scheduled: number;
  /** Bytes in the buckets now: a level, no count. */
  storedBytes: number;
}

export interface PriceLine {
  what: string;
  quantity: number;
  usd: number;
}

/** Counts what would be on the bill since the start or the last `reset`. */
export class Meter {
  #calls = new Map<string, CallCount>();
  #functions = new Map<string, FunctionCount>();
  #states: StatesCount = { transitions: 0, expressRequests: 0, expressGbMilliseconds: 0 };
  #httpRequests = 0;
  #scheduled = 0;
  #storedBytes = 0;

  call(
    principal: string,
    service: string,
    action: string,
    used: { readUnits?: number; writeUnits?: number; error?: boolean } = {},
  ): void {
    const id = `${principal} ${service}:${action}`;
    let count = this.#calls.get(id);
    if (count === undefined) {
      count = { principal, service, action, calls: 0, errors: 0, readUnits: 0, writeUnits: 0 };
      this.#calls.set(id, count);
    }
    count.calls += 1;
    if (used.error === true) count.errors += 1;
    count.readUnits += used.readUnits ?? 0;
    count.writeUnits += used.writeUnits ?? 0;
  }

  invocation(
    of: { name: string; architecture: Architecture; memoryMb: number },
    ran: { milliseconds: number; error: boolean; logLines: number; logBytes: number },
  ): void {
    let count = this.#functions.get(of.name);
    if (count === undefined) {
      count = {
        function: of.name,
        architecture: of.architecture,
        invocations: 0,
        errors: 0,
        gbMilliseconds: 0,
        milliseconds: 0,
        logLines: 0,
        logBytes: 0,
      };
      this.#functions.set(of.name, count);
    }
    count.invocations += 1;
    if (ran.error) count.errors += 1;
    count.milliseconds += ran.milliseconds;
    count.gbMilliseconds += (Math.ceil(ran.milliseconds) * of.memoryMb) / 1024;
    count.logLines += ran.logLines;
    count.logBytes += ran.logBytes;
  }

  /** What the workflows used since the last call. */
  workflows(used: Partial<StatesCount>): void {
    this.#states.transitions += used.transitions ?? 0;
    this.#states.expressRequests += used.expressRequests ?? 0;
    this.#states.expressGbMilliseconds += used.expressGbMilliseconds ?? 0;
  }

  httpRequest(): void {
    this.#httpRequests += 1;
  }

  scheduled(): void {
    this.#scheduled += 1;
  }

  /** @param bytes how much the buckets hold now */
  stored(bytes: number): void {
    this.#storedBytes = bytes;
  }

  snapshot(): Snapshot {
    return structuredClone({
      calls: [...this.#calls.values()],
      functions: [...this.#functions.values()],
      states: this.#states,
      httpRequests: this.#httpRequests,
      scheduled: this.#scheduled,
      storedBytes: this.#storedBytes,
    });
  }

  reset(): void {
    this.#calls = new Map();
    this.#functions = new Map();
    this.#states = { transitions: 0, expressRequests: 0, expressGbMilliseconds: 0 };
    this.#httpRequests = 0;
    this.#scheduled = 0;
  }

  /** What the counted use would cost. */
  price(snapshot: Snapshot = this.snapshot()): { lines: PriceLine[]; usd: number } {
    const lines = priceLines(snapshot).filter(({ quantity }) => quantity > 0);
    return { lines, usd: sum(lines, (line) => line.usd) };
  }
}

const S3_PUTS = new Set(['PutObject', 'ListObjectsV2', 'ListBuckets', 'PostObject']);

function priceLines({ calls, functions, states, httpRequests, scheduled, storedBytes }: Snapshot): PriceLine[] {
  const line = (what: string, quantity: number, each: number): PriceLine => ({ what, quantity, usd: quantity * each });
  const seconds = (architecture: Architecture): number =>
    sum(
      functions.filter((each) => each.architecture === architecture),
      (each) => each.gbMilliseconds,
    ) / 1000;
  return [
    line(
      'DynamoDB write units',
      sum(calls, (call) => call.writeUnits),
      PRICES.dynamodbWriteUnit,
    ),
    line(
      'DynamoDB read units',
      sum(calls, (call) => call.readUnits),
      PRICES.dynamodbReadUnit,
    ),
    line(
      'Lambda requests',
      sum(functions, (each) => each.invocations),
      PRICES.lambdaRequest,
    ),
    line('Lambda GB-seconds (arm64)', seconds('arm64'), PRICES.lambdaGbSecond.arm64),
    line('Lambda GB-seconds (x86_64)', seconds('x86_64'), PRICES.lambdaGbSecond.x86_64),
    line('Step Functions state transitions', states.transitions, PRICES.stateTransition),
    line('Step Functions Express requests', states.expressRequests, PRICES.expressRequest),
    line('Step Functions Express GB-seconds', states.expressGbMilliseconds / 1000, PRICES.expressGbSecond),
    line('HTTP API requests', httpRequests, PRICES.httpApiRequest),
    line(
      'KMS requests',
      sum(
        calls.filter(({ service }) => service === 'kms'),
        (call) => call.calls,
      ),
      PRICES.kmsRequest,
    ),
    line(
      'S3 PUT and LIST requests',
      sum(
        calls.filter(({ service, action }) => service === 's3' && S3_PUTS.has(action)),
        (call) => call.calls,
      ),
      PRICES.s3Put,
    ),
    line(
      'S3 GET requests',
      sum(
        calls.filter(({ service, action }) => service === 's3' && !S3_PUTS.has(action) && action !== 'DeleteObject'),
        (call) => call.calls,
      ),
      PRICES.s3Get,
    ),
    line('S3 GB kept for a month', storedBytes / 1e9, PRICES.s3GbMonth),
    line('Scheduler invocations', scheduled, PRICES.schedulerInvocation),
    line('CloudWatch Logs GB', sum(functions, (each) => each.logBytes) / 1e9, PRICES.logGb),
  ];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
