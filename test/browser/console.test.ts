import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playClaims } from '../../demo/claims/play.ts';
import { SECOND_WORKER, screen } from '../playing-cases.ts';
import { claimFor, claimOf, illness, insureWith, registerFamilies, rosterOf, stageOf } from '../playing-claims.ts';
import { OTHER_VILLAGE, register, VILLAGE, WORKER } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { openBrowser } from './browser.ts';
import { examples, filled, screens } from './screens.ts';
import { cutOnPaper, sticksOut, visit } from './walk.ts';
import { Windows } from './windows.ts';

const POOR = 11;
let stack: TestStack;
let browser: Browser;
let windows: Windows;
let base: string;

/** One village with eleven poor households of fourteen, sealed; two insured families next door, one with a claim to be surveyed. */
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  base = stack.local.endpoints.api;
  await register(stack, 14, VILLAGE, 2);
  await screen(stack, '2023Q4', ({ id }) =>
    Number(id.slice(13)) <= POOR
      ? { income: { wages: 600_000, business: 0, property: 0, transfer: 100_000, businessCosts: 0 } }
      : {},
  );
  const families = await registerFamilies(stack, 2, OTHER_VILLAGE);
  const policy = await insureWith(stack, rosterOf(families));
  const [first] = families;
  if (first === undefined) throw new Error('There is no family.');
  await playClaims(stageOf(stack), policy, [claimFor(first, 1, illness(9_000_000, 'BROWSER-1'), 'survey')]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);

describe('in the browser', () => {
  test('a village worker decides ten reviews by keyboard alone', async () => {
    await as({ account: 'village-worker', region: VILLAGE }, 'inbox', async (page) => {
      await page.locator('.inbox-list li').first().waitFor();
      expect(await page.locator('.inbox-list li').count()).toBe(POOR);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      for (let decided = 1; decided <= 10; decided += 1) {
        await page.keyboard.press('a');
        // The list of risks stands open: income alone points to none.
        await page.locator('.ant-select-dropdown').last().waitFor();
        await page.keyboard.press('Enter');
        await page.keyboard.press('Control+Enter');
        await page
          .locator('.outcomes li')
          .nth(decided - 1)
          .waitFor();
      }
      expect(await page.locator('.outcomes li.refused').count()).toBe(0);
      expect(await page.locator('.inbox-list li').count()).toBe(POOR - 10);

      // Somebody else was quicker with the last one: this person is told so, and the item leaves the list.
      await page.keyboard.press('a');
      await page.locator('.ant-select-dropdown').last().waitFor();
      const { body } = await stack.get(`/v1/decisions?region=${VILLAGE}`, WORKER);
      const verdict = { verdict: 'reject', code: 'not-at-risk', reason: '经核实家庭情况已好转' };
      await stack.post(`/v1/decisions/${body.items[0].id}`, SECOND_WORKER, { verdict });
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Enter');
      await page.locator('.outcomes li.refused', { hasText: '该待办已有不同的处理结果' }).waitFor();
      expect(await page.locator('.inbox-list li').count()).toBe(0);
    });
  });

  test('a director goes from the overview down to a household and prints the brief', async () => {
    await as({ account: 'district-officer' }, 'overview', async (page) => {
      await page.locator('.tiles button', { hasText: '南海街道' }).click();
      await page.waitForURL(/region=440904001/);
      await page.locator('.tiles button').first().click();
      await page.waitForURL(/sheets/);
      await page.locator('.ant-table-row a').first().click();
      await page.waitForURL(/households\/440904001001-/);
      await page.locator('.signals li').first().waitFor();
      await page.getByRole('button', { name: '导出本人资料' }).first().click();
      await page.getByLabel('理由').fill('本人申请复制');
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('.ant-modal-footer .ant-btn-primary').click(),
      ]);
      const copy = JSON.parse(readFileSync(await file.path(), 'utf8'));
      expect(copy).toMatchObject({
        person: file.suggestedFilename().replace('.json', ''),
        asked: { reason: '本人申请复制' },
      });
      expect(copy.households[0].changes[0].member.idNumber).toMatch(/^\d{17}[\dX]$/);
      await page.getByText('交给本人后请删除').waitFor();
      await page.locator('.ant-modal-footer .ant-btn-primary').click();
      await page.goBack();
      await page.waitForURL(/sheets/);
      await page.goto(`${base}/console/brief?region=440904001`);
      await page.locator('.brief li').first().waitFor();
      await page.emulateMedia({ media: 'print' });
      // A4 between its margins, at 96 dots an inch.
      await page.setViewportSize({ width: 703, height: 1000 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(703);
      expect((await page.pdf({ format: 'A4', preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-');
    });
  });

  test('real boundaries take the place of the tiles where a deployment has put some', async () => {
    const outline = [
      [111, 21],
      [111.1, 21],
      [111.1, 21.1],
      [111, 21],
    ];
    const map = {
      type: 'FeatureCollection',
      features: [{ properties: { code: '440904001' }, geometry: { type: 'Polygon', coordinates: [outline] } }],
    };
    await as({ account: 'district-officer' }, 'rounds', async (page) => {
      await page.route('**/console/config.json', async (route) => {
        const config = Object(await (await route.fetch()).json());
        await route.fulfill({ json: { ...config, boundaries: 'map/440904.geojson' } });
      });
      await page.route('**/console/map/440904.geojson', (route) => route.fulfill({ json: map }));
      await page.goto(`${base}/console/overview`);
      await page.locator('.map a').first().waitFor();
      expect(await page.locator('.map a').count()).toBe(1);
      // The other town has no boundary, and stays a tile.
      expect(await page.locator('.tiles button').count()).toBeGreaterThan(0);
      expect(await page.locator('.tiles button', { hasText: '南海街道' }).count()).toBe(0);
      await page.locator('.map a').click();
      await page.waitForURL(/region=440904001/);
    });
  });

  test('every screen fits a telephone, a wide window, 200 % and a sheet of A4, in both languages', async () => {
    const known = await examples(stack.local.endpoints);
    const seen: string[] = [];
    for (const person of [...new Set(screens.map((screen) => JSON.stringify(screen.as)))]) {
      const { region, ...who } = JSON.parse(person);
      await as(region === undefined ? who : { ...who, region: filled(region, known) }, '', async (page) => {
        for (const { name, path } of screens.filter((screen) => JSON.stringify(screen.as) === person)) {
          await visit(page, filled(path, known));
          // A telephone in both languages; an office screen at 200 %, which is one of half the width, and a wide one.
          seen.push(...(await sticksOut(page, [1920, 640, 360])).map((each) => `${name} zh ${each}`));
          seen.push(...(await cutOnPaper(page)).map((each) => `${name} paper ${each}`));
          await page.locator('.bar .language').click();
          seen.push(...(await sticksOut(page, [360])).map((each) => `${name} en ${each}`));
          await page.locator('.bar .language').click();
        }
      });
    }
    expect(seen).toEqual([]);
  });

  test('an auditor sees every screen and is offered nothing to change', async () => {
    await as({ account: 'auditor' }, 'inbox', async (page) => {
      await page.locator('.inbox-list li').first().waitFor();
      await page.keyboard.press('a');
      expect(await page.locator('.decide').count()).toBe(0);
      for (const path of await page
        .locator('.side .menu a')
        .evaluateAll((links) => links.map((link) => String(link.getAttribute('href'))))) {
        await page.locator(`.side .menu a[href="${path}"]`).click();
        await page.locator('main h1').waitFor();
        await expect.poll(() => page.locator('main .ant-skeleton').count(), { timeout: 60_000 }).toBe(0);
        expect([path, await page.locator('.ant-result').count()]).toEqual([path, 0]);
        const offered = await page.locator('main button.ant-btn-primary').allInnerTexts();
        expect([path, offered.filter((text) => !/试算|打印/.test(text))]).toEqual([path, []]);
      }
    });
  });

  test.each(['insurer-adjuster', 'insurer-approver', 'bank', 'surveyor'])(
    'a menu leads a person of the role %s nowhere they are not let in, and nothing is asked for that is refused them',
    async (account) => {
      await as({ account }, 'inbox', async (page) => {
        const refused: string[] = [];
        page.on('response', (response) => {
          if (response.status() === 403) refused.push(new URL(response.url()).pathname);
        });
        for (const path of await page
          .locator('.side .menu a')
          .evaluateAll((links) => links.map((link) => String(link.getAttribute('href'))))) {
          await page.locator(`.side .menu a[href="${path}"]`).click();
          await page.locator('main h1').waitFor();
          await page.waitForLoadState('networkidle');
          await expect.poll(() => page.locator('main .ant-skeleton').count(), { timeout: 60_000 }).toBe(0);
          expect([path, await page.locator('.ant-result').count(), refused]).toEqual([path, 0, []]);
        }
      });
    },
  );

  test('of the tables there are those are offered to an insurer that they may read', async () => {
    await as({ account: 'insurer-adjuster' }, 'exchange', async (page) => {
      await page.locator('main table tr').first().waitFor();
      expect(await page.locator('main table tr td:first-child').allInnerTexts()).toEqual(['理赔报案']);
    });
  });

  test('an adjuster and two approvers settle a claim to its payment, each seeing the arithmetic', async () => {
    const family = `${OTHER_VILLAGE}-0001`;
    const { id } = await claimOf(stack, family);
    const open = `claims/${id}`;
    const paper = { name: '材料.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') };
    await as({ account: 'village-worker', region: OTHER_VILLAGE }, open, async (page) => {
      await page.getByText(/^缺：/).first().waitFor();
      for (let left = await page.getByText(/^缺：/).count(); left > 0; left -= 1) {
        await page.locator('main input[type=file]').setInputFiles(paper);
        await expect.poll(() => page.getByText(/^缺：/).count(), { timeout: 60_000 }).toBe(left - 1);
      }
    });
    await as({ account: 'insurer-adjuster' }, open, async (page) => {
      await page.getByRole('button', { name: '医疗发票' }).click();
      await page.locator('img.paper').waitFor({ state: 'attached' });
      await page.getByRole('button', { name: '登记查勘' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
      await page.locator('.ant-message-success').waitFor();
    });
    await stack.settle(2);
    for (const person of [1, 2]) {
      await as({ account: 'insurer-approver', person }, open, async (page) => {
        await page.locator('.arithmetic tr').nth(4).waitFor();
        await page.getByRole('button', { name: '核赔通过' }).click();
        await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
        await page.locator('.ant-message-success').waitFor();
      });
      await stack.settle(2);
    }
    expect((await claimOf(stack, family)).stage).toBe('approved');
    // A third of the insurer instructs the payment, and the bank says that it arrived.
    await as({ account: 'insurer-approver', person: 3 }, 'payouts', async (page) => {
      await page.getByRole('button', { name: /^生成支付指令（1 件）/ }).click();
      await page.locator('.ant-message-success').waitFor();
    });
    await stack.settle(2);
    await as({ account: 'bank' }, 'payouts', async (page) => {
      await page.getByRole('button', { name: '全部回执到账' }).click();
      await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
      await page.locator('.ant-message-success').waitFor();
    });
    await stack.settle(2);
    expect(['paid', 'closed']).toContain((await claimOf(stack, family)).stage);
  });

  test('criteria are rehearsed on a sealed round before anybody approves them, and nothing is stored', async () => {
    await as({ account: 'district-officer' }, 'criteria', async (page) => {
      const line = page.locator('#lines_2_line');
      await line.fill('25000');
      // Another number comes from somewhere else, and the next year has its own.
      await page.locator('#lines_2_source').fill('区办公室测算');
      await page.getByRole('button', { name: '增加一条监测线' }).click();
      const added = (await page.locator('[id^=lines_][id$=_year]').count()) - 1;
      await page.locator(`#lines_${added}_year`).fill('2031');
      await page.locator(`#lines_${added}_line`).fill('26000');
      await page.locator(`#lines_${added}_source`).fill('区办公室测算');
      await page.getByRole('button', { name: '预演' }).last().click();
      // Eleven are below the line already; three more would come below it.
      await page.getByText('重新研判 14 户，3 户改变分类。').waitFor();
      await page.getByRole('button', { name: '提出' }).click();
      await page.locator('.ant-message-success').waitFor();
    });
    const proposed = (await stack.get('/v1/criteria', OFFICER)).body.items;
    expect(proposed.map(({ status }: { status: string }) => status).sort()).toEqual(['approved', 'proposed']);
    const { lines } = proposed.find(({ status }: { status: string }) => status === 'proposed');
    expect(lines[2]).toMatchObject({ line: 2_500_000, source: '区办公室测算' });
    expect(lines.at(-1)).toEqual({
      year: 2031,
      region: '44',
      line: 2_600_000,
      status: 'official',
      source: '区办公室测算',
    });
    await as({ account: 'district-officer', person: 2 }, 'criteria', async (page) => {
      await page.getByRole('button', { name: '通过' }).click();
      await page.getByRole('button', { name: '确定' }).click();
      await page.locator('.ant-message-success').waitFor();
    });
  });

  test('a session that has ended comes back to the same view', async () => {
    await as({ account: 'town-officer', region: '440904001' }, 'cases?stage=admission', async (page) => {
      await page.locator('h1').waitFor();
      await stack.local.clock.advance(stack.local.clock.now() + 8 * 86_400_000);
      await page.getByRole('link', { name: '农户' }).first().click();
      await page.getByRole('button', { name: '重新登录' }).click();
      await page
        .locator('form', { has: page.locator('button[value="town-officer"]') })
        .locator('button')
        .click();
      await page.waitForURL(/\/console\/households/);
      await page.locator('.ant-table-row').first().waitFor();

      // Signing out ends the issuer's session too: what would renew this one is taken back.
      const held = await page.evaluate("JSON.parse(sessionStorage.getItem('shouwang.session')).refresh_token");
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.locator('.person').click();
      await page.locator('.ant-dropdown').getByText('退出登录').click();
      await page.getByRole('button', { name: '登录', exact: true }).waitFor();
      expect(asked.filter((url) => /\/end-session\?/.test(url))).toHaveLength(1);
      // What the browser keeps afterwards: a language, up to when news were read, and how far views were scrolled, by numbers drawn for them.
      const kept = await page.evaluate(
        '(async () => [Object.keys(localStorage), { ...sessionStorage }, document.cookie, await caches.keys(), await indexedDB.databases()])()',
      );
      const [settings, { 'tsr-scroll-restoration-v1_3': scrolled = '', ...session }, ...others] = Array.isArray(kept)
        ? kept
        : [];
      expect(settings.filter((key: string) => !/^shouwang\.(language|looked\..+)$/.test(key))).toEqual([]);
      expect(scrolled).not.toMatch(/households|cases|\p{Script=Han}/u);
      expect([session, ...others]).toEqual([{}, '', [], []]);
      const config = Object(await (await fetch(`${base}/console/config.json`)).json());
      const again = await fetch(`${stack.local.endpoints.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: String(held),
          client_id: String(config.clientId),
        }),
      });
      expect(again.status).toBe(400);
    });
  });
});
