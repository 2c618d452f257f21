import type { Browser } from 'playwright-core';
import { Random } from '../../demo/district/random.ts';
import type { Person } from '../browser/browser.ts';
import type { TestStack } from '../stack.ts';
import { Phone } from './phone.ts';
import { bitmap } from './picture.ts';

const STEPS = 6;
/** Everything is sent and compared after so many seeds, and after the last of a village. */
const CHECKED_EVERY = 5;
/** In each village. */
export const HOUSEHOLDS = 6;

/** A person's place on a phone: their PIN, and whether they have signed in there. */
interface Account extends Person {
  pin: string;
  known: boolean;
}

interface Holder {
  phone: Phone;
  accounts: Account[];
  current: Account;
}

/** What the world of some seeds came to; `faults` is empty when it held. */
export interface Report {
  seeds: number;
  finished: number;
  actions: Record<string, number>;
  faults: string[];
}

/** A village, its two phones and their people, over some seeds. */
export class World {
  readonly #stack: TestStack;
  readonly #village: string;
  readonly #report: Report;
  readonly #holders: Holder[] = [];
  /** Forms the phone said it has: each must be on the server exactly once. */
  readonly #promised = new Set<string>();
  /** Of these, the ones with a photograph. */
  readonly #pictured = new Set<string>();
  /** Forms cut off before the phone said so: at most once. */
  readonly #unsure = new Set<string>();

  constructor(stack: TestStack, village: string, report: Report) {
    this.#stack = stack;
    this.#village = village;
    this.#report = report;
  }

  async open(browser: Browser): Promise<void> {
    for (let n = 0; n < 2; n += 1) {
      const phone = await Phone.open(browser, this.#stack.local.endpoints.api);
      const accounts = [1, 2].map((person) => ({
        account: 'village-worker',
        region: this.#village,
        person,
        pin: `73915${person}`,
        known: false,
      }));
      const [current] = accounts;
      if (current === undefined) throw new Error('There is nobody.');
      await phone.signIn(current, current.pin);
      current.known = true;
      await phone.page.locator('.household').first().waitFor();
      await phone.page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      this.#holders.push({ phone, accounts, current });
    }
  }

  async close(): Promise<void> {
    for (const { phone } of this.#holders) await phone.close();
  }

  async play(seed: number): Promise<void> {
    const random = new Random(`field/${seed}`);
    for (let step = 0; step < STEPS; step += 1) {
      // A form that is made anew each time it is sent would bear another instant.
      await this.#stack.settle();
      const holder = random.pick(this.#holders);
      const action = random.pick(ACTIONS);
      this.#count(action);
      try {
        await this.#act(holder, action, `${seed}-${step}`, random);
      } catch (error) {
        // What it waited for stands in the lines below the first.
        const message = error instanceof Error ? error.message.split('\n').slice(0, 6).join(' | ') : String(error);
        this.#report.faults.push(`seed ${seed}, step ${step}, ${action}: ${message}`);
        await this.#recover(holder);
      }
    }
    if (seed % CHECKED_EVERY === 0) await this.check(seed);
  }

  /** Sends what is left on every phone, and compares with the server and with what the phones keep. */
  async check(seed: number): Promise<void> {
    for (const holder of this.#holders) await this.#drain(holder, seed);
    await this.#compare(seed);
  }

  async #act(holder: Holder, action: (typeof ACTIONS)[number], mark: string, random: Random): Promise<void> {
    const { phone, current } = holder;
    switch (action) {
      case 'visit':
      case 'visit again':
        await this.#fill(phone, mark, random);
        await phone.page.locator('.finish').click();
        await phone.page.locator('.done').waitFor();
        this.#promise(mark);
        return;
      case 'visit with a photograph':
        await this.#fill(phone, mark, random);
        await this.#photograph(phone, random);
        await phone.page.locator('.finish').click();
        await phone.page.locator('.done').waitFor();
        this.#promise(mark);
        this.#pictured.add(mark);
        return;
      case 'finish twice':
        await this.#fill(phone, mark, random);
        // Both in one go: the second finds the form on its way to the disk.
        await phone.page.evaluate("for (const _ of [1, 2]) document.querySelector('.finish').click()");
        await phone.page.locator('.done').waitFor();
        this.#promise(mark);
        return;
      case 'kill while finishing':
        await this.#fill(phone, mark, random);
        this.#unsure.add(mark);
        await phone.page.locator('.finish').click({ noWaitAfter: true });
        if (random.chance(0.5)) await phone.page.waitForTimeout(random.int(0, 15));
        return await phone.reopen(current.pin);
      case 'kill while typing':
        await this.#fill(phone, mark, random);
        this.#unsure.add(mark);
        return await phone.reopen(current.pin);
      case 'full storage':
        return await this.#whileFull(phone, mark, random);
      case 'reload':
        await phone.page.reload();
        return await phone.unlock(current.pin);
      case 'cut':
        return phone.line.cut();
      case 'lose answers':
        phone.line.line = 'answers-lost';
        return;
      case 'restore':
        phone.line.line = 'up';
        return;
      case 'send':
        await phone.page.locator('.unsent').click();
        await phone.page.getByRole('button', { name: '现在发送' }).click();
        return;
      case 'lock':
        await phone.page.getByRole('button', { name: '设置' }).click();
        await phone.page.getByRole('button', { name: /^锁定/ }).click();
        await phone.page.locator('.pin input').waitFor();
        return await this.#unlock(holder, current);
      case 'change account': {
        const other = holder.accounts.find((one) => one !== current);
        if (other !== undefined) await this.#change(holder, other);
      }
    }
  }

  #count(action: string): void {
    this.#report.actions[action] = (this.#report.actions[action] ?? 0) + 1;
  }

  #promise(mark: string): void {
    this.#promised.add(mark);
    this.#report.finished += 1;
  }

  /** Fills a form of any household, with the mark in its note. */
  async #fill(phone: Phone, mark: string, random: Random): Promise<void> {
    const { page } = phone;
    await page.locator('.home').click();
    await page.getByRole('radio', { name: '全部' }).click();
    await page
      .locator('.household')
      .nth(random.int(0, HOUSEHOLDS - 1))
      .click();
    await page.locator('.main', { hasText: /^(入户登记|继续填写)$/ }).click();
    await page.locator('#note').fill(`标记 ${mark}`);
    const amounts = page.locator('fieldset input[inputmode=decimal]');
    for (const amount of await amounts.all()) if ((await amount.inputValue()) === '') await amount.fill('12000.5');
    await amounts.first().fill(String(random.int(0, 60_000)));
    for (const choice of ['有劳力', '健康'])
      await page.getByRole('radio', { name: choice, exact: true }).first().click();
  }

  /** A phone without room says so and keeps the form on its screen; with room again the form is finished. */
  async #whileFull(phone: Phone, mark: string, random: Random): Promise<void> {
    const { page } = phone;
    await this.#fill(phone, mark, random);
    await phone.fill(true);
    await page.locator('.finish').click();
    await page.locator('.done, .fault').first().waitFor();
    const done = (await page.locator('.done').count()) > 0;
    if (!done) this.#count('was really full');
    await phone.fill(false);
    if (!done) {
      await page.locator('.finish').click();
      await page.locator('.done').waitFor();
    }
    this.#promise(mark);
  }

  /** Locks, and lets another in: nothing of the first is to be seen. Signing in for the first time needs a signal. */
  async #change(holder: Holder, to: Account): Promise<void> {
    const { phone } = holder;
    if (!to.known) phone.line.line = 'up';
    await phone.page.getByRole('button', { name: '设置' }).click();
    await phone.page.getByRole('button', { name: /^锁定/ }).click();
    await phone.page.locator('.pin input').waitFor();
    if (to.known) await this.#unlock(holder, to);
    else {
      await phone.signIn(to, to.pin);
      // Without a list there is nothing to fill in: nobody goes to the village before it has come.
      await phone.page.locator('.search').waitFor();
      to.known = true;
    }
    holder.current = to;
  }

  /** Both work in the same village: the door's list holds the one used last first. */
  async #unlock({ phone, current }: Holder, who: Account): Promise<void> {
    const labels = phone.page.locator('.door select option');
    if (who !== current) await phone.page.locator('.door select').selectOption({ index: (await labels.count()) - 1 });
    await phone.unlock(who.pin);
  }

  /** After a fault the phone is opened anew; which of two locks its door shows first depends on how far the step came. */
  async #recover({ phone, current }: Holder): Promise<void> {
    await phone.page.close();
    phone.page = await phone.context.newPage();
    await phone.goHome();
    const locks = Math.max(1, await phone.page.locator('.door select option').count());
    for (let index = 0; index < locks; index += 1) {
      if (locks > 1) await phone.page.locator('.door select').selectOption({ index });
      const opened = await phone.unlock(current.pin, index === locks - 1 ? undefined : 5_000).then(
        () => true,
        () => false,
      );
      if (opened) return;
    }
    throw new Error('The phone does not open any more.');
  }

  /** One photograph more on the form that is open; a draft that goes on may have some already. */
  async #photograph({ page }: Phone, random: Random): Promise<void> {
    const pictures = page.locator('.photographs img');
    const before = await pictures.count();
    const buffer = bitmap(60 + random.int(0, 60), random.int(0, 255));
    if (before < 6) {
      await page.locator('input[type=file]').setInputFiles({ name: 'p.bmp', mimeType: 'image/bmp', buffer });
      await pictures.nth(before).waitFor();
    }
  }

  /** With a signal everything is sent; where somebody else was first, the person looks and insists. */
  async #drain(holder: Holder, seed: number): Promise<void> {
    const { phone } = holder;
    phone.line.line = 'up';
    for (const account of holder.accounts.filter(({ known }) => known)) {
      if (account !== holder.current) await this.#change(holder, account);
      const { page } = phone;
      await page.locator('.unsent').click();
      // A machine that is busy with other things takes its time; a form that is lost never comes.
      for (const until = Date.now() + 60_000; Date.now() < until && (await phone.unsent) > 0; ) {
        const refused = page.locator('.forms li', { has: page.locator('em.refused') }).first();
        if ((await refused.count()) > 0) {
          this.#count('somebody else was first');
          await refused.locator('button').click();
          await page.getByRole('button', { name: '仍要发送' }).click();
        } else if (await page.getByRole('button', { name: '现在发送' }).isEnabled())
          await page.getByRole('button', { name: '现在发送' }).click();
        await page.waitForTimeout(60);
      }
      if ((await phone.unsent) > 0) this.#report.faults.push(`seed ${seed}: ${await phone.unsent} forms are not sent`);
    }
  }

  async #compare(seed: number): Promise<void> {
    const { body } = await this.#stack.get(`/v1/rounds/2023Q4/worklist?village=${this.#village}&with=form`, {
      account: 'auditor',
    });
    const counts = new Map<string, number>();
    const marks = new Map<string, string>();
    for (const { form } of body.items)
      for (const { id, visit } of form.visits) {
        const mark = String(visit.note).replace('标记 ', '');
        counts.set(mark, (counts.get(mark) ?? 0) + 1);
        marks.set(id, mark);
      }
    const shown = new Set<string>();
    for (const { household } of body.items) {
      const { body: found } = await this.#stack.get(`/v1/households/${household.id}/evidence`, { account: 'auditor' });
      for (const { of } of found.items) shown.add(marks.get(of.visit) ?? '');
    }
    for (const mark of this.#pictured)
      if (!shown.has(mark)) this.#report.faults.push(`seed ${seed}: the photograph of ${mark} is not on the server`);
    for (const mark of this.#promised)
      if (counts.get(mark) !== 1)
        this.#report.faults.push(`seed ${seed}: form ${mark} is on the server ${counts.get(mark) ?? 0} times`);
    for (const [mark, count] of counts)
      if (count > 1 || !(this.#promised.has(mark) || this.#unsure.has(mark)))
        this.#report.faults.push(`seed ${seed}: ${count} of ${mark}`);
    for (const { phone } of this.#holders) {
      const kept = await phone.stored();
      for (const clear of ['测试', '标记', 'village-worker', `${this.#village}-0`, 'eyJ0eX', 'access_token'])
        if (kept.includes(clear)) this.#report.faults.push(`seed ${seed}: the phone keeps ${clear} in clear`);
      if (/p-[0-9a-z]{16}/.test(kept)) this.#report.faults.push(`seed ${seed}: the phone keeps a person in clear`);
    }
  }

  /** Everybody signs out: nothing is left. */
  async leave(): Promise<void> {
    for (const holder of this.#holders) {
      const { page } = holder.phone;
      const others = holder.accounts.filter((one) => one.known && one !== holder.current);
      for (const account of [holder.current, ...others]) {
        if (account !== holder.current) await holder.phone.unlock(account.pin);
        await page.getByRole('button', { name: '设置' }).click();
        await page.getByRole('button', { name: /^退出并清除/ }).click();
        // Drafts go at the second touch.
        const again = page.getByRole('button', { name: '再按一次，草稿也会删除' });
        await page.locator('.door').or(again).waitFor();
        if (await again.isVisible()) await again.click();
        await page.locator('.door').waitFor();
      }
      const kept = await holder.phone.stored();
      if (!kept.includes('"locks",[],"sealed",[]')) this.#report.faults.push('something is left after signing out');
      this.#report.faults.push(...holder.phone.complaints);
    }
  }
}

const ACTIONS = [
  'visit',
  'visit again',
  'visit with a photograph',
  'finish twice',
  'kill while finishing',
  'kill while typing',
  'full storage',
  'reload',
  'cut',
  'lose answers',
  'restore',
  'send',
  'lock',
  'change account',
] as const;
