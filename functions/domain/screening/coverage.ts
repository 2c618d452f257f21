import type { Round, VillageProgress } from '../../contracts/screening/round.ts';
import { endOf } from '../calendar.ts';

const DAY = 86_400_000;

/** How many expected households of a village have neither an accepted visit nor a reason for its absence. */
export function uncovered(village: Pick<VillageProgress, 'expected' | 'visited' | 'missed'>): number {
  let covered = village.visited.size;
  for (const number of village.missed.keys()) if (!village.visited.has(number)) covered += 1;
  return village.expected - covered;
}

export type NextStep = { step: 'seal' } | { step: 'wait' | 'remind'; waitSeconds: number };

/**
 * What the workflow does next with a round: seal it when everybody is covered or the hard deadline has passed; wait until the
 * due date has ended; after that remind lagging villages and look again a day later, never past the hard deadline.
 * @param now ms since 1970
 */
export function nextStep(round: Pick<Round, 'due' | 'hardDeadline'>, lagging: number, now: number): NextStep {
  const deadline = endOf(round.hardDeadline);
  if (lagging === 0 || now >= deadline) return { step: 'seal' };
  const due = endOf(round.due);
  if (now < due) return { step: 'wait', waitSeconds: seconds(due - now) };
  return { step: 'remind', waitSeconds: seconds(Math.min(DAY, deadline - now)) };
}

/** Whole seconds, rounded up: a wait must not end before the day has. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
