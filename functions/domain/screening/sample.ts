import { townOf } from '../../contracts/regions.ts';
import {
  type CriteriaTerms,
  DEFAULT_DISAGREEMENT_PERCENT,
  DEFAULT_SAMPLE_PERMILLE,
} from '../../contracts/screening/criteria.ts';
import type { TriageClass } from '../../contracts/screening/triage.ts';
import { villageOf } from '../../contracts/values.ts';
import type { Hash } from '../timeline.ts';

/** The share of each town that is drawn and the disagreement from which a village is marked: from the criteria, or these defaults. */
export function sampleTerms({
  samplePermille,
  sampleDisagreementPercent,
}: Pick<CriteriaTerms, 'samplePermille' | 'sampleDisagreementPercent'>) {
  return {
    samplePermille: samplePermille ?? DEFAULT_SAMPLE_PERMILLE,
    sampleDisagreementPercent: sampleDisagreementPercent ?? DEFAULT_DISAGREEMENT_PERCENT,
  };
}

/**
 * Draws the surveyor's sample of a round: the given share of each town, rounded up, so that no town is left out. Households are ordered by
 * the hash of `<round>/<household>`; anybody can draw again with `printf 2023Q4/440904001001-0001 | sha256sum`, and nobody can choose. A town's
 * draw depends only on its own households.
 * @param households the frozen roster, ids in any order
 * @param hash SHA-256 as hex
 * @returns the drawn ids, by town and then as drawn
 */
export function drawSample(round: string, households: readonly string[], permille: number, hash: Hash): string[] {
  const towns = [...Map.groupBy(households, (household) => townOf(villageOf(household)))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return towns.flatMap(([, all]) =>
    all
      .map((household) => ({ household, place: hash(`${round}/${household}`) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .slice(0, Math.ceil((all.length * permille) / 1000))
      .map(({ household }) => household),
  );
}

/** A drawn household: whether the surveyor has come or need not come, and both classes from the sealed row. */
export interface Drawn {
  household: string;
  state: 'open' | 'visited' | 'cancelled';
  sealed: TriageClass | null;
  sample: TriageClass | null;
}

/** Whether surveyor and sealed row agree; null when one of them is missing: before the sealing, or for a household the village missed. */
export function agrees({ sealed, sample }: Pick<Drawn, 'sealed' | 'sample'>): boolean | null {
  return sealed === null || sample === null ? null : sealed === sample;
}

export interface Agreement {
  drawn: number;
  visited: number;
  compared: number;
  agreeing: number;
  agreementPercent: number | null;
}

export function agreementOf(drawn: readonly Drawn[]): Agreement {
  const compared = drawn.filter((one) => agrees(one) !== null).length;
  const agreeing = drawn.filter((one) => agrees(one) === true).length;
  return {
    drawn: drawn.length,
    visited: drawn.filter(({ state }) => state === 'visited').length,
    compared,
    agreeing,
    agreementPercent: compared === 0 ? null : Math.floor((agreeing * 100) / compared),
  };
}

/** Whether more than `percent` of the compared households disagree: such a village's screening deserves a second look. */
export function isMarked({ compared, agreeing }: Pick<Agreement, 'compared' | 'agreeing'>, percent: number): boolean {
  return (compared - agreeing) * 100 > compared * percent;
}
