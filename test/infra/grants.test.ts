import { afterAll, beforeAll, expect, it } from 'vitest';
import { grants } from '../../infra/config.ts';
import { functionEntries } from '../../infra/functions.ts';
import { OTHER_VILLAGE, openRound, register, submit, testRow, VILLAGE, visitOf, WORKER, worklist } from '../people.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

/** What each function called, by its bundle's name; the local gateway has refused whatever was not granted. */
function used(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { principal, service, action } of stack.local.gateway.meter.snapshot().calls) {
    const name = principal.replace(/^shouwang-test-/, '');
    const actions = found.get(name) ?? new Set<string>();
    // IAM knows no right to a transaction: its items' actions are asked for instead.
    if (!action.startsWith('Transact')) actions.add(`${service}:${action}`);
    found.set(name, actions);
  }
  return found;
}

it('grants every function what it calls, and nothing it never called in a whole round', async () => {
  await stack.prepare();
  await register(stack, 2);
  await register(stack, 1, OTHER_VILLAGE);
  await stack.post('/v1/households:import', OFFICER, { rows: [testRow(1)] });
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER);
  await stack.post(`/v1/households/${VILLAGE}-0001/reveal`, OFFICER, { field: 'idNumber', person: body.members[0].person, reason: '核对身份证号' });
  await stack.post('/v1/triage', OFFICER, {
    region: '440904',
    items: [
      {
        visit: { ...visitOf({ id: `${VILLAGE}-0001`, members: [] }), members: [{ labour: 'full', health: 'healthy', inSchool: false }] },
        household: { origin: 'lifted', openCase: false },
      },
    ],
  });
  await openRound(stack);
  const [first, second] = await worklist(stack);
  if (first === undefined || second === undefined) throw new Error('The worklist is empty.');
  await submit(stack, [visitOf(first)]);
  await stack.post('/v1/rounds/2023Q4/missed', WORKER, { village: VILLAGE, items: [{ household: second.id, reason: 'refused' }] });
  await stack.advance('2023-11-02T00:00:05+08:00');
  const [other] = await worklist(stack, OTHER_VILLAGE);
  if (other === undefined) throw new Error('The other worklist is empty.');
  await submit(stack, [visitOf(other)], { village: OTHER_VILLAGE });
  await stack.post('/v1/rounds/2023Q4/seal', OFFICER);
  await stack.settle(60);
  expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body.status).toBe('sealed');
  await stack.get(`/v1/rounds/2023Q4/sheets/${VILLAGE}`, OFFICER);
  await stack.get(`/v1/households/${VILLAGE}-0001/history`, OFFICER);
  await stack.get('/v1/households?region=440904', OFFICER);
  await stack.get('/v1/divisions', OFFICER);

  const calls = used();
  /** Only in a transaction, or only when a transaction is tried again: the meter shows the transaction, the policy its items. */
  const inTransactions: Record<string, string[]> = {
    households: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    rounds: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'open-round': ['dynamodb:PutItem'],
    'seal-villages': ['dynamodb:UpdateItem'],
    'judge-and-seal': ['dynamodb:UpdateItem'],
    visits: [],
  };
  for (const name of functionEntries().keys()) {
    const grant = grants[name] ?? {};
    const granted = [...(grant.table ?? []), ...(grant.personalData ?? []), ...Object.values(grant.workflows ?? {}).flat()].map(String);
    const seen = calls.get(name) ?? new Set();
    const never = granted.filter((action) => !seen.has(action) && !inTransactions[name]?.includes(action));
    expect([name, never]).toEqual([name, []]);
    expect([name, [...seen].filter((action) => !granted.includes(action) && action !== 'states:SendTaskSuccess')]).toEqual([name, []]);
  }
});
