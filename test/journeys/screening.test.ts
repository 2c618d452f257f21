import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  OTHER_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

it('goes from import to a sealed sheet and a household’s history', async () => {
  const ids = await register(stack, 3);
  await register(stack, 1, OTHER_VILLAGE);

  const opened = await openRound(stack);
  expect(opened.status).toBe(201);
  expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body).toMatchObject({
    status: 'collecting',
    due: '2023-10-31',
    hardDeadline: '2023-11-15',
    expectedHouseholds: 4,
    expectedPeople: 4,
    illustrative: true,
  });

  for (const path of ['/v1/rounds/2023Q4', '/v1/rounds'])
    expect(JSON.stringify((await stack.get(path, WORKER)).body)).not.toContain('expectedHouseholds');

  const [first, second] = await worklist(stack);
  if (first === undefined || second === undefined) throw new Error('The worklist is empty.');
  const poor = visitOf(second, { income: { wages: 100, business: 0, property: 0, transfer: 0, businessCosts: 0 } });
  const submitted = await submit(stack, [visitOf(first), poor]);
  expect(submitted.body).toMatchObject({ accepted: 2, refused: 0, rules: '2023.1' });
  expect(submitted.body.items.map(({ triage }: { triage: { class: string } }) => triage.class)).toEqual([
    'secure',
    'monitor',
  ]);
  expect(submitted.body.items[1].triage.signals[0]).toMatchObject({
    id: 'INCOME_BELOW_LINE',
    severity: 'risk',
    message: '人均参考收入 1.00 元，低于监测线 8000.00 元。',
  });

  const early = await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
  expect(early).toMatchObject({ status: 409, body: { code: 'round-not-covered', lagging: 2 } });

  const missed = await stack.post('/v1/rounds/2023Q4/missed', WORKER, {
    village: VILLAGE,
    items: [{ household: ids[2], reason: 'whole-household-away' }],
  });
  expect(missed.status).toBe(200);
  const [elsewhere] = await worklist(stack, OTHER_VILLAGE);
  if (elsewhere === undefined) throw new Error('The other worklist is empty.');
  await submit(stack, [visitOf(elsewhere)], { village: OTHER_VILLAGE });
  expect((await stack.get('/v1/rounds/2023Q4/progress?region=440904', OFFICER)).body).toMatchObject({
    expected: 4,
    visited: 3,
    missed: 1,
    open: 0,
  });

  expect((await stack.post('/v1/rounds/2023Q4/seal', OFFICER)).status).toBe(202);
  await stack.settle();

  const sealed = await stack.get('/v1/rounds/2023Q4', OFFICER);
  expect(sealed.body).toMatchObject({
    status: 'sealed',
    totals: {
      expected: { households: 4 },
      visited: { households: 3 },
      missedByReason: { 'whole-household-away': 1 },
      byClass: { secure: { households: 2 }, monitor: { households: 1 } },
      candidatesByType: { 'unstable-lifted': { households: 1 } },
    },
  });
  const sheet = await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, WORKER);
  expect(sheet.body.rows.map(({ household }: { household: string }) => household)).toEqual(ids);
  expect(sheet.body.rows[2]).toMatchObject({ missed: 'whole-household-away', visit: null, class: null });

  const history = await stack.get(`/v1/households/${second.id}/history`, WORKER);
  expect(history.body.rounds).toMatchObject([
    { round: '2023Q4', class: 'monitor', caseType: 'unstable-lifted', perCapita: 100 },
  ]);

  const late = await submit(stack, [visitOf(first, { note: 'later' })]);
  expect(late).toMatchObject({ status: 409, body: { code: 'round-sealed' } });
  // What the sealing's children cost is counted too: one each of the maps that screen and that start admissions, at the least.
  expect(stack.local.gateway.meter.snapshot().states.expressRequests).toBeGreaterThanOrEqual(2);
});
