import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack } from '../stack.ts';
import { along } from './acts.ts';
import { Exhaustion } from './exhaust.ts';

// The other kinds, the other workflows and pairs: npm run faults, and docs/proof.md.
describe('a claim that loses the answer of any one call while its cover is checked, it is adjudicated or closed', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.start();
  });
  afterAll(() => stack.stop());

  it('comes to the same table and the same events as one that loses none', async () => {
    const exhaustion = new Exhaustion(stack);
    await along('settlement', stack, exhaustion, {
      kinds: ['lose-answer'],
      only: /check-cover|adjudicate-claim|close-claim/,
    });
    expect(exhaustion.counted.failures).toEqual([]);
    expect(exhaustion.counted.single).toBeGreaterThan(15);
  });
});
