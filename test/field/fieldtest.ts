import { parseArgs } from 'node:util';
import { openBrowser } from '../browser/browser.ts';
import { TestStack } from '../stack.ts';
import { runSeeds } from './seeds.ts';
import type { Report } from './world.ts';

/** `npm run fieldtest -- --seeds N --from M`: random taps, kills, cuts and full storage on two phones, seed by seed; exit code 1 when something was lost. */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
});
const stack = await TestStack.start({ empty: true });
// A village takes twenty-five seeds: a thousand need more villages than two towns have.
await stack.prepare({ everyTown: true });
const browser = await openBrowser();
const started = performance.now();
let told = 0;
const tell = ({ seeds, finished, faults }: Report) => {
  for (const fault of faults.slice(told)) console.log(fault);
  told = faults.length;
  if (seeds % 25 !== 0) return;
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(`${seeds} 个种子，${finished} 份表单，${faults.length} 处不符，${minutes} 分钟`);
};
const report = await runSeeds(stack, browser, Number(values.seeds), tell, Number(values.from));
await browser.close();
await stack.stop();
console.log(report);
process.exit(report.faults.length === 0 ? 0 : 1);
