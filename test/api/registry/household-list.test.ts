import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screen } from '../../playing-cases.ts';
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

  test('finds a name however it is spelled, a single character at the beginning, and one that came by a change', async () => {
    const members = [{ name: '阿依\u200b古丽 • 买买提', relation: 'head', idNumber: testId(77, '19700115') }];
    const row = { village: OTHER_VILLAGE, number: '0077', origin: 'lifted', members };
    await stack.post('/v1/households:import', OFFICER, { rows: [row] });
    const found = [`${OTHER_VILLAGE}-0077`];
    for (const name of [
      '阿依古丽·买买提',
      '古丽',
      '丽·买',
      '阿',
      '買',
      '提',
      '古依',
      '阿提',
      '·',
      '古\u200b丽',
      '\u200b\u2060',
    ])
      expect([name, await ids({ region: '440904', name })]).toEqual([
        name,
        ['古依', '阿提', '買', '提', '·', '\u200b\u2060'].includes(name) ? [] : found,
      ]);
    const { body } = await stack.get(`/v1/households/${VILLAGE}-0004`, OFFICER);
    const born = { name: '新生儿', relation: 'child', idNumber: testId(78, '20231001') };
    const change = { kind: 'birth', on: '2023-10-01', member: born };
    expect(
      (await stack.patch(`/v1/households/${VILLAGE}-0004`, WORKER, { version: body.version, change })).status,
    ).toBe(200);
    expect(await ids({ region: TOWN.region, name: '新生儿' }, TOWN)).toEqual(here('0004'));
    expect(await ids({ region: ELSEWHERE.region, name: '新生儿' }, ELSEWHERE)).toEqual([]);
  });

  test('reads what is found, not the register; the index tells no name, and is completed where an earlier release registered', async () => {
    const { endpoints, operator } = stack.local;
    const table = DynamoDBDocumentClient.from(
      new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
    );
    const [TableName = ''] = (await table.send(new ListTablesCommand({}))).TableNames ?? [];
    const key = { pk: `NAMES#${VILLAGE.slice(0, 9)}`, sk: VILLAGE };
    const { Item: stored = {} } = await table.send(new GetCommand({ TableName, Key: key }));
    const told = JSON.stringify(stored, (_, value) => (value instanceof Set ? [...value] : value));
    expect(told).toContain('h0050');
    expect(told).not.toMatch(/\p{Script=Han}/u);
    const units = async (body: object): Promise<number> => {
      const read = () => stack.local.gateway.meter.snapshot().calls.reduce((sum, { readUnits }) => sum + readUnits, 0);
      const before = read();
      await search(body);
      return read() - before;
    };
    const cost = await units({ region: '440904', name: '测试50' });
    await register(stack, 200, VILLAGE);
    // Two hundred more households in the register are another 8 KB of index.
    expect(await units({ region: '440904', name: '测试50' })).toBeLessThan(cost + 5);
    await table.send(new DeleteCommand({ TableName, Key: key }));
    expect(await ids({ region: '440904', name: '测试50' })).toEqual(here('0050'));
    expect(await ids({ region: VILLAGE, number: '0123' })).toEqual(here('0123'));
  });

  test('asks for one thing at a time, and for a number that can be one', async () => {
    expect((await search({ region: VILLAGE, idNumber: '123' })).body.code).toBe('id-number-invalid');
    expect((await search({ region: VILLAGE, idNumber: '123' })).body.detail).not.toContain('123');
    expect((await search({ region: VILLAGE })).body.code).toBe('invalid-body');
    expect((await search({ region: VILLAGE, name: '测', number: '1' })).body.code).toBe('invalid-body');
    expect((await search({ region: VILLAGE, name: '测' }, { account: 'bank' })).body.code).toBe('role-not-allowed');
  });
});
