import { afterAll, beforeAll, expect, it } from 'vitest';
import { asATask } from '../as-a-task.ts';
import { numbersKey } from '../erasing-people.ts';
import { testId, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

const DISTRICT = '440904';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2026-02-01T10:00:00+08:00' });
  const members = [{ name: '冯某', relation: 'head', idNumber: testId(50) }];
  const row = { village: VILLAGE, number: '0050', origin: 'general', registeredOn: '2022-01-01', members };
  expect((await stack.post('/v1/households:import', OFFICER, { rows: [row] })).status).toBe(200);
  await asATask(stack);
  process.env['PERSONAL_DATA_KEY'] = await numbersKey(DISTRICT);
});
afterAll(() => stack.stop());

it('whose death was recorded is registered by nobody when their data are erased', async () => {
  const { erase } = await import('../../functions/store/registry/erasing/erase.ts');
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const row = { village: VILLAGE, number: '0080', origin: 'general', registeredOn: '2022-01-01' };
  const dead = { name: '郑某', relation: 'parent', idNumber: testId(80) };
  const members = [{ name: '郑甲', relation: 'head', idNumber: testId(81) }, dead];
  await stack.post('/v1/households:import', OFFICER, { rows: [{ ...row, members }] });
  const household = `${VILLAGE}-${row.number}`;
  const path = `/v1/households/${household}`;
  const person = (await stack.get(path, OFFICER)).body.members[1].person;
  const died = { kind: 'death', on: '2022-06-01', person };
  expect((await stack.patch(path, OFFICER, { version: 1, change: died })).status).toBe(200);
  const now = stack.local.clock.now();
  await erase(await keptOf(DISTRICT, person, [household], now), household, now);
  const change = { kind: 'move-in', on: '2026-01-31', member: dead };
  expect((await stack.patch(path, OFFICER, { version: 2, change })).body.code).toBe('person-deceased');
  const rows = [{ ...row, number: '0082', registeredOn: '2026-01-31', members: [{ ...dead, relation: 'head' }] }];
  const { items } = (await stack.post('/v1/households:import', OFFICER, { rows, check: true })).body;
  expect(items[0].problem.code).toBe('person-in-other-household');
});

/** Two who left their first household for others' and left these too: nothing but the index of names leads back to the first. */
async function twoWhoMoved(number: number): Promise<{ between: string; second: string; persons: string[] }> {
  const rows = [0, 1].map((n) => ({
    ...{ village: VILLAGE, number: String(number + n).padStart(4, '0'), origin: 'general', registeredOn: '2022-01-01' },
    address: `旧址${number + n}号`,
    members: [{ name: '吴某', relation: 'head', idNumber: testId(number + n) }],
  }));
  expect((await stack.post('/v1/households:import', OFFICER, { rows })).body.registered).toBe(2);
  const [between = '', second = ''] = rows.map((row) => `${VILLAGE}-${row.number}`);
  const changeOf = async (id: string, change: object) => {
    const { version } = (await stack.get(`/v1/households/${id}`, OFFICER)).body;
    const { status, body } = await stack.patch(`/v1/households/${id}`, OFFICER, { version, change });
    expect([status, body.code]).toEqual([200, undefined]);
    const { members } = (await stack.get(`/v1/households/${id}`, OFFICER)).body;
    return String(members.at(-1)?.person);
  };
  const persons: string[] = [];
  for (const [n, name] of ['周甲仁', '周甲义'].entries()) {
    const member = { name, relation: 'other', idNumber: testId(number + n, '19750301') };
    const on = '2022-02-01';
    const person = await changeOf(between, { kind: 'move-in', on, member });
    await changeOf(between, { kind: 'move-out', on: '2022-03-01', person });
    await changeOf(second, { kind: 'move-in', on: '2022-03-01', member });
    await changeOf(second, { kind: 'move-out', on: '2022-04-01', person });
    persons.push(person);
  }
  return { between, second, persons };
}

it('takes no part of a name out of the index that somebody has who has left too', async () => {
  const { erase } = await import('../../functions/store/registry/erasing/erase.ts');
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const { between, second, persons } = await twoWhoMoved(60);
  const now = stack.local.clock.now();
  for (const person of persons) {
    const kept = await keptOf(DISTRICT, person, [second], now);
    expect([...kept.households.keys()].sort()).toEqual([between, second]);
    await erase(kept, second, now);
  }
});

it('two erased at once look in all their households whether they were the last', async () => {
  const { erase } = await import('../../functions/store/registry/erasing/erase.ts');
  const { keptOf } = await import('../../functions/store/registry/erasing/kept-records.ts');
  const { readVersions } = await import('../../functions/store/registry/households.ts');
  const { between, second, persons } = await twoWhoMoved(70);
  const now = stack.local.clock.now();
  // Who lived there before them is erased first.
  const head = (await readVersions(between)).flatMap(({ change }) =>
    change.kind === 'register' ? change.household.members.map(({ person }) => person) : [],
  );
  const { version } = (await stack.get(`/v1/households/${between}`, OFFICER)).body;
  const change = { kind: 'cancel', on: '2026-01-31', reason: 'moved-away' };
  expect((await stack.patch(`/v1/households/${between}`, OFFICER, { version, change })).status).toBe(200);
  for (const person of head) await erase(await keptOf(DISTRICT, person, [between], now), between, now);
  expect(JSON.stringify(await readVersions(between))).toContain('旧址70号');
  const kept = await Promise.all(persons.map((person) => keptOf(DISTRICT, person, [second], now)));
  await Promise.all(kept.map((one) => erase(one, second, now)));
  expect(JSON.stringify(await readVersions(between))).not.toContain('旧址70号');
});
