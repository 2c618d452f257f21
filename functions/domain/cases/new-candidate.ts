import { type Clue, type Episode, MOST_CLUES, MOST_JOINED_DECLARATIONS } from '../../contracts/cases/case.ts';
import type { ActiveCase } from '../../contracts/registry/household.ts';
import type { SheetRow } from '../../contracts/screening/round.ts';
import type { SignalId } from '../../contracts/screening/triage.ts';
import { addDays } from '../calendar.ts';

/** For so many calendar days after a rejection, the same signals do not make a new candidate (docs/domain.md, 3). */
const REJECTION_DAYS = 90;

/** What a household's case tells about a new sealed row or clue. */
export interface Standing {
  /** Its open case or running admission. */
  activeCase: ActiveCase | undefined;
  /** The last rejected admission: its day (Asia/Shanghai) and the signals that started it. */
  rejected: { on: string; signals: readonly SignalId[] } | undefined;
}

/**
 * Whether a sealed row starts an admission: class `monitor`, no open case or admission, and not rejected within 90 days on the
 * same signal ids. The whole set must be the same, attention signals included; one signal more or less makes a new candidate.
 * @param sealedOn day of sealing, Asia/Shanghai
 */
export function isNewCandidate(
  row: Pick<SheetRow, 'class' | 'openCase' | 'signals'>,
  standing: Standing,
  sealedOn: string,
): boolean {
  if (row.class !== 'monitor' || row.openCase || standing.activeCase !== undefined) return false;
  const { rejected } = standing;
  if (rejected === undefined || sealedOn > addDays(rejected.on, REJECTION_DAYS)) return true;
  const now = new Set(row.signals.map(({ id }) => id));
  const then = new Set(rejected.signals);
  return now.size !== then.size || [...now].some((id) => !then.has(id));
}

/** What a clue from elsewhere than screening does: it joins the case or admission the household carries, or starts one. */
export function effectOfClue({ activeCase }: Pick<Standing, 'activeCase'>): { joins: string } | 'starts' {
  return activeCase === undefined ? 'starts' : { joins: activeCase.id };
}

/** The episode with a new clue that came while it runs: one more clue, or one more declaration, which is stored beside the case. */
export function joinClue(episode: Episode, clue: Clue): Episode | 'full' {
  if (clue.source === 'declaration') {
    return episode.declarations >= MOST_JOINED_DECLARATIONS
      ? 'full'
      : { ...episode, declarations: episode.declarations + 1 };
  }
  return episode.clues.length >= MOST_CLUES ? 'full' : { ...episode, clues: [...episode.clues, clue] };
}

/**
 * The episode that a clue starts. After a closure or rejection it is a new one; the old one stays unchanged.
 * @param previous the newest episode of the same case, if there is one
 */
export function beginEpisode(
  previous: Pick<Episode, 'number'> | undefined,
  clue: Clue,
  { caseType, people }: Pick<Episode, 'caseType' | 'people'>,
): Episode {
  return {
    number: (previous?.number ?? 0) + 1,
    startedAt: clue.at,
    clues: [clue],
    declarations: 0,
    people,
    caseType,
    risks: [],
  };
}
