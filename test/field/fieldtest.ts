import { parseArgs } from 'node:util';
import { openBrowser } from '../browser/browser.ts';
import { TestStack } from '../stack.ts';
import { runSeeds } from './seeds.ts';
import type { Report } from './world.ts';

const HELP = `入户页随机试验：两部手机随机点按、强退、断网、存满、换账号，逐个种子核对每份表单。

  npm run fieldtest -- --seeds N --from M   从第 M 个种子起共 N 个（默认 100 个，自 1 起）

退出码：0 无不符；1 有表单丢失、重复或被覆盖。
`;
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
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
