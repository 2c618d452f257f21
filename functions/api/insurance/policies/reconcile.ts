import { Problem } from '../../../contracts/problems.ts';
import { dayOf } from '../../../domain/calendar.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { type RosterReconciliation, reconcileRoster, together } from '../../../domain/insurance/roster.ts';
import { config } from '../../../runtime/config.ts';
import { mustContain, type Operation } from '../../../runtime/http.ts';
import { listInsured, readInsured, readPolicy, rosterParts } from '../../../store/insurance/policies.ts';
import { readDivisions, villagesOf } from '../../../store/registry/divisions.ts';
import { readVillage } from '../../../store/registry/households.ts';
import { pageOf } from '../../cursors.ts';
import type { productRoutes } from '../../routes/insurance.ts';

/** Villages reconciled at once. */
const AT_ONCE = 8;

/**
 * Reconciles roster and register in the caller's region, village by village; one of the lists page by page. Of a village nothing is kept but who is left over:
 * 200 bytes each, 60 MB if of 260,000 people nobody matched. Ceiling: 29 s; 8 s were measured for 246,150
 * people in 103,690 households of one district (docs/benchmarks.md): some 900,000 people in one request, by memory (1,769 MB) far more.
 */
export const reconcile: Operation<typeof productRoutes.reconcile> = async ({ caller, params, query, now }) => {
  const region = query.region ?? caller.region;
  mustContain(caller, region);
  const district = config.district();
  const [policy, divisions] = await Promise.all([readPolicy(district, params.id), readDivisions(district)]);
  if (policy === undefined) throw new Problem('policy-unknown');
  const on = query.on ?? dayOf(now);
  const villages = divisions === undefined ? [] : villagesOf(divisions).filter((village) => village.startsWith(region));
  const parts = await reconcileParts(policy.id, region, villages, on);
  const known = together(parts);
  // Of a part of the district, who is registered here may have been enrolled elsewhere.
  const elsewhere =
    region === district
      ? []
      : await readInsured(
          policy.id,
          known.uninsured.map(({ person }) => person),
        );
  const result = together([known, reconcileRoster([...elsewhere.values()], [], on)]);
  const lists = {
    uninsured: result.uninsured.map(({ person, household }) => ({ person, household, idNumber: null })),
    unregistered: result.unregistered.map(({ idMasked, ...one }) => ({ ...one, idNumber: idMasked })),
    twice: result.twice.map(({ idMasked, ...one }) => ({ ...one, idNumber: idMasked })),
  };
  const page = pageOf<Line>(query.list === undefined ? [] : lists[query.list], ({ person }) => person, region, query);
  const { insured, registered, both } = result;
  const counts = {
    uninsured: result.uninsured.length,
    unregistered: result.unregistered.length,
    twice: result.twice.length,
  };
  return { status: 200, body: { on, insured, registered, both, ...counts, items: page.items, ...page.next } };
};

interface Line {
  person: string;
  household: string | null;
  idNumber: string | null;
}

/** Each village of the region, each that people were enrolled in and the divisions have no more, and those enrolled nowhere. */
async function reconcileParts(
  policy: string,
  region: string,
  villages: readonly string[],
  on: string,
): Promise<RosterReconciliation[]> {
  const [parts, known] = [new Set(await rosterParts(policy, region)), new Set(villages)];
  return await eachOf([...new Set([...parts, ...known])], AT_ONCE, async (place) => {
    const [roster, households] = await Promise.all([
      parts.has(place) ? listInsured(policy, place) : [],
      known.has(place) ? readVillage(place) : [],
    ]);
    const registered = households
      .filter(({ status }) => status === 'registered')
      .flatMap(({ id, members }) => members.map(({ person }) => ({ person, household: id })));
    return reconcileRoster(roster, registered, on);
  });
}
