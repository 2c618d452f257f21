import * as z from 'zod';
import { config } from '../../runtime/config.ts';
import { taskHandler } from '../../runtime/task.ts';
import { readDivisions } from '../../store/registry/divisions.ts';
import { closeDay } from '../../store/reports/brief-facts.ts';

/**
 * The daily close, at half past midnight: what each village brings to a brief, as a summary from which briefs of any region go on. Fired twice for the
 * same instant, it writes the same. Ceiling: 14 minutes; from the summary before it takes seconds for 103,690 households. The first one of a register, and one after more
 * than 5,000 changes, reads everything, as publish-brief does, and ends where that ends.
 */
export const handler = taskHandler(
  z.strictObject({}),
  async (_, now): Promise<{ changes: number; closed: boolean }> => {
    const divisions = await readDivisions(config.district());
    // Before its divisions are in, a district has nothing to sum up.
    return divisions === undefined ? { changes: 0, closed: false } : await closeDay(divisions, now);
  },
);
