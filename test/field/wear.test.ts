import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VILLAGE, WORKER } from '../playing-households.ts';
import type { TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone } from './phone.ts';

let stack: TestStack;
let browser: Browser;
let phone: Phone;

/** A village of six in its round, and a phone whose clock, storage and camera are what phones' are. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(6));
  phone = await Phone.open(browser, stack.local.endpoints.api);
  // Somebody, or an empty battery, sets the clock while the page is open.
  await phone.context.addInitScript({
    content:
      "{ const real = Date.now; Date.now = () => real.call(Date) + Number(localStorage.getItem('shift') ?? 0); }",
  });
  await phone.signIn(WORKER);
  await phone.page.locator('.household').first().waitFor();
  await phone.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
});
afterAll(async () => {
  expect(phone.complaints).toEqual([]);
  await phone?.close();
  await browser?.close();
  await stack?.stop();
});

/** The browser's own way of clearing what a page keeps: connections are closed, and the database is gone. */
async function clearDatabase(): Promise<void> {
  const session = await phone.context.newCDPSession(phone.page);
  await session.send('Storage.clearDataForOrigin', {
    origin: stack.local.endpoints.api,
    storageTypes: 'indexeddb',
  });
  await session.detach();
}

async function beginVisit(n: number, note: string): Promise<void> {
  await phone.household(n);
  await phone.page.locator('.main', { hasText: '入户登记' }).click();
  await phone.page.locator('#note').fill(note);
}

async function notes(): Promise<string[]> {
  const { body } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  return body.items.flatMap(({ form }: { form: { visits: { visit: { note?: string } }[] } }) =>
    form.visits.map(({ visit }) => visit.note),
  );
}

test('a phone that is cleaned beneath the open page keeps every form: they are written anew with their lock, and that is told', async () => {
  phone.line.cut();
  await beginVisit(0, '清理之前完成');
  await phone.finish();
  await beginVisit(1, '清理之前的草稿');
  await phone.page.waitForTimeout(200);
  await clearDatabase();
  // Whoever comes back from the settings types nothing more.
  await phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await phone.page.getByRole('alert').filter({ hasText: '被清理过' }).waitFor();
  await phone.reopen();
  expect(await phone.unsent).toBe(1);
  await clearDatabase();
  await beginVisit(2, '清理之后完成');
  await phone.finish();
  await phone.page.getByRole('alert').filter({ hasText: '被清理过' }).waitFor();
  await phone.reopen();
  expect(await phone.unsent).toBe(2);
  await phone.household(1);
  await phone.page.locator('.main', { hasText: '继续填写' }).click();
  expect(await phone.page.locator('#note').inputValue()).toBe('清理之前的草稿');
  await phone.send();
  await phone.page.locator('.unsent.none').waitFor();
  expect(await notes()).toEqual(['清理之前完成', '清理之后完成']);
});

test('a full phone is not locked over what was typed last, and the browser asks before the page goes', async () => {
  const { page } = phone;
  await beginVisit(3, '');
  await phone.fill(true);
  await page.locator('#note').fill('存不下的话');
  await page.getByRole('alert').filter({ hasText: '手机存储已满' }).waitFor();
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: /^锁定/ }).click();
  await page.getByRole('alert').filter({ hasText: '锁定会丢失' }).waitFor();
  const asked: string[] = [];
  page.once('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  await phone.unlock();
  await beginVisit(3, '');
  await phone.fill(true);
  await page.locator('#note').fill('存得下了');
  await page.getByRole('alert').filter({ hasText: '手机存储已满' }).waitFor();
  await phone.fill(false);
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: /^锁定/ }).click();
  await page.locator('.pin input').waitFor();
  await phone.unlock();
  await phone.household(3);
  await page.locator('.main', { hasText: '继续填写' }).click();
  expect(await page.locator('#note').inputValue()).toBe('存得下了');
});
