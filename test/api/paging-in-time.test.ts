import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreeUntil } from '../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, register, testId, testRow, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

/** Of each list so many, of which one lies in another town. */
const MANY = 120;
const LIMIT = 10;

interface Page {
  items: { id?: string; household?: string; dueAt?: string; at?: string; publishedOn?: string; dueOn?: string }[];
  next?: string;
  total?: number;
}

let stack: TestStack;
let table: DynamoDBDocumentClient;
let TableName = '';
beforeAll(async () => {
  stack = await TestStack.start();
  const { endpoints, operator } = stack.local;
  table = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: endpoints.dynamodb, region: 'us-east-1', credentials: operator }),
  );
  TableName = (await table.send(new ListTablesCommand({}))).TableNames?.[0] ?? '';
  await openCases();
  await alerts();
  await badNumbers();
  await notices();
});
afterAll(() => stack.stop());

/** Open cases, which are watched. */
async function openCases(): Promise<void> {
  const former = { admittedOn: '2022-08-01', people: 1, caseType: 'unstable-lifted', risks: ['illness'], measures: [] };
  const ids = [...(await register(stack, MANY - 1, OTHER_VILLAGE)), ...(await register(stack, 1, OTHER_TOWN_VILLAGE))];
  const rows = ids.map((household) => ({ household, episodes: [former] }));
  for (let from = 0; from < rows.length; from += 100)
    await stack.post('/v1/imports/cases', OFFICER, { rows: rows.slice(from, from + 100) });
}

/** Alerts of people who are registered, each of whom gets an inbox, and of others, who match nobody. */
async function alerts(): Promise<void> {
  const numbers = Array.from({ length: MANY - 1 }, (_, n) => testRow(n + 1).members[0]?.idNumber);
  await register(stack, MANY - 1);
  const elsewhere = { ...testRow(999, OTHER_TOWN_VILLAGE), number: '0999' };
  await stack.post('/v1/households:import', OFFICER, { rows: [elsewhere] });
  const known = [...numbers, elsewhere.members[0]?.idNumber].map((idNumber) => ({ idNumber, village: VILLAGE }));
  const strangers = known.map((_, n) => ({
    idNumber: testId(n, '19010615'),
    village: n === 0 ? OTHER_TOWN_VILLAGE : VILLAGE,
  }));
  for (const rows of [known, strangers]) {
    const { body } = await stack.post('/v1/alerts', OFFICER, {
      department: '人社局',
      rows: rows.map((one, n) => ({ ...one, kind: 'job-loss', on: `2023-10-0${1 + (n % 9)}` })),
    });
    expect(new Set(body.items.map(({ outcome }: { outcome: string }) => outcome)).size).toBe(1);
  }
  await stack.settle(301);
}

/** Rows with numbers that cannot be: each refused, with a finding. */
async function badNumbers(): Promise<void> {
  const rows = Array.from({ length: MANY }, (_, n) => {
    const row = testRow(500 + n, n === 0 ? OTHER_TOWN_VILLAGE : VILLAGE);
    return { ...row, members: row.members.map((one) => ({ ...one, idNumber: `${one.idNumber.slice(0, 17)}Y` })) };
  });
  const sound = testRow(400, OTHER_TOWN_VILLAGE);
  const { body } = await stack.post('/v1/households:import', OFFICER, { rows: [...rows, sound] });
  expect(body.refused).toBe(MANY);
}

/** One notice as it comes about, and others of a year ago as an earlier release kept them. */
async function notices(): Promise<void> {
  const household = `${VILLAGE}-0001`;
  const { body } = await stack.get(`/v1/cases?region=440904&household=${household}`, OFFICER);
  const [{ id }] = body.items;
  const found = (await stack.get(`/v1/households/${household}`, OFFICER)).body;
  await agreeUntil(stack, id, found, 'public-notice');
  for (let n = 1; n < MANY; n += 1) {
    const notice = `notice-${String(n).padStart(16, '0')}`;
    const village = n === 1 ? OTHER_TOWN_VILLAGE : VILLAGE;
    const publishedOn = `2022-${String(1 + (n % 12)).padStart(2, '0')}-01`;
    const doc = {
      id: notice,
      village,
      procedure: 'admission',
      text: '公示',
      publishedOn,
      lastDay: publishedOn,
      case: id,
    };
    const items = [
      { pk: `NOTICE#${notice}`, sk: 'NOTICE', doc: JSON.stringify(doc) },
      { pk: 'NOTICES#440904', sk: `${village}#${publishedOn}#${notice}` },
    ];
    for (const Item of items) await table.send(new PutCommand({ TableName, Item }));
  }
}

const read = async (path: string, cursor = ''): Promise<Page> => {
  const { status, body } = await stack.get(`${path}&limit=${LIMIT}${cursor}`, OFFICER);
  expect([path, status]).toEqual([path, 200]);
  return body;
};

/** Every page of a list, and what each read. */
async function pagesOf(path: string): Promise<{ pages: Page[]; units: number[] }> {
  const pages: Page[] = [];
  const units: number[] = [];
  for (let cursor = ''; ; ) {
    const before = unitsRead();
    const page = await read(path, cursor);
    pages.push(page);
    units.push(unitsRead() - before);
    if (page.next === undefined) return { pages, units };
    cursor = `&cursor=${page.next}`;
  }
}

const unitsRead = () => stack.local.gateway.meter.snapshot().calls.reduce((sum, { readUnits }) => sum + readUnits, 0);

const nameOf = ({ id, household }: Page['items'][number]) => id ?? household ?? '';

const isOfFindings = (name: string) => name.endsWith('findings');

const lists: [string, string, { order: (item: Page['items'][number]) => string; total: boolean }][] = [
  ['decisions', '/v1/decisions?role=village-worker', { order: ({ dueAt = '', id }) => `${dueAt}#${id}`, total: true }],
  ['unmatched clues', '/v1/clues/unmatched?', { order: ({ at = '', id }) => `${at}#${id}`, total: false }],
  ['findings', '/v1/reports/quality?', { order: ({ id = '' }) => id, total: true }],
  ['all findings', '/v1/reports/quality?state=all', { order: ({ id = '' }) => id, total: true }],
  [
    'notices',
    '/v1/notices/all?',
    { order: ({ publishedOn = '' }) => String(9e12 - Date.parse(publishedOn)), total: true },
  ],
  ['the watch list', '/v1/watch-list?', { order: ({ dueOn = '', household }) => `${dueOn}#${household}`, total: true }],
];

describe.each(lists)('the list of %s', (name, path, { order, total }) => {
  it.each(['440904', VILLAGE.slice(0, 9), name === 'the watch list' ? OTHER_VILLAGE : VILLAGE])(
    'has everything of %s once, in one order, and tells its sum with the first page',
    async (region) => {
      const { pages } = await pagesOf(`${path}&region=${region}`);
      const items = pages.flatMap((page) => page.items);
      // One of the village's decisions is another's by now: its notice stands.
      const own = MANY - (region === '440904' ? 0 : 1) - (name === 'decisions' ? 1 : 0);
      // Other rules have found something in what stands here, too.
      const expected = isOfFindings(name) ? Number(pages[0]?.total) : own;
      expect(expected).toBeGreaterThanOrEqual(own);
      expect(new Set(items.map(nameOf)).size).toBe(expected);
      expect(items).toHaveLength(expected);
      if (!isOfFindings(name)) expect(items.map(order)).toEqual(items.map(order).sort((a, b) => (a < b ? -1 : 1)));
      expect(pages.map((page) => page.total)).toEqual(
        pages.map((_, place) => (place === 0 && total ? expected : undefined)),
      );
    },
  );

  it('reads for its tenth page no more than for its third, and far less than for its first', async () => {
    const { units } = await pagesOf(`${path}&region=440904`);
    const [first = 0, , third = 0] = units;
    expect(units.length).toBeGreaterThanOrEqual(MANY / LIMIT);
    // Resolved findings are read a village at a time, and nearly all of these lie in two.
    const most = name === 'all findings' ? first * 0.9 : third * 1.5;
    for (const later of units.slice(2)) expect(later).toBeLessThanOrEqual(most);
    // Of a notice itself is more to be read than of its line.
    expect(third).toBeLessThan(name === 'notices' || name === 'all findings' ? first : first / 2);
  });

  it('goes on nowhere but in its own region', async () => {
    const { next } = await read(`${path}&region=440904`);
    const elsewhere = await stack.get(`${path}&region=${VILLAGE}&cursor=${next}`, OFFICER);
    expect(elsewhere.body.code).toBe('invalid-cursor');
  });

  it('has nothing behind its end, wherever a cursor points', async () => {
    for (const at of ['', '~~', '440904~~', '\uffff', '440904\uffff', '\u{1f600}']) {
      const cursor = Buffer.from(JSON.stringify(['440904', at])).toString('base64url');
      const { status, body } = await stack.get(`${path}&region=440904&limit=1&cursor=${cursor}`, OFFICER);
      if (status === 200) expect([at, body.items.length > 0 && at > '~']).toEqual([at, false]);
      else expect([at, status, body.code]).toEqual([at, 400, 'invalid-cursor']);
    }
  });
});

it('a cursor of all decisions opens those that are late, of which none is due later than now', async () => {
  const { next } = await read('/v1/decisions?role=village-worker&region=440904');
  const late = await read('/v1/decisions?role=village-worker&region=440904&overdue=true', `&cursor=${next}`);
  expect(late.items).toEqual([]);
});

it('what an earlier release kept without a place in the order of time is on the pages of this one', async () => {
  const stored: Record<string, unknown>[] = [];
  for (let start: Record<string, unknown> | undefined, more = true; more; more = start !== undefined) {
    const page = await table.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'attribute_exists(#o)',
        ExpressionAttributeNames: { '#o': 'open' },
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    stored.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  }
  let changed = 0;
  for (const { pk, sk, open } of stored) {
    const kind = String(open).split('#')[0] ?? '';
    const old = { FINDING: 'SET openSort = :old', DECISION: 'REMOVE openAt', UNMATCHED: 'REMOVE openAt' }[kind];
    if (old === undefined) continue;
    const village =
      kind === 'FINDING' ? `${String(sk).slice('FINDING#'.length).split('-')[0]}#2023-10-11T00:00:00Z#x` : '';
    await table.send(
      new UpdateCommand({
        TableName,
        Key: { pk, sk },
        UpdateExpression: old,
        ...(village === '' ? {} : { ExpressionAttributeValues: { ':old': village + String(sk) } }),
      }),
    );
    changed += 1;
  }
  expect(changed).toBeGreaterThan(3 * MANY - 5);
  for (const [name, path] of lists.slice(0, 3)) {
    const { pages } = await pagesOf(`${path}&region=440904`);
    const found = new Set(pages.flatMap(({ items }) => items.map(nameOf))).size;
    expect([name, found]).toEqual([name, name === 'unmatched clues' ? MANY : pages[0]?.total]);
    expect(found).toBeGreaterThanOrEqual(MANY - 1);
  }
});
