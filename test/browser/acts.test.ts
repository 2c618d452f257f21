import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admissionOf, agreeUntil, TOWN, visited } from '../playing-cases.ts';
import { OTHER_VILLAGE, register, testId, testRow, VILLAGE, WORKER } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { openBrowser } from './browser.ts';
import { Windows } from './windows.ts';

/** What becomes of an act that is refused, that nobody answers, or that somebody did not mean. */

let stack: TestStack;
let browser: Browser;
let windows: Windows;
let open: string;
let later: Awaited<ReturnType<typeof visited>>[number];
/** Two households under review, one with an open case; a village of 120 households next door. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  const [first, second, third, fourth] = await visited(stack, 4);
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('Four are needed.');
  later = fourth;
  open = await admissionOf(stack, first);
  await agreeUntil(stack, open, first);
  await admissionOf(stack, second);
  await admissionOf(stack, third);
  await register(stack, 120, OTHER_VILLAGE);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);
const dialog = (page: Page) => page.getByRole('dialog');

test('several reviews that each ask for their own are approved by no key, and what is shown is one of those chosen', async () => {
  await as(WORKER, 'inbox', async (page) => {
    await page.locator('.inbox-list li').nth(1).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('x');
    await page.getByText('不能一并通过').waitFor();
    await page.keyboard.press('a');
    await page.waitForTimeout(500);
    expect(await page.locator('.decide').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^通过/ }).isDisabled()).toBe(true);
    // For a rejection of both the one in view is the first of them.
    await page.keyboard.press('r');
    await page.locator('.decide #reason').waitFor();
  });
});

test('a key that belongs to an input method leaves the form as it is', async () => {
  await as(WORKER, 'inbox', async (page) => {
    await page.locator('.inbox-list li').nth(1).waitFor();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').fill('经核实');
    await page.locator('.decide #reason').dispatchEvent('keydown', { key: 'Escape', isComposing: true });
    await page.waitForTimeout(300);
    expect(await page.locator('.decide #reason').inputValue()).toBe('经核实');
    // Escape itself leaves it.
    await page.keyboard.press('Escape');
    await page.locator('.decide').waitFor({ state: 'detached' });
  });
});

test('more verdicts than one request takes go in several', async () => {
  await as(WORKER, 'inbox', async (page) => {
    const sent: number[] = [];
    const read = await stack.get(`/v1/decisions?region=${VILLAGE}`, WORKER);
    const [one] = read.body.items;
    const items = Array.from({ length: 51 }, (_, n) => ({ ...one, id: `decision-${String(n).padStart(16, '0')}` }));
    await page.route(/\/v1\/decisions\?/, (route) => route.fulfill({ json: { ...read.body, items, total: 51 } }));
    const whole = (await stack.get(`/v1/decisions/${one.id}`, WORKER)).body;
    await page.route(/\/v1\/decisions\/decision-/, (route) => route.fulfill({ json: whole }));
    await page.route(/\/v1\/decisions$/, async (route) => {
      const rows: { id: string }[] = Object(route.request().postDataJSON()).items;
      sent.push(rows.length);
      await route.fulfill({ json: { items: rows.map(({ id }, row) => ({ row, id, outcome: 'decided', by: 'me' })) } });
    });
    await page.goto(`${stack.local.endpoints.api}/console/inbox`);
    await page.locator('.inbox-list li').nth(50).waitFor();
    for (let n = 0; n < 51; n += 1) await page.keyboard.press('x');
    await page.getByText('所选 51 件').waitFor();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').fill('经核实不符合条件');
    await page.keyboard.press('Control+Enter');
    await page.locator('.outcomes li').nth(50).waitFor();
    expect(sent).toEqual([50, 1]);
  });
});

test('a verdict that is refused keeps its reason, and the item stays', async () => {
  await as(WORKER, 'inbox', async (page) => {
    await page.locator('.inbox-list li').nth(1).waitFor();
    const before = await page.locator('.inbox-list li').count();
    await page.route(/\/v1\/decisions$/, (route) =>
      route.fulfill({
        json: {
          items: [
            { row: 0, outcome: 'refused', problem: { code: 'conflict', detail: '数据刚被他人更改。', errors: [] } },
          ],
        },
      }),
    );
    await page.keyboard.press('r');
    await page.locator('.decide #reason').fill('经核实不符合条件');
    await page.keyboard.press('Control+Enter');
    await page.locator('.outcomes li.refused').waitFor();
    expect(await page.locator('.decide #reason').inputValue()).toBe('经核实不符合条件');
    expect(await page.locator('.inbox-list li').count()).toBe(before);
  });
});

test('what comes in while the inbox is open is said, and shown when it is asked for', async () => {
  await as(WORKER, 'inbox', async (page) => {
    const came = Promise.withResolvers<void>();
    await page.route(/\/v1\/decisions\?.*limit=1(&|$)/, async (route) => {
      await came.promise;
      await route.continue();
    });
    await page.reload();
    await page.locator('.inbox-list li').nth(1).waitFor();
    const before = await page.locator('.inbox-list li').count();
    await admissionOf(stack, later);
    came.resolve();
    await page.getByRole('button', { name: '新到 1 件' }).click();
    await page.locator('.inbox-list li').nth(before).waitFor();
    await page.getByRole('button', { name: '新到' }).waitFor({ state: 'detached' });
    // Where nothing waited it is said too.
    await page.route(/\/v1\/decisions\?.*limit=200/, (route) => route.fulfill({ json: { items: [], total: 0 } }));
    await page.reload();
    await page.getByText('没有内容').waitFor();
    await page.getByRole('button', { name: `新到 ${before + 1} 件` }).waitFor();
  });
});

test('whoever goes elsewhere with a form half filled in is asked first', async () => {
  const leave = (page: Page) => dialog(page).filter({ hasText: '还没有提交' });
  await as(WORKER, 'inbox', async (page) => {
    await page.locator('.inbox-list li').nth(1).waitFor();
    await page.keyboard.press('r');
    // Nothing is typed yet.
    await page.locator('.decide #reason').waitFor();
    await page.getByRole('link', { name: '农户' }).click();
    await page.waitForURL(/\/households/);
    await page.getByRole('link', { name: '待办' }).click();
    await page.locator('.inbox-list li').nth(1).waitFor();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').fill('经核实不符合条件');
    await page.getByRole('link', { name: '农户' }).click();
    await leave(page).getByRole('button', { name: '留下' }).click();
    await leave(page).waitFor({ state: 'detached' });
    expect(await page.locator('.decide #reason').inputValue()).toBe('经核实不符合条件');
    // Another item, closing the form and coming back lose nothing, and another item has a form of its own.
    await page.keyboard.press('Escape');
    await page.locator('.decide').waitFor({ state: 'detached' });
    await page.locator('.inbox-list li button').nth(1).click();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').waitFor();
    expect(await page.locator('.decide #reason').inputValue()).toBe('');
    await page.locator('.inbox-list li button').nth(0).click();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').waitFor();
    expect(await page.locator('.decide #reason').inputValue()).toBe('经核实不符合条件');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: '农户' }).click();
    await leave(page).getByRole('button', { name: '离开' }).click();
    await page.waitForURL(/\/households/);
  });
  await as(TOWN, 'cases', async (page) => {
    await page.locator(`a[href*="${open}"]`).first().click();
    await page.getByRole('tab', { name: '风险', exact: true }).click();
    await page.getByRole('button', { name: '补记风险' }).click();
    await page.locator('#reason').fill('务工途中摔伤');
    await page.goBack();
    await leave(page).getByRole('button', { name: '留下' }).click();
    expect(await page.locator('#reason').inputValue()).toBe('务工途中摔伤');
    await page.goBack();
    await leave(page).getByRole('button', { name: '离开' }).click();
    await page.waitForURL(/\/cases$/);
  });
});

test('whoever signs out with a form half filled in leaves nothing on the screen, and is not held back', async () => {
  await as({ account: 'village-worker', region: VILLAGE, person: 3 }, 'inbox', async (page) => {
    const asked: string[] = [];
    page.on('dialog', (one) => {
      asked.push(one.type());
      void one.dismiss();
    });
    await page.locator('.inbox-list li').first().waitFor();
    await page.keyboard.press('r');
    await page.locator('.decide #reason').pressSequentially('经核实不符合条件');
    await page.locator('.person').click();
    await page.locator('.ant-dropdown').getByText('退出登录').click();
    await page.locator('.shell').waitFor({ state: 'detached' });
    expect(asked).toEqual([]);
  });
});

const sheet = (rows: readonly string[]) => ({
  name: '花名册.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['行政村编码,户编号,户类型,姓名,与户主关系,身份证号码', ...rows].join('\n')),
});
const imports = /\/v1\/exchange\/households(\?(?!.*check)|$)/;

test('an import that is refused whole, or that nobody answers, says so and can be sent again', async () => {
  const row = `${VILLAGE},0800,脱贫户,测试新,户主,${testId(800)}`;
  await as(TOWN, 'exchange', async (page) => {
    await page.locator('input[type=file]').setInputFiles(sheet([row]));
    await page.getByText('检查结果，尚未写入').waitFor();
    await page.route(imports, (route) => route.abort());
    await page.getByRole('button', { name: '导入 1 行' }).click();
    await page.getByText('请检查网络后重试').first().waitFor({ timeout: 10_000 });
    await page.unroute(imports);
    await page.route(imports, (route) =>
      route.fulfill({ status: 409, json: { code: 'round-not-collecting', detail: '本轮排查已截止。', errors: [] } }),
    );
    await page.getByRole('button', { name: '导入 1 行' }).click();
    await page.getByText('本轮排查已截止。').waitFor({ timeout: 10_000 });
    await page.unroute(imports);
    await page.getByRole('button', { name: '导入 1 行' }).click();
    await page.getByText('导入结果').waitFor();
    expect((await stack.get(`/v1/households/${VILLAGE}-0800`, OFFICER)).status).toBe(200);
    // A check holds for what it was made for: another region asks for another.
    await page.locator('input[type=file]').setInputFiles(sheet([row]));
    await page.getByText('检查结果，尚未写入').waitFor();
    await page.evaluate(
      `history.pushState({}, '', '/console/exchange?region=${VILLAGE}'); dispatchEvent(new PopStateEvent('popstate'))`,
    );
    await expect.poll(() => page.getByText('检查结果，尚未写入').count()).toBe(0);
  });
});

test('what was typed for one clue stands in no other’s dialog, and whom a clue is matched with is shown', async () => {
  const rows = [901, 902].map((n) => ({ idNumber: testId(n), kind: 'job-loss', on: '2023-10-11', village: VILLAGE }));
  await stack.post('/v1/alerts', OFFICER, { department: '人社局', rows });
  await as({ account: 'district-officer' }, 'administration?tab=unmatched', async (page) => {
    await page.getByRole('button', { name: '处理' }).first().click();
    await dialog(page).getByLabel('农户').fill(`${VILLAGE}-0001`);
    await dialog(page).getByText('测试1').first().waitFor({ timeout: 10_000 });
    await dialog(page).getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '处理' }).nth(1).click();
    expect(await dialog(page).getByLabel('农户').inputValue()).toBe('');
    await dialog(page).getByLabel('农户').fill(`${VILLAGE}-0999`);
    expect(await dialog(page).getByRole('button', { name: '确定' }).isDisabled()).toBe(true);
  });
});

test('a person of the household typed before is not sent with another', async () => {
  await as(TOWN, 'ledger?tab=help', async (page) => {
    await page.getByRole('button', { name: '登记求助' }).click();
    await page.locator('#household').fill(`${VILLAGE}-0001`);
    await page.locator('#person').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await page.locator('#household').fill(`${VILLAGE}-0002`);
    await expect.poll(() => dialog(page).locator('.ant-select').first().textContent()).not.toContain('测试1');
    expect(await dialog(page).locator('.ant-select').first().textContent()).not.toMatch(/p-|测试/);
  });
});

test('a measure whose answer was lost is planned once', async () => {
  const path = new RegExp(`/v1/cases/${open}/measures$`);
  await as(TOWN, `cases/${open}`, async (page) => {
    await page.locator('#plan_kind').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await page.locator('#plan_amount').fill('１，２００．５');
    await page.route(path, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: '计划措施' }).click();
    await page.locator('.ant-message-error').waitFor();
    await page.unroute(path);
    // What the network lost may have been done: the screen is read anew, and the same again is the same measure.
    await page.locator('.plan li').first().waitFor({ timeout: 10_000 });
    await page.getByRole('button', { name: '计划措施' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  const { measures } = (await stack.get(`/v1/cases/${open}`, OFFICER)).body;
  expect(measures).toMatchObject([{ amount: 120_050 }]);
});

test('an amount that is none is refused, not taken for a part of it', async () => {
  await as(TOWN, `cases/${open}`, async (page) => {
    for (const typed of ['3万', '一百', '1２x', '-5', '1,5']) {
      await page.locator('#plan_amount').fill(typed);
      await page.locator('#plan_amount').press('Tab');
      expect([typed, await page.locator('#plan_amount').inputValue()]).toEqual([typed, '']);
    }
    await page.locator('#plan_amount').pressSequentially('1，234.5');
    await page.locator('#plan_amount').press('Tab');
    expect(await page.locator('#plan_amount').inputValue()).toBe('1234.50');
    await page.locator('#plan_amount').fill('1e3');
    await page.locator('#plan_amount').press('Tab');
    expect(await page.locator('#plan_amount').inputValue()).toBe('');
  });
});

test('after a conflict the household is shown as it is now', async () => {
  const id = `${VILLAGE}-0004`;
  await as(TOWN, `households/${id}?tab=changes`, async (page) => {
    await page.locator('#kind').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '更正' }).click();
    await page.locator('#address').fill('新址 1 号');
    await page.getByRole('button', { name: '预览' }).click();
    const change = { kind: 'correction', on: '2023-10-11', address: '别处 9 号' };
    expect((await stack.patch(`/v1/households/${id}`, OFFICER, { version: 1, change })).status).toBe(200);
    await page.locator('.decide').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-error').waitFor();
    await page.getByText('别处 9 号').first().waitFor({ timeout: 10_000 });
    // What was typed still stands; whoever wants it nevertheless looks at its preview again.
    expect(await page.locator('.decide').count()).toBe(0);
    expect(await page.locator('#address').inputValue()).toBe('新址 1 号');
  });
});

test('a household as it was on another day is not changed from there', async () => {
  await as(TOWN, `households/${VILLAGE}-0001?tab=changes&asOf=2023-01-01`, async (page) => {
    await page.getByRole('tab', { name: '变更' }).waitFor();
    await page.getByRole('heading', { name: '变更', exact: true }).waitFor();
    expect(await page.locator('#kind').count()).toBe(0);
  });
});

test('a long list is copied whole', async () => {
  await as({ account: 'district-officer' }, `households?region=${OTHER_VILLAGE}`, async (page) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('120 户').first().waitFor();
    await page.getByRole('button', { name: '复制表格' }).click();
    await page.locator('.ant-message-success').waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()')).split('\n');
    expect(copied).toHaveLength(121);
    expect(copied[120]).toContain(testRow(120).number);
  });
});

test('a session that ends in the middle of a form keeps what was typed', async () => {
  await as(TOWN, `cases/${open}`, async (page) => {
    await page.getByRole('tab', { name: '风险', exact: true }).click();
    await page.getByRole('button', { name: '补记风险' }).click();
    await page.locator('#reason').fill('务工途中摔伤，已住院');

    await page.locator('#add').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await stack.local.clock.advance(stack.local.clock.now() + 40 * 86_400_000);
    // The act finds that the session has ended, unless the bell has already.
    await dialog(page)
      .getByRole('button', { name: '确定' })
      .click({ timeout: 3_000 })
      .catch(() => undefined);
    const [again] = await Promise.all([
      page.waitForEvent('popup', { timeout: 10_000 }),
      page.getByRole('button', { name: '在新窗口登录，保留所填内容' }).click({ timeout: 10_000 }),
    ]);
    await again
      .locator('form', { has: again.locator('button[value="town-officer"]') })
      .locator('button')
      .click();
    await page.locator('#reason').waitFor({ state: 'visible' });
    expect(await page.locator('#reason').inputValue()).toBe('务工途中摔伤，已住院');
    await dialog(page).getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
});

test('whoever signs out where the issuer does not answer leaves nothing in the window', async () => {
  await as(OFFICER, 'households', async (page) => {
    await page.locator('.ant-table-row').first().waitFor();
    await page.route('**/.well-known/**', (route) => route.abort());
    await page.reload();
    await page.locator('.ant-table-row').first().waitFor();
    await page.locator('button.person').click();
    await page.getByText('退出登录').click();
    await page.locator('.door').waitFor();
    expect(await page.locator('.ant-table-row').count()).toBe(0);
    expect(await page.evaluate('Object.keys(sessionStorage).filter((key) => key.includes("session"))')).toEqual([]);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('网络中断或服务没有响应').waitFor();
  });
});
