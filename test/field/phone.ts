import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openWindow, type Person } from '../browser/browser.ts';
import { PhoneLine } from './line.ts';

/** What Chromium 80 does not know and our code, zod or preact could call; taken away before the page loads. */
const WITHOUT = `for (const [owner, names] of [
  [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
  [String.prototype, ['at', 'replaceAll', 'isWellFormed', 'toWellFormed']],
  [Uint8Array.prototype.__proto__, ['at', 'findLast', 'toSorted', 'toReversed']],
  [Uint8Array, ['fromBase64', 'fromHex']], [Uint8Array.prototype, ['toBase64', 'toHex']],
  [Object, ['hasOwn', 'groupBy']], [Map, ['groupBy']], [Promise, ['any', 'withResolvers', 'try']], [Array, ['fromAsync']],
  [globalThis, ['structuredClone', 'WeakRef', 'FinalizationRegistry', 'AggregateError', 'Iterator', 'reportError', 'scheduler']],
  [Crypto.prototype, ['randomUUID']], [AbortSignal, ['timeout', 'any', 'abort']],
  [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']],
  [Element.prototype, ['replaceChildren', 'checkVisibility']], [Document.prototype, ['replaceChildren', 'startViewTransition']], [Response, ['json']], [URL, ['canParse', 'parse']],
]) for (const name of names) { delete owner[name]; }`;

/** A browser notices a smaller quota only minutes later; a phone that is full refuses at once: the write's transaction is aborted. */
const FILLABLE = `{
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (globalThis.isFull !== true) return put.apply(this, given);
    this.transaction.abort();
    throw new DOMException('full', 'QuotaExceededError');
  };
}`;

/** Runs in the page. */
const DUMP = `(async () => {
  const found = [{ ...localStorage }, { ...sessionStorage }];
  const texts = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value instanceof ArrayBuffer ? value : value.buffer);
      return [new TextDecoder().decode(bytes), new TextDecoder('utf-16le').decode(bytes)];
    }
    if (Array.isArray(value)) return value.map(texts);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, texts(each)]));
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames)
      found.push(store, texts(await done(db.transaction(store).objectStore(store).getAll())));
    db.close();
  }
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  return JSON.stringify(found);
})()`;

export const PIN = '482915';

/** A phone of a browser profile of its own, on a line of its own. */
export class Phone {
  readonly context: BrowserContext;
  readonly line: PhoneLine;
  readonly complaints: string[];
  page: Page;
  readonly #api: string;

  private constructor(context: BrowserContext, page: Page, line: PhoneLine, complaints: string[], api: string) {
    this.#api = api;
    this.context = context;
    this.page = page;
    this.line = line;
    this.complaints = complaints;
  }

  static async open(browser: Browser, api: string): Promise<Phone> {
    const line = await PhoneLine.open();
    const { context, page, complaints } = await openWindow(browser, { width: 360, height: 740 }, line.url);
    await context.addInitScript({ content: WITHOUT + FILLABLE });
    context.setDefaultTimeout(60_000);
    return new Phone(context, page, line, complaints, api);
  }

  /** Signs in at the issuer as a person does, and chooses the PIN, or gives it where the account has one here. */
  async signIn({ account, region, person }: Person, pin = PIN): Promise<void> {
    const { page } = this;
    await page.goto(`${this.#api}/field/`);
    await page.getByRole('button', { name: /^(登录|用另一个账号登录)$/ }).click();
    const card = page.locator('form', { has: page.locator(`button[value="${account}"]`) });
    if (region !== undefined) await card.locator('select[name=region]').selectOption(region);
    if (person !== undefined) await card.locator('select[name=person]').selectOption(String(person));
    await card.locator('button').click();
    await page.locator('.pin').first().waitFor();
    for (const field of await page.locator('.pin input').all()) await field.fill(pin);
    await page.locator('.door .main').click();
    await page.locator('header').waitFor();
  }

  /** Opens the page anew, as after a kill, and gives the PIN. */
  async reopen(pin = PIN): Promise<void> {
    await this.page.close();
    this.page = await this.context.newPage();
    await this.goHome();
    await this.unlock(pin);
  }

  /** Opens the page and waits for its door. */
  async goHome(): Promise<void> {
    await this.page.goto(`${this.#api}/field/`);
    await this.page.locator('.pin input').waitFor();
  }

  /** @param patience ms; without it as long as for anything */
  async unlock(pin = PIN, patience?: number): Promise<void> {
    await this.page.locator('.pin input').fill(pin);
    await this.page.locator('.door .main').click();
    await this.page.locator('header').waitFor(patience === undefined ? {} : { timeout: patience });
  }

  /** From wherever one is to a household of the list, by its place. */
  async household(n: number): Promise<void> {
    await this.page.locator('.home').click();
    await this.page.getByRole('radio', { name: '全部' }).click();
    await this.page.locator('.household').nth(n).click();
  }

  /** Finishes the form that is open. */
  async finish(): Promise<void> {
    await this.page.locator('.finish').click();
    await this.page.locator('.done').waitFor();
  }

  /** With a signal again, sends what is there. */
  async send(): Promise<void> {
    this.line.line = 'up';
    await this.page.locator('.unsent').click();
    await this.page.getByRole('button', { name: '现在发送' }).click();
  }

  /** Leaves no room on the phone, or gives it back. */
  async fill(isFull: boolean): Promise<void> {
    await this.page.evaluate(`globalThis.isFull = ${isFull}`);
  }

  get unsent(): Promise<number> {
    return this.page.locator('.unsent').getAttribute('data-unsent').then(Number);
  }

  /** Everything the browser keeps for this address, as text in which a clear word would be found. */
  async stored(): Promise<string> {
    return String(await this.page.evaluate(DUMP));
  }

  async close(): Promise<void> {
    this.line.close();
    await this.context.close();
  }
}
