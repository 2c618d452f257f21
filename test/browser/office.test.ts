import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { yearsLater } from '../erasing-people.ts';
import { admissionOf, agreeUntil, TOWN, visited } from '../playing-cases.ts';
import { testId, VILLAGE } from '../playing-households.ts';
import { OFFICER, SECOND_OFFICER, TestStack } from '../stack.ts';
import { serious } from './axe.ts';
import { openBrowser } from './browser.ts';
import { atRest } from './walk.ts';
import { Windows } from './windows.ts';

let stack: TestStack;
let browser: Browser;
let windows: Windows;
let subject: string;
/** A household with an open case, and one whose second member has left. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  const [first, second] = await visited(stack, 2);
  if (first === undefined || second === undefined) throw new Error('Two households are needed.');
  subject = await admissionOf(stack, first);
  await agreeUntil(stack, subject, first);
  const change = { kind: 'move-out', on: '2023-10-12', person: second.members[1]?.person };
  const left = await stack.patch(`/v1/households/${second.id}`, OFFICER, { version: 1, change });
  expect(left.status).toBe(200);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.locator(field).first().click();
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
}

/** Sends what the dialog holds, which then shuts nobody out, and waits until it was taken. */
async function confirm(page: Page, button = '确定'): Promise<void> {
  await atRest(page);
  expect(await serious(page, '[role=dialog]', true)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  // Of two acts in a row the first one's message may still stand there.
  await page.locator('.ant-message-success').last().waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('a risk is added, another said to have gone, and another helper takes over', async () => {
  await as(TOWN, `cases/${subject}`, async (page) => {
    await page.getByRole('tab', { name: '风险', exact: true }).click();
    await page.getByRole('button', { name: '补记风险' }).click();
    await choose(page, '#add', '因意外事故');
    await page.locator('#reason').fill('务工途中摔伤');
    await confirm(page);
    await page.locator('p', { hasText: '因病' }).getByRole('button', { name: '说明已消失' }).click();
    await page.getByRole('dialog').getByLabel('理由').fill('病愈，已恢复劳动');
    await confirm(page);
    await page.getByText('病愈，已恢复劳动').waitFor();
    await page.getByRole('button', { name: '更换帮扶责任人' }).click();
    await page.locator('#name').fill('李接手');
    await page.locator('#unit').fill('镇民政办');
    await page.locator('#account').fill('helper-2');
    await page.locator('#reason').fill('原责任人调离');
    await confirm(page);
    await page.getByText('李接手 · 镇民政办').waitFor();
  });
  const [episode] = (await stack.get(`/v1/cases/${subject}`, OFFICER)).body.episodes;
  expect(episode.helper).toMatchObject({ account: 'helper-2', name: '李接手' });
  expect(episode.risks).toMatchObject([
    { code: 'illness', gone: { by: 'town-officer', reason: '病愈，已恢复劳动' } },
    { code: 'accident' },
  ]);
});

test('a request for help is recorded at the counter', async () => {
  await as(TOWN, 'ledger?tab=help', async (page) => {
    await page.getByRole('button', { name: '登记求助' }).click();
    await page.locator('#household').fill(`${VILLAGE}-0001`);
    await page.locator('#person').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await choose(page, '#wants', '求职');
    await page.locator('#words').fill('想在镇上找一份工');
    await confirm(page);
    await page.getByText('想在镇上找一份工').waitFor();
  });
  const { items } = (await stack.get(`/v1/help-requests?region=${VILLAGE}`, OFFICER)).body;
  expect(items).toMatchObject([{ household: `${VILLAGE}-0001`, wants: 'work' }]);
});

test('a request that another authority answers is referred to it', async () => {
  await as(TOWN, 'ledger?tab=help', async (page) => {
    await page.locator('.ant-table-row').getByRole('button', { name: '答复' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('办理结果').first().click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '转介' }).click();
    await dialog.getByLabel('理由').fill('由人社局推荐岗位');
    // Nobody is referred to nobody.
    expect(await dialog.getByRole('button', { name: '确定' }).isDisabled()).toBe(true);
    await dialog.getByLabel('转介给（单位）').fill('区人社局');
    const sent = page.waitForRequest((request) => request.url().endsWith('/outcome'));
    await dialog.getByRole('button', { name: '确定' }).click();
    expect((await sent).postDataJSON()).toMatchObject({ outcome: { outcome: 'referral', to: '区人社局' } });
    await page.locator('.ant-message-success').waitFor();
  });
  const { items } = (await stack.get(`/v1/help-requests?region=${VILLAGE}`, OFFICER)).body;
  expect(items).toEqual([]);
});

test('a safeguard is asked of another authority, and followed until it is granted', async () => {
  await as(TOWN, `cases/${subject}`, async (page) => {
    await choose(page, '#plan_kind', '产业帮扶');
    expect(await page.locator('#plan_referredTo').count()).toBe(0);
    await choose(page, '#plan_kind', '住房安全保障');
    await page.locator('#plan_referredTo').fill('镇民政办');
    await page.locator('#plan_funder').fill('省财政');
    await page.getByRole('button', { name: '计划措施' }).click();
    await page.getByText('等待答复').waitFor();
    await page.getByRole('button', { name: '已获批准' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await page.getByText('等待答复').waitFor({ state: 'detached' });
  });
  const { measures } = (await stack.get(`/v1/cases/${subject}`, OFFICER)).body;
  expect(measures).toMatchObject([
    {
      kind: 'housing',
      funder: '省财政',
      referral: { to: '镇民政办', outcome: { outcome: 'granted' } },
    },
  ]);
});

test('what was refused stands at its field, and a click beside the dialog throws nothing away', async () => {
  await as(TOWN, `cases/${subject}`, async (page) => {
    await page.getByRole('tab', { name: '风险', exact: true }).click();
    await page.getByRole('button', { name: '补记风险' }).click();
    await choose(page, '#add', '因灾');
    await page.locator('#reason').fill('      ');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    const fault = page.locator('.ant-form-item', { has: page.locator('#reason') }).locator('[class*=explain-error]');
    await fault.waitFor({ timeout: 10_000 });
    await page.locator('#reason').fill('台风致房屋受损');
    await page.mouse.click(8, 400);
    await page.waitForTimeout(300);
    expect(await page.locator('#reason').inputValue()).toBe('台风致房屋受损');
  });
});

test('objections that cannot be read are not none, nor is a notice over that is not read', async () => {
  await as(TOWN, `cases/${subject}`, async (page) => {
    await page.getByRole('tab', { name: '公示' }).waitFor();
    const failed = { status: 500, json: { code: 'internal', detail: '系统出错。', errors: [] } };
    await page.route(/\/v1\/notices/, (route) => route.fulfill(failed));
    await page.getByRole('tab', { name: '公示' }).click();
    await page.locator('main .ant-result').first().waitFor({ timeout: 10_000 });
    expect(await page.getByText('异议 0').count()).toBe(0);
    expect(await page.getByText('公示期已满').count()).toBe(0);
  });
});

test('an entry that is recorded already is not called done', async () => {
  await as(TOWN, `ledger?region=${VILLAGE}`, async (page) => {
    for (const told of ['.ant-message-success', '.ant-message-warning']) {
      await page.getByRole('button', { name: '录入一笔' }).click();
      await page.locator('[role=dialog] .ant-select').first().click();
      await page.keyboard.type('修缮');
      await page.keyboard.press('Enter');
      await page.locator('#household').fill(`${VILLAGE}-0001`);
      await page.locator('#amount').fill('300');
      await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
      await page.locator(told).waitFor({ timeout: 10_000 });
    }
  });
});

test('of an address with one wrong filter the others hold', async () => {
  await as(TOWN, 'cases?stage=none&overdue=true', async (page) => {
    await page.locator('main .ant-btn-primary', { hasText: '只看逾期' }).waitFor({ timeout: 10_000 });
  });
});

test('an issuer in trouble ends no session', async () => {
  await as(TOWN, 'ledger', async (page) => {
    await page.locator('h1').waitFor();
    await stack.settle(13 * 3_600);
    let asked = 0;
    await page.route('**/token', async (route) => {
      asked += 1;
      await route.fulfill({ status: 503, body: '' });
    });
    await page.getByRole('link', { name: '农户' }).first().click();
    await expect.poll(() => asked).toBeGreaterThan(0);
    expect(await page.getByText('登录已过期').count()).toBe(0);
    await page.unroute('**/token');
    await page.locator('.ant-table-row').first().waitFor();
  });
});

test('the number of a clue that matched nobody is shown for a reason, which is listed', async () => {
  const idNumber = testId(900);
  const row = { idNumber, kind: 'job-loss', on: '2023-10-11', village: VILLAGE };
  const told = await stack.post('/v1/alerts', OFFICER, { department: '人社局', rows: [row] });
  expect(told.body.items).toMatchObject([{ outcome: 'unmatched' }]);
  await as({ account: 'district-officer' }, 'administration?tab=unmatched', async (page) => {
    await page.getByRole('button', { name: '查看' }).first().click();
    await page.getByRole('dialog').getByLabel('理由').fill('核对是否本村村民');
    await page.getByRole('dialog').getByRole('button', { name: '查看' }).click();
    await page.getByRole('dialog').getByText(idNumber).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click();
    expect(await page.getByText(idNumber).count()).toBe(0);
  });
  const { items } = (await stack.get('/v1/reveals?region=440904', { account: 'auditor' })).body;
  expect(items).toMatchObject([{ field: 'idNumber', by: 'district-officer', reason: '核对是否本村村民' }]);
});

test('a period is set, and whoever left before it erased, each by two officers', async () => {
  stack = await yearsLater(stack);
  windows = new Windows(browser, stack);
  const [first, second] = [
    { account: 'district-officer' },
    { account: 'district-officer', person: SECOND_OFFICER.person ?? 2 },
  ];
  await as(first, 'administration?tab=erasures', async (page) => {
    await page.getByRole('button', { name: '提出保存期限' }).click();
    await page.locator('#years').fill('1');
    await page.locator('#effectiveFrom').fill('2026-02-01');
    await page.locator('#basis').fill('区档案保管期限表');
    await confirm(page);
    // Whoever proposed is not offered to approve.
    await page.getByText('区档案保管期限表').waitFor();
    expect(await page.locator('main').getByRole('button', { name: '通过' }).count()).toBe(0);
  });
  await as(second, 'administration?tab=erasures', async (page) => {
    await page.locator('main').getByRole('button', { name: '通过' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  await as(first, `households/${VILLAGE}-0002`, async (page) => {
    await page.locator('.ant-table-row').first().waitFor();
    expect(await page.getByRole('button', { name: '申请删除' }).count()).toBe(0);
    await page.getByLabel('截至日期').fill('2023-10-11');
    await page.getByRole('button', { name: '申请删除' }).nth(1).click();
    await choose(page, '#ground', '保存期限已届满');
    await page.locator('#reason').fill('保存期限届满，本人申请');
    await confirm(page);
  });
  await as(second, 'administration?tab=erasures', async (page) => {
    const row = page.locator('.ant-table-row', { hasText: '保存期限届满，本人申请' });
    await row.getByRole('button', { name: '通过' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await row.getByText('已删除').waitFor();
  });
  const { items } = (await stack.get('/v1/erasures', OFFICER)).body;
  expect(items).toMatchObject([{ household: `${VILLAGE}-0002`, status: 'erased', approvedBy: 'district-officer-2' }]);
  const { members } = (await stack.get(`/v1/households/${VILLAGE}-0002?asOf=2023-10-11`, OFFICER)).body;
  expect(members.map(({ name }: { name: string }) => name)).toEqual(['测试2', expect.not.stringContaining('测试')]);
});
