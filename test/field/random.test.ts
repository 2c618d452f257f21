import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../browser/browser.ts';
import { TestStack } from '../stack.ts';
import { runSeeds } from './seeds.ts';

/** `npm run fieldtest -- --seeds 1000` runs more of them. */
const SEEDS = 20;
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack?.stop());

test('whatever happens to two phones, every finished form is on the server exactly once', async () => {
  const browser = await openBrowser();
  const report = await runSeeds(stack, browser, SEEDS);
  await browser.close();
  expect(report.faults).toEqual([]);
  expect(report.seeds).toBe(SEEDS);
  expect(report.finished).toBeGreaterThan(SEEDS);
});
