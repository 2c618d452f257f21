import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Phone } from '../field/phone.ts';
import { bitmap } from '../field/picture.ts';
import { openWindow } from './browser.ts';

/** A phone as they are in villages. */
const SIZE = { width: 360, height: 740 };
const LANGUAGES = ['zh', 'en'] as const;
const KEY = 'shouwang.language';

interface Shots {
  folder: string;
  wanted: (name: string) => boolean;
}

/** The field page from the door to the outbox, in both languages, as the worker of a village sees it. */
export async function shootField(browser: Browser, api: string, village: string, shots: Shots): Promise<void> {
  if (
    ![
      'field-door',
      'field-list',
      'field-household',
      'field-visit',
      'field-photographs',
      'field-birth',
      'field-outbox',
      'field-settings',
    ].some(shots.wanted)
  )
    return;
  for (const language of LANGUAGES) {
    const phone = await Phone.open(browser, api);
    const { page } = phone;
    const take = async (name: string) => shoot(page, `field-${name}-${language}`, shots);
    await page.goto(`${api}/field/`);
    await page.evaluate(`localStorage.setItem('${KEY}', '${language}')`);
    await page.reload();
    await page.locator('.door .main').waitFor();
    await take('door');
    await page.evaluate(`localStorage.setItem('${KEY}', 'zh')`);
    await phone.signIn({ account: 'village-worker', region: village });
    await page.locator('.household, .empty').first().waitFor();
    if (language === 'en') {
      await page.locator('header button').last().click();
      await page.locator('.language').click();
      await page.locator('.home').click();
    }
    await page.getByRole('radio', { name: /^(全部|All)$/ }).click();
    await take('list');
    await page.locator('.household').nth(1).click();
    await take('household');
    await page.locator('main .main').first().click();
    await page.waitForTimeout(100);
    if ((await page.locator('form.visit').count()) > 0) {
      await take('visit');
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'p.bmp', mimeType: 'image/bmp', buffer: bitmap(400, 60) });
      await page.locator('.photographs img').waitFor();
      await page.locator('.photographs').scrollIntoViewIfNeeded();
      await take('photographs');
    }
    await page.locator('.home').click();
    await page.getByRole('radio', { name: /^(全部|All)$/ }).click();
    await page.locator('.household').nth(2).click();
    await page.getByRole('button', { name: /^(出生|Birth)$/ }).click();
    await take('birth');
    await page.locator('.unsent').click();
    await take('outbox');
    await page.locator('header button').last().click();
    await take('settings');
    await phone.close();
  }
}

/** The public pages, in both languages. */
export async function shootPublic(browser: Browser, api: string, village: string, shots: Shots): Promise<void> {
  const { context, page } = await openWindow(browser, SIZE);
  for (const name of ['notices', 'declare', 'claim', 'status'] as const) {
    if (!shots.wanted(`public-${name}`)) continue;
    for (const language of LANGUAGES) {
      await page.goto(`${api}/public/${name === 'notices' ? `?village=${village}` : name}`);
      await page.evaluate(`localStorage.setItem('${KEY}', '${language}')`);
      await page.reload();
      await page.waitForLoadState('networkidle');
      await shoot(page, `public-${name}-${language}`, shots, true);
    }
  }
  await context.close();
}

async function shoot(page: Page, name: string, { folder, wanted }: Shots, whole = false): Promise<void> {
  if (!wanted(name.replace(/-(zh|en)$/, ''))) return;
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(folder, `${name}-360.png`), fullPage: whole });
}
