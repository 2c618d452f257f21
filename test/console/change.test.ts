import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChangeFields, changeOf, kindsFor, previewOf } from '../../console/screens/households/change.ts';
import { TOWN } from '../playing-cases.ts';
import { OTHER_VILLAGE, register, VILLAGE, WORKER } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 4, VILLAGE, 3);
});
afterAll(() => stack.stop());

const read = async (id: string) => (await stack.get(`/v1/households/${id}`, OFFICER)).body;

/** Sends what the form makes of its fields, and holds the answer against what its preview showed. */
async function change(id: string, fields: ChangeFields): Promise<void> {
  const household = await read(id);
  const other = fields.into === undefined ? undefined : await read(fields.into);
  const shown = previewOf(household, fields, other);
  const body = { version: household.version, change: changeOf(fields, other) };
  const answer = await stack.patch(`/v1/households/${id}`, TOWN, body);
  expect([answer.status, answer.body.code]).toEqual([200, undefined]);
  const names = (one: { members: { name: string }[] }) => one.members.map(({ name }) => name).sort();
  const after = await read(id);
  expect(after.status).toBe(shown.members === null ? 'cancelled' : 'registered');
  if (shown.members !== null) expect(names(after)).toEqual([...shown.members].sort());
  expect(answer.body.related?.id).toBe(shown.related?.id);
  if (shown.related !== undefined)
    expect(names(await read(shown.related.id))).toEqual([...shown.related.members].sort());
}

describe('the form for a change of a household', () => {
  const on = '2023-10-01';

  test('takes households apart and together as its preview shows', async () => {
    const [, second, third] = (await read(`${VILLAGE}-0001`)).members;
    const persons = [second.person, third.person];
    await change(`${VILLAGE}-0001`, { kind: 'split', on, number: '0101', persons, head: third.person });
    expect(
      (await read(`${VILLAGE}-0101`)).members.find((one: { relation: string }) => one.relation === 'head'),
    ).toMatchObject({
      person: third.person,
    });
    await change(`${VILLAGE}-0002`, { kind: 'merge', on, into: `${VILLAGE}-0003` });
    await change(`${VILLAGE}-0004`, { kind: 'move', on, village: OTHER_VILLAGE, number: '0104' });
    expect(await read(`${VILLAGE}-0004`)).toMatchObject({ successor: `${OTHER_VILLAGE}-0104` });
  });

  test('records a certificate', async () => {
    const id = `${VILLAGE}-0001`;
    const [{ person }] = (await read(id)).members;
    await change(id, { kind: 'certificate', on, person, grade: 2, issuedOn: '2023-09-01' });
    expect((await read(id)).members[0].disabilityCertificate).toEqual({ grade: 2, issuedOn: '2023-09-01' });
  });

  test('offers a village only what it may record', async () => {
    const household = await read(`${VILLAGE}-0003`);
    expect(kindsFor('village-worker')).not.toContain('split');
    for (const kind of kindsFor('town-officer').filter((one) => !kindsFor('village-worker').includes(one))) {
      const fields: ChangeFields = {
        kind,
        on,
        number: '0199',
        persons: [household.members[0].person],
        head: household.members[0].person,
        into: `${VILLAGE}-0101`,
        village: OTHER_VILLAGE,
      };
      const body = { version: household.version, change: changeOf(fields, undefined) };
      expect((await stack.patch(`/v1/households/${household.id}`, WORKER, body)).body.code).toBe('role-not-allowed');
    }
  });
});
