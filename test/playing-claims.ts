import { amountOf, type Claimant, type PlannedClaim, type Stop } from '../demo/claims/plan.ts';
import type { RosterRow } from '../demo/claims/play.ts';
import { illustrativeProduct, policy2023 } from '../demo/claims/product.ts';
import { ApiClient } from '../demo/client.ts';
import type { Stage } from '../demo/play-reviews.ts';
import type { ClaimFacts } from '../functions/contracts/insurance/adjudication.ts';
import type { PolicyTerms } from '../functions/contracts/insurance/policy.ts';
import type { ProductTerms } from '../functions/contracts/insurance/product.ts';
import { checkDigit } from '../functions/domain/registry/id-number.ts';
import { VILLAGE } from './playing-households.ts';
import { type Answer, type As, OFFICER, SECOND_OFFICER, type TestStack } from './stack.ts';

export function stageOf(stack: TestStack): Stage {
  return { client: new ApiClient(stack.local.endpoints), clock: stack.local.clock };
}

function idNumber(born: string, n: number): string {
  const seventeen = `440904${born}${String(n).padStart(3, '0')}`;
  return seventeen + checkDigit(seventeen);
}

function phoneOfFamily(n: number): string {
  return `1380000${String(n).padStart(4, '0')}`;
}

/** Registers families of a parent and a child of seventeen at school, and tells who they are. */
export async function registerFamilies(stack: TestStack, count: number, village = VILLAGE): Promise<Claimant[]> {
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const rows = numbers.map((n) => ({
    village,
    number: String(n).padStart(4, '0'),
    origin: 'lifted',
    registeredOn: '2022-01-01',
    phone: phoneOfFamily(n),
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
    phone: phoneOfFamily(n + 1),
    people: (rows[n]?.members ?? []).map(({ name, idNumber: number }, place) => ({
      person: members.get(household)?.[place]?.person ?? '',
      name,
      idNumber: number,
      ...(place === 0 ? { age: 43, inSchool: false } : { age: 17, inSchool: true }),
    })),
  }));
}

/** A row of the roster for everybody of some families. */
export function rosterOf(families: readonly Claimant[], enrolledOn = '2023-01-01'): RosterRow[] {
  return families.flatMap(({ people }) =>
    people.map(({ name, idNumber: number }) => ({
      name,
      idNumber: number,
      certificate: `C-${number.slice(-8)}`,
      enrolledOn,
    })),
  );
}

/** A product and a policy of a year for some people, as the tests want them. @returns the policy's id */
export async function insureWith(
  stack: TestStack,
  roster: readonly RosterRow[],
  changes: { product?: Partial<ProductTerms>; policy?: Partial<PolicyTerms> } = {},
): Promise<string> {
  const { body: product } = await stack.post('/v1/products', OFFICER, { ...illustrativeProduct, ...changes.product });
  await stack.post(`/v1/products/${product.id}/approval`, SECOND_OFFICER);
  const { status, body: policy } = await stack.post('/v1/policies', OFFICER, {
    ...policy2023(product.id),
    ...changes.policy,
  });
  if (status !== 201) throw new Error(`The policy was answered ${status} ${policy.code}.`);
  const answer = await stack.post(`/v1/policies/${policy.id}/roster`, OFFICER, { rows: roster });
  if (answer.body.refused !== 0) throw new Error('The roster was refused.');
  return policy.id;
}

/** An invented claim of the family's parent, or of its child, that is to come to `stop`. */
export function claimFor(
  family: Claimant,
  number: number,
  facts: ClaimFacts,
  stop: Stop,
  changes: Partial<PlannedClaim> = {},
): PlannedClaim {
  const [payee] = family.people;
  if (payee === undefined) throw new Error('The family has nobody.');
  const { person, idNumber, name } = payee;
  return {
    number,
    household: family.household,
    person,
    idNumber,
    name,
    phone: family.phone,
    payee,
    line: facts.line,
    eventOn: '2023-10-10',
    facts,
    amount: amountOf(facts),
    stop,
    wave: 0,
    channel: 'village',
    papersAsked: stop === 'documents',
    comesBackOnce: false,
    ...changes,
  };
}

/** Invoices of an illness whose compliant self-paid cost is so many fen. */
export function illness(cost: number, invoice: string): ClaimFacts {
  return { line: 'illness', bills: [{ invoice, total: cost + 100_000, reimbursed: 100_000, excluded: 0 }] };
}

/** The newest claim of a household as the district sees it. */
export async function claimOf(stack: TestStack, household: string) {
  const { body } = await stack.get(`/v1/claims?region=${household.slice(0, 12)}&household=${household}`, OFFICER);
  const [newest] = body.items.sort((a: { reportedAt: string }, b: { reportedAt: string }) =>
    a.reportedAt < b.reportedAt ? 1 : -1,
  );
  return (await stack.get(`/v1/claims/${newest.id}`, OFFICER)).body;
}

/** A step of a person at the claim's present turn. */
export async function step(
  stack: TestStack,
  claim: { id: string; turn: number },
  as: As,
  what: object,
): Promise<Answer> {
  return await stack.post(`/v1/claims/${claim.id}/steps`, as, { turn: claim.turn, ...what });
}
