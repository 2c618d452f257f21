import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assembly } from '../infra/assembly.ts';
import { startLocal } from '../local/index.ts';
import { readyAccounts } from './accounts.ts';
import { ApiClient } from './client.ts';
import { demoDivisions } from './district/households.ts';
import { seedDivisions } from './seed-quarter.ts';
import { compareWithArticle, printComparison } from './year/figures.ts';
import { replayYear, YEAR_START } from './year/replay.ts';

const HELP = `重放 2023 年，逐项与报道的数字核对；有任何一项不符，以状态 1 结束。

  npm run year                  在 .local/year 从头重放，约一分半钟
  npm run year -- --data DIR    另一数据目录（其中 year 子目录先被清空）
  npm run year -- --json FILE   另把结果写成 JSON
`;

const { values } = parseArgs({
  options: { data: { type: 'string', default: '.local' }, json: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const data = join(values.data, 'year');
if (existsSync(data)) rmSync(data, { recursive: true });
const started = performance.now();
const district = demoDivisions().district.code;
const stack = await startLocal({
  assembly: await assembly(),
  data,
  port: 0,
  clock: 'virtual',
  start: YEAR_START,
  parameters: ({ issuer }) => ({ DistrictCode: district, Issuer: issuer, Audience: 'shouwang', Stage: 'local' }),
  accounts: readyAccounts(district),
  prepare: seedDivisions,
});
const phases = await replayYear({ endpoints: stack.endpoints, clock: stack.clock, data });
const seconds = (performance.now() - started) / 1000;
const results = await compareWithArticle(new ApiClient(stack.endpoints));
printComparison(results);
console.log(`\n${phases.map(({ name, seconds: took }) => `${name} ${took.toFixed(1)} 秒`).join('　')}`);
const { httpRequests, states, scheduled } = stack.gateway.meter.snapshot();
const price = stack.gateway.meter.price();
const writes = price.lines.find(({ what }) => what.includes('write'))?.quantity ?? 0;
console.log(
  `\n重放用时 ${seconds.toFixed(1)} 秒；HTTP 请求 ${httpRequests}，状态转换 ${states.transitions}，写单位 ${writes}，日程 ${scheduled} 次；按公开按需价目约 ${price.usd.toFixed(2)} 美元。`,
);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify(
      results.map(({ name, value, unit, goal, holds }) => ({ name, value, unit, goal, holds })),
      null,
      2,
    )}\n`,
  );
writeFileSync(join(data, 'replayed.json'), JSON.stringify({ seconds }));
await stack.close();
process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
