import { afterAll, beforeAll, expect, it } from 'vitest';
import { planClaims } from '../../demo/claims/plan.ts';
import { confirmThrice, insure, paidSums, playClaims } from '../../demo/claims/play.ts';
import { Random } from '../../demo/district/random.ts';
import { registerFamilies, rosterOf, stageOf } from '../playing-claims.ts';
import { OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
});
afterAll(() => stack.stop());

it('62 claims of all lines: 54 paid, 8 at different steps, the same sum to the last fen everywhere, and nothing moves when it is said again', async () => {
  const families = await registerFamilies(stack, 62);
  const [bereaved] = families;
  const child = bereaved?.people[1];
  if (bereaved === undefined || child === undefined) throw new Error('There is no family.');
  const stage = stageOf(stack);
  const policy = await insure(stage, rosterOf(families));
  const planned = planClaims(families.slice(1), { claimant: bereaved, ...child, eventOn: '2023-03-10' });
  expect(planned).toHaveLength(62);
  const batches = await playClaims(stage, policy, planned);

  const { body } = await stack.get('/v1/claims?region=440904&limit=200', OFFICER);
  const stages = Map.groupBy<string, { stage: string; waiting: { step: string } | null }>(
    body.items,
    (claim: { stage: string }) => claim.stage,
  );
  expect(stages.get('closed')).toHaveLength(54);
  const open = body.items
    .filter(({ stage: at }: { stage: string }) => at !== 'closed')
    .map((claim: { waiting: { step: string } }) => claim.waiting.step);
  expect(open.sort()).toEqual([
    'account',
    'account',
    'approval',
    'confirmation',
    'documents',
    'payment',
    'second-approval',
    'survey',
  ]);

  const today = '2023-11-20';
  const before = await paidSums(stage, policy, batches, today);
  expect(Object.values(before)).toEqual(Object.values(before).map(() => ({ count: 54, sum: 53_419_201 })));
  expect(await confirmThrice(stage, batches, today, new Random('again'))).toEqual(new Map([['unchanged', 3 * 56]]));
  expect(await paidSums(stage, policy, batches, today)).toEqual(before);
  const { body: policies } = await stack.get('/v1/policies', OFFICER);
  const promised = planned
    .filter(({ stop }) => ['account', 'payment', 'confirmation', 'returned'].includes(stop))
    .reduce((sum, { amount }) => sum + amount, 0);
  expect(policies.items[0]).toMatchObject({
    paid: 53_419_201,
    reserved: promised,
    left: 4_900_000_000 - 53_419_201 - promised,
  });
});
