import type { Browser } from 'playwright-core';
import { openBrowser } from '../browser/browser.ts';
import { screen } from '../playing-cases.ts';
import { openRound, register, VILLAGE } from '../playing-households.ts';
import { TestStack } from '../stack.ts';

/** A village of couples, screened in the third quarter; the fourth is open, and a browser waits. */
export async function villageInItsRound(households: number): Promise<{ stack: TestStack; browser: Browser }> {
  const [stack, browser] = await Promise.all([TestStack.start({ start: '2023-07-10T10:00:00+08:00' }), openBrowser()]);
  await register(stack, households, VILLAGE, 2);
  await screen(stack, '2023Q3');
  await stack.advance('2023-10-11T10:00:00+08:00');
  await openRound(stack);
  return { stack, browser };
}
