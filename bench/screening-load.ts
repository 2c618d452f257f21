import { illustrativeCriteria } from '../demo/criteria.ts';
import { demoDivisions, demoHouseholds } from '../demo/district/households.ts';
import { demoVisit } from '../demo/district/visits.ts';
import { ProgressBar } from '../demo/progress.ts';
import type { Household } from '../functions/contracts/registry/household.ts';
import type { Criteria } from '../functions/contracts/screening/criteria.ts';
import { householdIdOf } from '../functions/contracts/values.ts';
import { eachOf } from '../functions/domain/concurrency.ts';
import { thresholdsOf } from '../functions/domain/screening/thresholds.ts';
import { triage } from '../functions/domain/screening/triage.ts';
import { writeDivisions } from '../functions/store/registry/divisions.ts';
import { putNew } from '../functions/store/registry/households.ts';
import { approveProposal, putProposal } from '../functions/store/screening/criteria.ts';
import { acceptedEntry, acceptVisits, openVillage } from '../functions/store/screening/progress.ts';
import { putRound, startCollecting } from '../functions/store/screening/rounds.ts';
import { fromSubmitted, visitId } from '../functions/store/screening/visits.ts';
import { batchPut, type Item } from '../functions/store/table.ts';

export const ROUND = '2023Q4';
const DAY = '2023-10-12';
/** As many villages in a town as its three digits can tell. */
const VILLAGES_A_TOWN = 500;

/**
 * Puts a district of `households` ready to be sealed into the table: the demonstration's 10,369, or copies of them in as many
 * invented villages as it takes (about 245 a village above that). Written straight to the table: loading is not what is measured.
 * @returns the village codes
 */
export async function load(households: number): Promise<string[]> {
  const demo = demoHouseholds(demoDivisions());
  const villages = spread(demo, households);
  const criteria: Criteria = {
    ...illustrativeCriteria,
    id: 'c-00000000be9c',
    status: 'proposed',
    proposedBy: 'a',
    proposedAt: DAY,
  };
  const codes = [...villages.keys()];
  await writeDivisions(divisionsOf(codes));
  await putProposal('440904', criteria);
  await approveProposal('440904', { ...criteria, status: 'approved', approvedBy: 'b', approvedAt: DAY });
  await putRound({
    id: ROUND,
    district: '440904',
    status: 'opening',
    openedAt: DAY,
    openedBy: 'a',
    due: '2023-10-31',
    hardDeadline: '2023-11-15',
    criteria: criteria.id,
  });
  const thresholds = thresholdsOf(illustrativeCriteria, DAY, '440904');
  const bar = new ProgressBar('装载', households);
  await eachOf(codes, 4, async (village) => {
    const inside = villages.get(village) ?? [];
    const items: Item[] = [];
    const entries: string[] = [];
    for (const [n, one] of inside.entries()) {
      const number = String(n + 1).padStart(4, '0');
      const household: Household = {
        id: householdIdOf(village, number),
        origin: 'lifted',
        status: 'registered',
        version: 1,
        registeredOn: '2023-01-01',
        members: one.members.map(({ name, relation, age }, place) => ({
          person: `p-${village}${String(place).padStart(4, '0')}`,
          name,
          relation,
          sex: 'male' as const,
          birthYear: 2023 - age,
          idCipher: 'x'.repeat(62),
          idMasked: '440904********0000',
        })),
        ownPayouts: [],
      };
      items.push(Object(putNew(household).Put)['Item']);
      const made = demoVisit(
        { ...one, village, number },
        ROUND,
        DAY,
        household.members.map(({ person }) => person),
      );
      if (!('visit' in made)) continue;
      const id = visitId(made.visit);
      const result = triage(made.visit, { origin: 'lifted', openCase: false }, thresholds);
      items.push(
        fromSubmitted({
          id,
          visit: made.visit,
          triage: result,
          criteria: criteria.id,
          submittedBy: 'w',
          submittedAt: DAY,
        }),
      );
      entries.push(acceptedEntry(made.visit, id));
    }
    await batchPut(items);
    await openVillage(ROUND, {
      village,
      expected: new Map(inside.map((_, n) => [String(n + 1).padStart(4, '0'), null])),
    });
    await acceptVisits(ROUND, village, entries);
    bar.add(inside.length);
  });
  await startCollecting('440904', ROUND, { households, people: 0 });
  bar.end();
  return codes;
}

type Demo = ReturnType<typeof demoHouseholds>;

function spread(demo: Demo, households: number): Map<string, Demo> {
  if (households === demo.length) return Map.groupBy(demo, ({ village }) => village);
  const count = Math.max(1, Math.round(households / 245));
  const villages = new Map<string, Demo>(
    Array.from({ length: count }, (_, n) => [
      `440904${String(Math.floor(n / VILLAGES_A_TOWN) + 1).padStart(3, '0')}${String((n % VILLAGES_A_TOWN) + 1).padStart(3, '0')}`,
      [],
    ]),
  );
  const codes = [...villages.keys()];
  for (let n = 0; n < households; n += 1) {
    const [village, one] = [codes[n % count], demo[n % demo.length]];
    if (village !== undefined && one !== undefined) villages.get(village)?.push(one);
  }
  return villages;
}

function divisionsOf(villages: readonly string[]) {
  const towns = Map.groupBy(villages, (village) => village.slice(0, 9));
  return {
    district: { code: '440904', name: '电白区' },
    towns: [...towns].map(([code, inside]) => ({
      code,
      name: code,
      villages: inside.map((village) => ({ code: village, name: village })),
    })),
  };
}
