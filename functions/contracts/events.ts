import * as z from 'zod';
import { regionCode } from './regions.ts';
import { role } from './roles.ts';
import { instant } from './values.ts';

/** What a district may connect its SMS or WeCom to. The words are stable: rules outside match them. */
export const eventKind = z.enum([
  'decision-due-tomorrow',
  'decision-overdue',
  'decision-escalated',
  'round-lagging',
  'payment-returned',
  'brief-published',
  'daily-digest',
]);
export type EventKind = z.infer<typeof eventKind>;

/**
 * Something that has happened in a district, for whoever should be told: ids, region, roles and due time, never a name, number or sentence about a person.
 * Whoever is told signs in to read more.
 */
export const domainEvent = z.strictObject({
  /** The same event told again has the same id: at least once, so listeners leave out what they know. */
  id: z.string().regex(/^event-[0-9a-f]{16}$/),
  kind: eventKind,
  at: instant,
  district: regionCode,
  /** Where: a village, a town or the district. */
  region: regionCode,
  /** Whose matter it is. */
  roles: z.array(role),
  /** The decision, round or payment it is about. */
  subject: z.string().max(64).optional(),
  dueAt: instant.nullable().optional(),
  counts: z.record(z.string(), z.int()).optional(),
});
export type DomainEvent = z.infer<typeof domainEvent>;

/** The source by which a rule of EventBridge knows them. */
export const EVENT_SOURCE = 'shouwang';
