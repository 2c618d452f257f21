import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestStack } from '../stack.ts';
import { openWindow, type Person, signIn } from './browser.ts';

interface Window {
  context: BrowserContext;
  page: Page;
  complaints: string[];
  signedInAt: number;
}

/** A token lasts half a day of the stack's clock; whoever comes back later signs in anew. */
const FRESH_MS = 6 * 3_600_000;

/** The windows of a file's tests: each person has one, signs in once, and comes back to it by the address, as after a reload. */
export class Windows {
  readonly #browser: Browser;
  readonly #stack: TestStack;
  readonly #open = new Map<string, Window>();

  constructor(browser: Browser, stack: TestStack) {
    this.#browser = browser;
    this.#stack = stack;
  }

  /** Lets somebody act at an address of the console; at the end the page must have had nothing to complain about. */
  async as(person: Person, path: string, act: (page: Page) => Promise<void>): Promise<void> {
    const key = JSON.stringify(person);
    const window = (await this.#again(key, path)) ?? (await this.#first(person, path));
    // Whatever fails leaves a window that nobody should come back to.
    this.#open.delete(key);
    try {
      await act(window.page);
      expect(window.complaints).toEqual([]);
    } catch (error) {
      await window.context.close();
      throw error;
    }
    this.#open.set(key, window);
  }

  async #again(key: string, path: string): Promise<Window | undefined> {
    const window = this.#open.get(key);
    if (window === undefined) return undefined;
    if (this.#stack.local.clock.now() - window.signedInAt > FRESH_MS) {
      await window.context.close();
      return undefined;
    }
    await window.page.unrouteAll();
    await window.page.setViewportSize({ width: 1280, height: 900 });
    await window.page.emulateMedia({ media: 'screen' });
    await window.page.goto(`${this.#stack.local.endpoints.api}/console/${path}`);
    await window.page.locator('.shell').waitFor();
    return window;
  }

  async #first(person: Person, path: string): Promise<Window> {
    const { context, page, complaints } = await openWindow(this.#browser);
    const signedInAt = this.#stack.local.clock.now();
    await signIn(page, this.#stack.local.endpoints.api, person, path);
    return { context, page, complaints, signedInAt };
  }
}
