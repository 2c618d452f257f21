import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as driver, type Page } from 'playwright-core';

/** The test's browser brings no Chinese glyphs: they are served to it as a web font, beside the pages. */
const FONT = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json'));
const FACES = ['400', '700']
  .map((weight) =>
    readFileSync(join(FONT, `${weight}.css`), 'utf8')
      .replaceAll('./files/', '/__font/')
      .replaceAll('font-display: swap', 'font-display: block'),
  )
  .join('\n');

/** Half a second each. */
const UNPACKING_TRIES = 120;

export async function openBrowser(): Promise<Browser> {
  // Its own arguments are for Lambda: one process that ends with its first window, and no web security, which is what is tested here.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--font-render-hinting=none',
    '--lang=zh-CN',
  ];
  const executablePath = await chromium.executablePath();
  for (let tries = 1; ; tries += 1)
    try {
      return await driver.launch({ executablePath, args, headless: true });
    } catch (error) {
      // Another process is still unpacking it.
      if (tries === UNPACKING_TRIES || !String(error).includes('ETXTBSY')) throw error;
      await setTimeout(500);
    }
}

export interface Person {
  account: string;
  region?: string;
  person?: number;
}

/** A window of its own for one person, as wide as asked for, on a line of its own if there is a proxy; everything the page complains about is kept. */
export async function openWindow(
  browser: Browser,
  size = { width: 1280, height: 900 },
  proxy?: string,
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: size,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    // Addresses of this machine go through it too.
    ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: '<-loopback>' } }),
  });
  await context.route('**/__font/*', (route) =>
    route.fulfill({
      path: join(FONT, 'files', new URL(route.request().url()).pathname.replace('/__font/', '')),
      contentType: 'font/woff2',
    }),
  );
  await context.addInitScript({
    // Not as an element: a page's own policy may let no inline style in, and must not be loosened for this.
    content: `{
      const faces = new CSSStyleSheet();
      faces.replaceSync(${JSON.stringify(FACES)});
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, faces];
    }`,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refusal of the API is an answer, which the browser reports nevertheless.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  return { context, page, complaints };
}

/** Signs in at the issuer's page as a person does: by the card of the account. */
export async function signIn(page: Page, base: string, { account, region, person }: Person, path = ''): Promise<void> {
  await page.goto(`${base}/console/${path}`);
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click();
  const card = page.locator('form', { has: page.locator(`button[value="${account}"]`) });
  if (region !== undefined) await card.locator('select[name=region]').selectOption(region);
  if (person !== undefined) await card.locator('select[name=person]').selectOption(String(person));
  await card.locator('button').click();
  await page.locator('.shell').waitFor();
}
