import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OTHER_VILLAGE, register, VILLAGE } from '../playing-households.ts';
import type { TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone } from './phone.ts';

const SURVEYOR = { account: 'surveyor' };

let stack: TestStack;
let browser: Browser;
let phone: Phone;

/** Two villages in a round, of which the first was screened before: a surveyor answers for both. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(3));
  await register(stack, 2, OTHER_VILLAGE, 2);
  phone = await Phone.open(browser, stack.local.endpoints.api);
  await phone.signIn(SURVEYOR);
});
afterAll(async () => {
  await phone?.close();
  await browser?.close();
  await stack?.stop();
});

/** Opens the list of villages of the town. */
async function villages(): Promise<void> {
  await phone.page.getByLabel('镇', { exact: true }).selectOption(VILLAGE.slice(0, 9));
  await phone.page.locator('.forms button').first().waitFor();
}

async function choose(n: number): Promise<void> {
  await phone.page.locator('.forms button').nth(n).click();
}

/** From a list to the choice of another village: the page loads anew, and asks for the PIN. */
async function leaveVillage(): Promise<void> {
  const { page } = phone;
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: '换一个村' }).click();
  await page.locator('.pin input').waitFor();
}

async function listed(): Promise<number> {
  const { page } = phone;
  await page.getByRole('radio', { name: '全部' }).click();
  await page.locator('.household').first().waitFor();
  return await page.locator('.household').count();
}

test('a list is of the village that was chosen: without a signal another one has none, also when the page is opened anew', async () => {
  const { page } = phone;
  await villages();
  await choose(0);
  expect(await listed()).toBe(3);
  await leaveVillage();
  await phone.unlock();
  await villages();
  phone.line.cut();
  await choose(1);
  const none = () => phone.page.getByText('还没有名单，有信号时自动下载。').waitFor();
  await none();
  expect(await page.locator('.household').count()).toBe(0);
  await phone.reopen();
  await none();
  expect(await phone.page.locator('.household').count()).toBe(0);
  await phone.send();
  await phone.page.locator('.home').click();
  await phone.page.locator('.about', { hasText: '/ 0 户' }).waitFor();
});

test('two that ask with a token that has run out renew it once, and both are answered', async () => {
  await leaveVillage();
  await phone.unlock();
  await villages();
  await choose(0);
  await listed();
  phone.line.cut();
  await phone.household(0);
  await phone.page.locator('.main', { hasText: '入户登记' }).click();
  await phone.finish();
  expect(await phone.unsent).toBe(1);
  await leaveVillage();
  // From here on whatever was signed until now has run out, and the first two that ask wait for each other.
  const asked: string[] = [];
  const { promise: two, resolve: both } = Promise.withResolvers<void>();
  let spent: string | undefined;
  await phone.context.route('**/v1/**', async (route) => {
    const { authorization = '' } = route.request().headers();
    spent ??= authorization;
    if (authorization !== spent) return await route.continue();
    asked.push(route.request().url());
    if (asked.length === 2) both();
    await two;
    await route.fulfill({ status: 401, json: { code: 'unauthorized' } });
  });
  const renewed = () => phone.line.carried.filter((one) => /^POST .*token$/.test(one)).length;
  const before = renewed();
  phone.line.line = 'up';
  await phone.unlock();
  await villages();
  await phone.page.locator('.unsent.none').waitFor();
  expect(asked).toHaveLength(2);
  expect(renewed()).toBe(before + 1);
});
