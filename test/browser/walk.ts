import type { Page } from 'playwright-core';

/** Goes to a screen within the application, as its links do: without loading it anew. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState({}, '', '/console/${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
  await page.waitForTimeout(30);
  await page.locator('main .page, main .ant-result').first().waitFor();
  for (const busy of await page.locator('main .ant-skeleton').all()) await busy.waitFor({ state: 'detached' });
}

/** Until nothing moves or fades any more. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(
    'Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))).then(() => undefined)',
  );
}

/** What sticks out of the page sideways, at each width: nothing that people read is cut off or must be scrolled to. */
export async function sticksOut(page: Page, widths: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    // Two frames: the layout, and what observes it.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const out = JSON.parse(String(await page.evaluate(OUTSIDE)));
    found.push(...out.map((each: string) => `${width}: ${each}`));
  }
  return found;
}

/** Elements that end beyond the window and stand in no box that scrolls by itself; boxes with an outline whose words run over it. */
const OUTSIDE = `(() => {
  const wide = document.documentElement.clientWidth;
  const over = [...document.querySelectorAll('main button, main .block, main .card')].filter(
    (element) => getComputedStyle(element).overflowX === 'visible' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0,
  );
  if (document.documentElement.scrollWidth <= wide && over.length === 0) return '[]';
  const scrolls = (element) => {
    for (let up = element.parentElement; up !== null && up !== document.body; up = up.parentElement)
      if (/(auto|scroll|hidden|clip)/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  const out = [...document.querySelectorAll('body *')].filter(
    (element) => over.includes(element) || (element.getBoundingClientRect().right > wide + 1 && !scrolls(element)),
  );
  return JSON.stringify(
    (out.length === 0 ? [document.documentElement] : out.slice(0, 3)).map(
      (element) => element.tagName.toLowerCase() + '.' + String(element.className).slice(0, 60) + ' ' + Math.round(element.getBoundingClientRect().right),
    ),
  );
})()`;

/** What would be cut on a sheet of A4 between its margins: boxes that hold more than they show. */
export async function cutOnPaper(page: Page): Promise<string[]> {
  await page.emulateMedia({ media: 'print' });
  // 186 mm at 96 dots an inch.
  await page.setViewportSize({ width: 703, height: 1000 });
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const cut: string[] = JSON.parse(String(await page.evaluate(CUT)));
  await page.emulateMedia({ media: 'screen' });
  return cut;
}

const CUT = `(() => {
  const cut = [document.documentElement, ...document.querySelectorAll('main, main *')].filter(
    (element) =>
      element.checkVisibility() &&
      element.clientWidth > 0 &&
      (element === document.documentElement || getComputedStyle(element).overflowX !== 'visible') &&
      element.scrollWidth > element.clientWidth + 1,
  );
  return JSON.stringify(
    cut.slice(0, 4).map((element) => element.tagName.toLowerCase() + '.' + String(element.className).slice(0, 60) + ' ' + element.scrollWidth + '>' + element.clientWidth),
  );
})()`;
