import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECOND_WORKER } from '../playing-cases.ts';
import { submit, visitOf, WORKER, worklist } from '../playing-households.ts';
import type { TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone } from './phone.ts';

let stack: TestStack;
let browser: Browser;
let phone: Phone;

/** A village of six, screened in the third quarter; the fourth is open, and is sealed in the last test. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(6));
  phone = await Phone.open(browser, stack.local.endpoints.api);
  await phone.signIn(WORKER);
  await phone.page.locator('.household').first().waitFor();
});
afterAll(async () => {
  expect(phone.complaints).toEqual([]);
  await phone?.close();
  await browser?.close();
  await stack?.stop();
});

const states = () => phone.page.locator('.household em').allTextContents();

/** Lets the browser say of its storage what a phone would, and opens the page anew. */
async function withStorage({ quota, persisted }: { quota: number; persisted: boolean }): Promise<void> {
  await phone.context.addInitScript({
    content: `Object.defineProperty(navigator, 'storage', { configurable: true, value: {
      estimate: async () => ({ quota: ${quota}, usage: 0 }), persisted: async () => ${persisted}, persist: async () => ${persisted} } });`,
  });
  await phone.page.reload();
  await phone.unlock();
}

test('a form that was only looked at leaves no draft', async () => {
  const { page } = phone;
  await phone.household(0);
  for (const name of ['未能入户', '死亡', '入户登记']) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('.finish').waitFor();
    await phone.household(0);
  }
  await page.locator('.unsent').click();
  await page.getByText('还没有填过表单').waitFor();
  await page.locator('.home').click();
  expect(await states()).toEqual(Array(6).fill('待入户'));
});

test('a call without a signal leaves its household among those to visit', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(0);
  await page.getByRole('button', { name: '走访记录' }).click();
  await phone.finish();
  await page.getByRole('button', { name: '下一户' }).click();
  expect(await phone.unsent).toBe(1);
  expect(await states()).toEqual(Array(6).fill('待入户'));
  await page.getByText('已完成 0 / 6 户').waitFor();
  await phone.send();
  await page.locator('.unsent.none').waitFor();
});

test('what is wrong is told while it is typed', async () => {
  const { page } = phone;
  await phone.household(0);
  await page.getByRole('button', { name: '入户登记' }).click();
  await page.locator('#wages').fill('四万');
  await page.locator('[data-line=wages]', { hasText: '请填写数字' }).waitFor();
  await page.locator('#wages').fill('40000.');
  expect(await page.locator('.fault').count()).toBe(0);
  await page.locator('#visitedOn').fill('2023-10-12');
  await page.getByText('入户日期不能晚于今天').waitFor();
  await page.locator('#visitedOn').fill('2023-10-11');
  await page.getByText('手机研判').waitFor();
  expect(await page.locator('.fault').count()).toBe(0);
});

test('signing out takes drafts along at the second touch only', async () => {
  const { page } = phone;
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: '退出并清除本机数据（含 1 份草稿）' }).click();
  await page.getByRole('button', { name: '再按一次，草稿也会删除' }).waitFor();
  await page.locator('.home').click();
  expect((await states())[0]).toBe('填写中');
});

test('where the system may clear the phone, a private window and a full one are told beforehand', async () => {
  const lost = '系统可能清掉本页';
  await withStorage({ quota: 8e9, persisted: true });
  await phone.page.locator('.unsent').click();
  await phone.page.getByText('全部已送达。').waitFor();
  expect(await phone.page.getByText(lost).count()).toBe(0);
  await withStorage({ quota: 8e9, persisted: false });
  await phone.page.locator('.unsent').click();
  await phone.page.getByText(lost).waitFor();
  await withStorage({ quota: 150e6, persisted: false });
  await phone.page.getByRole('alert').filter({ hasText: '无痕模式' }).waitFor();
  await withStorage({ quota: 4e6, persisted: true });
  await phone.page.getByRole('alert').filter({ hasText: '手机存储将满' }).waitFor();
  await withStorage({ quota: 8e9, persisted: true });
});

test('a round that was sealed meanwhile is shown beside what was filled in, and nothing is sent once more in vain', async () => {
  phone.line.cut();
  await phone.household(1);
  await phone.page.getByRole('button', { name: '入户登记' }).click();
  await phone.page.locator('#wages').fill('1234');
  await phone.finish();
  await phone.household(2);
  await phone.page.getByRole('button', { name: '未能入户' }).click();
  await phone.page.getByRole('radio', { name: '住院' }).click();
  await phone.finish();
  await phone.household(3);
  await phone.page.getByRole('button', { name: '入户登记' }).click();
  await phone.finish();
  const theirs = (await worklist(stack))[3];
  if (theirs === undefined) throw new Error('There is no such household.');
  await submit(stack, [visitOf(theirs)], { as: SECOND_WORKER });
  await stack.advance('2023-11-20T10:00:00+08:00');
  await phone.send();
  const { page } = phone;
  // After a month away the session has ended: everything stays as it was, and is sent after signing in anew.
  await page.getByRole('alert').filter({ hasText: '登录已过期' }).waitFor();
  expect(await phone.unsent).toBe(3);
  await phone.household(5);
  await page.getByRole('button', { name: '入户登记' }).waitFor();
  await phone.signIn(WORKER);
  await page.locator('.unsent').click();
  await page.locator('.forms em.refused').nth(2).waitFor();
  const beside = async (household: string, line: string) => {
    await page.locator('.unsent').click();
    await page.locator('.forms button', { hasText: household }).filter({ hasText: '需处理' }).click();
    await page.locator('.beside').waitFor();
    expect(await page.getByRole('button', { name: '仍要发送' }).count()).toBe(0);
    return await page.locator('.beside tr', { hasText: line }).locator('td').allTextContents();
  };
  expect(await beside('0002', '本轮排查')).toEqual(['—', '2023Q4，已封存']);
  expect(await beside('0002', '本户计为')).toEqual(['—', '未入户：未说明原因']);
  expect(await beside('0003', '本户计为')).toEqual(['—', '未入户：未说明原因']);
  // What counts stands beside what does not, line by line.
  expect(await beside('0004', '本户计为')).toEqual(['—', '已入户']);
  expect(await beside('0004', '工资性收入')).toEqual(['40000 元', '40000 元']);
  await page.getByRole('button', { name: '不发送，留存' }).click();
  await page.locator('.forms em', { hasText: '留存未发' }).waitFor();
  expect(await phone.unsent).toBe(2);
});
