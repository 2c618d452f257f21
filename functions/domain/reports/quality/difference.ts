import type { Finding, FindingSubject, QualityObserved } from '../../../contracts/reports/quality-finding.ts';
import type { QualityRule } from '../../../contracts/reports/quality-rule.ts';
import type { Hash } from '../../timeline.ts';

/** The result of one rule for one subject: what it found, or undefined when it could not be checked. */
export interface Look {
  rule: QualityRule;
  subject: FindingSubject;
  observed: readonly QualityObserved[] | undefined;
}

/** What a run changes in the stored findings. */
export interface Difference {
  appeared: Pick<Finding, 'id' | 'rule' | 'subject' | 'observed'>[];
  /** Corrected earlier, and found again. */
  reappeared: Finding[];
  corrected: Finding[];
}

/** What a run covered. */
export interface Scope {
  /** The village, or the district. */
  region: string;
  /** Households the run was about; undefined for all of the region. Other households' findings are left alone. */
  households: ReadonlySet<string> | undefined;
  /** Households that are registered now: whose refused row was offered again and held. */
  registered: ReadonlySet<string>;
}

/** Rules whose subject cannot be checked again: a refused row is not stored, and a sealed round does not change. */
const REMEMBERED: ReadonlySet<QualityRule> = new Set(['ID_NUMBER_MALFORMED', 'SAMPLE_DISAGREES']);

/**
 * Compares a run's results with the stored findings. An unchanged finding stays, open or explained; an open one not found any more was corrected, by
 * new facts or because its subject is gone; what could not be checked stays.
 * @param hash SHA-256 as hex
 */
export function differenceOf(
  looked: readonly Look[],
  stored: readonly Finding[],
  { region, households, registered }: Scope,
  hash: Hash,
): Difference {
  const known = new Map(stored.map((finding) => [finding.id, finding]));
  const asked = new Set(stored.filter(({ state }) => state === 'open').map(nearOf));
  const seen = new Set<string>();
  const blind = new Set<string>();
  const told = new Set<string>();
  const difference: Difference = { appeared: [], reappeared: [], corrected: [] };
  for (const { rule, subject, observed } of looked) {
    // Only results that match an open finding matter, and those are few among a hundred thousand.
    if (asked.has(nearOf({ rule, subject }))) {
      const about = placeOf(rule, subject);
      told.add(about);
      if (observed === undefined) blind.add(about);
    }
    for (const one of observed ?? []) {
      const id = `${region}-${hash(JSON.stringify([rule, sorted(subject), sorted(one)])).slice(0, 16)}`;
      if (seen.has(id)) continue;
      seen.add(id);
      const before = known.get(id);
      if (before === undefined) difference.appeared.push({ id, rule, subject, observed: one });
      else if (before.state === 'corrected') difference.reappeared.push(before);
    }
  }
  difference.corrected = stored.filter((finding) => {
    const { id, rule, subject, state } = finding;
    if (state !== 'open' || seen.has(id)) return false;
    const about = placeOf(rule, subject);
    if (told.has(about)) return !blind.has(about);
    const { household } = subject;
    if (households !== undefined && (household === undefined || !households.has(household))) return false;
    if (rule === 'ID_NUMBER_MALFORMED') return household !== undefined && registered.has(household);
    return !REMEMBERED.has(rule);
  });
  return difference;
}

/** Rule and household: enough to know that a result belongs to no stored finding. */
function nearOf({ rule, subject }: Pick<Finding, 'rule' | 'subject'>): string {
  return `${rule} ${subject.household}`;
}

function placeOf(rule: QualityRule, subject: FindingSubject): string {
  return JSON.stringify([rule, sorted(subject)]);
}

/** The same in whatever order its fields are. */
function sorted(fields: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
