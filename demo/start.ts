import { parseArgs } from 'node:util';
import { assembly } from '../infra/assembly.ts';
import { StartError } from '../local/errors.ts';
import { startLocal } from '../local/index.ts';
import { readyAccounts } from './accounts.ts';
import { demoDivisions } from './district/households.ts';
import { playCases } from './play-cases.ts';
import { printRound } from './report.ts';
import { QUARTER_START, seedDivisions, seedQuarter } from './seed-quarter.ts';

const HELP = `守望 Shouwang，在一台机器上运行整个系统。

  npm start                        演示区：导入 10,369 户，开展并封存 2023 年第四季度排查，之后继续提供服务
  npm start -- --empty             不导入农户，只有行政区划
  npm start -- --port N            监听端口（默认 8080；0 为任一空闲端口）
  npm start -- --data DIR          数据目录（默认 .local）
  npm start -- --clock virtual|real  虚拟时钟静止不动，须由人拨动（默认）；或真实时钟（与 --empty 同用）
  npm start -- --seed quarter      演示数据（默认）
  npm start -- --play cases        封存之后，由各级人员走完纳入审核、帮扶措施和风险消除
  npm start -- --help              本说明

就绪后，各地址写入数据目录下的 endpoints.json。按 Ctrl-C 停止；再次启动从已存的数据继续。
`;

interface Options {
  empty: boolean;
  port: number;
  data: string;
  clock: 'virtual' | 'real';
  seed: 'quarter';
  play: 'cases' | undefined;
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
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new StartError(`--port ${values.port}：端口须为 0 至 65535 的整数。`);
  if (values.clock !== 'virtual' && values.clock !== 'real') throw new StartError(`--clock ${values.clock}：只能是 virtual 或 real。`);
  if (values.seed !== 'quarter') throw new StartError(`--seed ${values.seed}：只能是 quarter。`);
  if (values.play !== undefined && values.play !== 'cases') throw new StartError(`--play ${values.play}：只能是 cases。`);
  if (values.clock === 'real' && !values.empty) throw new StartError('演示数据属于 2023 年，须用虚拟时钟；使用真实时钟请加 --empty。');
  return { empty: values.empty, port, data: values.data, clock: values.clock, seed: values.seed, play: values.play };
}

async function main(): Promise<void> {
  const { empty, port, data, clock, play } = options();
  const started = performance.now();
  const divisions = demoDivisions();
  const district = divisions.district.code;
  const stack = await startLocal({
    assembly: await assembly(),
    data,
    port,
    clock,
    ...(empty ? {} : { start: QUARTER_START }),
    parameters: ({ issuer }) => ({ DistrictCode: district, Issuer: issuer, Audience: 'shouwang', Stage: 'local' }),
    accounts: readyAccounts(district),
    prepare: seedDivisions,
  });
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
  if (!empty) {
    const times = await seedQuarter({ endpoints: stack.endpoints, clock: stack.clock, data });
    await printRound(stack, times);
    if (play === 'cases') await playCases({ endpoints: stack.endpoints, clock: stack.clock, data });
  }
  console.log(`接口：${stack.endpoints.api}/v1/openapi.json　控制台：${stack.endpoints.console}　按 Ctrl-C 停止。`);
}

try {
  await main();
} catch (error) {
  // What a person can put right is told in a sentence; everything else keeps its stack.
  console.error(error instanceof StartError ? `无法启动：${error.message}` : error);
  process.exit(1);
}
