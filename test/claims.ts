import type { Claimant } from '../demo/claims/plan.ts';
import type { RosterRow } from '../demo/claims/play.ts';
import { ApiClient } from '../demo/client.ts';
import type { Stage } from '../demo/play-reviews.ts';
import { checkDigit } from '../functions/domain/people/id-number.ts';
import { VILLAGE } from './people.ts';
import { OFFICER, type TestStack } from './stack.ts';

export function stageOf(stack: TestStack): Stage {
  return { client: new ApiClient(stack.local.endpoints), clock: stack.local.clock };
}

function idNumber(born: string, n: number): string {
  const seventeen = `440904${born}${String(n).padStart(3, '0')}`;
  return seventeen + checkDigit(seventeen);
}

/** Registers families of a parent and a child of seventeen at school, and tells who they are. */
export async function registerFamilies(stack: TestStack, count: number, village = VILLAGE): Promise<Claimant[]> {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const rows = numbers.map((n) => ({
    village,
    number: String(n).padStart(4, '0'),
    origin: 'lifted',
    registeredOn: '2022-01-01',
    members: [
      { name: `测试${n}`, relation: 'head', idNumber: idNumber('19800615', n) },
      { name: `测试${n}孩`, relation: 'child', idNumber: idNumber('20060301', n) },
    ],
  }));
  const { body } = await stack.post('/v1/households:import', OFFICER, { rows });
  const { body: page } = await stack.get(`/v1/households?region=${village}&limit=200`, OFFICER);
  const members = new Map<string, { person: string }[]>(
    page.items.map((one: { id: string; members: { person: string }[] }) => [one.id, one.members]),
  );
  return body.items.map(({ household }: { household: string }, n: number) => ({
    household,
    people: (rows[n]?.members ?? []).map(({ name, idNumber: number }, place) => ({
      ...{ person: members.get(household)?.[place]?.person ?? '', name, idNumber: number },
      ...(place === 0 ? { age: 43, inSchool: false } : { age: 17, inSchool: true }),
    })),
  }));
}

/** A row of the roster for everybody of some families. */
export function rosterOf(families: readonly Claimant[], enrolledOn = '2023-01-01'): RosterRow[] {
  return families.flatMap(({ people }) =>
    people.map(({ name, idNumber: number }) => ({ name, idNumber: number, certificate: `C-${number.slice(-8)}`, enrolledOn })),
  );
}
