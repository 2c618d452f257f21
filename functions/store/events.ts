import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Decision } from '../contracts/decision.ts';
import { type DomainEvent, domainEvent, EVENT_SOURCE } from '../contracts/events.ts';
import { districtOf } from '../contracts/regions.ts';
import { villageOf } from '../contracts/values.ts';
import { contentIdOf } from './ids.ts';

const client = new EventBridgeClient({});

/** PutEvents takes ten at a time. */
const AT_ONCE = 10;

/** The bus did not take everything; what it took may come again. */
export class EventsNotTaken extends Error {
  override readonly name = 'EventsNotTaken';
}

/** An event under the id of what it tells: told again by a retry it is the same. @param at ISO 8601 */
export function eventOf(event: Omit<DomainEvent, 'id' | 'district'>): DomainEvent {
  const { kind, region, subject, at, roles } = event;
  const id = contentIdOf('event', [kind, region, subject, at, roles]);
  return domainEvent.parse({ id, district: districtOf(region), ...event });
}

/** A decision whose time has ended is in the next tier's inbox too. */
export function escalationOf({ id, household, roles, dueAt }: Decision, at: string): DomainEvent {
  return eventOf({ kind: 'decision-escalated', at, region: villageOf(household), roles, subject: id, dueAt });
}

/**
 * Sends events out through the cell's bus; at least once.
 * @throws EventsNotTaken
 */
export async function publish(events: readonly DomainEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += AT_ONCE) {
    const Entries = events.slice(start, start + AT_ONCE).map((event) => ({
      EventBusName: process.env['EVENT_BUS'],
      Source: EVENT_SOURCE,
      DetailType: event.kind,
      Time: new Date(event.at),
      Detail: JSON.stringify(event),
    }));
    const { FailedEntryCount = 0 } = await client.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount > 0)
      throw new EventsNotTaken(`${FailedEntryCount} of ${Entries.length} events were not taken.`);
  }
}
