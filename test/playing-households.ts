import type { ImportRow } from '../functions/contracts/registry/household.ts';
import type { Visit } from '../functions/contracts/screening/visit.ts';
import { checkDigit } from '../functions/domain/registry/id-number.ts';
import { SAFE } from './harmless.ts';
import { type Answer, type As, OFFICER, type TestStack } from './stack.ts';

export const VILLAGE = '440904001001';
export const OTHER_VILLAGE = '440904001002';
export const OTHER_TOWN_VILLAGE = '440904116208';
export const WORKER: As = { account: 'village-worker', region: VILLAGE };

/** An invented ID number with a valid check digit; the same `n` is the same person. */
export function testId(n: number, born = '19800615'): string {
  const seventeen = `440904${born}${String(n % 1000).padStart(3, '0')}`;
  return seventeen + checkDigit(seventeen);
}

export function testRow(n: number, village = VILLAGE, people = 1): ImportRow {
  return {
    village,
    number: String(n).padStart(4, '0'),
    origin: 'lifted',
    registeredOn: '2022-01-01',
    phone: '13800001111',
    members: Array.from({ length: people }, (_, place) => ({
      name: `测试${n}`,
      relation: place === 0 ? ('head' as const) : ('child' as const),
      idNumber: testId(n, `19${String(50 + (Number(village.slice(-2)) % 40))}0${1 + place}15`),
    })),
  };
}

/** Registers households `1..count` of a village and answers their ids. */
export async function register(stack: TestStack, count: number, village = VILLAGE, people = 1): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) => testRow(n + 1, village, people));
  const { status, body } = await stack.post('/v1/households:import', OFFICER, { rows });
  if (status !== 200) throw new Error(`import answered ${status} ${JSON.stringify(body)}`);
  return body.items.map(({ household }: { household: string }) => household);
}

/** Opens the round and lets the workflow freeze the roster. */
export async function openRound(stack: TestStack, round = '2023Q4'): Promise<Answer> {
  const opened = await stack.post('/v1/rounds', OFFICER, { round });
  await stack.settle();
  return opened;
}

interface Registered {
  id: string;
  members: { person: string }[];
}

/** The worklist's households as a phone reads them. */
export async function worklist(stack: TestStack, village = VILLAGE, round = '2023Q4'): Promise<Registered[]> {
  const { body } = await stack.get(`/v1/rounds/${round}/worklist?village=${village}&limit=200`, {
    account: 'village-worker',
    region: village,
  });
  return body.items.map(({ household }: { household: Registered }) => household);
}

/** A secure household's visit: 20,000 yuan of wages a head, nothing wrong. */
export function visitOf(household: Registered, changes: Partial<Visit> = {}): Visit {
  return {
    household: household.id,
    round: '2023Q4',
    visitedOn: '2023-10-11',
    recordedAt: `${changes.visitedOn ?? '2023-10-11'}T09:30:00+08:00`,
    visitor: 'worker',
    purpose: 'screening',
    income: { wages: 2_000_000 * household.members.length, business: 0, property: 0, transfer: 0, businessCosts: 0 },
    insurancePayouts: 0,
    selfPaid: { medical: 0, education: 0, other: 0 },
    guarantees: SAFE,
    shocks: [],
    members: household.members.map(({ person }) => ({ person, labour: 'full', health: 'healthy', inSchool: false })),
    ...changes,
  };
}

export function submit(
  stack: TestStack,
  visits: readonly unknown[],
  options: { village?: string; as?: As; round?: string } = {},
): Promise<Answer> {
  const village = options.village ?? VILLAGE;
  return stack.post(
    `/v1/rounds/${options.round ?? '2023Q4'}/visits`,
    options.as ?? { account: 'village-worker', region: village },
    {
      village,
      visits,
    },
  );
}
