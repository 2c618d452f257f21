import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../browser/browser.ts';
import { admissionOf, agreeUntil, PROPOSER, visited } from '../playing-cases.ts';
import { OTHER_TOWN_VILLAGE, OTHER_VILLAGE, testId, testRow, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { serious } from './axe.ts';
import { Phone } from './phone.ts';

const PAGES = ['', 'declare', 'claim', 'status'];
let stack: TestStack;
let browser: Browser;
let phone: Phone;
let page: Page;

/** Two families; the first is about to be admitted, and its notice stands. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  const [first] = await visited(stack, 2);
  if (first === undefined) throw new Error('There is no family.');
  await agreeUntil(stack, await admissionOf(stack, first), first, 'public-notice');
  phone = await Phone.open(browser, stack.local.endpoints.api);
  page = phone.page;
});
afterAll(async () => {
  expect(phone.complaints).toEqual([]);
  await phone?.close();
  await browser?.close();
  await stack?.stop();
});

const open = (path: string) => page.goto(`${stack.local.endpoints.api}/public/${path}`);

test('a notice is read without login, with its days, and objected to', async () => {
  await open(`?village=${VILLAGE}`);
  await page.getByText('还剩 6 天').waitFor();
  await page.getByText('我有异议').click();
  await page.locator('article textarea').fill('这一户在城里有房');
  await page.getByRole('button', { name: '提交异议' }).click();
  await page.getByText('已收到您的异议').waitFor();
  // Nothing of the form is left, and no word that the browser says in a language of its own.
  expect(await page.locator('article details, article summary').count()).toBe(0);
  const { body } = await stack.get(`/v1/notices?region=${VILLAGE}`, OFFICER);
  const objections = await stack.get(`/v1/notices/${body.items[0].id}/objections`, PROPOSER);
  expect(objections.body.items).toMatchObject([{ text: '这一户在城里有房', hasContact: false }]);
});

test('of two villages chosen after each other the later one is shown, whichever answers last', async () => {
  await open(`?village=${OTHER_VILLAGE}`);
  await page.locator('#notices h2').waitFor();
  await page.route(`**/v1/notices?region=${VILLAGE}`, async (route) => {
    await page.waitForTimeout(500);
    await route.continue();
  });
  const late = page.waitForResponse(`**/v1/notices?region=${VILLAGE}`);
  await page.locator('#village').selectOption(VILLAGE);
  await page.locator('#village').selectOption(OTHER_VILLAGE);
  await late;
  await page.waitForTimeout(100);
  expect(await page.locator('article').count()).toBe(0);
  await page.getByText('现在没有公示').waitFor();
  await page.unroute(`**/v1/notices?region=${VILLAGE}`);
  // With another town chosen, what stood there is of no village that is shown.
  await page.locator('#village').selectOption(VILLAGE);
  await page.locator('#notices h2').waitFor();
  await page.locator('#town').selectOption(OTHER_TOWN_VILLAGE.slice(0, 9));
  await page.locator('#notices:empty').waitFor({ state: 'attached' });
});

test('a family declares its trouble, and its receipt tells where that stands, orange when it is late', async () => {
  await open(`declare?village=${VILLAGE}`);
  await page.locator('#village').isEnabled();
  await page.locator('#name').fill('测试九');
  await page.locator('#idNumber').fill(testId(900));
  await page.locator('#phone').fill('13800002222');
  await page.locator('#trouble').selectOption('illness');
  await page.getByLabel('代别人申报').check();
  await page.getByRole('button', { name: '提交申报' }).click();
  const receipt = (await page.locator('.receipt').textContent()) ?? '';
  const { body } = await stack.get(`/v1/declarations?region=440904&limit=10`, OFFICER);
  expect(body.items).toMatchObject([{ receipt, declaredBy: 'proxy', trouble: 'illness', village: VILLAGE }]);
  const ask = async () => {
    await open('status');
    await page.locator('#receipt').fill(receipt.toLowerCase());
    await page.getByRole('button', { name: '查询' }).click();
    await page.locator('#found h2').waitFor();
    return await page.locator('#found .late').count();
  };
  expect(await ask()).toBe(0);
  await stack.settle(17 * 86_400);
  expect(await ask()).toBe(2);
});

test('a claim is reported, and registered and unregistered people are answered alike', async () => {
  const known = testRow(1, VILLAGE, 2).members[0]?.idNumber ?? '';
  const said: string[] = [];
  for (const idNumber of [known, testId(901)]) {
    await open('claim');
    await page.locator('#idNumber').fill(idNumber);
    await page.locator('#line').selectOption('illness');
    await page.locator('#eventOn').fill('2023-10-01');
    await page.getByRole('button', { name: '报案' }).click();
    const receipt = (await page.locator('.receipt').textContent()) ?? '';
    const words = (await page.locator('#claim').textContent()) ?? '';
    await open('status');
    await page.locator('#receipt').fill(receipt);
    await page.locator('#last4').fill(idNumber.slice(-4));
    await page.getByRole('button', { name: '查询' }).click();
    await page.locator('#found h2').waitFor();
    said.push(words.replace(receipt, '') + (await page.locator('#found').textContent()));
  }
  expect(said[0]).toContain('已报案');
  expect(said[1]).toBe(said[0]);
});

test('what a phone’s keyboard or a paste writes differently is the same: full width, spaces, marks that nobody sees, +86', async () => {
  const full = (text: string) => text.replace(/[0-9X]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
  await open('claim');
  await page.locator('#idNumber').fill(full(testId(903)));
  await page.locator('#phone').fill('\u202d+86 138-0000 2222\u202c');
  await page.locator('#line').selectOption('illness');
  await page.locator('#eventOn').fill('2023-10-01');
  await page.getByRole('button', { name: '报案' }).click();
  const receipt = (await page.locator('.receipt').textContent()) ?? '';
  await open('status');
  await page.locator('#receipt').fill(`受理编号：${full(receipt)}`);
  await page.locator('#last4').fill(full(testId(903).slice(-4)));
  await page.getByRole('button', { name: '查询' }).click();
  expect(await page.locator('#found h2').textContent()).toContain('理赔');
});

test('a telephone that is none is told so, with what one is, in the language that was chosen', async () => {
  await open('claim');
  await page.locator('#idNumber').fill(testId(904));
  await page.locator('#phone').fill('0668-5512345');
  await page.locator('#line').selectOption('illness');
  await page.locator('#eventOn').fill('2023-10-01');
  await page.getByRole('button', { name: '报案' }).click();
  await page.getByRole('alert').filter({ hasText: '手机号码（11 位）：' }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('Mobile telephone (11 digits): ');
  await page.getByRole('button', { name: '中文' }).click();
});

test('a receipt that is mistyped is told so by its name', async () => {
  await open('status');
  await page.locator('#receipt').fill('LOOO12345678');
  await page.locator('#last4').fill('1234');
  await page.getByRole('button', { name: '查询' }).click();
  const told = page.locator('.told', { hasText: '。' });
  await told.waitFor();
  expect(await told.textContent()).toBe('填写有误，请按提示更正。 受理编号：格式不正确。');
});

test('a declaration of registered and unregistered people is answered alike, and so is its receipt', async () => {
  const said: string[] = [];
  for (const idNumber of [testRow(2, VILLAGE, 2).members[0]?.idNumber ?? '', testId(902)]) {
    await open(`declare?village=${VILLAGE}`);
    await page.locator('#name').fill('测试乙');
    await page.locator('#idNumber').fill(idNumber);
    await page.locator('#phone').fill('13800003333');
    await page.locator('#trouble').selectOption('illness');
    await page.getByRole('button', { name: '提交申报' }).click();
    const receipt = (await page.locator('.receipt').textContent()) ?? '';
    const words = (await page.locator('#declare').textContent()) ?? '';
    await open('status');
    await page.locator('#receipt').fill(receipt);
    await page.getByRole('button', { name: '查询' }).click();
    await page.locator('#found h2').waitFor();
    said.push(words.replace(receipt, '') + (await page.locator('#found').textContent()));
  }
  expect(said[0]).toContain('已收到申报');
  expect(said[1]).toBe(said[0]);
});

test('a wrong number is told beside the form, and what was filled in stays', async () => {
  await open('claim');
  await page.locator('#idNumber').fill('123');
  await page.locator('#line').selectOption('illness');
  await page.locator('#eventOn').fill('2023-10-01');
  await page.getByRole('button', { name: '报案' }).click();
  await page.getByRole('alert').filter({ hasText: '身份证号码' }).waitFor();
  expect(await page.locator('#idNumber').inputValue()).toBe('123');
});

test('English by a switch, with what was filled in kept; nothing Chinese is left but names and what was published', async () => {
  for (const path of PAGES) {
    await open(path === '' ? `?village=${VILLAGE}` : path);
    await page.waitForLoadState('networkidle');
    const field = page.locator('input:visible:not([type=radio]):not([type=date])').first();
    if ((await field.count()) > 0) await field.fill('13800009999');
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    if ((await field.count()) > 0) expect(await field.inputValue()).toBe('13800009999');
    const words = await page.evaluate(
      "[...document.querySelectorAll('body *')].flatMap((one) => [...one.childNodes]).filter(({ nodeType }) => nodeType === 3).map(({ nodeValue, parentElement }) => parentElement.closest('script, #town, #village, #language, h2') ? '' : nodeValue)",
    );
    // The family's name and the places stand in the notice as they are written.
    expect([
      path,
      JSON.stringify(words)
        .match(/[\u4e00-\u9fff]{3,}/g)
        ?.filter((one) => !/街道|社区/.test(one)) ?? [],
    ]).toEqual([path, []]);
    await page.getByRole('button', { name: '中文' }).click();
  }
});

test('what goes wrong is told in the language that was chosen', async () => {
  await open('claim');
  await page.getByRole('button', { name: 'English' }).click();
  await page.locator('#idNumber').fill('123');
  await page.locator('#line').selectOption('illness');
  await page.locator('#eventOn').fill('2023-10-01');
  await page.getByRole('button', { name: 'Report', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'ID number: ' }).waitFor();
  expect(await page.getByRole('alert').textContent()).not.toMatch(/[\u4e00-\u9fff]/);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('alert').filter({ hasText: '身份证号码' }).waitFor();
});

describe('everybody can use them', () => {
  test.each(PAGES)('/public/%s: nothing serious for axe, large type, nothing wider than the phone', async (path) => {
    await open(path);
    await page.waitForLoadState('networkidle');
    expect(await serious(page)).toEqual([]);
    const small = await page.evaluate(
      "[...document.querySelectorAll('main *, nav a')].filter((one) => one.offsetParent !== null && parseFloat(getComputedStyle(one).fontSize) < 24).length + [...document.querySelectorAll('a, button, select, summary, main input:not([type=radio])')].filter((one) => one.offsetParent !== null && one.offsetHeight < 44).length",
    );
    expect(small).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  test('what is only text is read without a script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    for (const path of PAGES) {
      await plain.goto(`${stack.local.endpoints.api}/public/${path}`);
      expect(await plain.locator('main').textContent()).toContain('在浏览器打开');
      for (const part of await plain.locator('[data-scripted]').all()) expect(await part.isVisible()).toBe(false);
    }
    await context.close();
  });
});
