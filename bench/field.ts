import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openBrowser } from '../test/browser/browser.ts';
import { serious } from '../test/field/axe.ts';
import { Phone, PIN } from '../test/field/phone.ts';
import { openRound, register, VILLAGE, WORKER } from '../test/playing-households.ts';
import { TestStack } from '../test/stack.ts';
import { type Bench, figure, median } from './measure.ts';

/** A cheap phone beside the machine that measures. */
const SLOWER = 4;
const RUNS = 5;
/** As many households as a village of the district has. */
const HOUSEHOLDS = 25;

/** The phone's pages as a village meets them: what they weigh, how soon they are there, with a signal for the first time and without one later. */
export const fieldBench: Bench = {
  about: '入户页和公开页：脚本大小，四倍降速下首次打开、无信号打开、PIN 到名单，无障碍',
  async run() {
    const [stack, browser] = await Promise.all([TestStack.start({ empty: true }), openBrowser()]);
    try {
      await stack.prepare();
      await register(stack, HOUSEHOLDS, VILLAGE, 2);
      await openRound(stack);
      const { api } = stack.local.endpoints;
      const cold: number[] = [];
      for (let n = 0; n < RUNS; n += 1) {
        const phone = await Phone.open(browser, api);
        await slow(phone.page);
        cold.push(await seconds(() => phone.page.goto(`${api}/field/`), phone.page, '.door .main'));
        await phone.close();
      }
      const phone = await Phone.open(browser, api);
      await phone.signIn(WORKER);
      await phone.page.locator('.household').first().waitFor();
      await phone.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      const found = (await serious(phone.page)).length;
      phone.line.cut();
      const offline: number[] = [];
      const unlocked: number[] = [];
      await slow(phone.page);
      for (let n = 0; n < RUNS; n += 1) {
        offline.push(await seconds(() => phone.page.goto(`${api}/field/`), phone.page, '.pin input'));
        await phone.page.locator('.pin input').fill(PIN);
        unlocked.push(await seconds(() => phone.page.locator('.door .main').click(), phone.page, '.household'));
      }
      await phone.close();
      return [
        figure('field.script', size('dist/field') / 1024, 'KB compressed', { most: 100 }),
        figure('public.script, all pages', size('dist/public') / 1024, 'KB compressed', { most: 40 }),
        figure(`field.cold start at 1/${SLOWER}`, median(cold), 's', { most: 2 }),
        figure(`field.offline start at 1/${SLOWER}`, median(offline), 's', { most: 1 }),
        figure(`field.PIN to list at 1/${SLOWER}`, median(unlocked), 's', { most: 2 }),
        figure('field.axe serious', found, 'findings', { most: 0 }),
      ];
    } finally {
      await browser.close();
      await stack.stop();
    }
  },
};

function size(folder: string): number {
  return globSync(`${folder}/**/*.js`).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
}

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

async function seconds(act: () => Promise<unknown>, page: Page, until: string): Promise<number> {
  const started = performance.now();
  await act();
  await page.locator(until).first().waitFor();
  return (performance.now() - started) / 1000;
}
