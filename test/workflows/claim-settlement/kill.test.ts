import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insureWith, registerFamilies, rosterOf } from '../../playing-claims.ts';
import { WORKER } from '../../playing-households.ts';
import { TestStack } from '../../stack.ts';
import { killedAtEachState, statesOfTemplate } from '../killing.ts';

/** Told by a claim that ends otherwise; its own test is in machine.test.ts. */
const OTHER_END = ['Ended without payment'];

let folder = '';
let claim = '';
beforeAll(async () => {
  const stack = await TestStack.start({ start: '2023-11-20T10:00:00+08:00' });
  folder = stack.data;
  const families = await registerFamilies(stack, 1);
  await insureWith(stack, rosterOf(families));
  const [{ household = '', people: [parent] = [] } = {}] = families;
  const invoices = [{ number: 'DB-6001', total: 3_600_000 }];
  const event = { household, person: parent?.person, line: 'illness', eventOn: '2023-10-10', invoices };
  claim = (await stack.post('/v1/claims', WORKER, event)).body.id;
  await stack.stop({ keep: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a claim killed at each state of the template, one start after the other, comes to the same end and pays once', async () => {
  const script = new URL('./killable.ts', import.meta.url);
  const { undisturbed, killed, states, kills } = await killedAtEachState({
    folder,
    script,
    environment: { CLAIM: claim },
    workflow: 'claim-settlement',
    subject: claim,
  });
  expect([...states, ...OTHER_END].sort()).toEqual(statesOfTemplate('claim-settlement').sort());
  expect(undisturbed).toMatchObject({ stage: 'closed', paid: 1_700_000, policy: [0, 1_700_000], clues: 1, inbox: 0 });
  expect(kills).toBeGreaterThanOrEqual(states.length - 2);
  expect(killed).toEqual(undisturbed);
});
