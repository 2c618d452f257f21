import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser, openWindow, type Person, signIn } from './browser.ts';
import { shootField, shootPublic } from './phone-screenshots.ts';
import { examples, filled, screens } from './screens.ts';

/** `npm run screenshots`: every screen of a running stack, in both languages, the console's at two widths and the phone's pages at 360, into `screenshots/`. */
const { values } = parseArgs({ options: { data: { type: 'string', default: '.local' }, only: { type: 'string' } } });
const WIDTHS = [1280, 390] as const;
const FOLDER = 'screenshots';

const endpoints = JSON.parse(readFileSync(join(values.data, 'endpoints.json'), 'utf8'));
const known = await examples(endpoints);
const browser = await openBrowser();
mkdirSync(FOLDER, { recursive: true });
for (const width of WIDTHS) {
  const people = new Map<string, Page>();
  for (const { name, path, as, keys = [] } of screens) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const address = filled(path, known);
    if (address.endsWith('/')) continue;
    const who: Person = { ...as, ...(as.region === undefined ? {} : { region: filled(as.region, known) }) };
    const page = people.get(JSON.stringify(who)) ?? (await windowOf(who, width));
    people.set(JSON.stringify(who), page);
    for (const language of ['zh', 'en']) {
      await page.evaluate(`localStorage.setItem('shouwang.language', '${language}')`);
      await page.goto(`${endpoints.api}/console/${address}`);
      await page.waitForLoadState('networkidle');
      for (const key of keys) await page.keyboard.press(key);
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(FOLDER, `${name}-${language}-${width}.png`), fullPage: width === 390 });
    }
  }
}
const shots = {
  folder: FOLDER,
  wanted: (name: string) => values.only === undefined || values.only.split(',').includes(name),
};
const village = known['village'] ?? '440904001001';
await shootField(browser, endpoints.api, village, shots);
await shootPublic(browser, endpoints.api, village, shots);
await browser.close();
console.log(`截图已写入 ${FOLDER}/`);

async function windowOf(who: Person, width: number): Promise<Page> {
  const { page } = await openWindow(browser, { width, height: 900 });
  await signIn(page, endpoints.api, who);
  return page;
}
