import { argumentsOf } from './connect/arguments.ts';
import { connectAws, connectLocal, NoSystem, nowOf, type System } from './connect/system.ts';
import { cloudFindings } from './doctor/cloud.ts';
import { type Finding, wrong } from './doctor/finding.ts';
import { localFindings } from './doctor/local.ts';

const HELP = `检查一个正在运行的系统，用文字说明哪里不对、怎么办。只读，不改动任何东西。

  npm run doctor                          本机正在运行的系统（数据目录 .local）
  npm run doctor -- --data DIR            另一数据目录
  npm run doctor -- --cell 440904-prod    部署在 AWS 上的系统，凭证和区域取自环境
  npm run doctor -- --json                以 JSON 输出

退出码：0 一切正常或仅有提醒；1 有不对之处；2 没有检查成（系统找不到、没有运行，或参数不对）。
`;

const { values } = argumentsOf({
  options: {
    data: { type: 'string', default: '.local' },
    cell: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const MARKS = { well: '✓', attention: '!', wrong: '✗', unknown: '?' };

async function examine(system: System): Promise<Finding[]> {
  // Only now: the store's client takes its settings from the environment, which has just been pointed at the system.
  const { checks } = await import('./doctor/checks.ts');
  const now = await nowOf(system);
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return await check(system, now);
      } catch (error) {
        // What cannot be looked at is not well either.
        const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
        return wrong(name, `检查不下去（${said}）`, '先处理其他不对之处，再检查一次');
      }
    }),
  );
  return [...found, ...(system.data === undefined ? cloudFindings(system) : localFindings(system.data))];
}

function print(findings: readonly Finding[]): void {
  for (const { check, state, says, todo } of findings) {
    console.log(`${MARKS[state]} ${check.padEnd(12)} ${says}`);
    if (todo !== undefined) console.log(`  ${' '.repeat(12)} → ${todo}`);
  }
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  console.log(
    `\n${count('well')} 项正常，${count('attention')} 项提醒，${count('wrong')} 项不对，${count('unknown')} 项看不到。`,
  );
}

if (values.help) console.log(HELP);
else {
  try {
    const system = values.cell === undefined ? await connectLocal(values.data) : connectAws(values.cell);
    const findings = await examine(system);
    if (values.json) console.log(JSON.stringify({ system, findings }, null, 2));
    else print(findings);
    process.exitCode = findings.some(({ state }) => state === 'wrong') ? 1 : 0;
  } catch (error) {
    // Whatever it is, nothing was examined: that is no finding.
    const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
    const told = error instanceof NoSystem ? error.message : `检查不下去（${said}）。`;
    if (values.json) console.log(JSON.stringify({ findings: [wrong('system', told, 'npm start')] }, null, 2));
    else console.error(`✗ ${told}`);
    process.exitCode = 2;
  }
}
