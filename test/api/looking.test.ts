import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { illustrativeCriteria } from '../../demo/criteria.ts';
import { screen } from '../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { get, upload, workbookBytes } from '../workbooks.ts';

/** What people look at before they decide: nothing here changes anything, but for a reminder. */
const TOWN = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
const ELSEWHERE = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
const AUDITOR = { account: 'auditor' };
let stack: TestStack;

beforeAll(async () => {
  stack = await TestStack.start();
  await register(stack, 5, VILLAGE, 2);
  await screen(stack, '2023Q4', ({ id }) =>
    id.endsWith('0001')
      ? { income: { wages: 1_000_000, business: 0, property: 0, transfer: 0, businessCosts: 0 } }
      : {},
  );
});
afterAll(() => stack.stop());

describe('a sealed round', () => {
  test('tells the households behind each of its figures, page by page, in the caller’s region only', async () => {
    const path = '/v1/rounds/2023Q4/households';
    const { body } = await stack.get(`${path}?region=${VILLAGE}&class=monitor`, TOWN);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ household: `${VILLAGE}-0001`, class: 'monitor' });
    expect(body.items[0].signals[0]).toMatchObject({ id: 'INCOME_BELOW_LINE', observed: 500_000, threshold: 800_000 });
    const first = await stack.get(`${path}?region=440904&class=secure&limit=3`, AUDITOR);
    const second = await stack.get(`${path}?region=440904&class=secure&limit=3&cursor=${first.body.next}`, AUDITOR);
    expect([...first.body.items, ...second.body.items].map(({ household }) => household.slice(13))).toEqual([
      '0002',
      '0003',
      '0004',
      '0005',
    ]);
    expect(second.body.next).toBeUndefined();
    expect((await stack.get(`${path}?region=${VILLAGE}&signal=INCOME_BELOW_LINE`, TOWN)).body.items).toHaveLength(1);
    expect((await stack.get(`${path}?region=${VILLAGE}&missed=any`, TOWN)).body.items).toEqual([]);
    expect((await stack.get(`${path}?region=${VILLAGE}`, ELSEWHERE)).body.code).toBe('outside-region');
  });

  test('is rehearsed under other numbers: who would change class, and why; nothing is stored', async () => {
    const terms = {
      ...illustrativeCriteria,
      lines: illustrativeCriteria.lines.map((line) => ({ ...line, line: 2_100_000 })),
    };
    const before = (await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, OFFICER)).body;
    const { status, body } = await stack.post('/v1/criteria/rehearsals', OFFICER, {
      round: '2023Q4',
      region: '440904',
      terms,
    });
    expect(status).toBe(200);
    expect(body.triaged).toEqual({ households: 5, people: 10 });
    expect([body.before.monitor.households, body.after.monitor.households]).toEqual([1, 5]);
    expect(body.bySignal).toEqual([{ id: 'INCOME_BELOW_LINE', gained: 4, lost: 0 }]);
    expect(body.items.map(({ from, to }: { from: string; to: string }) => `${from} ${to}`)).toEqual(
      Array(4).fill('secure monitor'),
    );
    // The numbers it was sealed under give what was sealed.
    const same = await stack.post('/v1/criteria/rehearsals', AUDITOR, {
      round: '2023Q4',
      region: VILLAGE,
      terms: illustrativeCriteria,
    });
    expect(same.body.items).toEqual([]);
    expect((await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, OFFICER)).body).toEqual(before);
    expect((await stack.get('/v1/criteria', OFFICER)).body.items).toHaveLength(1);
    const without = { ...terms, lines: terms.lines.slice(0, 1) };
    expect(
      (await stack.post('/v1/criteria/rehearsals', OFFICER, { round: '2023Q4', region: VILLAGE, terms: without })).body
        .code,
    ).toBe('criteria-missing');
    expect(
      (await stack.post('/v1/criteria/rehearsals', TOWN, { round: '2023Q4', region: VILLAGE, terms })).body.code,
    ).toBe('role-not-allowed');
  });
});

test('the visits of a household say what was seen and the line it was held against', async () => {
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0001/visits`, WORKER);
  expect(body.items).toHaveLength(1);
  expect(body.items[0]).toMatchObject({
    round: '2023Q4',
    income: { wages: 1_000_000 },
    line: { line: 800_000, illustrative: true },
  });
  expect(body.items[0].triage).toMatchObject({ class: 'monitor', perCapita: 500_000 });
  expect((await stack.get(`/v1/households/${VILLAGE}-0001/visits`, ELSEWHERE)).body.code).toBe('outside-region');
});

test('who looked at a full number is told, the newest first, without the number', async () => {
  const household = (await stack.get(`/v1/households/${VILLAGE}-0002`, OFFICER)).body;
  const { person } = household.members[0];
  const shown = await stack.post(`/v1/households/${household.id}/reveal`, TOWN, {
    field: 'idNumber',
    person,
    reason: '核对参保证件',
  });
  const { body } = await stack.get('/v1/reveals?region=440904', AUDITOR);
  expect(body).toMatchObject({
    total: 1,
    items: [{ subject: household.id, by: 'town-officer', field: 'idNumber', person, reason: '核对参保证件' }],
  });
  expect(JSON.stringify(body)).not.toContain(shown.body.value);
  expect((await stack.get(`/v1/reveals?region=${VILLAGE}`, ELSEWHERE)).body.code).toBe('outside-region');
});

test('everybody is told who they are', async () => {
  expect((await stack.get('/v1/me', TOWN)).body).toMatchObject({
    sub: 'town-officer',
    role: 'town-officer',
    region: '440904001',
    regionName: '南海街道',
  });
  expect((await stack.get('/v1/me', { account: 'bank' })).body).toMatchObject({ role: 'bank', regionName: '电白区' });
});

test('a workbook is checked without anything being written', async () => {
  const heading = ['行政村编码', '户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
  const bytes = await workbookBytes([
    heading,
    [VILLAGE, '0077', '脱贫户', '测试新', '户主', '11010519491231002X'],
    [VILLAGE, '0078', '脱贫户', '测试错', '户主', '123'],
  ]);
  const { status, bytes: answer } = await upload(stack, 'households?check=true', OFFICER, bytes);
  const report = JSON.parse(answer.toString());
  expect(status).toBe(200);
  expect(report.counts).toEqual({ 'not-sent': 1, refused: 1 });
  expect(report.items[1].problem.errors[0].cell).toBe('F3');
  expect((await stack.get(`/v1/households/${VILLAGE}-0077`, OFFICER)).status).toBe(404);
  expect((await get(stack, '/v1/exchange/households/template', OFFICER)).status).toBe(200);
});

test('villages that lag are reminded by hand, once a day', async () => {
  await stack.advance('2024-01-11T10:00:00+08:00');
  const lines = [
    ...illustrativeCriteria.lines,
    { year: 2024, region: '44', line: 860_000, status: 'illustrative' as const, source: '示例数值' },
  ];
  const proposed = await stack.post('/v1/criteria', OFFICER, {
    ...illustrativeCriteria,
    effectiveFrom: '2024-01-01',
    lines,
  });
  await stack.post(`/v1/criteria/${proposed.body.id}/approval`, { ...OFFICER, person: 2 });
  await openRound(stack, '2024Q1');
  const path = '/v1/rounds/2024Q1/reminders';
  const outcomes = async () => (await stack.post(path, TOWN, { villages: [VILLAGE, '440904001002'] })).body.items;
  expect(await outcomes()).toEqual([
    { village: VILLAGE, outcome: 'reminded' },
    { village: '440904001002', outcome: 'covered' },
  ]);
  expect((await outcomes())[0].outcome).toBe('unchanged');
  expect((await stack.post(path, ELSEWHERE, { villages: [VILLAGE] })).body.code).toBe('outside-region');
  const found = await worklist(stack, VILLAGE, '2024Q1');
  await submit(
    stack,
    found.map((household) =>
      visitOf(household, { round: '2024Q1', visitedOn: '2024-01-11', recordedAt: '2024-01-11T09:00:00+08:00' }),
    ),
    { round: '2024Q1' },
  );
  await stack.advance('2024-01-12T10:00:00+08:00');
  expect((await outcomes())[0].outcome).toBe('covered');
});
