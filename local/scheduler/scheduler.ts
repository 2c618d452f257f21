import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { StartError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';
import { schedule } from '../template/kinds-compute.ts';
import type { Model, Resource } from '../template/model.ts';
import { isRecord } from '../template/stack.ts';
import { type Times, timesOf } from './expression.ts';

type Properties = ReturnType<typeof schedule.properties.parse>;

/** Instants are kept by the schedule's ARN, in ISO form: since when it exists, and up to when it was seen to. */
const stored = z.record(z.string(), z.strictObject({ since: z.iso.datetime(), done: z.iso.datetime() }));

interface Entry {
  source: Resource<Properties>;
  times: Times;
  since: string;
  done: number;
  target: (input: string) => { service: string; action: string; input: Record<string, unknown> };
}

/** Waits before an attempt is repeated grow from a second to this, in milliseconds. AWS does not tell its own. */
const LONGEST_WAIT = 600_000;

/**
 * EventBridge Scheduler: calls the targets of the template's schedules when they fall due.
 *
 * A function called at a rate is passed over while a virtual clock runs through time in which nobody but itself has written to a
 * table since its last call: it would find what it found. Otherwise a sweep every five minutes would be called 105,000 times in
 * a year that takes a minute.
 */
export class Scheduler {
  readonly #resting = new Map<Entry, string>();
  readonly #entries: Entry[];
  readonly #clock: Clock;
  readonly #gateway: Gateway;
  readonly #file: string;
  readonly #log: (line: string) => void;

  /** @throws StartError when a schedule has another target than a state machine or function, or an expression that is none */
  constructor(parts: { model: Model; clock: Clock; gateway: Gateway; file: string; log: (line: string) => void }) {
    this.#clock = parts.clock;
    this.#gateway = parts.gateway;
    this.#file = parts.file;
    this.#log = parts.log;
    const known = readJsonFile(parts.file, stored) ?? {};
    const now = parts.clock.now();
    this.#entries = parts.model.all(schedule).map((source) => {
      const { properties, id, arn } = source;
      parts.gateway.principals.trusted(properties.Target.RoleArn, 'scheduler', id);
      const since = known[arn]?.since ?? new Date(now).toISOString();
      try {
        return {
          source,
          since,
          target: targetOf(id, properties.Target.Arn),
          times: timesOf(
            properties.ScheduleExpression,
            properties.ScheduleExpressionTimezone,
            Date.parse(properties.StartDate ?? since),
          ),
          // What fell due while a schedule was switched off is not made up for.
          done: properties.State === 'DISABLED' ? now : Date.parse(known[arn]?.done ?? since),
        };
      } catch (error) {
        throw error instanceof RangeError
          ? new StartError(`Resource ${id} (AWS::Scheduler::Schedule): Properties.ScheduleExpression: ${error.message}`)
          : error;
      }
    });
    this.#write();
    if (this.#clock.mode === 'virtual') parts.gateway.onWrite.add((principal) => this.#wake(principal));
  }

  /** From now on schedules fire. One that fell due while the process was down fires at once, for the last such instant. */
  start(): void {
    for (const entry of this.#entries) if (entry.source.properties.State === 'ENABLED') this.#arm(entry);
  }

  #arm(entry: Entry): void {
    const { StartDate: start, EndDate: end } = entry.source.properties;
    const after = Math.max(entry.done, Date.parse(start ?? entry.since) - 1);
    const missed = entry.times.last(this.#clock.now());
    const due = missed !== undefined && missed > after ? missed : entry.times.next(after);
    if (due === undefined || (end !== undefined && due > Date.parse(end))) return;
    this.#clock.at(due, `schedule ${entry.source.arn}`, () => this.#attempt(entry, due, 1));
  }

  #attempt(entry: Entry, due: number, attempt: number): void {
    const { source, target } = entry;
    const { Target: settings } = source.properties;
    const { service, action, input } = target(inputOf(source, due, attempt));
    const principal = this.#gateway.principals.forRole(settings.RoleArn, source.ref);
    this.#gateway.meter.scheduled();
    const done = this.#gateway.call({ principal, service, action, input }).then(
      () => this.#finish(entry, due),
      (error: unknown) => {
        const wait = Math.min(1_000 * 2 ** (attempt - 1), LONGEST_WAIT);
        const at = this.#clock.now() + wait;
        const { MaximumRetryAttempts: most, MaximumEventAgeInSeconds: age } = settings.RetryPolicy;
        this.#log(
          `Schedule ${source.ref}, attempt ${attempt}: ${error instanceof Error ? error.message : String(error)}`,
        );
        if (attempt > most || at > due + age * 1000) return this.#finish(entry, due);
        this.#clock.at(at, `schedule ${source.arn}`, () => this.#attempt(entry, due, attempt + 1));
      },
    );
    void this.#clock.work(done);
  }

  /** Only now: a process that ends between the call and this line makes it again, as Scheduler's "at least once" does. */
  #finish(entry: Entry, due: number): void {
    entry.done = due;
    this.#write();
    const rests = this.#clock.mode === 'virtual' ? swept(entry.source.properties) : undefined;
    if (rests === undefined) this.#arm(entry);
    else this.#resting.set(entry, rests);
  }

  #wake(writer: string): void {
    for (const [entry, target] of this.#resting) {
      if (writer === target) continue;
      this.#resting.delete(entry);
      entry.done = Math.max(entry.done, this.#clock.now());
      this.#arm(entry);
    }
  }

  #write(): void {
    if (this.#entries.length === 0) return;
    writeJsonFile(
      this.#file,
      Object.fromEntries(
        this.#entries.map(({ source, since, done }) => [source.arn, { since, done: new Date(done).toISOString() }]),
      ),
    );
  }
}

/** The name of the function that a schedule calls at a rate; undefined for other schedules. */
function swept({ ScheduleExpression, Target }: Properties): string | undefined {
  return ScheduleExpression.startsWith('rate(')
    ? /:lambda:[^:]*:\d*:function:([^:]+)/.exec(Target.Arn)?.[1]
    : undefined;
}

/** What a target's ARN stands for. */
function targetOf(id: string, arn: string): Entry['target'] {
  if (/^arn:[^:]+:states:[^:]*:\d*:stateMachine:/.test(arn))
    return (input) => ({ service: 'states', action: 'StartExecution', input: { stateMachineArn: arn, input } });
  if (/^arn:[^:]+:lambda:[^:]*:\d*:function:/.test(arn)) {
    return (input) => ({
      service: 'lambda',
      action: 'Invoke',
      input: { FunctionName: arn, InvocationType: 'Event', Payload: parsed(input) },
    });
  }
  if (/^arn:[^:]+:scheduler:::aws-sdk:sfn:startExecution$/.test(arn)) {
    return (input) => ({
      service: 'states',
      action: 'StartExecution',
      input: Object.fromEntries(
        fields(input).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
      ),
    });
  }
  if (/^arn:[^:]+:scheduler:::aws-sdk:lambda:invoke$/.test(arn)) {
    return (input) => {
      const { Payload: payload, ...rest } = Object.fromEntries(fields(input));
      return {
        service: 'lambda',
        action: 'Invoke',
        input: { ...rest, Payload: typeof payload === 'string' ? parsed(payload) : payload },
      };
    };
  }
  throw new StartError(
    `Resource ${id} (AWS::Scheduler::Schedule): Properties.Target.Arn: target ${arn} is not run locally.`,
  );
}

/** The target's input with the context attributes filled in; without one, the event Scheduler makes itself. */
function inputOf({ arn, properties }: Resource<Properties>, due: number, attempt: number): string {
  const time = new Date(due).toISOString().replace('.000', '');
  const execution = createHash('sha256').update(`${arn} ${time}`).digest('hex').slice(0, 32);
  const input =
    properties.Target.Input ??
    JSON.stringify({
      version: '0',
      id: '<aws.scheduler.execution-id>',
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      time,
      resources: [arn],
      detail: '{}',
    });
  const attributes: Readonly<Record<string, string>> = {
    'scheduled-time': time,
    'execution-id': execution.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    'attempt-number': String(attempt),
    'schedule-arn': arn,
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fields(text: string): [string, unknown][] {
  const value = parsed(text);
  return isRecord(value) ? Object.entries(value) : [];
}
