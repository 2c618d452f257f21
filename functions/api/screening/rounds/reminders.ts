import { Problem } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { uncovered } from '../../../domain/screening/coverage.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { readProgress, recordReminder } from '../../../store/screening/progress.ts';
import { readRound } from '../../../store/screening/rounds.ts';

import type { roundRoutes } from '../../routes/screening.ts';

/** Reminders written at once. */
const AT_ONCE = 8;

/** Reminds villages by hand; they see it in their progress, as they see the workflow's own. */
export const remindVillages: Operation<typeof roundRoutes.remindVillages> = async ({ caller, params, body, now }) => {
  for (const village of body.villages) mustContain(caller, village);
  const round = await readRound(config.district(), params.id);
  if (round === undefined) throw new Problem('round-unknown');
  if (round.status === 'sealed') throw new Problem('round-sealed');
  const today = dayOf(now);
  const items = await eachOf([...new Set(body.villages)], AT_ONCE, async (village) => {
    const progress = await readProgress(round.id, village);
    if (progress === undefined || uncovered(progress) === 0) return { village, outcome: 'covered' as const };
    if (progress.reminders.includes(today)) return { village, outcome: 'unchanged' as const };
    await recordReminder(round.id, village, today);
    return { village, outcome: 'reminded' as const };
  });
  return { status: 200, body: { items } };
};
