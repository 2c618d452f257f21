import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from './clock.ts';
import { AwsError } from './errors.ts';
import type { LocalService } from './gateway/gateway.ts';
import type { Access } from './gateway/policy.ts';
import { eventBus } from './template/kinds-events.ts';
import type { Model } from './template/model.ts';

const entry = z.looseObject({
  EventBusName: z.string().default('default'),
  Source: z.string(),
  DetailType: z.string(),
  Detail: z.string(),
  Time: z.number().optional(),
});
const request = z.looseObject({ Entries: z.array(entry).min(1).max(10) });

/** An event as a rule of EventBridge would see it. */
export interface BusEvent {
  id: string;
  bus: string;
  source: string;
  'detail-type': string;
  time: string;
  detail: unknown;
}

/** How many are remembered, for somebody who looks. */
const REMEMBERED = 1000;

/** The event buses of the template: what is put there is remembered and handed to whoever listens. Rules and targets are not run. */
export class Events implements LocalService {
  readonly last: BusEvent[] = [];
  readonly #listeners = new Set<(event: BusEvent) => void>();
  readonly #arns: ReadonlyMap<string, string>;
  readonly #clock: Clock;
  #count = 0;

  constructor(model: Model, clock: Clock) {
    this.#arns = new Map(model.all(eventBus).flatMap(({ ref, arn }) => [[ref, arn] as const, [arn, arn] as const]));
    this.#clock = clock;
  }

  /** @returns ends the listening */
  subscribe(listener: (event: BusEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  accesses(action: string, input: Record<string, unknown>): Access[] {
    if (action !== 'PutEvents')
      throw new AwsError('UnknownOperationException', `EventBridge's ${action} does not run locally.`);
    const buses = new Set(parsed(input).Entries.map(({ EventBusName }) => EventBusName));
    return [...buses].map((bus) => ({ action: 'events:PutEvents', resource: this.#arns.get(bus) ?? bus, context: {} }));
  }

  async handle(_action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const taken = parsed(input).Entries.map((one) => {
      if (!this.#arns.has(one.EventBusName))
        throw new AwsError('ResourceNotFoundException', `Event bus ${one.EventBusName} does not exist.`);
      this.#count += 1;
      const event: BusEvent = {
        id: createHash('sha256').update(`${this.#clock.now()} ${this.#count}`).digest('hex').slice(0, 32),
        bus: one.EventBusName,
        source: one.Source,
        'detail-type': one.DetailType,
        // Over the wire in seconds.
        time: new Date(one.Time === undefined ? this.#clock.now() : one.Time * 1000).toISOString(),
        detail: JSON.parse(one.Detail),
      };
      this.last.push(event);
      if (this.last.length > REMEMBERED) this.last.shift();
      for (const listener of this.#listeners) listener(event);
      return { EventId: event.id };
    });
    return { FailedEntryCount: 0, Entries: taken };
  }
}

function parsed(input: Record<string, unknown>): z.output<typeof request> {
  const result = request.safeParse(input);
  if (!result.success) throw new AwsError('ValidationException', z.prettifyError(result.error));
  return result.data;
}
