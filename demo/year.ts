import { writeFileSync } from 'node:fs';
import { StartError } from '../local/errors.ts';
import { argumentsOf } from '../operations/connect/arguments.ts';
import { emptyYear, replay, startYear } from './year/run.ts';

const HELP = `重放 2023 年，逐项与报道的数字核对。

  npm run year                  在 .local/year 从头重放，需数分钟；之后 npm start -- --seed year 可直接打开
  npm run year -- --data DIR    另一数据目录（其中 year 子目录先被清空）
  npm run year -- --json FILE   另把结果写成 JSON

退出码：0 全部相符；1 有不符；2 重放不了（数据目录正在使用、参数不对或中途停止）。
`;

const { values } = argumentsOf({
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

try {
  emptyYear(values.data);
  const stack = await startYear(values.data, 0);
  try {
    const results = await replay(stack, values.data);
    if (values.json !== undefined) {
      const figures = results.map(({ name, value, unit, goal, holds }) => ({ name, value, unit, goal, holds }));
      writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
    }
    process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await stack.close();
  }
} catch (error) {
  // An error that a person can correct is one sentence; any other keeps its stack trace.
  console.error(error instanceof StartError ? `✗ 无法重放：${error.message}` : error);
  process.exitCode = 2;
}
