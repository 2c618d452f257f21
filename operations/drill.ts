import { argumentsOf } from './connect/arguments.ts';
import { drillRestore } from './drill/restore.ts';

const HELP = `演练，在本机引擎上，不碰任何真实数据。

  npm run drill -- restore          导出、丢失、恢复到另一张表、重新部署、核对内容合计和留痕链、继续办理（约一分钟）
  npm run drill -- restore --json   以 JSON 输出

照着真做时用 docs/runbooks/restore.md。

退出码：0 演练通过；1 没有通过；2 参数不对。
`;

const { values, positionals } = argumentsOf({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help || positionals.join(' ') !== 'restore') {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const drilled = await drillRestore(values.json ? () => undefined : (line) => console.log(line));
  if (values.json) console.log(JSON.stringify(drilled));
  else
    console.log(
      `\n演练通过：${drilled.items} 项内容一致（摘要 ${drilled.digest}），导出 ${drilled.exportSeconds.toFixed(1)} 秒 ${drilled.exportedBytes} 字节，恢复 ${drilled.importSeconds.toFixed(1)} 秒；${drilled.audit}恢复后又办理 ${drilled.decidedAfterwards} 项。`,
    );
}
