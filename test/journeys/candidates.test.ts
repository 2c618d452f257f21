import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { screen } from '../playing-cases.ts';
import { register, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

async function admissions() {
  return (await stack.get('/v1/cases?region=440904', OFFICER)).body;
}

it('a sealed round starts one admission for each new candidate, known by the type of its row, and none for whoever is under way', async () => {
  await register(stack, 4);
  const rejected = { verdict: 'reject', code: 'not-at-risk', reason: '家庭有稳定收入来源' };
  const poor = { income: { wages: 100_000, business: 0, property: 0, transfer: 0, businessCosts: 0 } };
  // Number one is poor, number two is under way already by an officer's clue, the others are well.
  const [, second] = (await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER)).body.items;
  await stack.post(
    '/v1/clues',
    { account: 'town-officer', person: 9 },
    { household: second.id, reason: '走访发现收入骤降' },
  );
  await screen(stack, '2023Q4', ({ id }) => (id.endsWith('1') || id === second.id ? poor : {}));
  const { items, counts } = await admissions();
  expect(counts.byStage).toMatchObject({ admission: { households: 2, people: 2 } });
  const started = items.find(({ household }: { household: string }) => household.endsWith('0001'));
  expect(started).toMatchObject({ caseType: 'unstable-lifted', review: { step: 'home-verification' } });
  const { body: joined } = await stack.get(
    `/v1/cases/${items.find(({ id }: { id: string }) => id !== started.id).id}`,
    OFFICER,
  );
  expect(joined.episodes[0].clues.map(({ source }: { source: string }) => source)).toEqual(['officer', 'screening']);
  // What the officer's clue started waits for the five-minute sweep.
  await stack.settle(301);
  const { executions = [] } = await stack.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: await stack.machine('case-admission') }),
  );
  expect(executions).toHaveLength(2);

  // Rejected within 90 days on the same signals, the household is no new candidate in the next round; on another signal it is.
  await stack.advance('2023-11-20T09:00:00+08:00');
  for (const { id } of (await stack.get('/v1/decisions?region=440904', { account: 'auditor' })).body.items) {
    await stack.post(`/v1/decisions/${id}`, { account: 'village-worker' }, { verdict: rejected });
  }
  expect((await admissions()).counts.byStage.rejected.households).toBe(2);
  const line = { year: 2024, region: '44', line: 860_000, status: 'illustrative', source: '示例数值' };
  const terms = {
    effectiveFrom: '2024-01-01',
    lines: [line],
    nearLinePercent: 120,
    collapsePercent: 50,
    rigidSpendingPercent: 40,
    chronicBurden: 500_000,
  };
  const { body: proposed } = await stack.post('/v1/criteria', OFFICER, terms);
  await stack.post(`/v1/criteria/${proposed.id}/approval`, { ...OFFICER, person: 2 });
  await screen(stack, '2024Q1', ({ id }) => {
    if (id.endsWith('1')) return poor;
    return id === second.id ? { ...poor, shocks: ['disaster'] } : {};
  });
  const again = await admissions();
  expect(again.counts.byStage).toMatchObject({ admission: { households: 1 }, rejected: { households: 1 } });
  expect(again.items.find(({ stage }: { stage: string }) => stage === 'admission')).toMatchObject({
    household: second.id,
    episode: 2,
  });
});
