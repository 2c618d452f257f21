import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screen } from '../../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, register, testRow, VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const ELSEWHERE: As = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 6, VILLAGE, 2);
  const ordinary = { ...testRow(50), origin: 'general', number: '0050' };
  await stack.post('/v1/households:import', OFFICER, { rows: [ordinary] });
  await screen(stack, '2023Q4', ({ id }) =>
    Number(id.slice(13)) <= 3
      ? { income: { wages: 1_000_000, business: 0, property: 0, transfer: 0, businessCosts: 0 } }
      : {},
  );
  // After the round: one household goes, and two come next door and in another town.
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0002`, OFFICER);
  await stack.patch(`/v1/households/${VILLAGE}-0002`, TOWN, {
    version: body.version,
    change: { kind: 'cancel', on: '2023-10-11', reason: 'moved-away' },
  });
  await register(stack, 2, OTHER_VILLAGE);
  await register(stack, 1, OTHER_TOWN_VILLAGE);
});
afterAll(() => stack.stop());

async function list(query: string, as: As = OFFICER): Promise<string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const { status, body } = await stack.get(`/v1/households?${query}&limit=2${cursor}`, as);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(2);
    found.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.next === undefined ? '' : `&cursor=${body.next}`;
  } while (cursor !== '');
  return found;
}
const here = (...numbers: string[]): string[] => numbers.map((number) => `${VILLAGE}-${number}`);

describe('the list of households', () => {
  test('is filtered by class of the newest sealed round, origin and status, page by page', async () => {
    expect(await list('region=440904&class=monitor')).toEqual(here('0001', '0002', '0003'));
    expect(await list('region=440904&class=monitor&status=registered')).toEqual(here('0001', '0003'));
    expect(await list(`region=${VILLAGE}&class=secure&origin=general`)).toEqual(here('0050'));
    expect(await list('region=440904&origin=general')).toEqual(here('0050'));
    expect(await list('region=440904&status=cancelled')).toEqual(here('0002'));
    expect(await list(`region=${OTHER_VILLAGE}&class=monitor`)).toEqual([]);
    expect(await list('region=440904')).toHaveLength(10);
  });

  test('refuses other values and other regions', async () => {
    expect((await stack.get('/v1/households?region=440904&class=poor', OFFICER)).body.code).toBe('invalid-parameter');
    expect((await stack.get(`/v1/households?region=${VILLAGE}&class=monitor`, ELSEWHERE)).body.code).toBe(
      'outside-region',
    );
  });
});

describe('the search for households', () => {
  const search = (body: object, as: As = OFFICER) => stack.post('/v1/households/search', as, body);
  const ids = async (body: object, as: As = OFFICER) =>
    (await search(body, as)).body.items.map(({ id }: { id: string }) => id);

  test('finds by number, by part of a name and by ID number, inside the region only, numbers masked', async () => {
    expect(await ids({ region: '440904', number: '0001' })).toEqual([
      `${VILLAGE}-0001`,
      `${OTHER_VILLAGE}-0001`,
      `${OTHER_TOWN_VILLAGE}-0001`,
    ]);
    expect(await ids({ region: '440904', name: '测试50' })).toEqual(here('0050'));
    expect(await ids({ region: VILLAGE, name: '测试' })).toHaveLength(7);
    const idNumber = testRow(3, VILLAGE, 2).members[1]?.idNumber ?? '';
    const { body } = await search({ region: '440904', idNumber: ` ${idNumber.toLowerCase()} ` });
    expect(body).toMatchObject({ items: [{ id: `${VILLAGE}-0003` }], more: false });
    expect(JSON.stringify(body)).not.toContain(idNumber);
    expect(await ids({ region: VILLAGE, idNumber }, WORKER)).toEqual(here('0003'));
    // A household of another region is not told from none.
    expect(await ids({ region: ELSEWHERE.region, idNumber }, ELSEWHERE)).toEqual([]);
    expect((await search({ region: VILLAGE, idNumber }, ELSEWHERE)).body.code).toBe('outside-region');
  });

  test('asks for one thing at a time, and for a number that can be one', async () => {
    expect((await search({ region: VILLAGE, idNumber: '123' })).body.code).toBe('id-number-invalid');
    expect((await search({ region: VILLAGE, idNumber: '123' })).body.detail).not.toContain('123');
    expect((await search({ region: VILLAGE })).body.code).toBe('invalid-body');
    expect((await search({ region: VILLAGE, name: '测', number: '1' })).body.code).toBe('invalid-body');
    expect((await search({ region: VILLAGE, name: '测' }, { account: 'bank' })).body.code).toBe('role-not-allowed');
  });
});
