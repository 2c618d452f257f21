import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_TOWN_VILLAGE, register } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

const HOUSEHOLDS = 210;
const LIMIT = 20;

interface Page {
  items: { id: string }[];
  next?: string;
  total?: number;
  counts?: { total: { households: number } };
}

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  const ids = [...(await register(stack, HOUSEHOLDS)), ...(await register(stack, 5, OTHER_TOWN_VILLAGE))];
  const repairs = ids.map((household, n) => ({
    kind: 'housing-repair',
    occurredOn: `2023-0${1 + (n % 9)}-01`,
    region: household.slice(0, 12),
    household,
    amount: 100 + n,
  }));
  expect((await stack.post('/v1/ledger', OFFICER, { rows: repairs })).body.recorded).toBe(ids.length);
  const former = {
    admittedOn: '2022-08-01',
    people: 1,
    caseType: 'unstable-lifted',
    risks: ['education'],
    measures: [],
  };
  const rows = ids.map((household, n) => ({
    household,
    episodes: [{ ...former, risks: [n % 3 === 0 ? 'illness' : 'education'] }],
  }));
  for (let from = 0; from < rows.length; from += 100)
    await stack.post('/v1/imports/cases', OFFICER, { rows: rows.slice(from, from + 100) });
});
afterAll(() => stack.stop());

const read = async (path: string, cursor = ''): Promise<Page> =>
  (await stack.get(`${path}&limit=${LIMIT}${cursor}`, OFFICER)).body;

/** Every page of a list. */
async function pagesOf(path: string): Promise<Page[]> {
  const pages = [await read(path)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
    pages.push(await read(path, `&cursor=${next}`));
  return pages;
}

const unitsRead = () => stack.local.gateway.meter.snapshot().calls.reduce((sum, { readUnits }) => sum + readUnits, 0);

describe.each([
  ['cases', '/v1/cases?region=440904', '&risk=illness'],
  ['ledger', '/v1/ledger?region=440904', '&from=2023-03-01&to=2023-04-30'],
])('the list of %s', (_, path, filter) => {
  it('has everything once, in one order, and tells its sums with the first page', async () => {
    const [first, ...later] = await pagesOf(path);
    const ids = [first, ...later].flatMap((page) => page?.items.map(({ id }) => id) ?? []);
    expect(new Set(ids).size).toBe(HOUSEHOLDS + 5);
    expect(ids).toHaveLength(HOUSEHOLDS + 5);
    expect(first?.total ?? first?.counts?.total.households).toBe(HOUSEHOLDS + 5);
    for (const page of later) expect([page.total, page.counts]).toEqual([undefined, undefined]);
  });

  it('filtered, has on its pages what it counts on the first', async () => {
    const pages = await pagesOf(path + filter);
    expect(pages.length).toBeGreaterThan(2);
    const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(ids).size).toBe(pages[0]?.total ?? pages[0]?.counts?.total.households);
  });

  it('reads for its tenth page what it reads for its second', async () => {
    const costs: number[] = [];
    let next: string | undefined;
    for (let page = 1; page <= 10; page += 1) {
      const before = unitsRead();
      next = (await read(path, next === undefined ? '' : `&cursor=${next}`)).next;
      costs.push(unitsRead() - before);
    }
    const [first = 0, second = 0] = costs;
    expect(Math.max(...costs.slice(1))).toBeLessThanOrEqual(second * 1.5);
    expect(second).toBeLessThan(first / 2);
  });

  it('goes on nowhere but in its own region', async () => {
    for (const at of ['440905001001#x', '', '440904'.repeat(40), '440904\ud800']) {
      const cursor = Buffer.from(JSON.stringify(['440904', at])).toString('base64url');
      expect((await stack.get(`${path}&cursor=${cursor}`, OFFICER)).body.code).toBe('invalid-cursor');
    }
  });
});
