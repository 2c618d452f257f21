import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Claimant } from '../../../demo/claims/plan.ts';
import { playClaims } from '../../../demo/claims/play.ts';
import { asATask } from '../../as-a-task.ts';
import { LEFT_ON, openedIn, proposalOf, refusedAdmission, setPeriod, yearsLater } from '../../erasing-people.ts';
import { COST, PAYER, PayingDistrict } from '../../paying-district.ts';
import { claimFor, claimOf, illness, stageOf } from '../../playing-claims.ts';
import { testId, WORKER } from '../../playing-households.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../../stack.ts';
import { Secrets } from '../../traces/secrets.ts';
import { tracesOf } from '../../traces/traces.ts';

type Person = Claimant['people'][number];
const BANK_NAME = '示例农村商业银行';

let district: PayingDistrict;
let stack: TestStack;
beforeAll(async () => {
  district = await PayingDistrict.start(3);
  ({ stack } = district);
});
afterAll(() => stack.stop());

function oneOf({ people }: Claimant, place: number): Person {
  const found = people[place];
  if (found === undefined) throw new Error(`The family has nobody at ${place}.`);
  return found;
}

/** A claim of the parent that was paid to one person first, came back after it had been settled, and was then paid to another. @returns both payments */
async function paidTwice(family: Claimant, n: number, first: Person, then: Person): Promise<string[]> {
  const changes = { eventOn: '2023-09-10', payee: first };
  const planned = claimFor(family, n, illness(COST, `DB-7${n}`), 'confirmation', changes);
  await playClaims(stageOf(stack), district.policy, [planned]);
  const { id, payouts } = await claimOf(stack, family.household);
  expect(await district.tell(district.said(payouts[0], 'settled'))).toEqual(['settled']);
  await stack.settle(301);
  expect(await district.tell(district.said(payouts[0], 'returned'))).toEqual(['returned']);
  await stack.settle(301);
  const { person, name } = then;
  const payee = { kind: 'member', person, name, bank: BANK_NAME, account: accountOf(n + 700) };
  expect((await stack.post(`/v1/claims/${id}/payee`, WORKER, payee)).status).toBe(200);
  await district.approvePayee(family.household);
  expect((await stack.post('/v1/payouts/batches', PAYER, district.batchOf([id]))).status).toBe(201);
  await stack.settle(301);
  const after = await claimOf(stack, family.household);
  expect(await district.tell(district.said(after.payouts[1], 'settled'))).toEqual(['settled']);
  await stack.settle(301);
  return after.payouts;
}

/** As the played claims make them. */
function accountOf(n: number): string {
  return `6217${String(n).padStart(15, '0')}`;
}

async function change({ household }: Claimant, what: object): Promise<Person[]> {
  const path = `/v1/households/${household}`;
  const { version } = (await stack.get(path, OFFICER)).body;
  expect((await stack.patch(path, OFFICER, { version, change: { on: LEFT_ON, ...what } })).status).toBe(200);
  return (await stack.get(path, OFFICER)).body.members;
}

async function eraseOne({ household }: Claimant, { person }: Person): Promise<void> {
  const { body } = await stack.post('/v1/erasures', OFFICER, proposalOf({ household, person }));
  const { status, body: done } = await stack.post(`/v1/erasures/${body.id}/approval`, SECOND_OFFICER);
  expect([status, done.status]).toEqual([200, 'erased']);
}

/** What each payment says of whom it went to. */
async function paymentsSay(ids: readonly string[]): Promise<(string | undefined)[][]> {
  vi.resetModules();
  const { openAll } = await import('../../../operations/rotate-data-key/rewrite.ts');
  const { data } = await openAll(await asATask(stack), '440904');
  const { readPayouts } = await import('../../../functions/store/insurance/payouts.ts');
  return (await readPayouts(ids)).map(({ payeeName, bank, accountCipher, claim }) => [
    payeeName,
    bank,
    accountCipher === '' ? '' : data.decrypt(accountCipher, claim),
  ]);
}

it('who was paid first, and is not whom the claim is of, is in no payment; who was paid after them keeps theirs', async () => {
  const family = district.next();
  const namesakes = district.next();
  const [parent, child] = [oneOf(family, 0), oneOf(family, 1)];
  const payments = await paidTwice(family, 1, child, parent);
  // Two of one household have the same name, as the register allows: the number tells them apart.
  const [claimant, idNumber] = [oneOf(namesakes, 0), testId(77, '19480301')];
  const member = { name: claimant.name, relation: 'parent', idNumber };
  const members = await change(namesakes, { kind: 'move-in', on: '2023-10-11', member });
  const namesake = { ...claimant, idNumber, person: members.at(-1)?.person ?? '' };
  expect(namesake.person).not.toBe(claimant.person);
  const others = await paidTwice(namesakes, 2, namesake, claimant);
  for (const { household, people } of [family, namesakes])
    await refusedAdmission(stack, { id: household, members: people }, '走访后无返贫风险');
  await stack.advance(`${LEFT_ON}T12:00:00+08:00`);
  await change(family, { kind: 'move-out', person: child.person });
  await change(namesakes, { kind: 'move-out', person: claimant.person });
  stack = await yearsLater(stack);
  await setPeriod(stack);
  const kept = [parent.name, BANK_NAME, accountOf(701)];
  expect(await paymentsSay(payments)).toEqual([[child.name, BANK_NAME, accountOf(1)], kept]);

  await eraseOne(family, child);
  expect(await paymentsSay(payments)).toEqual([['', '', ''], kept]);
  const secrets = new Secrets(
    new Map([
      [child.name, 'name'],
      [child.idNumber, 'idNumber'],
      [accountOf(1), 'account'],
    ]),
  );
  expect([...(await tracesOf(stack.local, secrets))]).toEqual([]);
  const { contents } = await import('../../faults/table.ts');
  const { openAll } = await import('../../../operations/rotate-data-key/rewrite.ts');
  const { data } = await openAll(await asATask(stack), '440904');
  const said = openedIn((await contents()).values(), (cipher, owner) => data.decrypt(cipher, owner));
  for (const secret of [child.idNumber, accountOf(1)]) expect(said).not.toContain(secret);

  await eraseOne(namesakes, claimant);
  expect(await paymentsSay(others)).toEqual([
    [claimant.name, BANK_NAME, accountOf(2)],
    ['', '', ''],
  ]);
});
