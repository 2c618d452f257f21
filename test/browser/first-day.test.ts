import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OFFICER, TestStack } from '../stack.ts';
import { serious } from './axe.ts';
import { openBrowser } from './browser.ts';
import { Windows } from './windows.ts';

let stack: TestStack;
let browser: Browser;
let windows: Windows;
beforeAll(async () => {
  [stack, browser] = await Promise.all([
    TestStack.start({ empty: true, start: '2024-01-12T09:00:00+08:00' }),
    openBrowser(),
  ]);
  windows = new Windows(browser, stack);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const SECOND = { account: 'district-officer', person: 2 };

const done = (page: Page) => page.locator('.ant-message-success').last().waitFor();
/** A table as it is published: the district and its towns with zeros at the end. */
const file = (rows: readonly string[]) => ({
  name: '区划代码.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['统计用区划代码,名称', ...rows].join('\n')),
});
const DISTRICT = ['440904000000,电白区', '440904001000,南海街道', '440904001001,霞里社区居委会'];

test('a district that has nothing yet brings its divisions, its criteria and its first round by the screens alone', async () => {
  await windows.as(OFFICER, 'administration?tab=divisions', async (page) => {
    const input = page.locator('input[type=file]');
    await input.setInputFiles(file([...DISTRICT, '4.40904E+11,炮台社区居委会']));
    await page.getByText('第 5 行读不懂').waitFor();
    await input.setInputFiles(file(DISTRICT));
    await page.getByText('电白区 440904：1 个镇（街道）、1 个村（社区）').waitFor();
    expect((await stack.get('/v1/divisions', OFFICER)).body.code).toBe('divisions-missing');
    await page.getByRole('button', { name: '确定' }).click();
    await done(page);
    await page.locator('.ant-table-row', { hasText: '南海街道' }).waitFor();
    await input.setInputFiles(file([...DISTRICT.slice(0, 2), '440904001002,炮台社区居委会']));
    await page.getByText('新增 1 炮台社区居委会').waitFor();
    await page.getByText('去掉 1 霞里社区居委会').waitFor();
    expect(await serious(page)).toEqual([]);
  });
  expect((await stack.get('/v1/divisions', OFFICER)).body.towns).toMatchObject([
    { villages: [{ code: '440904001001', name: '霞里社区居委会' }] },
  ]);

  await windows.as(OFFICER, 'criteria', async (page) => {
    await page.locator('#nearLinePercent').fill('120');
    await page.locator('#collapsePercent').fill('50');
    await page.locator('#rigidSpendingPercent').fill('40');
    await page.locator('#chronicBurden').fill('5000');
    await page.locator('#lines_0_line').fill('8500');
    // Nothing goes out without where the line was published.
    await page.getByRole('button', { name: '提出' }).click();
    await page.locator('.ant-form-item-explain-error').waitFor();
    await page.locator('#lines_0_source').fill('粤府〔2024〕1号（测试）');
    await page.locator('.ant-form-item-explain-error').waitFor({ state: 'detached' });
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: '提出' }).click();
    await done(page);
  });
  await windows.as(SECOND, 'criteria', async (page) => {
    await page.getByText('粤府〔2024〕1号（测试）').waitFor();
    await page.getByRole('button', { name: '通过' }).click();
    await page.getByRole('button', { name: '确定' }).click();
    await done(page);
  });
  const [criteria] = (await stack.get('/v1/criteria', OFFICER)).body.items;
  expect(criteria).toMatchObject({
    status: 'approved',
    effectiveFrom: '2024-01-01',
    chronicBurden: 500_000,
    lines: [{ year: 2024, region: '44', line: 850_000, status: 'official' }],
  });

  await windows.as(OFFICER, 'rounds', async (page) => {
    await page.getByRole('button', { name: '开展一轮排查' }).click();
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByText('2024 年第一季度').first().waitFor();
  });
  await stack.settle(5);
  expect((await stack.get('/v1/rounds/2024Q1', OFFICER)).body.status).toBe('collecting');
});

test('a year goes on with the next one’s line beside the old ones', async () => {
  await windows.as(OFFICER, 'criteria', async (page) => {
    await page.getByRole('button', { name: '增加一条监测线' }).click();
    expect(await page.locator('#lines_1_year').inputValue()).toBe('2025');
    await page.locator('#lines_1_line').fill('9000.10');
    await page.locator('#lines_1_source').fill('粤府〔2025〕1号（测试）');
    await page.getByRole('button', { name: '提出' }).click();
    await done(page);
  });
  const proposed = (await stack.get('/v1/criteria', OFFICER)).body.items.find(
    ({ status }: { status: string }) => status === 'proposed',
  );
  expect(proposed.lines).toMatchObject([
    { year: 2024, line: 850_000 },
    { year: 2025, line: 900_010, status: 'official' },
  ]);
});
