import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assembly } from '../infra/assembly.ts';
import { StartError } from '../local/errors.ts';
import { type LocalStack, startLocal } from '../local/index.ts';
import { readyAccounts, signInPage } from './accounts.ts';
import { playDistrictClaims } from './claims/play-district.ts';
import { ApiClient } from './client.ts';
import { demoDivisions } from './district/households.ts';
import { playCases } from './play-cases.ts';
import { printRound } from './report.ts';
import { QUARTER_START, seedDivisions, seedQuarter } from './seed-quarter.ts';
import { compareWithArticle, printComparison } from './year/figures.ts';
import { isReplayed, replay, startYear } from './year/run.ts';

const HELP = `守望 Shouwang，在一台机器上运行整个系统。

  npm start                        演示区：导入 10,369 户，开展并封存 2023 年第四季度排查，之后继续提供服务
  npm start -- --empty             不导入农户，只有行政区划
  npm start -- --port N            监听端口（默认 8080；0 为任一空闲端口）
  npm start -- --data DIR          数据目录（默认 .local）
  npm start -- --clock virtual|real  虚拟时钟静止不动，须由人拨动（默认）；或真实时钟（与 --empty 同用）
  npm start -- --seed quarter|year 演示数据：一轮排查（默认），或 2023 年全年（首次先重放，需数分钟；存于数据目录的 year 子目录）
  npm start -- --play cases        封存之后，由各级人员走完纳入审核、帮扶措施和风险消除
  npm start -- --play claims       封存之后，投保并办理 62 件理赔：54 件已付，8 件停在不同环节；每笔回执再报三次
  npm start -- --help              本说明

就绪后，各地址写入数据目录下的 endpoints.json。按 Ctrl-C 停止；再次启动从已存的数据继续。
`;

interface Options {
  empty: boolean;
  port: number;
  data: string;
  clock: 'virtual' | 'real';
  seed: 'quarter' | 'year';
  play: 'cases' | 'claims' | undefined;
}

const FLAGS = {
  empty: { type: 'boolean', default: false },
  port: { type: 'string', default: '8080' },
  data: { type: 'string', default: '.local' },
  clock: { type: 'string', default: 'virtual' },
  seed: { type: 'string', default: 'quarter' },
  play: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function flags() {
  try {
    return parseArgs({ options: FLAGS }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}（npm start -- --help 查看说明）`);
  }
}

function options(): Options {
  const values = flags();
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartError(`--port ${values.port}：端口须为 0 至 65535 的整数。`);
  if (values.clock !== 'virtual' && values.clock !== 'real')
    throw new StartError(`--clock ${values.clock}：只能是 virtual 或 real。`);
  const { seed, play } = values;
  if (seed !== 'quarter' && seed !== 'year') throw new StartError(`--seed ${seed}：只能是 quarter 或 year。`);
  if (play !== undefined && play !== 'cases' && play !== 'claims')
    throw new StartError(`--play ${play}：只能是 cases 或 claims。`);
  if (seed === 'year' && (play !== undefined || values.empty))
    throw new StartError('--seed year 已包含全年的案件和理赔，不能与 --play 或 --empty 同用。');
  if (values.clock === 'real' && !values.empty)
    throw new StartError('演示数据属于 2023 年，须用虚拟时钟；使用真实时钟请加 --empty。');
  return { empty: values.empty, port, data: values.data, clock: values.clock, seed, play };
}

async function startQuarter({
  empty,
  port,
  data,
  clock,
}: Pick<Options, 'empty' | 'port' | 'data' | 'clock'>): Promise<LocalStack> {
  const district = demoDivisions().district.code;
  return await startLocal({
    assembly: await assembly(),
    data,
    port,
    clock,
    ...(empty ? {} : { start: QUARTER_START }),
    parameters: ({ issuer }) => ({ DistrictCode: district, Issuer: issuer, Audience: 'shouwang', Stage: 'local' }),
    accounts: readyAccounts(district),
    signIn: signInPage(),
    prepare: seedDivisions,
  });
}

async function main(): Promise<void> {
  const { empty, port, data, clock, play, seed } = options();
  const started = performance.now();
  const whole = isReplayed(data);
  const stack = seed === 'year' ? await startYear(data, port) : await startQuarter({ empty, port, data, clock });
  const stop = (): void => {
    console.log('\n正在停止……');
    stack.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  console.log(`守望已就绪（${((performance.now() - started) / 1000).toFixed(1)} 秒）：${stack.endpoints.api}`);
  if (seed === 'year') {
    // `endpoints.json` in the data folder holds the addresses of the seed that was started last.
    copyFileSync(join(data, 'year', 'endpoints.json'), join(data, 'endpoints.json'));
    if (whole) printComparison(await compareWithArticle(new ApiClient(stack.endpoints)));
    else await replay(stack, data);
  } else if (!empty) {
    const times = await seedQuarter({ endpoints: stack.endpoints, clock: stack.clock, data });
    await printRound(stack, times);
    if (play === 'cases') await playCases({ endpoints: stack.endpoints, clock: stack.clock, data });
    if (play === 'claims') await playDistrictClaims({ endpoints: stack.endpoints, clock: stack.clock, data });
  }
  console.log(`控制台：${stack.endpoints.console}　接口：${stack.endpoints.api}/v1/openapi.json　按 Ctrl-C 停止。`);
}

try {
  await main();
} catch (error) {
  // An error that a person can correct is one sentence; any other keeps its stack trace.
  console.error(error instanceof StartError ? `无法启动：${error.message}` : error);
  process.exit(1);
}
