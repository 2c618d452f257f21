import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VILLAGE, WORKER } from '../playing-households.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone, PIN } from './phone.ts';

let stack: TestStack;
let browser: Browser;
let phone: Phone;

/** A village of six, screened in the third quarter; the fourth is open. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(6));
  phone = await Phone.open(browser, stack.local.endpoints.api);
});
afterAll(async () => {
  await phone?.close();
  await browser?.close();
  await stack?.stop();
});

async function visitsOf(household: string): Promise<{ visit: { visitedOn: string; income: { wages: number } } }[]> {
  const { body } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  return body.items.find((item: { household: { id: string } }) => item.household.id === household).form.visits;
}

/** Visits the household on top of the list: an unchanged one takes three taps. */
async function visitNext(): Promise<string> {
  const { page } = phone;
  const number = await page.locator('.household i').first().textContent();
  await page.locator('.household').first().click();
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('.finish').click();
  await page.locator('.done').waitFor();
  return `${VILLAGE}-${number}`;
}

describe('a village works its list', () => {
  test('signed in once, with the network, cut, restored and cut again', async () => {
    await phone.signIn({ ...WORKER });
    const { page } = phone;
    await page.locator('.household').nth(5).waitFor();
    const first = await visitNext();
    await page.locator('.done', { hasText: '已收到' }).waitFor();
    await page.getByRole('button', { name: '下一户' }).click();
    expect(await visitsOf(first)).toMatchObject([{ visit: { visitedOn: '2023-10-11', income: { wages: 4_000_000 } } }]);
    // The worker has kept the page by now.
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');

    phone.line.cut();
    const second = await visitNext();
    await page.getByRole('button', { name: '下一户' }).click();
    expect(await phone.unsent).toBe(1);
    await phone.reopen();
    expect(await phone.unsent).toBe(1);
    await phone.page.locator('.household').first().waitFor();
    expect(await visitsOf(second)).toEqual([]);

    phone.line.line = 'up';
    await phone.page.locator('.unsent').click();
    await phone.page.getByRole('button', { name: '现在发送' }).click();
    await phone.page.locator('.unsent.none').waitFor();
    expect(await visitsOf(second)).toHaveLength(1);
    await phone.page.locator('.home').click();

    phone.line.cut();
    const third = await visitNext();
    expect(await phone.unsent).toBe(1);
    phone.line.line = 'answers-lost';
    await phone.page.locator('.unsent').click();
    await phone.page.getByRole('button', { name: '现在发送' }).click();
    await phone.page.locator('[role=status]', { hasText: '没有信号' }).waitFor();
    expect(await phone.unsent).toBe(1);
    expect(await visitsOf(third)).toHaveLength(1);
    phone.line.line = 'up';
    await phone.page.getByRole('button', { name: '现在发送' }).click();
    await phone.page.locator('.unsent.none').waitFor();
    expect(await visitsOf(third)).toHaveLength(1);
    expect(phone.complaints).toEqual([]);
  });
});

test('an unchanged household takes at most twelve taps, from the list to the next one', async () => {
  const { page } = phone;
  await page.locator('.home').click();
  await page.evaluate(
    "{ globalThis.taps = 0; addEventListener('pointerdown', () => { globalThis.taps += 1; }, true); }",
  );
  const number = await page.locator('.household i').first().textContent();
  await visitNext();
  await page.getByRole('button', { name: '下一户' }).click();
  await page.locator('.household').first().waitFor();
  expect(await page.locator('.household i').first().textContent()).not.toBe(number);
  expect(await page.evaluate('globalThis.taps')).toBeLessThanOrEqual(12);
});

test('what the phone keeps names nobody, and a wrong PIN opens nothing', async () => {
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER);
  const kept = await phone.stored();
  expect(kept).toContain('sealed');
  for (const clear of [body.members[0].name, body.members[0].person, `${VILLAGE}-0001`, 'village-worker', 'eyJ', PIN])
    expect([clear, kept.includes(clear)]).toEqual([clear, false]);
  await phone.page.reload();
  await phone.page.locator('.pin input').fill('111111');
  await phone.page.locator('.door .main').click();
  await phone.page.getByText('PIN 不对').waitFor();
  await phone.unlock();
});
