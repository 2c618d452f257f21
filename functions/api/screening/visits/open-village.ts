import { Problem } from '../../../contracts/problems.ts';
import type { Roster, Round, VillageProgress } from '../../../contracts/screening/round.ts';
import type { SubmissionContext } from '../../../store/screening/submissions.ts';

/** A village whose round collects, with everything a submission is judged by. */
export type OpenVillage = Pick<SubmissionContext, 'district' | 'households'> & {
  round: Round;
  progress: VillageProgress;
  roster: Roster;
};

/** @throws Problem round-not-open, round-unknown, round-sealed, household-not-expected */
export function mustBeOpen({ round, district, progress, roster, households }: SubmissionContext): OpenVillage {
  if (round?.status === 'sealed') throw new Problem('round-sealed');
  if (round === undefined) throw new Problem(district.openRound === undefined ? 'round-not-open' : 'round-unknown');
  if (round.status === 'opening') throw new Problem('round-not-open');
  if (progress === undefined || roster === undefined) throw new Problem('household-not-expected');
  return { round, district, progress, roster, households };
}
