import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Claimant } from '../../demo/claims/plan.ts';
import { playClaims } from '../../demo/claims/play.ts';
import { claimFor, claimOf, illness, insureWith, registerFamilies, rosterOf, stageOf } from '../playing-claims.ts';
import { WORKER } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { openBrowser } from './browser.ts';
import { Windows } from './windows.ts';

/** Whom a claim is paid to, and what the bank says of it. */

let stack: TestStack;
let browser: Browser;
let windows: Windows;
let families: readonly Claimant[];
/** A claim that waits for its account, and two payments in a batch each. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  families = await registerFamilies(stack, 3);
  const policy = await insureWith(stack, rosterOf(families));
  await playClaims(
    stageOf(stack),
    policy,
    families.map((family, n) =>
      claimFor(family, n + 1, illness(900_000, `PAY-${n}`), n === 0 ? 'account' : 'confirmation'),
    ),
  );
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);

test('a claim is paid to whoever of the household is chosen, under the name on the register', async () => {
  const [family] = families;
  const { id } = await claimOf(stack, family?.household ?? '');
  await as(WORKER, `claims/${id}`, async (page) => {
    await page.getByRole('button', { name: '登记收款账户' }).click();
    await page.locator('#payTo').click();
    const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option');
    // A guardian needs a paper with the claim.
    await options.filter({ hasText: '监护人' }).click();
    await page.getByText('请先在本件上传关系证明。').waitFor();
    await page.locator('#payTo').click();
    await options.filter({ hasText: '测试1孩' }).click();
    await page.locator('#bank').fill('示例银行');
    await page.locator('#account').fill('６２１７ 0000 0000 0000 999');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  const { payee } = await claimOf(stack, family?.household ?? '');
  expect(payee).toMatchObject({
    kind: 'member',
    person: family?.people[1]?.person,
    name: '测试1孩',
    account: '****0999',
  });
});

test('a file of another kind than the papers may have is told by its kind', async () => {
  const { id } = await claimOf(stack, families[0]?.household ?? '');
  await as(WORKER, `claims/${id}`, async (page) => {
    const paper = { name: '病历.heic', mimeType: 'image/heic', buffer: Buffer.from('00') };
    await page.locator('main input[type=file]').setInputFiles(paper);
    await page.getByText('请上传 JPG、PNG 照片或 PDF').waitFor({ timeout: 10_000 });
  });
});

test('the bank says that a batch arrived once it has said so twice, and sees what was refused', async () => {
  const before = (await stack.get('/v1/payouts/batches', OFFICER)).body.items;
  await as({ account: 'bank' }, 'payouts', async (page) => {
    await page.getByRole('button', { name: '全部回执到账' }).first().click();
    await page.waitForTimeout(500);
    expect((await stack.get('/v1/payouts/batches', OFFICER)).body.items).toEqual(before);
    await page.route(/\/v1\/payouts\/confirmations$/, (route) =>
      route.fulfill({
        json: {
          items: [
            {
              row: 0,
              endToEndId: before[0].payouts[0].endToEndId,
              outcome: 'refused',
              problem: { code: 'payout-amount', detail: '金额与指令不符。', errors: [] },
            },
          ],
        },
      }),
    );
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await page.getByText('金额与指令不符。').waitFor({ timeout: 10_000 });
    expect(await page.locator('.ant-message-success').count()).toBe(0);
  });
});
