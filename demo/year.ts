import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replay, startYear } from './year/run.ts';

const HELP = `重放 2023 年，逐项与报道的数字核对；有任何一项不符，以状态 1 结束。

  npm run year                  在 .local/year 从头重放，约一分半钟；之后 npm start -- --seed year 可直接打开
  npm run year -- --data DIR    另一数据目录（其中 year 子目录先被清空）
  npm run year -- --json FILE   另把结果写成 JSON
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.local' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

rmSync(join(values.data, 'year'), { recursive: true, force: true });
const stack = await startYear(values.data, 0);
const results = await replay(stack, values.data);
if (values.json !== undefined) {
  const figures = results.map(({ name, value, unit, goal, holds }) => ({ name, value, unit, goal, holds }));
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
await stack.close();
process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
