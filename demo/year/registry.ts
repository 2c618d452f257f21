import { eachOf } from '../../functions/domain/concurrency.ts';
import { checkDigit } from '../../functions/domain/registry/id-number.ts';

import { illustrativeCriteria } from '../criteria.ts';
import type { DemoHousehold } from '../district/households.ts';
import { phoneOf } from '../district/households.ts';
import { memberRow } from '../district/people.ts';
import type { Stage } from '../play-reviews.ts';
import type { ProgressBar } from '../progress.ts';
import { idOf, type YearPlan } from './plan.ts';
import type { Found } from './visits.ts';

const OFFICER = { account: 'district-officer' };
const IMPORT_ROWS = 250;
const CASE_ROWS = 100;
const AT_ONCE = 4;

/** Who lives where, as the register names them: persons in the order of the household, with what a visitor finds. */
export type Register = Map<string, Found[]>;

/** Criteria by two officers, every household of the district, and the former register of 2021 and 2022. */
export async function setUp({ client }: Stage, plan: YearPlan, bar: ProgressBar): Promise<Register> {
  const { id, status } = await client.post<{ id: string; status: string }>(
    '/v1/criteria',
    OFFICER,
    illustrativeCriteria,
  );
  if (status === 'proposed') await client.post(`/v1/criteria/${id}/approval`, { ...OFFICER, person: 2 }, {});
  const batches = chunked(plan.households, IMPORT_ROWS);
  await eachOf(batches, AT_ONCE, async (batch) => {
    const rows = batch.map(({ village, number, members }) => ({
      village,
      number,
      phone: phoneOf({ village, number }),
      origin: 'lifted',
      registeredOn: '2021-01-01',
      members: members.map(memberRow),
    }));
    const { refused } = await client.post<{ refused: number }>('/v1/households:import', OFFICER, { rows });
    if (refused > 0) throw new Error(`${refused} invented households were refused.`);
    bar.add(batch.length);
  });
  await importCases(client, plan);
  return await readRegister(client, plan);
}

async function importCases(client: Stage['client'], plan: YearPlan): Promise<void> {
  const former = [...plan.cases.values()].filter(({ origin }) => origin !== 'admitted');
  const rows = former.map(({ id, household, origin, stays }, n) => {
    const admittedOn =
      origin === 'imported-closed' ? `2021-${two(1 + (n % 12))}-1${n % 9}` : `2022-${two(1 + (n % 6))}-1${n % 9}`;
    const startedOn = later(admittedOn, 20);
    const done = origin === 'imported-closed' || !stays;
    const contact = { account: `helper-${n % 200}`, name: '陈帮扶', unit: '驻镇帮镇扶村工作队' };
    const risks = ['unstable-employment', ...(n % 3 === 0 ? ['illness'] : [])];
    const kinds = ['employment', ...(n % 3 === 0 ? ['health'] : [])];
    const measures = kinds.map((kind) => ({
      kind,
      startedOn,
      ...(done ? { completedOn: later(startedOn, 100) } : {}),
    }));
    const closed = {
      on: later(admittedOn, 300 + (n % 60)),
      method: 'assisted',
      perCapita: 1_300_000,
      monitoringContact: contact,
    };
    const type = n % 4 === 0 ? 'sudden-hardship' : 'unstable-lifted';
    const episode = { admittedOn, people: household.members.length, caseType: type, risks, measures };
    return {
      household: id,
      episodes: [origin === 'imported-closed' ? { ...episode, closed } : episode],
      helper: contact,
    };
  });
  for (const batch of chunked(rows, CASE_ROWS)) {
    const { refused } = await client.post<{ refused: number }>('/v1/imports/cases', OFFICER, { rows: batch });
    if (refused > 0) throw new Error(`${refused} former cases were refused.`);
  }
}

interface Page {
  items: { id: string; members: { person: string }[] }[];
  next?: string;
}

/** Every household as its village sees it. */
async function readRegister(client: Stage['client'], plan: YearPlan): Promise<Register> {
  const planned = new Map(plan.households.map((household) => [idOf(household), household]));
  const register: Register = new Map();
  await eachOf([...new Set(plan.households.map(({ village }) => village))], AT_ONCE, async (village) => {
    let cursor = '';
    do {
      const page = await client.get<Page>(`/v1/households?region=${village}&limit=200${cursor}`, {
        account: 'village-worker',
        region: village,
      });
      for (const { id, members } of page.items) {
        const states = planned.get(id)?.members ?? [];
        register.set(
          id,
          members.flatMap(({ person }, place) =>
            states[place] === undefined ? [] : [{ person, state: states[place].state }],
          ),
        );
      }
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
  });
  return register;
}

/** The child of the first story dies in an accident; elsewhere one is born. Both are dated changes of their households. */
export async function familiesChange(
  { client }: Stage,
  plan: YearPlan,
  register: Register,
  which: 'death' | 'birth',
): Promise<void> {
  const household: DemoHousehold = which === 'death' ? plan.stories.child : plan.birth;
  const id = idOf(household);
  const { version } = await client.get<{ version: number }>(`/v1/households/${id}`, OFFICER);
  const found = register.get(id) ?? [];
  if (which === 'death') {
    const child = found.at(-1);
    if (child === undefined) throw new Error('The family of the first story has no child.');
    await client.patch(`/v1/households/${id}`, OFFICER, {
      version,
      change: { kind: 'death', on: '2023-03-10', person: child.person },
    });
    register.set(id, found.slice(0, -1));
    return;
  }
  const { household: after } = await client.patch<{ household: { members: { person: string }[] } }>(
    `/v1/households/${id}`,
    OFFICER,
    {
      version,
      change: { kind: 'birth', on: '2023-05-06', member: { ...newborn(), relation: 'child' } },
    },
  );
  const born = after.members.at(-1);
  if (born !== undefined)
    register.set(id, [
      ...found,
      { person: born.person, state: { labour: 'none', health: 'healthy', inSchool: false } },
    ]);
}

/** Who is born in the year. */
export function newborn(): { name: string; idNumber: string } {
  const seventeen = '44090420230506001';
  return { name: '罗新生', idNumber: seventeen + checkDigit(seventeen) };
}

export function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
