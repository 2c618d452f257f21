import type { Clock } from '../clock.ts';
import type { Engine } from '../dynamodb/engine.ts';
import { checkKeyRange } from '../dynamodb/key-range.ts';
import { AwsError } from '../errors.ts';
import { isRecord } from '../template/stack.ts';
import { dynamodbAccesses, plainName, type TableShape } from './accesses.ts';
import { unitsOf, withoutCapacity } from './capacity.ts';
import { Faults } from './faults.ts';
import type { Meter } from './meter.ts';
import type { Access } from './policy.ts';
import type { Principal, Principals } from './principals.ts';
import type { Turns } from './turns.ts';

type Input = Record<string, unknown>;

/** A service that runs in this process: what its actions need to be permitted, and how they are done. */
export interface LocalService {
  accesses: (action: string, input: Input, principal: Principal) => Access[];
  handle: (action: string, input: Input, principal: Principal) => Promise<Record<string, unknown>>;
}

export interface Call {
  principal: Principal;
  /** `dynamodb`, `states`, `lambda`, `kms` or `s3` */
  service: string;
  /** As the API spells it: `PutItem`. */
  action: string;
  input: Input;
  /** The input as it came over the wire, so that it need not be written again. */
  body?: Buffer;
  /** The call of a function, as `invocation.index`, when calls are put in order. */
  tag?: string | undefined;
}

/** A call that was made, for tests that compare two runs. */
export interface JournalEntry {
  principal: string;
  service: string;
  action: string;
  /** The code of the error it was answered with. */
  error?: string;
}

/** What DynamoDB answered, in its own bytes. */
export class Raw {
  readonly status: number;
  readonly body: Buffer;

  constructor(status: number, body: Buffer) {
    this.status = status;
    this.body = body;
  }
}

/** The one way from functions, workflows and schedules to services: judged, counted, disturbed on request, then handed on. */
export class Gateway {
  readonly meter: Meter;
  readonly faults = new Faults();
  readonly principals: Principals;
  /** Every call in the order in which they were done; undefined unless the stack was started to keep it. */
  readonly journal: JournalEntry[] | undefined;
  /** The one seeded order of calls; undefined without a seed. */
  readonly turns: Turns | undefined;
  /** Told of every write to a table, with the name of who writes. */
  readonly onWrite = new Set<(principal: string) => void>();
  readonly #clock: Clock;
  readonly #engine: Engine;
  readonly #tables: ReadonlyMap<string, TableShape>;
  readonly #services: ReadonlyMap<string, LocalService>;
  readonly #unknownTable: (table: string) => string;

  constructor(parts: {
    meter: Meter;
    principals: Principals;
    clock: Clock;
    engine: Engine;
    tables: ReadonlyMap<string, TableShape>;
    services: ReadonlyMap<string, LocalService>;
    /** The ARN a table would have that does not exist. */
    unknownTable: (table: string) => string;
    turns: Turns | undefined;
    journal: boolean;
  }) {
    this.meter = parts.meter;
    this.principals = parts.principals;
    this.#clock = parts.clock;
    this.#engine = parts.engine;
    this.#tables = parts.tables;
    this.#services = parts.services;
    this.#unknownTable = parts.unknownTable;
    this.turns = parts.turns;
    this.journal = parts.journal ? [] : undefined;
  }

  /**
   * Makes a call within this process.
   * @throws AwsError as the service answers it, or AccessDeniedException
   */
  async call(call: Call): Promise<Record<string, unknown>> {
    const outcome = await this.perform(call);
    if (!(outcome instanceof Raw)) return outcome;
    const answer: unknown = JSON.parse(outcome.body.toString());
    const fields = isRecord(answer) ? answer : {};
    if (outcome.status === 200) return fields;
    const code = String(fields['__type'] ?? 'InternalServerError').replace(/^.*#/, '');
    throw new AwsError(code, String(fields['message'] ?? fields['Message'] ?? ''), outcome.status);
  }

  /**
   * Makes a call and gives DynamoDB's answer, errors included, as the bytes it came in.
   * @throws AwsError for everything that is not DynamoDB's own answer
   */
  perform(call: Call): Promise<Record<string, unknown> | Raw> {
    const { turns } = this;
    if (turns === undefined) return this.#clock.work(this.#perform(call));
    return this.#clock.work(turns.take(call.tag, waitsForOthers(call), () => this.#perform(call)));
  }

  async #perform(call: Call): Promise<Record<string, unknown> | Raw> {
    const { principal, service, action, input } = call;
    const local = this.#services.get(service);
    const entry: JournalEntry = { principal: principal.name, service, action };
    this.journal?.push(entry);
    try {
      if (local === undefined && service !== 'dynamodb')
        throw new AwsError('UnknownOperationException', `Service ${service} does not run locally.`);
      this.principals.authorize(
        principal,
        local === undefined
          ? dynamodbAccesses(action, input, this.#tables, this.#unknownTable)
          : local.accesses(action, input, principal),
      );
      return await this.faults.through<Record<string, unknown> | Raw>(principal.name, service, action, () =>
        local === undefined ? this.#dynamodb(call) : this.#local(call, local),
      );
    } catch (error) {
      entry.error = error instanceof AwsError ? error.code : 'InternalFailure';
      this.meter.call(principal.name, service, action, { error: true });
      throw error;
    }
  }

  async #local({ principal, service, action, input }: Call, local: LocalService): Promise<Record<string, unknown>> {
    const answer = await local.handle(action, input, principal);
    this.meter.call(principal.name, service, action);
    return answer;
  }

  async #dynamodb(call: Call): Promise<Raw> {
    const { principal, action } = call;
    if (action === 'Query') checkKeyRange(call.input);
    const body = this.#request(call);
    const answer = await this.#engine.send(action, body.metered);
    const without = withoutCapacity(answer.body);
    // A write whose condition failed is charged like one that was done; the engine does not say how much, so the least is counted.
    const used =
      answer.status === 400 && answer.body.includes(CONDITION_FAILED)
        ? { writeUnits: 1 }
        : unitsOf(action, without.consumed);
    this.meter.call(principal.name, 'dynamodb', action, { ...used, error: answer.status !== 200 });
    if (WRITES.has(action) && answer.status === 200) for (const told of this.onWrite) told(principal.name);
    return new Raw(answer.status, body.added ? without.body : answer.body);
  }

  /** The request to hand on, asking for the units it consumes; re-written only when a table is named by its ARN. */
  #request({ action, input, body }: Call): { metered: Buffer; added: boolean } {
    const table = input['TableName'];
    const plain =
      typeof table === 'string' && table.startsWith('arn:') ? { ...input, TableName: plainName(table) } : input;
    const bytes = plain === input && body !== undefined ? body : Buffer.from(JSON.stringify(plain));
    const asked = input['ReturnConsumedCapacity'];
    if (!METERED.has(action) || (asked !== undefined && asked !== 'NONE')) return { metered: bytes, added: false };
    if (asked === 'NONE')
      return { metered: Buffer.from(JSON.stringify({ ...plain, ReturnConsumedCapacity: 'TOTAL' })), added: true };
    // The body is an object that asks for nothing of the kind: the field goes in front, after the brace.
    const brace = bytes.indexOf('{') + 1;
    const separator = Object.keys(plain).length === 0 ? '' : ',';
    return {
      metered: Buffer.concat([
        bytes.subarray(0, brace),
        Buffer.from(`"ReturnConsumedCapacity":"TOTAL"${separator}`),
        bytes.subarray(brace),
      ]),
      added: true,
    };
  }
}

/** Whether other calls must be done before this one is answered. */
function waitsForOthers({ service, action, input }: Call): boolean {
  if (service === 'lambda') return input['InvocationType'] !== 'Event' && input['InvocationType'] !== 'DryRun';
  return service === 'states' && action === 'StartSyncExecution';
}

const CONDITION_FAILED = '#ConditionalCheckFailedException"';

const WRITES = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'BatchExecuteStatement',
]);

/** Actions that consume units and can say how many. */
const METERED = new Set([...WRITES, 'GetItem', 'Query', 'Scan', 'BatchGetItem', 'TransactGetItems']);
