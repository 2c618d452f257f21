import * as z from 'zod';
import { Problem } from '../contracts/problems.ts';
import { contains } from '../contracts/regions.ts';
import { householdId, villageOf } from '../contracts/values.ts';

/** Where a page of households ended. Opaque to clients; bound to the region it was asked for, so that it opens no other. */
export function cursorAfter(region: string, household: string): string {
  return Buffer.from(JSON.stringify([region, household])).toString('base64url');
}

const position = z.tuple([z.string(), householdId]);

/** @throws Problem invalid-cursor, also for a cursor of another region */
export function householdAfter(cursor: string, region: string): string {
  try {
    const [of, household] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (of === region && contains(region, villageOf(household))) return household;
  } catch {
    // Anything that is no cursor of ours is the same problem.
  }
  throw new Problem('invalid-cursor');
}
