import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or critical on the page as it stands, each with an example. @param within the first of these that is seen, without it all of the page @param colours contrast is half of the work, and no other in another language */
export async function serious(page: Page, within = 'html', colours = true): Promise<string[]> {
  // What fades in or out has no colour of its own yet; one that is broken off has ended too.
  await page.evaluate(
    'Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished)).then(() => true)',
  );
  await page.evaluate(SOURCE);
  return JSON.parse(
    String(
      await page.evaluate(
        `axe.run(${JSON.stringify(within)}.split(', ').map((each) => [...document.querySelectorAll(each)].find((one) => one.checkVisibility())).find((one) => one), { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: ${colours} } } }).then(({ violations }) => JSON.stringify(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' × ' + nodes.length + '  ' + nodes[0].html.slice(0, 160))))`,
      ),
    ),
  );
}
