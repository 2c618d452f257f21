import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROPOSER } from '../playing-cases.ts';
import { OTHER_VILLAGE, VILLAGE, WORKER } from '../playing-households.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import { villageInItsRound } from './opening.ts';
import { Phone } from './phone.ts';
import { bitmap } from './picture.ts';

const DAY = 86_400_000;

let stack: TestStack;
let browser: Browser;
let phone: Phone;

/** A village of nine in its round, and a phone whose clock, storage and camera are what phones' are. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(9));
  phone = await Phone.open(browser, stack.local.endpoints.api);
  // Somebody, or an empty battery, sets the clock while the page is open.
  await phone.context.addInitScript({
    content: `{ const real = Date.now; Date.now = () => real.call(Date) + Number(localStorage.getItem('shift') ?? ${shiftOf(0)}); }`,
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

/** By how much this machine's clock is to be shifted, ms, so that the phone is so far ahead of the server. */
function shiftOf(ahead: number): number {
  return stack.local.clock.now() + ahead - Date.now();
}
async function setClock(ahead: number): Promise<void> {
  await phone.page.evaluate(`localStorage.setItem('shift', '${shiftOf(ahead)}')`);
}

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

test('what cannot be read as a photograph is told by what it is, and what to do; a large one is taken', async () => {
  const { page } = phone;
  await beginVisit(4, '照片');
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(500)]);
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
  for (const [name, mimeType, buffer, told] of [
    ['IMG_0001.HEIC', 'image/heic', heic, '兼容性最佳'],
    ['IMG_0001.jpg', 'image/jpeg', Buffer.alloc(0), '没有拍上'],
    ['paper.jpg', 'image/jpeg', Buffer.from('%PDF-1.7 and so on'), '这是 PDF'],
    ['film.mp4', 'video/mp4', Buffer.from('\0\0\0\x18ftypmp42 and so on'), '这是视频'],
    ['half.jpg', 'image/jpeg', Buffer.from('ffd8ffe000104a46', 'hex'), '没有存完整'],
    ['words.jpg', 'image/jpeg', Buffer.from('only words'), '这不是照片'],
  ] as const) {
    await choose(name, mimeType, buffer);
    await page.locator('fieldset .fault', { hasText: told }).waitFor();
  }
  expect(await page.locator('.photographs img').count()).toBe(0);
  await phone.fill(true);
  await choose('photo.bmp', 'image/bmp', bitmap(90, 3));
  await page.locator('fieldset .fault', { hasText: '这张照片没有存下' }).waitFor();
  await phone.fill(false);
  // Twenty megabytes.
  await choose('large.bmp', 'image/bmp', bitmap(2600, 3));
  await page.locator('.photographs img').waitFor();
  expect(await page.locator('fieldset .fault').count()).toBe(0);
});

test('a clock that is set back while there is no signal is told, and does not keep a visit from being dated and finished', async () => {
  const { page } = phone;
  phone.line.line = 'up';
  await page.locator('.unsent').click();
  await page.getByRole('button', { name: '现在发送' }).click();
  await page.getByText('全部已送达。').waitFor();
  phone.line.cut();
  for (const days of [365, 1]) {
    await setClock(-days * DAY);
    await phone.household(5);
    await page.getByRole('alert').filter({ hasText: '自动确定日期和时间' }).waitFor();
    await page.locator('.main', { hasText: '入户登记' }).click();
    expect([days, await page.locator('#visitedOn').inputValue()]).toEqual([days, '2023-10-11']);
    await page.getByText('手机研判').waitFor();
  }
  await page.locator('#note').fill('时间往回调过');
  await phone.finish();
  // Two clocks differ by some minutes: that is nothing to tell.
  await setClock(-60_000);
  await phone.household(5);
  expect(await page.getByRole('alert').count()).toBe(0);
  await phone.send();
  await page.locator('.unsent.none').waitFor();
  expect(await notes()).toContain('时间往回调过');
});

test('a clock that was ahead and is set right while there is no signal needs no more correction', async () => {
  const { page } = phone;
  // The phone is a year ahead of the server, and learns it.
  await setClock(365 * DAY);
  phone.line.line = 'up';
  await page.locator('.unsent').click();
  await page.getByRole('button', { name: '现在发送' }).click();
  await page.getByText('全部已送达。').waitFor();
  phone.line.cut();
  await setClock(2 * DAY);
  await phone.household(5);
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.getByRole('button', { name: '走访记录', exact: true }).click();
  expect(await page.locator('#on').inputValue()).toBe('2023-10-13');
  await setClock(0);
  phone.line.line = 'up';
});

test('a form of a household that was merged, moved or cancelled meanwhile says where to go, shows all that was typed, and is not sent in vain', async () => {
  const { page } = phone;
  const change = async (number: string, made: object) => {
    const { body } = await stack.get(`/v1/households/${VILLAGE}-${number}`, OFFICER);
    const by = 'village' in made ? OFFICER : PROPOSER;
    const answer = await stack.patch(`/v1/households/${VILLAGE}-${number}`, by, {
      version: body.version,
      change: { on: '2023-10-11', ...made },
    });
    expect(answer.status).toBe(200);
  };
  phone.line.cut();
  await beginVisit(6, '并户前写下的话');
  await page.getByRole('switch', { name: /^住房安全/ }).click();
  await page.getByRole('switch', { name: '失业' }).click();
  await page.getByRole('radio', { name: '大病' }).first().click();
  await phone.finish();
  await phone.household(7);
  await page.getByRole('button', { name: '上报线索' }).click();
  await page.locator('#words').fill('屋顶漏雨很久');
  await phone.finish();
  await beginVisit(8, '还没填完');
  const { body: into } = await stack.get(`/v1/households/${VILLAGE}-0001`, OFFICER);
  await change('0007', { kind: 'merge', into: into.id, intoVersion: into.version });
  await change('0008', { kind: 'move', village: OTHER_VILLAGE, number: '0801' });
  await change('0009', { kind: 'cancel', reason: 'moved-away' });
  await phone.send();
  await page.locator('.forms em.refused').nth(1).waitFor();
  const open = (number: string) => page.locator('.forms button', { hasText: number }).first().click();
  const inVain = page.getByRole('button', { name: /^(仍要发送|改后再发)$/ });
  await open('0007');
  await page.getByText('本户已并入 0001 户').waitFor();
  expect(await inVain.count()).toBe(0);
  const said = await page.locator('.said').textContent();
  for (const typed of ['住房安全', '失业', '大病', '并户前写下的话']) expect(said).toContain(typed);
  await page.getByRole('button', { name: '不发送，留存' }).click();
  await page.locator('.forms em.aside').waitFor();
  await open('0008');
  await page.getByText(`本户已迁往另一个村（${OTHER_VILLAGE}-0801）`).waitFor();
  expect(await inVain.count()).toBe(0);
  await page.locator('.said', { hasText: '屋顶漏雨很久' }).waitFor();
  await page.getByRole('button', { name: '不发送，留存' }).click();
  await page.locator('.unsent.none').waitFor();
  await open('0009');
  await page.getByText('如注销有误，请告知镇里').waitFor();
  expect(await page.locator('#note').inputValue()).toBe('还没填完');
});

test('at 320 pixels, in the largest letters, no screen is wider than the phone and letters are as large as asked for', async () => {
  const { page } = phone;
  await page.setViewportSize({ width: 320, height: 568 });
  await page.evaluate("document.documentElement.style.fontSize = '200%'");
  const look = async (screen: string) =>
    expect([screen, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([screen, 320]);
  await page.locator('.home').click();
  expect(await page.evaluate('getComputedStyle(document.body).fontSize')).toBe('34px');
  await look('list');
  await phone.household(2);
  await look('household');
  await page.locator('.main', { hasText: '入户登记' }).click();
  await look('visit');
  await page.locator('.unsent').click();
  await look('outbox');
  await page.locator('.forms em.aside').first().click();
  await look('outcome');
  await page.getByRole('button', { name: '设置' }).click();
  await look('settings');
  await page.evaluate("document.documentElement.style.fontSize = ''");
  await page.setViewportSize({ width: 360, height: 740 });
});
