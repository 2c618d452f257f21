import { expect } from 'vitest';
import type { TestStack } from '../stack.ts';

/** Killed before a call is carried out, and after it was and before anybody knew. */
const KINDS = ['fail-before', 'lose-answer'] as const;

/**
 * Kills a run at each of its writes, in either way, until it has fewer.
 * @param after says what must be so then @param every of how many writes one is taken @returns how often it was killed
 */
export async function killedEverywhere(
  { local }: TestStack,
  actions: readonly string[],
  run: () => Promise<unknown>,
  { before, after, every = 1 }: { before: () => Promise<void>; after: () => Promise<void>; every?: number },
): Promise<number> {
  const { faults } = local.gateway;
  let killed = 0;
  for (const [action, kind] of actions.flatMap((one) => KINDS.map((each) => [one, each] as const))) {
    for (let nth = 1; ; nth += every) {
      await before();
      faults.add({ principal: 'operator', action, kind, nth, times: 1 });
      const ended = await run().then(
        () => 'whole',
        () => 'killed',
      );
      const struck = faults.struck('operator');
      faults.clear();
      if (struck === 0) break;
      expect([action, kind, nth, ended]).toEqual([action, kind, nth, 'killed']);
      killed += 1;
      await after();
    }
  }
  return killed;
}
