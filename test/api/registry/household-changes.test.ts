import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_TOWN_VILLAGE, register, testId, testRow } from '../../playing-households.ts';
import { type Answer, type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

const importRows = (rows: unknown[], as: As = OFFICER) => stack.post('/v1/households:import', as, { rows });
const change = (id: string, version: number, body: unknown, as: As = OFFICER): Promise<Answer> =>
  stack.patch(`/v1/households/${id}`, as, { version, change: body });
const read = (id: string, query = '') => stack.get(`/v1/households/${id}${query}`, OFFICER);

describe('changes', () => {
  const base = '440904001003';
  const id = (n: number) => `${base}-${String(n).padStart(4, '0')}`;
  beforeAll(() => register(stack, 6, base, 3));

  it('are refused from an older version, in the future, and before registration', async () => {
    const cancel = { kind: 'cancel', on: '2023-10-11', reason: 'duplicate' };
    expect(await change(id(1), 7, cancel)).toMatchObject({ status: 409, body: { code: 'version-conflict' } });
    expect(await change(id(1), 1, { ...cancel, on: '2023-10-12' })).toMatchObject({
      status: 422,
      body: { code: 'date-in-future' },
    });
    expect(await change(id(1), 1, { ...cancel, on: '2021-12-31' })).toMatchObject({
      status: 422,
      body: { code: 'date-before-registration' },
    });
    expect((await read(id(1))).body.version).toBe(1);
  });

  it('that end or divide a household are an officer’s, not the village’s', async () => {
    const worker: As = { account: 'village-worker', region: base };
    expect(await change(id(1), 1, { kind: 'cancel', on: '2023-10-11', reason: 'duplicate' }, worker)).toMatchObject({
      status: 403,
      body: { code: 'role-not-allowed' },
    });
  });

  it('of two at the same instant one wins', async () => {
    const [a, b] = await Promise.all([
      change(id(1), 1, { kind: 'correction', on: '2023-10-01', address: '甲' }),
      change(id(1), 1, { kind: 'correction', on: '2023-10-01', address: '乙' }),
    ]);
    expect([a.status, b.status].sort()).toEqual([200, 409]);
    expect((await read(id(1))).body.version).toBe(2);
  });

  it('birth and death are dated, and any past day can be told', async () => {
    const newborn = { name: '新', idNumber: testId(920, '20230601'), relation: 'child' };
    await change(id(2), 1, { kind: 'birth', on: '2023-06-01', member: newborn });
    const { body } = await read(id(2));
    const died = await change(id(2), 2, { kind: 'death', on: '2023-08-01', person: body.members[0].person });
    expect(died.body.household.members).toHaveLength(3);
    expect(
      died.body.household.members.filter(({ relation }: { relation: string }) => relation === 'head'),
    ).toHaveLength(1);
    expect((await read(id(2), '?asOf=2023-05-31')).body.members).toHaveLength(3);
    expect((await read(id(2), '?asOf=2023-07-01')).body.members).toHaveLength(4);
    expect((await read(id(2), '?asOf=2021-12-31')).status).toBe(404);
    const history = await stack.get(`/v1/households/${id(2)}/history`, OFFICER);
    expect(history.body.changes.map(({ kind }: { kind: string }) => kind)).toEqual(['register', 'birth', 'death']);
  });

  it('a person who died may not be born again elsewhere at once, but is free after moving out', async () => {
    const { body } = await read(id(3));
    const [, second] = body.members;
    await change(id(3), 1, { kind: 'move-out', on: '2023-09-01', person: second.person });
    const shown = testRow(3, base, 3).members[1];
    // From a day on which the first household still has them they would be counted twice, by a move-in or an import alike.
    const early = { kind: 'move-in', on: '2023-08-31', member: { ...shown, relation: 'other' } };
    expect((await change(id(4), 1, early)).body.code).toBe('person-in-other-household');
    const alone = { ...testRow(97, base), registeredOn: '2023-08-31', members: [{ ...shown, relation: 'head' }] };
    expect((await importRows([alone])).body.code ?? 'registered').not.toBe('registered');
    expect(
      (await change(id(4), 1, { kind: 'move-in', on: '2023-09-02', member: { ...shown, relation: 'other' } })).body
        .household.members,
    ).toHaveLength(4);
    const stranger = testRow(5, base, 3).members[1];
    expect(
      await change(id(4), 2, { kind: 'move-in', on: '2023-09-02', member: { ...stranger, relation: 'other' } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'person-in-other-household' },
    });
  });

  it('a household that never was counts for no day, so that its people, registered rightly, count once', async () => {
    const people = async () => {
      const { body } = await stack.get(`/v1/reports/brief?region=${base}&asOf=2023-08-01`, OFFICER);
      return body.figures.find(({ key }: { key: string }) => key === 'registry.people').value;
    };
    const row = testRow(95, base, 2);
    const counted = await people();
    await importRows([row]);
    expect(await people()).toBe(counted + 2);
    expect((await change(id(95), 1, { kind: 'cancel', on: '2023-09-05', reason: 'registered-in-error' })).status).toBe(
      200,
    );
    await importRows([{ ...row, number: '0096' }]);
    expect((await read(id(96))).body.members).toHaveLength(2);
    expect(await people()).toBe(counted + 2);
  });

  it('a split makes a linked household, a merge ends one, a move makes a successor elsewhere', async () => {
    const { body: before } = await read(id(5));
    const leaving = before.members[2].person;
    const split = await change(id(5), 1, {
      kind: 'split',
      on: '2023-09-01',
      number: '0090',
      persons: [leaving],
      head: leaving,
    });
    expect(split.body).toMatchObject({
      household: { version: 2 },
      related: { id: id(90), predecessor: id(5), members: [{ person: leaving, relation: 'head' }] },
    });
    const merge = await change(id(90), 1, { kind: 'merge', on: '2023-09-03', into: id(6), intoVersion: 1 });
    expect(merge.body).toMatchObject({
      household: { status: 'cancelled', cancelReason: 'merged', successor: id(6) },
      related: { version: 2 },
    });
    expect(merge.body.related.members).toHaveLength(4);
    const move = await change(id(6), 2, {
      kind: 'move',
      on: '2023-09-04',
      village: OTHER_TOWN_VILLAGE,
      number: '0077',
    });
    expect(move.body).toMatchObject({
      household: { status: 'cancelled' },
      related: { id: `${OTHER_TOWN_VILLAGE}-0077`, predecessor: id(6) },
    });
    expect(await change(id(6), 3, { kind: 'cancel', on: '2023-09-05', reason: 'duplicate' })).toMatchObject({
      status: 409,
      body: { code: 'household-cancelled' },
    });
    const outside: As = { account: 'town-officer', region: base.slice(0, 9) };
    expect(
      await change(id(5), 2, { kind: 'move', on: '2023-09-04', village: OTHER_TOWN_VILLAGE, number: '0078' }, outside),
    ).toMatchObject({
      status: 403,
    });
  });
});

describe('dates that contradict one another', () => {
  const base = '440904001004';
  const id = (n: number) => `${base}-${String(n).padStart(4, '0')}`;
  const newcomer = (n: number, born = '19800615') => ({ name: '来', idNumber: testId(n, born), relation: 'other' });
  beforeAll(async () => {
    await register(stack, 8, base, 2);
    await importRows([large(20, 18), large(21, 18), large(22, 30)]);
  });

  it('are refused by both events’ names, and every report of the region still comes', async () => {
    const { body: arrived } = await change(id(1), 1, { kind: 'move-in', on: '2023-09-01', member: newcomer(930) });
    const person = arrived.household.members.at(-1).person;
    const refused = await change(id(1), 2, { kind: 'death', on: '2023-08-15', person });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'change-not-possible',
        events: [
          { kind: 'death', on: '2023-08-15' },
          { kind: 'move-in', on: '2023-09-01' },
        ],
      },
    });
    expect(refused.body.detail).toMatch(/2023-08-15.*死亡.*2023-09-01.*迁入/);
    for (const region of [base, base.slice(0, 9)])
      expect((await stack.get(`/v1/reports/brief?region=${region}&asOf=2023-10-01`, OFFICER)).status).toBe(200);
    expect((await read(id(1), '?asOf=2023-08-20')).status).toBe(200);
  });

  it('are refused when the earlier one would end the household or take away whom a later one needs', async () => {
    const { body: before } = await read(id(2));
    const [, second] = before.members;
    await change(id(2), 1, { kind: 'correction', on: '2023-09-10', members: [{ person: second.person, name: '改' }] });
    for (const earlier of [
      { kind: 'move-out', on: '2023-09-01', person: second.person },
      { kind: 'split', on: '2023-09-01', number: '0091', persons: [second.person], head: second.person },
      { kind: 'cancel', on: '2023-09-01', reason: 'moved-away' },
      { kind: 'move', on: '2023-09-01', village: OTHER_TOWN_VILLAGE, number: '0079' },
      { kind: 'merge', on: '2023-09-01', into: id(3), intoVersion: 1 },
    ])
      expect(await change(id(2), 2, earlier)).toMatchObject({
        status: 422,
        body: { code: 'change-not-possible', events: [{ on: '2023-09-01' }, { kind: 'correction', on: '2023-09-10' }] },
      });
    expect((await read(id(2))).body.version).toBe(2);
  });

  it('of a later entry leave what happened after it as it was', async () => {
    await change(id(3), 1, { kind: 'correction', on: '2023-09-01', address: '新址' });
    const { body } = await change(id(3), 2, { kind: 'correction', on: '2023-08-01', address: '旧址' });
    expect(body.household.address).toBe('新址');
    expect((await read(id(3), '?asOf=2023-08-15')).body.address).toBe('旧址');
  });

  it('with the ID number are refused: a birth on another day, a death or certificate before birth', async () => {
    const born = newcomer(931, '20230601');
    expect(await change(id(4), 1, { kind: 'birth', on: '2023-06-02', member: born })).toMatchObject({
      status: 422,
      body: { code: 'change-not-possible', errors: [{ pointer: '/change/on' }] },
    });
    expect(await change(id(4), 1, { kind: 'move-in', on: '2023-05-31', member: born })).toMatchObject({
      status: 422,
      body: { code: 'change-not-possible' },
    });
    const old = { ...born, disabilityCertificate: { grade: 2, issuedOn: '2023-01-01' } };
    expect(await change(id(4), 1, { kind: 'birth', on: '2023-06-01', member: old })).toMatchObject({ status: 422 });
    const { body } = await change(id(4), 1, { kind: 'birth', on: '2023-06-01', member: born });
    const { person } = body.household.members.at(-1);
    for (const wrong of [
      { kind: 'death', on: '2023-05-31', person },
      { kind: 'certificate', on: '2023-07-01', person, certificate: { grade: 2, issuedOn: '2023-05-31' } },
    ])
      expect(await change(id(4), 2, wrong)).toMatchObject({ status: 422, body: { code: 'change-not-possible' } });
    const row = { ...testRow(40, base), members: [{ ...old, relation: 'head' }] };
    expect((await importRows([row])).body).toMatchObject({ code: 'date-before-birth' });
  });

  it('of somebody who died are refused: not in another household, nor in their own again, nor by an import', async () => {
    const { body: before } = await read(id(5));
    const dead = testRow(5, base, 2).members[1];
    await change(id(5), 1, { kind: 'death', on: '2023-05-02', person: before.members[1].person });
    const returned = { kind: 'move-in', on: '2023-08-01', member: { ...dead, relation: 'other' } };
    expect(await change(id(6), 1, returned)).toMatchObject({ status: 422, body: { code: 'person-deceased' } });
    expect(await change(id(5), 2, returned)).toMatchObject({ status: 422, body: { code: 'change-not-possible' } });
    const row = { ...testRow(41, base), members: [{ ...dead, relation: 'head' }] };
    expect((await importRows([row])).body).toMatchObject({ code: 'person-in-other-household' });
  });

  it('people beyond what one visit can hold are refused, by merge, birth and move-in alike', async () => {
    expect(await change(id(20), 1, { kind: 'merge', on: '2023-09-03', into: id(21), intoVersion: 1 })).toMatchObject({
      status: 422,
      body: { code: 'household-too-large' },
    });
    for (const entry of [
      { kind: 'birth', on: '2023-06-01', member: newcomer(932, '20230601') },
      { kind: 'move-in', on: '2023-09-01', member: newcomer(933) },
    ])
      expect(await change(id(22), 1, entry)).toMatchObject({ status: 422, body: { code: 'household-too-large' } });
  });
});

/** A row of so many members with numbers of their own. */
function large(number: number, people: number) {
  const member = (n: number) => ({
    name: '员',
    idNumber: testId(n, `19600${1 + (number % 9)}01`),
    relation: n === 0 ? 'head' : 'other',
  });
  return { ...testRow(number, '440904001004'), members: Array.from({ length: people }, (_, n) => member(n)) };
}
