import { type Criteria, monitoringLine } from '../../contracts/screening/criteria.ts';
import type { Round } from '../../contracts/screening/round.ts';
import { addDays, dayOf, lastDayOfMonth, roundOf } from '../calendar.ts';
import { criteriaInForce } from './thresholds.ts';

/** The hard deadline lies so many calendar days after the due date (docs/domain.md, 3). */
const GRACE_DAYS = 15;

export interface Opening {
  district: string;
  /** The quarter asked for; the current one by default. */
  round?: string | undefined;
  openedBy: string;
  /** ms since 1970 */
  now: number;
  criteria: readonly Criteria[];
  lastSealed?: string | undefined;
}

/** Why a round cannot be opened, as a problem code. */
export class RoundRefused extends Error {
  override readonly name = 'RoundRefused';
  readonly code: 'criteria-missing' | 'round-in-future' | 'round-before-last';

  constructor(code: RoundRefused['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * The round as it will be opened: due on the last day of the opening month, hard deadline 15 calendar days later, criteria of
 * the opening day pinned. @throws RoundRefused
 */
export function plannedRound({ district, openedBy, now, criteria, lastSealed, ...asked }: Opening): Round {
  const today = dayOf(now);
  const id = asked.round ?? roundOf(today);
  const pinned = criteriaInForce(criteria, today);
  if (pinned === undefined || monitoringLine(pinned, Number(id.slice(0, 4)), district) === undefined)
    throw new RoundRefused('criteria-missing');
  if (id > roundOf(today)) throw new RoundRefused('round-in-future');
  if (lastSealed !== undefined && id <= lastSealed) throw new RoundRefused('round-before-last');
  const due = lastDayOfMonth(today);
  return {
    id,
    district,
    status: 'opening',
    openedAt: new Date(now).toISOString(),
    openedBy,
    due,
    hardDeadline: addDays(due, GRACE_DAYS),
    criteria: pinned.id,
    ...(lastSealed === undefined ? {} : { previous: lastSealed }),
  };
}
