import { afterAll, beforeAll, expect, it } from 'vitest';
import { Attack } from './attack.ts';

/** `npm run fuzz` sends 50,000; docs/proof.md tells of which commit. */
const REQUESTS = 2_000;

let attack: Attack;
beforeAll(async () => {
  attack = await Attack.start();
});
afterAll(() => attack.stop());

it(`${REQUESTS} requests, nearly right or hostile: none fails, none tells how the system is built, none that is refused writes`, async () => {
  const faults = [];
  for (let seed = 1; seed <= REQUESTS; seed += 1) {
    const fault = await attack.send(seed);
    if (fault !== undefined) faults.push(fault);
  }
  expect(faults).toEqual([]);
  // Some were right enough to be done.
  expect([...attack.statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 403, 404, 409, 422]));
});
