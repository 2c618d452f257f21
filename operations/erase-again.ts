import { argumentsOf } from './connect/arguments.ts';
import { mustHoldDistrict } from './connect/district.ts';
import { NoSystem } from './connect/system.ts';

const HELP = `恢复数据表之后、开放之前，把原表已经删除的个人信息在恢复的表中再删除一次。可重复执行。

  TABLE_NAME=恢复的表 DISTRICT=… PERSONAL_DATA_KEY=… DOCUMENTS_BUCKET=… npm run erase-again -- --from 原表   凭证取自环境

退出码：0 全部删除；2 办不了（设置不全、找不到表或中途停止）。
`;

const { values } = argumentsOf({ options: { from: { type: 'string' }, help: { type: 'boolean', default: false } } });

if (values.help) console.log(HELP);
else {
  try {
    const { TABLE_NAME: table, DISTRICT: district, PERSONAL_DATA_KEY: key, DOCUMENTS_BUCKET: bucket } = process.env;
    if (!values.from || !table || !district || !key || !bucket) throw new NoSystem(`设置不全。\n${HELP}`);
    // Nobody would be found who is not erased there already.
    if (values.from === table) throw new NoSystem('--from 须是恢复之前的原表，不是 TABLE_NAME 所说的恢复的表。');
    for (const one of [values.from, table]) await mustHoldDistrict(one, district);
    const { eraseAgain } = await import('./erase-again/erasures.ts');
    const { erased, unknown } = await eraseAgain(values.from, table, district, Date.now);
    console.log(`已再次删除 ${erased} 人；恢复的表中本来没有的 ${unknown} 人。`);
  } catch (error) {
    const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
    console.error(`✗ ${error instanceof NoSystem ? error.message : `办不下去（${said}）。`}`);
    process.exitCode = 2;
  }
}
