import { randomBytes } from 'node:crypto';
import type { Subject } from '../../domain/reports/counted.ts';
import { jsonText } from '../json-text.ts';
import { keys } from '../keys.ts';
import { batchPut, type Item, queryBetween, type TransactItem, tableName } from '../table.ts';

const changesText = jsonText<readonly Change[]>();

/** Of all days, where a change may alter what is told of each. */
export const EVER = '0000-00-00';

/** That something changed which briefs count: its history is read again where a summary is older. */
export interface Change extends Subject {
  /** Where it lies, and lay before: villages, or the town or district of an entry without one. */
  places: readonly string[];
  /** The first day of which something else is told from now on, Asia/Shanghai: back-dated changes reach back. */
  from: string;
}

/**
 * The note of changes, for the transaction that makes them. What writes something that a brief counts and leaves no note is not in any brief until the
 * next round is sealed.
 * @param at when they are recorded; the order of notes
 */
export function noteOf(district: string, at: string, changes: readonly Change[]): TransactItem[] {
  return changes.length === 0 ? [] : [{ Put: { TableName: tableName(), Item: noteItem(district, at, changes) } }];
}

/** The same for many at once, before they are written: a note of something that then is not written costs a second look, and no more. */
export async function announce(district: string, at: string, changes: readonly Change[]): Promise<void> {
  if (changes.length > 0) await batchPut([noteItem(district, at, changes)]);
}

function noteItem(district: string, at: string, changes: readonly Change[]): Item {
  return { ...keys.changes(district, at, randomBytes(8).toString('hex')), ...changesText.put(changes) };
}

/** Changes that were noted from one instant to another, both included, in their order. */
export async function listChanges(district: string, from: string, to: string): Promise<Change[]> {
  const items = await queryBetween(`CHANGES#${district}`, from, `${to}~`, { consistent: true });
  return items.flatMap((item) => changesText.read(item));
}
