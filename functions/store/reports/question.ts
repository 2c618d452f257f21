import type { Policy } from '../../contracts/insurance/policy.ts';
import { type Divisions, districtOf } from '../../contracts/regions.ts';
import type { Round } from '../../contracts/screening/round.ts';
import type { Asked } from '../../domain/assistance/ledger-rules.ts';
import { endOf } from '../../domain/calendar.ts';
import { listPolicies } from '../insurance/policies.ts';
import { villagesOf } from '../registry/divisions.ts';
import { listRoundsUpTo } from '../screening/rounds.ts';

/** A household missed in the newest round may have been visited in an earlier one; a year of rounds is searched, of this year and the last. */
const ROUNDS_FOR_LABOUR = 4;

/** What a count is of: a region on a day, as known at an instant, and what of the district it asks for. */
export interface Question extends Asked {
  region: string;
  district: string;
  /** Of the region. */
  villages: readonly string[];
  /** Whose sheets tell who could work, newest first; those of the year among them. */
  rounds: readonly string[];
  roundsOfYear: readonly string[];
  /** In force on the day, in the order of their ids. */
  policies: readonly Policy[];
}

export async function questionOf(asked: Asked & { region: string }, divisions: Divisions): Promise<Question> {
  const { region, asOf, knownAt } = asked;
  const district = districtOf(region);
  const [rounds, policies] = await Promise.all([
    listRoundsUpTo(district, Number(asOf.slice(0, 4))),
    listPolicies(district),
  ]);
  const until = Math.min(endOf(asOf), Date.parse(knownAt) + 1);
  const isSealed = ({ sealedAt }: Round) => sealedAt !== undefined && Date.parse(sealedAt) < until;
  const sealed = rounds
    .filter(isSealed)
    .map(({ id }) => id)
    .sort()
    .reverse();
  const roundsOfYear = sealed.filter((id) => id.startsWith(asOf.slice(0, 4)));
  return {
    ...asked,
    district,
    villages: villagesOf(divisions).filter((village) => village.startsWith(region)),
    rounds: [...new Set([...sealed.slice(0, ROUNDS_FOR_LABOUR), ...roundsOfYear])],
    roundsOfYear,
    policies: policies.filter(
      ({ year, from, to, createdAt }) =>
        String(year) === asOf.slice(0, 4) && from <= asOf && asOf <= to && Date.parse(createdAt) <= Date.parse(knownAt),
    ),
  };
}
