import type { Page } from 'playwright-core';
import { ApiClient } from '../demo/client.ts';
import { QUARTER_START, seedDivisions, seedQuarter } from '../demo/seed-quarter.ts';
import { serious } from '../test/browser/axe.ts';
import { openBrowser, openWindow, signIn } from '../test/browser/browser.ts';
import { examples, filled, screens } from '../test/browser/screens.ts';
import { type Bench, figure, median } from './measure.ts';
import { benchStack } from './stack.ts';

/** A cheap office machine beside the one that measures. */
const SLOWER = 4;
const RUNS = 5;
const OFFICER = { account: 'district-officer' };

/** The console as officials meet it, on the demonstration's district: what it weighs, how soon it is there, how it scrolls, who is shut out. */
export const consoleBench: Bench = {
  about: '控制台：脚本大小，四倍降速下的总览，一万户列表的滚动，列表请求，无障碍',
  async run() {
    const { stack, stop } = await benchStack(QUARTER_START);
    const browser = await openBrowser();
    try {
      await seedDivisions(stack.endpoints);
      await seedQuarter({ endpoints: stack.endpoints, clock: stack.clock, data: stack.data });
      const base = stack.endpoints.api;
      const { page } = await openWindow(browser);
      await signIn(page, base, OFFICER, 'inbox');
      const known = await examples(stack.endpoints);
      const bytes = await weigh(page, base, known);
      const usable = await overview(page, base);
      const frames = await scroll(page, base);
      const slowest = await lists(new ApiClient(stack.endpoints));
      const shut = await shutOut(page, base, known);
      return [
        figure('console.script', bytes.first / 1024, 'KB compressed', { most: 450 }),
        figure('console.charts', bytes.charts / 1024, 'KB compressed', { most: 200 }),
        figure(`console.overview at 1/${SLOWER}`, usable, 's', { most: 2 }),
        figure('console.scroll', frames, 'frames/s', { least: 50 }),
        figure('console.lists p95', slowest, 's', { most: 0.5 }),
        figure('console.axe serious', shut, 'findings', { most: 0 }),
      ];
    } finally {
      await browser.close();
      await stop();
    }
  },
};

/** Bytes of script on the wire: of the overview from nothing, and what the first chart adds. */
async function weigh(page: Page, base: string, known: Record<string, string>) {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Map<string, string>();
  const sizes = new Map<string, number>();
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, response.url);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = scripts.get(requestId);
    if (url !== undefined) sizes.set(url, encodedDataLength);
  });
  const total = (): number => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  await page.goto(`${base}/console/overview`);
  await page.waitForLoadState('networkidle');
  const first = total();
  await page.goto(`${base}/console/households/${known['household'] ?? ''}`);
  await page.locator('svg').last().waitFor();
  await page.waitForLoadState('networkidle');
  const charts = [...sizes].filter(([url]) => url.includes('chart-canvas')).reduce((sum, [, size]) => sum + size, 0);
  await network.detach();
  return { first, charts };
}

/** Seconds until the overview's tiles can be used, the scripts cached as on any second morning. */
async function overview(page: Page, base: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const times: number[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const started = performance.now();
    await page.goto(`${base}/console/overview`);
    await page.locator('.tiles button').first().waitFor();
    times.push((performance.now() - started) / 1000);
  }
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await session.detach();
  return median(times);
}

/** Frames a second while the whole register is scrolled through. */
async function scroll(page: Page, base: string): Promise<number> {
  await page.goto(`${base}/console/households`);
  const more = page.getByRole('button', { name: '加载更多' });
  await page.locator('.ant-table-row').first().waitFor();
  while ((await more.count()) > 0) {
    await more.click().catch(() => undefined);
    await page.waitForTimeout(20);
  }
  await page.locator('.ant-table-tbody-virtual').hover();
  await page.evaluate(
    'globalThis.frames_ = 0; (function tick() { globalThis.frames_ += 1; requestAnimationFrame(tick); })()',
  );
  const before = Number(await page.evaluate('globalThis.frames_'));
  const started = performance.now();
  while (performance.now() - started < 4000) await page.mouse.wheel(0, 1500);
  const seconds = (performance.now() - started) / 1000;
  return (Number(await page.evaluate('globalThis.frames_')) - before) / seconds;
}

/** The slow end of what the lists ask for. */
async function lists(client: ApiClient): Promise<number> {
  const paths = [
    '/v1/households?region=440904&limit=50',
    '/v1/cases?region=440904&limit=200',
    '/v1/decisions?region=440904&limit=50',
    '/v1/rounds/2023Q4/households?region=440904&class=monitor&limit=200',
    '/v1/rounds/2023Q4/households?region=440904&missed=any&limit=200',
    '/v1/rounds/2023Q4/progress?region=440904&level=village',
    '/v1/rounds/2023Q4/sample?region=440904&limit=200',
    '/v1/households?region=440904&class=monitor&limit=200',
    '/v1/notices/all?region=440904&limit=200',
    '/v1/watch-list?region=440904&limit=200',
    '/v1/reports/quality?region=440904&limit=50',
  ];
  const times: number[] = [];
  const slowest = new Map<string, number>();
  for (let n = 0; n < paths.length * 10; n += 1) {
    const path = paths[n % paths.length] ?? '';
    const started = performance.now();
    await client.get(path, OFFICER);
    const seconds = (performance.now() - started) / 1000;
    times.push(seconds);
    slowest.set(path, Math.max(slowest.get(path) ?? 0, seconds));
  }
  for (const [path, seconds] of slowest) console.log(`  ${seconds.toFixed(3)} s at most  ${path}`);
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
}

/** Serious findings of axe on every screen a district officer has, in both languages. */
async function shutOut(page: Page, base: string, known: Record<string, string>): Promise<number> {
  let found = 0;
  for (const language of ['zh', 'en']) {
    await page.evaluate(`localStorage.setItem('shouwang.language', '${language}')`);
    for (const { name, path } of screens.filter(({ as }) => as.account === OFFICER.account)) {
      const address = filled(path, known);
      if (address.endsWith('/')) continue;
      await page.goto(`${base}/console/${address}`);
      await page.waitForLoadState('networkidle');
      const there = await serious(page);
      for (const each of there) console.log(`  ${name} (${language}): ${each}`);
      found += there.length;
    }
  }
  return found;
}
