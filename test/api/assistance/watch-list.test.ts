import { afterEach, expect, test } from 'vitest';
import type { Visit } from '../../../functions/contracts/screening/visit.ts';
import { type Registered, screen, today } from '../../playing-cases.ts';
import {
  OTHER_TOWN_VILLAGE,
  openRound,
  register,
  submit,
  VILLAGE,
  visitOf,
  WORKER,
  worklist,
} from '../../playing-households.ts';
import { OFFICER, TestStack } from '../../stack.ts';

let stack: TestStack;
afterEach(() => stack.stop());

/** Somebody is seriously ill in the first `ill` households of the village. */
function illIn(ill: number): (household: Registered) => Partial<Visit> {
  return ({ id, members }) =>
    Number(id.slice(13)) <= ill
      ? {
          members: members.map(({ person }) => ({
            person,
            labour: 'full',
            health: 'serious-illness',
            inSchool: false,
          })),
        }
      : {};
}

/** The few of a village are read one by one, the many together: both by their days alone. */
test.each([2, 6])('of %i watched households tells the newest visit of either round, and calls', async (ill) => {
  stack = await TestStack.start({ start: '2023-07-11T10:00:00+08:00' });
  await register(stack, 8);
  await screen(stack, '2023Q3', illIn(ill));
  const read = async () => (await stack.get('/v1/watch-list?region=440904', OFFICER)).body;
  const seen = async (id: string) =>
    (await read()).items.find((one: { household: string }) => one.household === id).lastSeenOn;
  const first = await read();
  expect(first.total).toBe(ill);
  for (const one of first.items) expect(one).toMatchObject({ groups: ['serious-illness'], lastSeenOn: '2023-07-11' });

  await stack.advance('2023-10-11T10:00:00+08:00');
  await openRound(stack, '2023Q4');
  const [household] = await worklist(stack);
  if (household === undefined) throw new Error('The worklist is empty.');
  expect((await submit(stack, [visitOf(household)])).body.refused).toBe(0);
  expect(await seen(household.id)).toBe('2023-10-11');
  expect(await seen(`${VILLAGE}-0002`)).toBe('2023-07-11');
  await stack.advance('2023-10-12T10:00:00+08:00');
  await stack.post(`/v1/households/${VILLAGE}-0002/calls`, WORKER, { on: today(stack) });
  expect(await seen(`${VILLAGE}-0002`)).toBe('2023-10-12');
  const elsewhere = { account: 'town-officer', region: OTHER_TOWN_VILLAGE.slice(0, 9) };
  expect((await stack.get(`/v1/watch-list?region=${VILLAGE}`, elsewhere)).body.code).toBe('outside-region');
});
