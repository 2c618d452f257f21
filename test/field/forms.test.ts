import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admissionOf, agreeUntil, HELPER, PROPOSER, SECOND_WORKER, today } from '../playing-cases.ts';
import { submit, testId, VILLAGE, visitOf, WORKER, worklist } from '../playing-households.ts';
import { OFFICER, type TestStack } from '../stack.ts';
import { serious } from './axe.ts';
import { villageInItsRound } from './opening.ts';
import { Phone, PIN } from './phone.ts';
import { bitmap } from './picture.ts';

let stack: TestStack;
let browser: Browser;
let phone: Phone;
let measure: { case: string; id: string };

/** A village of nine; the first household is admitted and has a measure planned. */
beforeAll(async () => {
  ({ stack, browser } = await villageInItsRound(9));
  const [first] = await worklist(stack);
  if (first === undefined) throw new Error('The village is empty.');
  const subject = await admissionOf(stack, first);
  await agreeUntil(stack, subject, first);
  const { body } = await stack.post(`/v1/cases/${subject}/measures`, OFFICER, {
    key: 'measure-of-the-test',
    kind: 'health',
    plannedOn: today(stack),
    responsible: HELPER,
  });
  measure = { case: subject, id: body.measure.id };
  await stack.post(`/v1/cases/${subject}/measures/${measure.id}`, OFFICER, {
    change: { to: 'under-way', on: today(stack) },
  });
  phone = await Phone.open(browser, stack.local.endpoints.api);
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

async function visits(n: number): Promise<{ visit: { visitor: string; income: { wages: number } } }[]> {
  const { body } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  return body.items[n].form.visits;
}

test('reasons, calls, clues, a measure done, a birth and a death are filled in without a signal and arrive with their answers lost once', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(1);
  await page.getByRole('button', { name: '未能入户' }).click();
  await page.getByRole('radio', { name: '住院' }).click();
  await phone.finish();
  await phone.household(2);
  await page.getByRole('button', { name: '走访记录' }).click();
  await page.locator('#words').fill('老人身体好转');
  await phone.finish();
  await phone.household(3);
  await page.getByRole('button', { name: '上报线索' }).click();
  await page.locator('#words').fill('男主人外出受伤');
  await phone.finish();
  await phone.household(0);
  await page.getByRole('button', { name: '健康帮扶已完成' }).click();
  await page.locator('#words').fill('单据-77');
  await phone.finish();
  await phone.household(4);
  await page.getByRole('button', { name: '死亡' }).click();
  await page.getByRole('radio').nth(1).click();
  await phone.finish();
  await phone.household(5);
  await page.getByRole('button', { name: '出生' }).click();
  await page.locator('#name').fill('测试新');
  await page.locator('#idNumber').fill(testId(777, '20231001'));
  await phone.finish();
  expect(await phone.unsent).toBe(6);

  // Each answer is lost once, whatever is sent first.
  for (let n = 0; n < 6; n += 1) {
    phone.line.line = 'answers-lost';
    await page.locator('.unsent').click();
    await page.getByRole('button', { name: '现在发送' }).click();
    await page.locator('[role=status]', { hasText: '没有信号' }).waitFor();
    await page.waitForTimeout(50);
  }
  await phone.send();
  await page.locator('.unsent.none').waitFor();

  const { body: list } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}`, WORKER);
  expect(list.items[1]).toMatchObject({ state: 'missed', missed: 'in-hospital' });
  expect(list.items[4].household.members).toHaveLength(1);
  expect(list.items[5].household.members.map(({ name }: { name: string }) => name)).toContain('测试新');
  const { body: found } = await stack.get(`/v1/cases/${measure.case}`, OFFICER);
  expect(found.measures).toMatchObject([{ id: measure.id, status: 'completed', evidence: ['单据-77'] }]);
  const { body: cases } = await stack.get(`/v1/cases?region=${VILLAGE}&household=${VILLAGE}-0004`, OFFICER);
  expect(cases.items).toHaveLength(1);
});

test('a household that somebody else visited meanwhile is shown side by side, and both visits are kept', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(6);
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('#wages').fill('1234');
  await phone.finish();
  const theirs = (await worklist(stack))[6];
  if (theirs === undefined) throw new Error('There is no such household.');
  await submit(stack, [visitOf(theirs)], { as: SECOND_WORKER });
  await phone.send();
  await page.locator('.forms li', { hasText: '需处理' }).locator('button').click();
  await page.getByText('本轮已有人入户（worker').waitFor();
  expect(await page.locator('.beside tr', { hasText: '工资性收入' }).locator('td').allTextContents()).toEqual([
    '1234 元',
    '40000 元',
  ]);
  expect(await visits(6)).toHaveLength(1);
  await page.getByRole('button', { name: '仍要发送' }).click();
  await page.locator('.unsent.none').waitFor();
  expect((await visits(6)).map(({ visit }) => visit.income.wages).sort()).toEqual([123_400, 4_000_000]);
});

test('a household that changed meanwhile is refused by itself; mended it is accepted, and holds no other form', async () => {
  const { page } = phone;
  phone.line.cut();
  for (const n of [7, 8]) {
    await phone.household(n);
    await page.locator('.main', { hasText: '入户登记' }).click();
    await phone.finish();
  }
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0008`, OFFICER);
  await stack.patch(`/v1/households/${VILLAGE}-0008`, PROPOSER, {
    version: body.version,
    change: { kind: 'death', on: '2023-10-01', person: body.members[1].person },
  });
  await phone.send();
  await page.locator('.forms li', { hasText: '需处理' }).waitFor();
  expect(await phone.unsent).toBe(1);
  expect(await visits(8)).toHaveLength(1);
  await page.locator('.forms li', { hasText: '需处理' }).locator('button').click();
  await page.locator('.beside').waitFor();
  // The family of the form beside the register's, and nothing that was not refused among it.
  expect(await page.locator('.beside tr', { hasText: '家庭成员' }).locator('td').allTextContents()).toEqual([
    '测试8、已不在本户 1 人',
    '测试8',
  ]);
  expect(await page.locator('.beside tr').count()).toBe(3);
  await page.getByRole('button', { name: '改后再发' }).click();
  await phone.finish();
  await page.locator('.done', { hasText: '已收到' }).waitFor();
  expect(await visits(7)).toHaveLength(1);
});

test('a photograph is shrunk, kept encrypted, sent after the visit once, and looked at in the system', async () => {
  const { page } = phone;
  const camera = { name: 'photo.bmp', mimeType: 'image/bmp', buffer: bitmap(1640, 90) };
  phone.line.cut();
  await phone.household(3);
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('input[type=file]').setInputFiles(camera);
  await page.locator('.photographs img').waitFor();
  // The same picture once more is no other one.
  await page.locator('input[type=file]').setInputFiles(camera);
  await page.locator('.finish:enabled').waitFor();
  expect(await page.locator('.photographs img').count()).toBe(1);
  await page.locator('input[type=file]').setInputFiles({ ...camera, buffer: bitmap(300, 7) });
  await page.locator('.photographs img').nth(1).waitFor();
  await page.locator('.photographs button').nth(1).click();
  expect(await page.locator('.photographs img').count()).toBe(1);
  // A kill loses neither the draft nor its photograph.
  await page.waitForTimeout(100);
  await phone.reopen();
  await phone.household(3);
  await phone.page.locator('.main', { hasText: '继续填写' }).click();
  await phone.page.locator('.photographs img').waitFor();
  // No picture is to be read in what the phone keeps: a JPEG's beginning, in base64 or as it is.
  const kept = await phone.stored();
  expect(kept).toContain('photo/');
  expect(kept).not.toMatch(/\/9j\/|JFIF/);
  await phone.page.locator('.finish').click();
  await phone.page.getByText('照片 1 张').waitFor();
  // Answers of the form, the announcement and the confirmation are lost, each at least once.
  for (let n = 0; n < 3; n += 1) {
    phone.line.line = 'answers-lost';
    await phone.page.locator('.unsent').click();
    await phone.page.getByRole('button', { name: '现在发送' }).click();
    await phone.page.locator('[role=status]', { hasText: '没有信号' }).waitFor();
  }
  phone.line.line = 'up';
  await phone.page.getByRole('button', { name: '现在发送' }).click();
  await phone.page.locator('.unsent.none').waitFor();
  await phone.page.getByText('照片 1 张已送达').waitFor();
  expect(await phone.stored()).not.toContain('photo/');
  const { body } = await stack.get(`/v1/households/${VILLAGE}-0004/evidence`, OFFICER);
  expect(body.items).toHaveLength(1);
  expect(body.items[0]).toMatchObject({ of: { kind: 'visit', household: `${VILLAGE}-0004` }, type: 'image/jpeg' });
  expect(body.items[0].bytes).toBeLessThanOrEqual(300_000);
  const picture = Buffer.from(await (await fetch(body.items[0].url)).arrayBuffer());
  expect(picture.length).toBe(body.items[0].bytes);
  // A JPEG, with nothing of the camera in it.
  expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  expect(picture.includes('Exif')).toBe(false);
});

test('locked in the middle of sending, nothing goes on behind; opened again it is sent at once, and once', async () => {
  const { page } = phone;
  phone.line.cut();
  await phone.household(4);
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('#note').fill('锁定时发送');
  await page.locator('.finish').click();
  await page.locator('.done').waitFor();
  phone.line.line = 'stuck';
  await page.locator('.unsent').click();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.getByText('正在发送').waitFor();
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: /^锁定/ }).click();
  await page.locator('.pin input').waitFor();
  phone.line.line = 'up';
  await phone.unlock();
  await page.locator('.unsent.none').waitFor({ timeout: 60_000 });
  const { body } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${VILLAGE}&with=form`, WORKER);
  const noted = body.items[4].form.visits.filter(
    ({ visit }: { visit: { note?: string } }) => visit.note === '锁定时发送',
  );
  expect(noted).toHaveLength(1);
});

test('what was typed survives a kill of the tab; a draft goes only at the second touch', async () => {
  const { page } = phone;
  await phone.household(2);
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('#wages').fill('5555.5');
  await page.waitForTimeout(100);
  await phone.reopen();
  await phone.household(2);
  await phone.page.locator('.main', { hasText: '继续填写' }).click();
  expect(await phone.page.locator('#wages').inputValue()).toBe('5555.5');
  await phone.page.getByRole('button', { name: '不填了' }).click();
  await phone.page.getByRole('button', { name: '再按一次' }).click();
  await phone.household(2);
  await phone.page.locator('.main', { hasText: '入户登记' }).waitFor();
});

test('axe finds nothing serious on any screen, and nothing is wider than the phone', async () => {
  const { page } = phone;
  const look = async (screen: string) => {
    expect([screen, await serious(page)]).toEqual([screen, []]);
    expect([screen, await page.evaluate('document.documentElement.scrollWidth <= 360')]).toEqual([screen, true]);
  };
  await look('household');
  await page.getByRole('button', { name: '未能入户' }).click();
  await look('short form');
  await phone.household(3);
  await page.locator('.main', { hasText: '入户登记' }).click();
  await look('visit form');
  await page.locator('.home').click();
  await look('list');
  await page.locator('.unsent').click();
  await look('outbox');
  await page.locator('.forms em.sent').first().click();
  await look('outcome');
  await page.getByRole('button', { name: '设置' }).click();
  await look('settings');
});

test('English by a switch, on every screen; nothing Chinese is left but names', async () => {
  const { page } = phone;
  const chinese = async () => {
    const words = String(
      await page.evaluate(
        "[...document.querySelectorAll('#root *')].filter((one) => one.children.length === 0 && !one.closest('h2, .language, legend, .members, option')).map((one) => one.textContent + (one.getAttribute('aria-label') ?? '')).join('\\n')",
      ),
    );
    // Invented names and places are as they are.
    return (
      words.match(/[\u4e00-\u9fff]{2,}/g)?.filter((one) => !/测试|街道|社区|锁定时发送|老人|男主人/.test(one)) ?? []
    );
  };
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  expect(['settings', await chinese()]).toEqual(['settings', []]);
  await page.locator('.home').click();
  expect(['list', await chinese()]).toEqual(['list', []]);
  await page.getByRole('radio', { name: 'All', exact: true }).click();
  await page.locator('.household').nth(3).click();
  expect(['household', await chinese()]).toEqual(['household', []]);
  await page.locator('.main', { hasText: /Visit|Go on/ }).click();
  expect(['visit', await chinese()]).toEqual(['visit', []]);
  await page.locator('.unsent').click();
  expect(['outbox', await chinese()]).toEqual(['outbox', []]);
  await page.locator('.forms em.sent').first().click();
  expect(['outcome', await chinese()]).toEqual(['outcome', []]);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: '中文' }).click();
});

test('a new version announces itself outside of a form only, and keeps everything', async () => {
  phone.line.newVersion = true;
  // While a release is under way, worker and page may be of two versions: such a pair is not let in.
  phone.line.mixed = true;
  const refused = await phone.page.evaluate(`navigator.serviceWorker.getRegistration().then(async (found) => {
    await found.update();
    const { installing } = found;
    await new Promise((resolve) => installing.addEventListener('statechange', resolve));
    return installing.state;
  })`);
  expect(refused).toBe('redundant');
  phone.line.mixed = false;
  await phone.household(2);
  await phone.page.evaluate(
    'navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => undefined)',
  );
  await phone.page.getByText('有新版本').waitFor();
  await phone.page.locator('.main', { hasText: '入户登记' }).click();
  await phone.page.locator('#wages').waitFor();
  expect(await phone.page.getByText('有新版本').count()).toBe(0);
  await phone.page.locator('.home').click();
  await phone.page.getByRole('button', { name: '更新（已填的都在）' }).click();
  await phone.page.locator('.pin input').waitFor();
  await phone.unlock();
  await phone.page.locator('.household').first().waitFor();
});

test('another account on the phone sees nothing of the first, and signing out leaves nothing', async () => {
  await phone.page.getByRole('button', { name: '设置' }).click();
  await phone.page.getByRole('button', { name: /^锁定/ }).click();
  await phone.signIn(SECOND_WORKER, '907142');
  await phone.page.locator('.unsent').click();
  await phone.page.getByText('还没有填过表单').waitFor();
  await phone.page.getByRole('button', { name: '设置' }).click();
  await phone.page.getByRole('button', { name: /^退出并清除/ }).click();
  // The first account's lock is left, and opens with its own PIN only.
  await phone.page.locator('.pin input').fill('907142');
  await phone.page.locator('.door .main').click();
  await phone.page.getByText('PIN 不对').waitFor();
  await phone.unlock(PIN);
  await phone.page.getByRole('button', { name: '设置' }).click();
  await phone.page.getByRole('button', { name: /^退出并清除/ }).click();
  await phone.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  const [settings, session, ...kept] = JSON.parse(await phone.stored());
  const known = ['shouwang.language', 'shouwang.field.skew', 'shouwang.field.last'];
  expect([Object.keys(settings).filter((key) => !known.includes(key)), session]).toEqual([[], {}]);
  expect(kept.slice(0, 4)).toEqual(['locks', [], 'sealed', []]);
  // What is left are the page's own files.
  expect(kept.slice(4).filter((url: unknown) => !/\/field\/[\w./-]*$/.test(String(url)))).toEqual([]);
  expect(await phone.context.cookies()).toEqual([]);
  // The issuer was told twice: what renews is good for nothing more, and its own session has ended.
  const told = phone.line.carried.filter((each) => /\/(revoke|end-session)$/.test(each));
  expect(told.map((each) => each.replace(/\/.*\//, ''))).toEqual(
    Array(2).fill(['POST revoke', 'GET end-session']).flat(),
  );
});

test('a surveyor chooses a village, sees the households drawn for it, and hands in a sample beside the village’s visit', async () => {
  const { body: sample } = await stack.get(`/v1/rounds/2023Q4/sample?region=440904`, { account: 'surveyor' });
  const drawn: string = sample.items[0].household;
  await phone.signIn({ account: 'surveyor' }, '640913');
  const { page } = phone;
  await page.getByLabel('镇', { exact: true }).selectOption(drawn.slice(0, 9));
  await page.locator('.forms button').first().click();
  await page.locator('.household', { hasText: drawn.slice(13) }).click();
  await page.locator('.main', { hasText: '入户登记' }).click();
  await phone.finish();
  await page.locator('.done', { hasText: '已收到' }).waitFor();
  const { body } = await stack.get(`/v1/rounds/2023Q4/sample?region=440904`, { account: 'surveyor' });
  expect(body.items.find(({ household: id }: { household: string }) => id === drawn)).toMatchObject({
    state: 'visited',
  });
});

test('a draft of another village is told as that, shown, and can be thrown away', async () => {
  const { page } = phone;
  await page.locator('.home').click();
  await page.getByRole('radio', { name: '全部' }).click();
  await page.locator('.household').first().click();
  await page.locator('.main', { hasText: '入户登记' }).click();
  await page.locator('#wages').fill('4321');
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('button', { name: '换一个村' }).click();
  await phone.unlock('640913');
  await page.getByLabel('镇', { exact: true }).selectOption(VILLAGE.slice(0, 9));
  await page.locator('.forms button').nth(3).click();
  await page.locator('.search').waitFor();
  await page.locator('.unsent').click();
  await page.locator('.forms em.draft').click();
  await page.getByText('属于另一个村').waitFor();
  expect(await page.locator('.said').textContent()).toContain('4321 元');
  await page.getByRole('button', { name: '不填了' }).click();
  await page.getByRole('button', { name: '再按一次' }).click();
  await page.locator('.unsent').click();
  await page.locator('.forms em.sent').first().waitFor();
  expect(await page.locator('.forms em.draft').count()).toBe(0);
});
