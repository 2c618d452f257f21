import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROPOSER, SECOND_WORKER } from '../playing-cases.ts';
import { submit, testId, VILLAGE, visitOf, WORKER, worklist } from '../playing-households.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone } from './phone.ts';
import { bitmap } from './picture.ts';

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
  await page.locator('#wages').fill('12000000');
  await page.locator('[data-line=wages]', { hasText: '核对单位' }).waitFor();
  // One and a half may be meant, which is not fifteen.
  await page.locator('#wages').fill('1,5');
  await page.locator('[data-line=wages]', { hasText: '请填写数字' }).waitFor();
  for (const typed of ['40000.', '40,000', '４００００', '４０，０００。５', '\u202d40 000\u202c']) {
    await page.locator('#wages').fill(typed);
    expect([typed, await page.locator('.fault').count()]).toEqual([typed, 0]);
  }
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

test('whoever signs in is asked who they are, even where the issuer still knows the last one', async () => {
  const { page } = phone;
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: '重新登录' }).click();
  await page.locator('button[value=village-worker]').waitFor();
  expect(new URL(page.url()).searchParams.get('prompt')).toBe('login');
  await phone.goHome();
  await phone.unlock();
});

test('a family that changed under a draft is on it when it is gone on with; what the server said nothing of has not arrived', async () => {
  const { page } = phone;
  await phone.household(4);
  await page.getByRole('button', { name: '入户登记' }).click();
  await page.locator('#note').fill('填到一半');
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0005`, OFFICER);
  await stack.patch(`/v1/households/${VILLAGE}-0005`, PROPOSER, {
    version: body.version,
    change: { kind: 'death', on: '2023-10-01', person: body.members[1].person },
  });
  await phone.send();
  await page.getByText('全部已送达。').waitFor();
  await phone.household(4);
  await page.getByRole('button', { name: '继续填写' }).click();
  await page.route('**/visits', (route) => route.fulfill({ json: { items: [] } }));
  await phone.finish();
  await page.locator('.unsent').click();
  await page.getByRole('button', { name: '现在发送' }).waitFor();
  expect(await phone.unsent).toBe(1);
  await page.unroute('**/visits');
  await phone.send();
  await page.locator('.unsent.none').waitFor();
  expect((await worklist(stack))[4]?.members).toHaveLength(1);
  const list = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  expect(list.body.items[4].form.visits).toMatchObject([{ visit: { note: '填到一半' } }]);
});

test('a death of somebody who moved away meanwhile is not taken for one that had arrived', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(5);
  await page.getByRole('button', { name: '死亡' }).click();
  await page.getByRole('radio').nth(1).click();
  await phone.finish();
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0006`, OFFICER);
  await stack.patch(`/v1/households/${VILLAGE}-0006`, PROPOSER, {
    version: body.version,
    change: { kind: 'move-out', on: '2023-10-01', person: body.members[1].person },
  });
  await phone.send();
  await page.locator('.forms em.refused').waitFor();
  expect(await phone.unsent).toBe(1);
  // One person is left there, whose death the register does not take from a village: that is told before it is sent.
  await page.locator('.forms li', { hasText: '需处理' }).locator('button').click();
  await page.getByRole('button', { name: '改后再发' }).click();
  await page.getByRole('radio').first().click();
  await page.locator('.finish').click();
  await page.getByRole('alert').filter({ hasText: '注销' }).waitFor();
  await page.getByRole('button', { name: '不填了' }).click();
  await page.getByRole('button', { name: '再按一次' }).click();
  await page.locator('.unsent.none').waitFor();
});

test('a birth on another day than its number says is told at once, and no field is remembered by the browser', async () => {
  const { page } = phone;
  const remembered = 'main input:not([type=date]):not([type=file]):not([autocomplete=off])';
  await page.locator('.home').click();
  expect(await page.locator(remembered).count()).toBe(0);
  await phone.household(5);
  await page.getByRole('button', { name: '出生' }).click();
  expect(await page.locator(remembered).count()).toBe(0);
  await page.locator('#name').fill('测试新');
  await page.locator('#idNumber').fill(testId(778, '20231001'));
  await page.locator('#on').fill('2023-10-02');
  await page.locator('.finish').click();
  await page.getByRole('alert').filter({ hasText: '出生日期' }).waitFor();
  await page.locator('#on').fill('2023-10-01');
  await page.getByRole('button', { name: '不填了' }).click();
  await page.getByRole('button', { name: '再按一次' }).click();
});

test('a phone with no room for the list still sends what is ready', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(4);
  await page.getByRole('button', { name: '走访记录' }).click();
  await phone.finish();
  await page.evaluate(`{
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
      if (given[0].key !== 'list') return put.apply(this, given);
      this.transaction.abort();
      throw new DOMException('full', 'QuotaExceededError');
    };
  }`);
  await phone.send();
  await page.locator('.unsent.none').waitFor();
  await page.locator('[role=status]', { hasText: '手机存储已满' }).waitFor();
  expect(await phone.unsent).toBe(0);
  await page.reload();
  await phone.unlock();
});

test('a form that something on the way refuses, and not the system, is shown to be mended; one that finds no way at all waits', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(4);
  await page.getByRole('button', { name: '走访记录', exact: true }).click();
  await page.locator('textarea').fill('<script>');
  await phone.finish();
  const refusedBy = (which: string) =>
    page.route(which, (route) => route.fulfill({ status: 403, contentType: 'text/html', body: '<h1>Forbidden</h1>' }));
  // A network that wants a login lets nothing through: that is nothing about this form.
  await refusedBy('**/v1/**');
  await phone.send();
  await page.locator('[role=status]', { hasText: '稍后自动再试' }).waitFor();
  expect(await page.locator('.forms em.ready').count()).toBe(1);
  await page.unroute('**/v1/**');
  await refusedBy('**/v1/households/*/calls');
  await page.getByRole('button', { name: '现在发送' }).click();
  await page.locator('.forms em.refused').waitFor();
  await page.locator('.forms li', { hasText: '需处理' }).locator('button').click();
  await page.getByText('没有放行这份表单').waitFor();
  await page.unroute('**/v1/households/*/calls');
  await page.getByRole('button', { name: '改后再发' }).click();
  await page.locator('textarea').fill('一切正常');
  await phone.finish();
  await phone.send();
  await page.locator('.unsent.none').waitFor();
});

test('locking does not wait for a photograph that is stuck, and a page with nothing to send fetches nothing over and over', async () => {
  const { page } = phone;
  await page.route('**/*', (route) => (route.request().method() === 'PUT' ? undefined : route.fallback()));
  await phone.household(4);
  await page.getByRole('button', { name: '入户登记', exact: true }).click();
  const camera = { name: 'photo.bmp', mimeType: 'image/bmp', buffer: bitmap(80, 9) };
  await page.locator('input[type=file]').setInputFiles(camera);
  await page.locator('.photographs img').waitFor();
  await phone.finish();
  await page.getByText('照片还有 1 张待发送').waitFor();
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: /^锁定/ }).click();
  await page.locator('.pin input').waitFor({ timeout: 5000 });
  await page.unroute('**/*');
  await page.addInitScript(
    "{ const real = setInterval; globalThis.setInterval = (act, ms) => real(act, localStorage.getItem('fast') === null ? ms : ms / 100); }",
  );
  await page.evaluate("localStorage.setItem('fast', '1')");
  await page.reload();
  await phone.unlock();
  await page.locator('.unsent.none').waitFor();
  await page.locator('.unsent').click();
  await page.getByText('全部已送达。').waitFor();
  const before = phone.line.carried.length;
  await page.waitForTimeout(1500);
  expect(phone.line.carried.slice(before).filter((each) => each.includes(' /v1/'))).toEqual([]);
  await page.evaluate("localStorage.removeItem('fast')");
  await page.reload();
  await phone.unlock();
});

test('of a watch list of several pages every household is told', async () => {
  const { page } = phone;
  const watched = (number: string) => ({
    household: `${VILLAGE}-${number}`,
    groups: [],
    lastSeenOn: null,
    dueOn: '2023-11-01',
    overdue: false,
  });
  await page.route('**/v1/watch-list?*', (route) =>
    route.fulfill({
      json: route.request().url().includes('cursor=')
        ? { items: [watched('0002')] }
        : { items: [watched('0001')], next: 'second' },
    }),
  );
  await page.locator('.home').click();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.getByRole('radio', { name: '重点走访' }).click();
  await page.locator('.household').nth(1).waitFor();
  expect(await page.locator('.household').count()).toBe(2);
  await page.unroute('**/v1/watch-list?*');
  await page.getByRole('radio', { name: '待入户' }).click();
});

test('a list this page cannot show takes no other screen with it, and the next one is shown again', async () => {
  const { page } = phone;
  await page.locator('.home').click();
  const { body } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  await page.route('**/worklist?*', (route) =>
    route.fulfill({ json: { ...body, items: [{ household: { id: 'newer' }, state: 'open' }] } }),
  );
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.getByRole('alert').filter({ hasText: '显示不了' }).waitFor();
  await page.locator('.unsent').click();
  await page.locator('.forms em.sent').first().waitFor();
  await page.unroute('**/worklist?*');
  await page.locator('.home').click();
  await page.getByRole('alert').filter({ hasText: '显示不了' }).waitFor();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.locator('.household').first().waitFor();
  expect(await states()).toContain('待入户');
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
  // Nor is anything finished for a round that takes nothing more.
  await phone.household(5);
  await page.getByRole('button', { name: '入户登记', exact: true }).click();
  await page.locator('.result.fault', { hasText: '已封存' }).waitFor();
  expect(await phone.unsent).toBe(2);
});

test('what arrived a hundred days ago is no longer on the phone; what has not, still is', async () => {
  const { page } = phone;
  await page.locator('.unsent').click();
  expect(await page.locator('.forms em.sent').count()).toBeGreaterThan(0);
  await stack.advance('2024-03-10T10:00:00+08:00');
  // The session has ended meanwhile, and the answer that says so tells the hour.
  await page.getByRole('button', { name: '现在发送' }).click();
  await page.getByRole('alert').filter({ hasText: '登录已过期' }).waitFor();
  await page.reload();
  await phone.unlock();
  await page.locator('.unsent').click();
  await page.locator('.forms em.refused').first().waitFor();
  expect(await page.locator('.forms em.sent').count()).toBe(0);
  expect(await phone.unsent).toBe(2);
});
