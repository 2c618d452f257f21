import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { register, testRow, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { workbookBytes } from '../workbooks.ts';
import { openBrowser } from './browser.ts';
import { Windows } from './windows.ts';

let stack: TestStack;
let browser: Browser;
let windows: Windows;

/** A village with a few households, and a town that sends and fetches tables. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  await register(stack, 3, VILLAGE, 2);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);

test('a town’s faulty workbook is shown cell by cell before anything is written; its sound rows go in, and mended all of it', async () => {
  const row = testRow(90);
  const [member] = row.members;
  const heading = ['行政村编码', '户编号', '户类型', '姓名', '与户主关系', '身份证号码'];
  const cells = (number: string, id: string) => [VILLAGE, number, '脱贫户', '测试新', '户主', id];
  const known = testRow(1, VILLAGE, 2).members[0]?.idNumber ?? '';
  const bytes = await workbookBytes([
    heading,
    cells('0090', member?.idNumber ?? ''),
    cells('0091', '123'),
    cells('0092', known),
  ]);
  const file = (buffer: Buffer) => ({
    name: '花名册.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer,
  });
  await as({ account: 'town-officer', region: VILLAGE.slice(0, 9) }, 'exchange', async (page) => {
    await page.locator('input[type=file]').setInputFiles(file(bytes));
    await page.getByText('检查结果，尚未写入').waitFor();
    // The third row's number holds; that its person is another household's only the register knows.
    await page.locator('.ant-table-row', { hasText: 'F4' }).waitFor();
    expect((await stack.get(`/v1/households/${VILLAGE}-0090`, OFFICER)).status).toBe(404);
    await page.getByRole('button', { name: /导入 \d+ 行/ }).click();
    await page.getByText('导入结果').waitFor();
    expect((await stack.get(`/v1/households/${VILLAGE}-0090`, OFFICER)).status).toBe(200);
    expect((await stack.get(`/v1/households/${VILLAGE}-0091`, OFFICER)).status).toBe(404);
    // Mended, the whole file goes in: what is registered already stays as it is.
    const mended = [cells('0090', member?.idNumber ?? ''), cells('0091', testRow(91).members[0]?.idNumber ?? '')];
    await page.locator('input[type=file]').setInputFiles(file(await workbookBytes([heading, ...mended])));
    await page.getByRole('button', { name: '导入 2 行' }).click();
    await expect
      .poll(async () => (await stack.get(`/v1/households/${VILLAGE}-0091`, OFFICER)).status, { timeout: 60_000 })
      .toBe(200);
  });
});

test('a table of any size is written in the background and comes as one file', async () => {
  const region = VILLAGE.slice(0, 9);
  const official = { account: 'town-officer', region };
  await as(official, 'exchange?tab=export', async (page) => {
    const row = page.locator('tr', { hasText: '农户' }).first();
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 60_000 }),
      row.getByRole('button', { name: 'CSV（任意大小）' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
    const headers = { authorization: `Bearer ${await stack.token(official)}` };
    const url = `${stack.local.endpoints.api}/v1/exchange/households?format=csv&region=${region}`;
    const atOnce = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    expect(readFileSync(await download.path())).toEqual(atOnce);
  });
});

test('a file that is too large for one request is taken in step by step', async () => {
  const heading = '行政村编码,户编号,户类型,姓名,与户主关系,身份证号码';
  // 2,100 rows: more than a file at once may have. Of all but the last the ID number is wrong, which is quickly told.
  const rows = Array.from({ length: 2_100 }, (_, n) => `${VILLAGE},${5_000 + n},脱贫户,测试,户主,${n}`);
  const last = `${VILLAGE},0095,脱贫户,测试末,户主,${testRow(95).members[0]?.idNumber}`;
  const buffer = Buffer.from([heading, ...rows, last].join('\n'));
  await as({ account: 'town-officer', region: VILLAGE.slice(0, 9) }, 'exchange', async (page) => {
    await page.locator('input[type=file]').setInputFiles({ name: '大表.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: '在后台分批导入' }).click();
    await page.getByText('已登记 1').waitFor({ timeout: 60_000 });
    await page.getByText('未通过 2100').waitFor();
    expect((await stack.get(`/v1/households/${VILLAGE}-0095`, OFFICER)).status).toBe(200);
  });
});
