import { ApiClient } from '../client.ts';
import { type DemoHousehold, demoDivisions, demoHouseholds, phoneOf } from '../district/households.ts';
import { Random } from '../district/random.ts';
import type { Stage } from '../play-reviews.ts';
import type { SeedStack } from '../seed-quarter.ts';
import { idOf } from '../year/plan.ts';
import { type Claimant, planClaims } from './plan.ts';
import { confirmThrice, insure, paidSums, playClaims, type RosterRow } from './play.ts';

/** So many families are insured here; the whole district is in the year's replay. */
const FAMILIES = 300;
const OFFICER = { account: 'district-officer' };

/**
 * After the sealed quarter: some families are insured, 62 claims of all lines go through the API by the right roles, 54 are paid and 8 stand at
 * different steps; then the bank repeats every confirmation three times, in random order, and nothing may change. The clues they raise lie in the villages' inboxes.
 */
export async function playDistrictClaims(stack: SeedStack): Promise<void> {
  const stage: Stage = { client: new ApiClient(stack.endpoints), clock: stack.clock };
  const { items } = await stage.client.get<{ items: unknown[] }>('/v1/policies', OFFICER);
  if (items.length > 0) return console.log('理赔已在此前办理。');
  const families = new Random('claimants')
    .shuffle(demoHouseholds(demoDivisions()).filter(({ members }) => members.length > 2))
    .slice(0, FAMILIES);
  const claimants = await Promise.all(families.map((household) => claimantOf(stage, household)));
  const bereaved = claimants.find(({ people }) => people.at(-1)?.inSchool);
  const child = bereaved?.people.at(-1);
  if (bereaved === undefined || child === undefined) throw new Error('No family has a child at school.');
  console.log(
    `投保 ${families.length} 户，办理 62 件理赔：村级报案、农户自报、医院推送，保险公司查勘、理算、核赔，银行回执……`,
  );
  // The last losses are of late October.
  await stage.clock.advance(Math.max(stage.clock.now(), Date.parse('2023-11-15T09:00:00+08:00')));
  const policy = await insure(stage, rosterOf(families));
  const planned = planClaims(
    claimants.filter((one) => one !== bereaved),
    { claimant: bereaved, person: child.person, idNumber: child.idNumber, eventOn: '2023-03-10' },
  );
  const batches = await playClaims(stage, policy, planned);
  const today = new Date(stage.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  printSums(await paidSums(stage, policy, batches, today));
  const outcomes = await confirmThrice(stage, batches, today, new Random('again'));
  console.log(
    `银行把每笔回执又报了三次，次序打乱：${[...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join('，')}。`,
  );
  printSums(await paidSums(stage, policy, batches, today));
}

function printSums(sums: Record<string, { count: number; sum: number }>): void {
  console.log(
    `已付：${Object.entries(sums)
      .map(([place, { count, sum }]) => `${place} ${count} 件 ${(sum / 100).toFixed(2)} 元`)
      .join('　')}`,
  );
}

async function claimantOf({ client }: Stage, household: DemoHousehold): Promise<Claimant> {
  const { members } = await client.get<{ members: { person: string }[] }>(`/v1/households/${idOf(household)}`, OFFICER);
  const people = household.members.map(({ name, idNumber, age, state }, place) => ({
    person: members[place]?.person ?? '',
    name,
    idNumber,
    age,
    inSchool: state.inSchool,
  }));
  return { household: idOf(household), phone: phoneOf(household), people };
}

function rosterOf(families: readonly DemoHousehold[]): RosterRow[] {
  return families
    .flatMap(({ members }) => members)
    .map(({ name, idNumber }, n) => ({
      name,
      idNumber,
      certificate: `DB23-${String(n + 1).padStart(6, '0')}`,
      enrolledOn: '2023-01-01',
    }));
}
