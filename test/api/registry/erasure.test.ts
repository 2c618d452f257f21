import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Left, proposalOf, setPeriod, whoLeft, YEARS_LATER, yearsLater } from '../../erasing-people.ts';
import { tracesOf } from '../../personal-traces.ts';
import { VILLAGE } from '../../playing-households.ts';
import { OFFICER, SECOND_OFFICER, type TestStack } from '../../stack.ts';

const THIRD_OFFICER = { ...OFFICER, person: 3 };
let stack: TestStack;
let left: Left[];
beforeAll(async () => {
  const played = await whoLeft();
  left = played.left;
  stack = played.stack;
});
afterAll(() => stack.stop());

function one(n: number): Left {
  const found = left[n];
  if (found === undefined) throw new Error(`Nobody ${n} left.`);
  return found;
}

const propose = async (body: object) => await stack.post('/v1/erasures', OFFICER, body);
const codeOf = async (body: object) => (await propose(body)).body.code;

it('a cell that has no period erases nobody', async () => {
  expect(await codeOf(proposalOf(one(0)))).toBe('retention-missing');
});

it('debug traces before', async () => {
  console.log([...(await tracesOf(stack, one(0).secrets))].sort());
  console.log((await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER)).body);
  stack = await yearsLater(stack);
  await setPeriod(stack);
  console.log((await propose(proposalOf(one(0)))).body);
  console.log((await propose(proposalOf(one(1)))).body);
  console.log((await propose(proposalOf(one(2)))).body, YEARS_LATER);
  const { body } = await propose(proposalOf(one(0)));
  const answer = await stack.post(`/v1/erasures/${body.id}/approval`, SECOND_OFFICER);
  console.log(answer.status, answer.body);
  console.log([...(await tracesOf(stack, one(0).secrets))].sort());
  expect(THIRD_OFFICER).toBeDefined();
  describe;
}, 120_000);
