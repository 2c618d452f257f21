import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OTHER_TOWN_VILLAGE,
  OTHER_VILLAGE,
  register,
  testId,
  testRow,
  VILLAGE,
  WORKER,
} from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const importRows = (rows: unknown[], as: As = OFFICER) => stack.post('/v1/households:import', as, { rows });
const read = (id: string, query = '') => stack.get(`/v1/households/${id}${query}`, OFFICER);

describe('import', () => {
  it('registers rows one by one, cleans what spreadsheets add, and finds the same row again unchanged', async () => {
    const id = testId(900);
    const row = {
      ...testRow(1),
      members: [{ name: ' 测试 ', idNumber: `G ${id.slice(0, 6)} ${id.slice(6).toLowerCase()}\t`, relation: 'head' }],
    };
    expect((await importRows([row])).body).toMatchObject({
      registered: 1,
      items: [{ outcome: 'registered', household: `${VILLAGE}-0001` }],
    });
    expect((await importRows([row])).body).toMatchObject({ unchanged: 1, items: [{ outcome: 'unchanged' }] });
    const { body } = await read(`${VILLAGE}-0001`);
    expect(body.members).toMatchObject([{ name: '测试', idNumber: `${id.slice(0, 6)}********${id.slice(-4)}` }]);
    expect(JSON.stringify(body)).not.toContain(id);
  });

  it('finds a row again unchanged whose name is spelled in another way, and keeps the name as it was first written', async () => {
    const named = (name: string) => ({ ...testRow(2), members: [{ name, idNumber: testId(902), relation: 'head' }] });
    await importRows([named('阿依古丽·买买提')]);
    expect((await importRows([named('阿依古丽 • 买买提')])).body).toMatchObject({ unchanged: 1 });
    expect((await read(`${VILLAGE}-0002`)).body.members[0].name).toBe('阿依古丽·买买提');
  });

  it.each([
    [
      'a 15-digit number',
      { members: [{ name: '甲', idNumber: '110105491231002', relation: 'head' }] },
      'id-number-invalid',
      '/rows/0/members/0/idNumber',
    ],
    [
      'a wrong check digit',
      { members: [{ name: '甲', idNumber: '110105194912310021', relation: 'head' }] },
      'id-number-invalid',
      '/rows/0/members/0/idNumber',
    ],
    [
      'no head',
      { members: [{ name: '甲', idNumber: testId(901), relation: 'child' }] },
      'head-not-single',
      '/rows/0/members',
    ],
    ['an unknown field', { income: 3 }, 'invalid-body', '/rows/0/income'],
    ['a registration in the future', { registeredOn: '2030-01-01' }, 'date-in-future', '/rows/0/registeredOn'],
    ['a village that does not exist', { village: '440904001999' }, 'village-unknown', undefined],
  ])('refuses %s', async (_, changes, code, pointer) => {
    const { status, body } = await importRows([{ ...testRow(70), ...changes }]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.code).toBe(code);
    if (pointer !== undefined) expect(body.errors[0].pointer).toBe(pointer);
    expect((await read(`${VILLAGE}-0070`)).status).toBe(404);
  });

  it('keeps one person in one household, whoever imports first, also within one file', async () => {
    const members = [{ name: '乙', idNumber: testId(910), relation: 'head' }];
    const { body } = await importRows([
      { ...testRow(80), members },
      { ...testRow(81), members },
      { ...testRow(82), members: [...members, ...members.map((one) => ({ ...one, relation: 'child' }))] },
    ]);
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual([
      'refused',
      'refused',
      'registered',
    ]);
    const codes = body.items.flatMap(({ problem }: { problem?: { code: string } }) =>
      problem === undefined ? [] : [problem.code],
    );
    expect(codes.sort()).toEqual(['person-in-other-household', 'person-twice-in-row']);
  });

  it('is foreseen by its check row by row, which writes nothing', async () => {
    const someone = (number: number, seed: number) => ({
      ...testRow(number),
      members: [{ name: '丙', idNumber: testId(seed), relation: 'head' }],
    });
    await importRows([someone(60, 960), someone(61, 961)]);
    const rows = [
      someone(62, 962), // new
      someone(60, 960), // there already, the same
      { ...someone(61, 961), origin: 'general' }, // there already, another
      someone(63, 960), // whose person lives elsewhere
      someone(64, 962), // whose person came with the first row
      { ...someone(65, 965), members: [{ name: '丁', idNumber: '110105194912310021', relation: 'head' }] },
      someone(62, 962), // the first row again
    ];
    const { status, body: foreseen } = await stack.post('/v1/households:import', OFFICER, { rows, check: true });
    expect([status, foreseen.registered, foreseen.unchanged, foreseen.refused]).toEqual([200, 1, 2, 4]);
    expect((await read(`${VILLAGE}-0062`)).status).toBe(404);
    const told = (items: { outcome: string; problem?: { code: string; errors?: object[] } }[]) =>
      items.map(({ outcome, problem }) => [outcome, problem?.code, problem?.errors?.length ?? 0]);
    expect(told(foreseen.items)).toEqual(told((await importRows(rows)).body.items));
    // Of a file that is refused as a whole, too, every row is told.
    expect((await stack.post('/v1/households:import', OFFICER, { rows: [rows[3]], check: true })).body.refused).toBe(1);
  });

  it('refuses more than 500 rows, and rows outside the caller’s region', async () => {
    expect(await importRows(Array.from({ length: 501 }, () => ({})))).toMatchObject({
      status: 400,
      body: { code: 'too-many-rows' },
    });
    expect(await importRows([testRow(83, OTHER_TOWN_VILLAGE)], TOWN)).toMatchObject({
      status: 403,
      body: { code: 'outside-region' },
    });
  });
});

describe('lists and look-ups', () => {
  it('page through a region in order, each household once, and never beyond the caller’s region', async () => {
    await register(stack, 5, OTHER_VILLAGE);
    await register(stack, 2, OTHER_TOWN_VILLAGE);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await stack.get(`/v1/households?region=${TOWN.region}&limit=2${cursor}`, TOWN);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.next === undefined ? '' : `&cursor=${body.next}`;
    } while (cursor !== '');
    expect(seen.filter((id) => id.startsWith(OTHER_VILLAGE))).toHaveLength(5);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.every((id) => id.startsWith(String(TOWN.region)))).toBe(true);
    expect(await stack.get('/v1/households?region=440904', TOWN)).toMatchObject({
      status: 403,
      body: { code: 'outside-region' },
    });
    expect(await stack.get(`/v1/households/${OTHER_TOWN_VILLAGE}-0001`, TOWN)).toMatchObject({
      status: 403,
      body: { code: 'outside-region' },
    });
    expect(await stack.get(`/v1/households?region=${TOWN.region}&cursor=abc`, TOWN)).toMatchObject({
      status: 400,
      body: { code: 'invalid-cursor' },
    });
  });

  it('show a full number only for a reason, and to officers', async () => {
    const { body } = await read(`${VILLAGE}-0001`);
    const [{ person }] = body.members;
    const path = `/v1/households/${VILLAGE}-0001/reveal`;
    expect(await stack.post(path, OFFICER, { field: 'idNumber', person, reason: '核对身份证号' })).toMatchObject({
      status: 200,
      body: { value: testId(900) },
    });
    expect(await stack.post(path, OFFICER, { field: 'idNumber', person })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/reason', code: 'missing' }] },
    });
    expect((await stack.post(path, WORKER, { field: 'idNumber', person, reason: '核对身份证号' })).status).toBe(403);
  });
});
