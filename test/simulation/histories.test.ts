import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ground } from './ground.ts';
import { playHistory } from './history.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.prepare();
});
afterAll(() => ground.remove());

describe('random histories of the whole system', () => {
  // `npm run simulate -- --seeds N` plays as many as one likes; docs/proof.md says how many were.
  it('leave nothing lost, doubled or stuck', async () => {
    const { violations } = await playHistory(ground, 2, 30);
    expect(violations).toEqual([]);
  });

  it('are played again by their seed, call by call', async () => {
    const [first, again] = [await playHistory(ground, 7, 12), await playHistory(ground, 7, 12)];
    expect(first.journal.length).toBeGreaterThan(12);
    expect(again.digest).toBe(first.digest);
  });
});
