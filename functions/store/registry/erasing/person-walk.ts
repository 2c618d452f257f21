import type { Insured, Policy } from '../../../contracts/insurance/policy.ts';
import type { Version } from '../../../domain/registry/household-changes.ts';
import { everHad, neighbours } from '../../../domain/registry/person-file.ts';
import { listPolicies, readInsured } from '../../insurance/policies.ts';
import { readVersions } from '../households.ts';

/** Households that one person's file goes through; a chain of moves and splits is four or five. */
const MOST_HOUSEHOLDS = 20;

/** Where a person is kept: what the export shows is what an erasure takes (ADR 23). */
export interface Walk {
  insured: { policy: Policy; one: Insured }[];
  /** The households whose history has them, with that history. */
  households: Map<string, Version[]>;
}

/** A person's households are those that are named, those their history leads to, and those they were insured from. */
export async function walkOf(district: string, person: string, named: readonly string[]): Promise<Walk> {
  const listed = await Promise.all(
    (await listPolicies(district)).map(async (policy) => ({
      policy,
      one: (await readInsured(policy.id, [person])).get(person),
    })),
  );
  const insured = listed.flatMap(({ policy, one }) => (one === undefined ? [] : [{ policy, one }]));
  const from = insured.flatMap(({ one }) => one.household ?? []);
  return { insured, households: await householdsOf(person, [...named, ...from]) };
}

async function householdsOf(person: string, named: readonly string[]): Promise<Map<string, Version[]>> {
  const found = new Map<string, Version[]>();
  const seen = new Set<string>();
  const open = [...named];
  for (let next = open.shift(); next !== undefined && found.size < MOST_HOUSEHOLDS; next = open.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const versions = await readVersions(next);
    if (!everHad(versions, person)) continue;
    found.set(next, versions);
    open.push(...neighbours(versions));
  }
  return found;
}
