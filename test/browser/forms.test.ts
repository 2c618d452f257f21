import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playClaims } from '../../demo/claims/play.ts';
import { bitmap } from '../field/picture.ts';
import {
  claimFor,
  claimOf,
  illness,
  insureWith,
  registerFamilies,
  rosterOf,
  stageOf,
  step,
} from '../playing-claims.ts';
import { OTHER_TOWN_VILLAGE, register, testRow, VILLAGE } from '../playing-households.ts';
import { OFFICER, TestStack } from '../stack.ts';
import { serious } from './axe.ts';
import { openBrowser, type Person } from './browser.ts';
import { atRest, visit } from './walk.ts';
import { Windows } from './windows.ts';

let stack: TestStack;
let browser: Browser;
let windows: Windows;
beforeAll(async () => {
  [stack, browser] = await Promise.all([TestStack.start(), openBrowser()]);
  windows = new Windows(browser, stack);
  await register(stack, 3, VILLAGE, 2);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

const TOWN = { account: 'town-officer', region: VILLAGE.slice(0, 9) };

const as: Windows['as'] = (person, path, act) => windows.as(person, path, act);

function on(): string {
  return new Date(stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Chooses an option of an open list by its words. */
async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.locator(field).first().click();
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: option }).first().click();
}

test('a household is found by ID number, which stands in no address', async () => {
  const idNumber = testRow(2, VILLAGE, 2).members[0]?.idNumber ?? '';
  await as(TOWN, 'households', async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.locator('.ant-table-row').nth(2).waitFor();
    await page.getByPlaceholder('户编号、姓名或证件号码').fill(idNumber);
    await page.keyboard.press('Enter');
    await page.getByText('查到 1 户').waitFor();
    expect(await page.locator('.ant-table-row').count()).toBe(1);
    expect([page.url(), ...asked].filter((url) => url.includes(idNumber))).toEqual([]);
  });
});

test('a household is split by form after its preview', async () => {
  const { members } = (await stack.get(`/v1/households/${VILLAGE}-0003`, OFFICER)).body;
  await as(TOWN, `households/${VILLAGE}-0003?tab=changes`, async (page) => {
    await choose(page, '#kind', '分户');
    await page.locator('#number').fill('0303');
    await page.locator('#persons').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').nth(1).click();
    await page.keyboard.press('Escape');
    await choose(page, '#head', '测试3');
    await page.getByRole('button', { name: '预览' }).click();
    await page.locator('.decide', { hasText: `${VILLAGE}-0303` }).waitFor();
    await page.locator('.decide').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  const made = (await stack.get(`/v1/households/${VILLAGE}-0303`, OFFICER)).body;
  expect(made.members).toMatchObject([{ person: members[1].person, relation: 'head' }]);
});

test('a declaration’s receipt is handed over from the list', async () => {
  const body = {
    name: '外来人',
    idNumber: testRow(700, VILLAGE).members[0]?.idNumber,
    phone: '13800001111',
    village: VILLAGE,
    trouble: 'illness',
    declaredBy: 'self',
  };
  await stack.call('POST', '/v1/declarations', '', JSON.stringify(body));
  await as(TOWN, 'administration?tab=declarations', async (page) => {
    await page.getByRole('button', { name: '确认受理编号在家庭手中' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  const { items } = (await stack.get(`/v1/declarations?region=${VILLAGE}`, TOWN)).body;
  expect(items[0].handedOver).toMatchObject({ by: 'town-officer' });
});

test('an entry of the ledger is made by hand, and its photograph stands beside it', async () => {
  await as(TOWN, 'ledger', async (page) => {
    await page.getByRole('button', { name: '录入一笔' }).click();
    await page.locator('[role=dialog] .ant-select').first().click();
    // The list is long and draws only what is seen of it.
    await page.keyboard.type('修缮');
    await page.keyboard.press('Enter');
    await page.locator('#household').fill(`${VILLAGE}-0001`);
    await page.locator('#amount').fill('1200.5');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
    await page.getByRole('button', { name: '佐证' }).click();
    const photograph = { name: 'p.bmp', mimeType: 'image/bmp', buffer: bitmap(1640, 40) };
    await page.locator('[role=dialog] input[type=file]').setInputFiles(photograph);
    const shown = page.locator('[role=dialog] .photographs img');
    await shown.waitFor();
    // It was shrunk on its way (noise more than most), and is drawn.
    await expect
      .poll(() => shown.evaluate((image) => Object(image).naturalWidth))
      .toBeOneOf([1600, 1280, 1024, 800, 640]);
  });
  const { items } = (await stack.get(`/v1/ledger?region=${VILLAGE}`, OFFICER)).body;
  expect(items).toMatchObject([{ kind: 'housing-repair', household: `${VILLAGE}-0001`, amount: 120_050 }]);
});

test('a claim is reported, a refused one appealed, and a contradictory receipt resolved', async () => {
  const families = await registerFamilies(stack, 4, OTHER_TOWN_VILLAGE);
  const policy = await insureWith(stack, rosterOf(families));
  const [reported, refused, paid, waiting] = families;
  if (reported === undefined || refused === undefined || paid === undefined || waiting === undefined)
    throw new Error('Four families are needed.');
  await playClaims(stageOf(stack), policy, [
    claimFor(refused, 1, illness(900_000, 'FORM-1'), 'approval'),
    claimFor(paid, 2, illness(900_000, 'FORM-2'), 'paid', { comesBackOnce: true }),
    claimFor(waiting, 4, illness(900_000, 'FORM-4'), 'approval'),
  ]);
  const worker = { account: 'village-worker', region: OTHER_TOWN_VILLAGE };
  await as(worker, `households/${reported.household}`, async (page) => {
    await page.getByRole('button', { name: '代为报案' }).click();
    await choose(page, '#person', '');
    await choose(page, '#line', '疾病医疗');
    await page.getByRole('button', { name: '加一张发票' }).click();
    await page.locator('#invoices_0_number').fill('form-3');
    await page.locator('#invoices_0_total').fill('88.8');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.waitForURL(/claims\/claim-/);
  });
  expect((await claimOf(stack, reported.household)).invoices).toEqual([{ number: 'FORM-3', total: 8_880 }]);

  // A stranger's report, without name and telephone: the village looks into it and finds that it is none.
  const idNumber = reported.people[0]?.idNumber;
  const own = { idNumber, line: 'education', eventOn: on() };
  expect((await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(own))).status).toBe(201);
  await as(worker, 'claims?as=reports', async (page) => {
    await page.getByRole('button', { name: '核实' }).click();
    await page.getByRole('dialog').getByLabel('理由').fill('经联系家庭，未曾报案');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  expect((await stack.get(`/v1/claim-reports?region=${OTHER_TOWN_VILLAGE}`, worker)).body.total).toBe(0);

  // Another is one: the dialog knows the family by the number, and the claim is reported in its name.
  const sick = { idNumber, line: 'illness', eventOn: on(), name: '测试', phone: '13800001111' };
  expect((await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(sick))).status).toBe(201);
  await as(worker, 'claims?as=reports', async (page) => {
    await page.getByRole('button', { name: '核实' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('农户').fill(reported.household);
    await dialog.locator('.ant-select').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await dialog.getByRole('button', { name: '立案' }).click();
    await page.locator('.ant-message-success').waitFor();
  });
  const made = (await stack.get(`/v1/claims?region=${reported.household.slice(0, 12)}&line=illness`, OFFICER)).body
    .items;
  expect(made.filter(({ eventOn }: { eventOn: string }) => eventOn === on())).toMatchObject([
    { household: reported.household },
  ]);

  const claim = await claimOf(stack, refused.household);
  const why = { step: 'reject', code: 'investigation-negative', reason: '经查勘，不属于保险事故' };
  expect((await step(stack, claim, { account: 'insurer-approver' }, why)).status).toBe(200);
  await as(worker, `claims/${claim.id}`, async (page) => {
    await page.getByRole('button', { name: '提出复议' }).click();
    await page.getByRole('dialog').getByLabel('理由').fill('补充了新的病历');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByText('本件为复议，查看原拒赔案件').waitFor();
  });

  // The first batch, the oldest: its payment came back, and now the bank says that it arrived.
  const batch = (await stack.get('/v1/payouts/batches', OFFICER)).body.items.at(-1);
  const [{ endToEndId, amount }] = batch.payouts;
  // The approver hands the file over for a reason; whoever only looks is offered none.
  await as({ account: 'insurer-approver' }, 'payouts', async (page) => {
    await page.getByRole('button', { name: 'pain.001' }).last().click();
    await page.getByRole('dialog').getByLabel('理由').fill('银行专线中断，当面递交');
    const file = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    expect((await file).suggestedFilename()).toBe(`${batch.id}.pain.001.xml`);
  });
  const tell = (said: object) =>
    stack.post(
      '/v1/payouts/confirmations',
      { account: 'bank' },
      { items: [{ endToEndId, amount, on: on(), ...said }] },
    );
  expect((await tell({ status: 'settled' })).body.items[0].outcome).toBe('disputed');
  await as({ account: 'district-officer' }, 'payouts', async (page) => {
    await page.getByRole('button', { name: '处理矛盾回执' }).click();
    expect(await page.getByRole('button', { name: 'pain.001' }).count()).toBe(0);
    await page.getByRole('dialog').getByLabel('理由').fill('与银行核实，款项已退回');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').waitFor();
    await expect.poll(() => page.getByRole('button', { name: '处理矛盾回执' }).count()).toBe(0);
  });
});

/** What can be opened, by whom and how; each is then looked at in both languages. */
interface Opening {
  as: Person;
  path: string;
  open: (page: Page) => Promise<void>;
}
const byButton = (name: string) => async (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click();

/** The acts on claims, with whoever waits there; what a stranger reported, to be looked into. */
async function openingsOfClaims(): Promise<Opening[]> {
  const own = { idNumber: testRow(801, VILLAGE).members[0]?.idNumber, line: 'education', eventOn: on() };
  await stack.call('POST', '/v1/claim-reports', '', JSON.stringify(own));
  const { items } = (await stack.get(`/v1/claims?region=${OTHER_TOWN_VILLAGE}&limit=100`, OFFICER)).body;
  const at = (step: string): string => {
    const found = items.find(({ waiting }: { waiting: { step: string } | null }) => waiting?.step === step);
    if (found === undefined) throw new Error(`No claim waits at ${step}.`);
    return `claims/${found.id}`;
  };
  const village = { account: 'village-worker', region: OTHER_TOWN_VILLAGE };
  return [
    { as: { account: 'district-officer' }, path: 'claims?as=reports', open: byButton('核实') },
    { as: village, path: at('approval'), open: byButton('登记收款账户') },
    ...['登记查勘', '一次性索要资料', '拟拒赔', '撤案'].map((act) => ({
      as: { account: 'insurer-adjuster' },
      path: at('survey'),
      open: byButton(act),
    })),
    ...['核赔通过', '退回', '拒赔'].map((act) => ({
      as: { account: 'insurer-approver' },
      path: at('approval'),
      open: byButton(act),
    })),
  ];
}

const openings: readonly Opening[] = [
  { as: TOWN, path: 'inbox', open: async (page) => page.keyboard.press('?') },
  { as: TOWN, path: 'ledger', open: async (page) => page.getByRole('button', { name: '录入一笔' }).click() },
  { as: TOWN, path: 'ledger', open: byButton('佐证') },
  {
    as: TOWN,
    path: 'households',
    open: async (page) => page.getByPlaceholder('户编号、姓名或证件号码').fill('测试'),
  },
  ...['分户', '并入他户', '区内搬迁', '登记残疾证'].map((kind) => ({
    as: TOWN,
    path: `households/${VILLAGE}-0001?tab=changes`,
    open: async (page: Page) => choose(page, '#kind', kind),
  })),
  { as: TOWN, path: 'administration?tab=declarations', open: async () => undefined },
  {
    as: { account: 'village-worker', region: VILLAGE },
    path: `households/${VILLAGE}-0001`,
    open: async (page) => page.getByRole('button', { name: '代为报案' }).click(),
  },
  {
    as: { account: 'district-officer' },
    path: 'insurance',
    open: async (page) => page.getByRole('button', { name: '拟定条款' }).click(),
  },
  {
    as: { account: 'district-officer' },
    path: 'insurance',
    open: async (page) => page.getByRole('button', { name: '登记保单' }).click(),
  },
  {
    as: { account: 'district-officer' },
    path: 'cases',
    open: async (page) => page.locator('.bar .bell-button').click(),
  },
];

test('nothing that opens shuts anybody out, in either language', async () => {
  const found: string[] = [];
  const all = [...openings, ...(await openingsOfClaims())];
  for (const person of new Set(all.map((each) => JSON.stringify(each.as)))) {
    await as(JSON.parse(person), '', async (page) => {
      for (const { path, open } of all.filter((each) => JSON.stringify(each.as) === person)) {
        await visit(page, 'nowhere');
        await visit(page, path);
        await open(page);
        for (const language of ['zh', 'en']) {
          // Colours are what they are once the dialog has come in.
          if (language === 'zh') await atRest(page);
          found.push(
            ...(await serious(page, '[role=dialog], .ant-popover, .decide, main', language === 'zh')).map(
              (each) => `${path} ${language} ${each}`,
            ),
          );
          // Behind a dialog no mouse reaches the switch.
          await page.evaluate("document.querySelector('.bar .language').click()");
        }
      }
    });
  }
  expect(found).toEqual([]);
});

test('terms are proposed by one officer, approved by another, and a policy made by them', async () => {
  await as({ account: 'district-officer' }, 'insurance', async (page) => {
    await page.getByRole('button', { name: '拟定条款' }).click();
    await page.locator('#name').fill('二〇二四年条款');
    const dialog = page.getByRole('dialog');
    const illness = dialog.locator('fieldset', { has: page.locator('legend', { hasText: '疾病医疗' }) });
    await illness.getByLabel('免赔额').fill('6000.50');
    await illness.getByRole('button', { name: '增加一档' }).click();
    await illness.getByLabel('分档赔付比例').last().fill('80');
    await dialog.getByRole('button', { name: '去掉 意外身故' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '提出' }).click();
    await page.locator('.ant-message-success').waitFor();
    await page.getByText('二〇二四年条款').waitFor();
    expect(await page.locator('main').getByRole('button', { name: '通过' }).count()).toBe(0);
  });
  await as({ account: 'district-officer', person: 2 }, 'insurance', async (page) => {
    await page.locator('main').getByRole('button', { name: '通过' }).click();
    await page.locator('.ant-popover').getByRole('button', { name: '确定' }).click();
    await page.locator('.ant-message-success').first().waitFor();
    await page.getByRole('button', { name: '登记保单' }).click();
    const form = page.getByRole('dialog');
    await form.locator('#product').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '二〇二四年条款' }).click();
    await form.locator('#number').fill('db-2024');
    await form.locator('#insurer').fill('示例财产保险公司');
    await form.locator('#premium').fill('1000000');
    await form.locator('#limit').fill('49000000');
    await form.getByRole('button', { name: '确定' }).click();
    await page.getByText('DB-2024').first().waitFor();
  });
  const { items } = (await stack.get('/v1/products', OFFICER)).body;
  const made = items.find(({ name }: { name: string }) => name === '二〇二四年条款');
  expect(made).toMatchObject({ state: 'approved', approvedBy: 'district-officer-2' });
  expect(made.lines.illness.deductible).toBe(600_050);
  expect(made.lines.illness.tiers.at(-1)).toEqual({ upTo: null, percent: 80 });
  expect(made.lines['accidental-death']).toBeUndefined();
  const policies = (await stack.get('/v1/policies', OFFICER)).body.items;
  expect(policies.find(({ number }: { number: string }) => number === 'DB-2024')).toMatchObject({
    product: made.id,
    limit: 4_900_000_000,
  });
});

test('the calculator takes nothing for granted', async () => {
  await as({ account: 'insurer-adjuster' }, 'insurance', async (page) => {
    const calculator = page.locator('.block').filter({ has: page.getByRole('button', { name: '试算' }) });
    await calculator.locator('#line').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: '意外伤残' }).click();
    await calculator.getByRole('button', { name: '试算' }).click();
    await calculator.locator('.ant-form-item-explain-error').waitFor();
    await calculator.locator('#grade').click();
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
    await calculator.getByRole('button', { name: '试算' }).click();
    // Grade 1 is the whole sum of these terms.
    await calculator.getByText('30,000.00').first().waitFor();
  });
});
