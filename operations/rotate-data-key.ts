import { setTimeout } from 'node:timers/promises';
import { argumentsOf } from './connect/arguments.ts';
import { mustHoldDistrict } from './connect/district.ts';
import { connectLocal, NoSystem } from './connect/system.ts';

/** A request lasts 29 seconds at the most. */
const LONGEST_REQUEST_MS = 35_000;

const HELP = `更换加密证件号码、电话、账号的数据密钥，并把已存的密文分步改用新密钥；系统照常运行，旧密文始终可读。

  npm run rotate-data-key -- --new     先生成新的数据密钥，再改写
  npm run rotate-data-key              只把仍用旧密钥的密文改写（中断后、或次日再运行一次，直到剩余为 0）
  npm run rotate-data-key -- --data DIR   另一数据目录
  TABLE_NAME=… DISTRICT=… npm run rotate-data-key -- --aws --new   部署在 AWS 上的系统，凭证取自环境

退出码：0 没有剩余；1 有打不开的密文；2 办不了（系统找不到、没有运行或中途停止）。
`;

const { values } = argumentsOf({
  options: {
    new: { type: 'boolean', default: false },
    data: { type: 'string', default: '.local' },
    aws: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else {
  try {
    if (!values.aws) await connectLocal(values.data);
    const { TABLE_NAME: table, DISTRICT: district } = process.env;
    if (!table || !district) throw new NoSystem('请先设置 TABLE_NAME 和 DISTRICT，说明是哪一个区的哪一张表。');
    await mustHoldDistrict(table, district);
    // Imported only now: the clients take their settings from the environment when they are made.
    const { addDataKey, rewriteAll } = await import('./rotate-data-key/rewrite.ts');
    if (values.new) {
      console.log(`已生成第 ${await addDataKey(table, district)} 把数据密钥。`);
      // A request that began before knows only the keys of then: it could not read what is rewritten meanwhile, and would leave behind what it writes.
      if (values.aws) await setTimeout(LONGEST_REQUEST_MS);
    }
    const { items, rewritten, left } = await rewriteAll(table, district, (line) => console.log(line));
    console.log(`看过 ${items} 项，改写 ${rewritten} 处密文。`);
    if (left.length > 0) {
      console.error(`✗ ${left.length} 处打不开或正被他人改动：${left.slice(0, 5).join('、')}`);
      process.exitCode = 1;
    }
  } catch (error) {
    const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
    console.error(`✗ ${error instanceof NoSystem ? error.message : `办不下去（${said}）。`}`);
    process.exitCode = 2;
  }
}
